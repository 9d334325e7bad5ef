import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudyReport } from '../../src/report/document.ts';
import { reportPage } from '../../src/report/html/page.ts';
import { pageAssets, sourceHash, writeReport } from '../../src/runtime/report/writeReport.ts';
import { barriersOf, isDark } from '../support/accessibility.ts';
import { keepPicture, startBrowser } from '../support/browser.ts';
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
  readonly language?: string;
}

let browser: Browser;

/** Opens a report and waits until its charts are drawn. */
async function open({ path = file, width = 1_200, language }: Look = {}): Promise<Opened> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
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

describe('the report in a browser', () => {
  let report: StudyReport;

  beforeAll(async () => {
    const study = sampleStudy({ weeks: 9, stepSeconds: 6 * 3_600 });
    report = writeReport(file, study).report;
    browser = await startBrowser();
  });

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

  it('has names, headings, captions and contrast in light and in dark', async () => {
    const { page } = await open();
    expect(await isDark(page)).toBe(false);
    expect(await barriersOf(page)).toEqual([]);
    await keepPicture(page, 'report-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await isDark(page)).toBe(true);
    expect(await barriersOf(page)).toEqual([]);
    await keepPicture(page, 'report-dark');
    await page.close();
  });

  it('does not scroll sideways, from a phone to a tablet', async () => {
    const { page, said } = await open({ width: 320 });
    for (const details of await page.locator('details:visible > summary').all()) await details.click();
    for (const width of [320, 360, 800]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(100);
      expect(await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')).toEqual([
        width,
        width,
      ]);
      await keepPicture(page, `report-${width}`);
    }
    expect(said).toEqual([]);
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
