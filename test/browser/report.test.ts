import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudyReport } from '../../src/report/document.ts';
import { reportPage } from '../../src/report/html/page.ts';
import { pageAssets, sourceHash, writeReport } from '../../src/runtime/report/writeReport.ts';
import { startBrowser } from '../support/browser.ts';
import { sampleStudy } from '../support/sampleStudy.ts';

const folder = mkdtempSync(join(tmpdir(), 'ballast-report-'));
const file = join(folder, 'report.html');
const hostile =
  '</script><script>document.title="owned"</script><img src=https://example.invalid/x onerror=alert(1)>';

interface Opened {
  readonly page: Page;
  /** Errors of the page and everything that it said to the console. */
  readonly said: string[];
  /** Addresses that were asked for, the file's own left out. */
  readonly asked: string[];
  /** Of those the ones that the page's own policy refused. */
  readonly refused: string[];
}

interface Look {
  readonly path?: string;
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly language?: string;
}

let browser: Browser;

/** Opens a report and waits until its charts are drawn. */
async function open({
  path = file,
  width = 1_200,
  colorScheme = 'light',
  language,
}: Look = {}): Promise<Opened> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: 'reduce',
  });
  page.setDefaultTimeout(30_000);
  const said: string[] = [];
  const asked: string[] = [];
  const refused: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText === 'csp') refused.push(request.url());
  });
  if (language !== undefined) {
    const value = JSON.stringify(language);
    await page.addInitScript(
      `Object.defineProperty(navigator, 'language', { value: ${value}, configurable: true })`,
    );
  }
  const address = pathToFileURL(path).href;
  await page.goto(address);
  await page.waitForFunction("document.querySelectorAll('.uplot canvas').length === 4");
  return { page, said, refused, asked: asked.filter((url) => url !== address) };
}

/** Contrast of two colours as WCAG 2.2 defines it; `rgb(…)` as the browser gives them. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

describe('the report in a browser', () => {
  let report: StudyReport;

  beforeAll(async () => {
    const study = await sampleStudy({ weeks: 9, stepSeconds: 6 * 3_600 });
    report = writeReport(file, study).report;
    browser = await startBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it('opens from a file without a word of complaint and asks for nothing', async () => {
    const { page, said, asked } = await open();
    expect(said).toEqual([]);
    expect(asked).toEqual([]);
    expect(await page.locator('h1').textContent()).toBe(report.title);
    const lead = await page.locator('.lead').textContent();
    expect(lead?.replaceAll('\u00a0', ' ')).toBe(report.verdict.sentence);
    await page.close();
  });

  it('shows every section that is linked to, with something in it', async () => {
    const { page } = await open();
    const links = await page
      .locator('nav a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links.length).toBeGreaterThan(9);
    for (const link of links)
      expect(((await page.locator(link!).textContent()) ?? '').length).toBeGreaterThan(40);
    await page.close();
  });

  it('is the same as its JSON, in size for a mail', () => {
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
    expect(statSync(file).size).toBeLessThan(1_500_000);
  });

  it.each(['light', 'dark'] as const)('reads well in the %s theme', async (colorScheme) => {
    const { page } = await open({ colorScheme });
    const colours = await page.evaluate(`(() => {
      const ground = getComputedStyle(document.body).backgroundColor;
      const text = ['body', '.sub', 'nav a', '.lead', '.tile dt', 'figcaption', 'caption', '.unit', 'small', 'summary', '.readout',
        '.switch .s0 span', '.switch .s1 span', '.switch .s2 span', '.switch .s3 span'];
      return { ground, text: text.map((selector) => [selector, getComputedStyle(document.querySelector(selector)).color]) };
    })()`);
    const { ground, text } = colours as { ground: string; text: [string, string][] };
    const tooFaint = text.filter(([, colour]) => contrast(colour, ground) < 4.5);
    expect(tooFaint).toEqual([]);
    expect(contrast(ground, 'rgb(255, 255, 255)') > 4).toBe(colorScheme === 'dark');
    await page.screenshot({ path: join(folder, `${colorScheme}.png`), fullPage: true });
    await page.close();
  });

  it.each([320, 360, 800])('does not scroll sideways at %i pixels', async (width) => {
    const { page, said } = await open({ width });
    for (const details of await page.locator('details:visible > summary').all()) await details.click();
    const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
    expect(widths).toEqual([width, width]);
    expect(said).toEqual([]);
    await page.screenshot({ path: join(folder, `${width}.png`), fullPage: true });
    await page.close();
  });

  it('has targets that a thumb can hit', async () => {
    const { page } = await open({ width: 360 });
    const heights = await page
      .locator('button:visible, .switch label')
      .evaluateAll((all) => all.map((target) => target.getBoundingClientRect().height));
    expect(heights.length).toBeGreaterThan(5);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(40);
    await page.close();
  });

  it('says what is under the pointer, in all charts over time at once', async () => {
    const { page } = await open();
    const chart = page.locator('[data-chart="price"] .u-over');
    await chart.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await chart.boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.waitForFunction("document.getElementById('price-readout').textContent.includes('UTC')");
    const [price, delta, cost, parts] = await Promise.all(
      ['price', 'delta', 'cost', 'parts'].map((id) => page.locator(`#${id}-readout`).textContent()),
    );
    expect(price).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC · [\d,.]+ USDC/);
    expect(delta).toMatch(/UTC · [+−][\d.]+ WETH · band −/);
    expect(cost).toMatch(/UTC · optimalBand [\d,.]+ · fixedBand [\d,.]+ USDC$/);
    expect(parts).toMatch(/UTC · fee [\d,.]+ · impact −?[\d,.]+ · gas [\d,.]+ USDC$/);
    await page.close();
  });

  it('is walked and zoomed with the keyboard alone', async () => {
    const { page } = await open();
    await page.locator('[data-chart="delta"]').focus();
    const readout = page.locator('#delta-readout');
    await page.keyboard.press('Home');
    const first = await readout.textContent();
    await page.keyboard.press('ArrowRight');
    const second = await readout.textContent();
    expect(first).toContain('2025-01-01 00:00 UTC');
    expect(second).toContain('2025-01-01 06:00 UTC');
    await page.keyboard.press('+');
    await page.keyboard.press('Home');
    expect(await readout.textContent()).not.toBe(first);
    await page.keyboard.press('0');
    await page.keyboard.press('Home');
    expect(await readout.textContent()).toBe(first);
    await page.waitForFunction("document.getElementById('live').textContent.includes('UTC')");
    await page.close();
  });

  it('shows what a mark stands for when it is pointed at, and walks marks with arrow keys', async () => {
    const { page } = await open();
    const tip = page.locator('#tip');
    const marks = page.locator('#frontier g.mark');
    await marks.first().focus();
    const first = await tip.textContent();
    expect(first).toMatch(/^optimalBand riskAversion [\s\S]*cost [\d,.]+ USDC[\s\S]*hedging error/);
    await page.keyboard.press('ArrowRight');
    expect(await tip.textContent()).not.toBe(first);
    await page.keyboard.press('Escape');
    expect(await tip.isVisible()).toBe(false);
    await page.locator('#profit tr.mark:visible').nth(1).hover();
    expect(await tip.textContent()).toMatch(/^gamma: [+−][\d,.]+ USDC/);
    await page.locator('#distribution g.mark:visible').nth(20).hover();
    expect(await tip.textContent()).toMatch(/of \d+ hours/);
    await page.close();
  });

  it('switches all that is shown to another policy', async () => {
    const { page, said } = await open();
    await page.locator('input[name="policy"]').first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#profit caption:visible').textContent()).toContain('whalleyWilmott');
    expect(await page.locator('#profit caption:visible').count()).toBe(1);
    expect(await page.locator('.uplot').count()).toBe(4);
    expect(said).toEqual([]);
    await page.close();
  });

  it('draws under a POSIX locale, whose language Intl does not know', async () => {
    const { page, said } = await open({ language: 'en-US@posix' });
    expect(said).toEqual([]);
    expect(await page.locator('.uplot canvas').count()).toBe(4);
    await page.close();
  });

  it('shows hostile names as text and runs nothing of them', async () => {
    const path = join(folder, 'hostile.html');
    const [first, ...others] = report.policies;
    const hurt: StudyReport = {
      ...report,
      title: hostile,
      vault: hostile,
      policies: [{ ...first!, name: hostile, parameters: hostile }, ...others],
      findings: [{ kind: 'badTime', timestampSeconds: Number.NaN, text: hostile }],
      reproduce: { ...report.reproduce, command: hostile },
    };
    writeFileSync(path, reportPage(hurt, pageAssets(), sourceHash));
    const { page, said, asked } = await open({ path });
    expect(await page.title()).toBe(hostile);
    expect(await page.locator('h1').textContent()).toBe(hostile);
    expect(await page.locator('img').count()).toBe(0);
    expect({ said, asked }).toEqual({ said: [], asked: [] });
    await page.close();
  });

  it('runs no script that is not its own, even where one got in', async () => {
    const path = join(folder, 'planted.html');
    const planted = readFileSync(file, 'utf8').replace(
      '</body>',
      '<script>document.title = "owned"</script><img src="https://example.invalid/x"></body>',
    );
    writeFileSync(path, planted);
    const { page, said, asked, refused } = await open({ path });
    expect(await page.title()).toBe(report.title);
    expect(said.length).toBeGreaterThanOrEqual(2);
    expect(said.every((text) => text.includes('Content Security Policy'))).toBe(true);
    expect(refused).toEqual(asked);
    await page.close();
  });
});
