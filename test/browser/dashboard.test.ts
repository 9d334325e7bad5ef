import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dashboard } from '../../src/dashboard/server.ts';
import { startBrowser } from '../support/browser.ts';
import { openPage, ownFolder, serveJournal, textOf, until } from '../support/dashboard.ts';
import { writeLongJournal } from '../support/longJournal.ts';

const DECISIONS = 900;
const folder = ownFolder();
const path = join(folder.path, 'journal.sqlite');

let browser: Browser;
let dashboard: Dashboard;

const at = (hash: string) => `${dashboard.url}/#/${hash}`;

const pages = [
  '',
  'vaults/eth-calls',
  'decisions',
  'decisions/d-1',
  'orders',
  'orders/eth-calls%231.1',
  'research',
  'system',
];

describe('the dashboard in a browser', () => {
  beforeAll(async () => {
    await writeLongJournal({
      path,
      decisions: DECISIONS,
      haltEvery: 301,
      endsAtSeconds: Date.now() / 1_000,
      policy: 'optimalBand',
    });
    dashboard = await serveJournal(path);
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await dashboard?.close();
    folder.remove();
  });

  it.each(pages)('shows #/%s without a word of complaint, and asks nobody else', async (hash) => {
    const { page, said, hosts } = await openPage(browser, at(hash));
    await until(page, "document.getElementById('connection-text').textContent === 'live'");
    expect((await textOf(page, 'main')).length).toBeGreaterThan(60);
    expect(await textOf(page, 'main')).not.toMatch(/undefined|NaN|\[object/);
    expect(said).toEqual([]);
    expect([...hosts]).toEqual([new URL(dashboard.url).host]);
    await page.close();
  });

  it('has targets that a thumb can hit', async () => {
    for (const hash of ['vaults/eth-calls', 'decisions']) {
      const { page } = await openPage(browser, at(hash), { width: 360, height: 700 });
      await page.waitForTimeout(400);
      const heights = await page
        .locator('button:visible, select:visible, .top nav a, summary:visible, .list .row a')
        .evaluateAll((all) => all.map((target) => target.getBoundingClientRect().height));
      expect(heights.length).toBeGreaterThan(5);
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(43.5);
      await page.close();
    }
  });

  it('says what is under the cursor, walks with keys, and zooms to finer data', async () => {
    const { page, said } = await openPage(browser, at('vaults/eth-calls'));
    const chart = page.locator('[data-chart="delta"]');
    await page.waitForSelector('[data-chart="delta"] canvas');
    await chart.focus();
    await page.keyboard.press('Home');
    const readout = page.locator('#delta-readout');
    expect(await readout.textContent()).toMatch(/UTC · [+−][\d.]+ WETH · band [+−]/);
    const first = await readout.textContent();
    await page.keyboard.press('ArrowRight');
    expect(await readout.textContent()).not.toBe(first);
    expect(await page.locator('#price-readout').textContent()).toMatch(/[\d,.]+ USDC/);
    expect(await page.locator('[data-range="0"]').getAttribute('aria-pressed')).toBe('true');
    await page.locator('[data-zoom="in"]').click();
    await until(
      page,
      `Number.parseInt(document.getElementById('chart-note').textContent.replace(',', ''), 10) < ${DECISIONS * 0.7}`,
    );
    expect(await page.locator('[data-range="0"]').getAttribute('aria-pressed')).toBe('false');
    await page.locator('#chart-table summary').click();
    const older = page.locator('#rows-older');
    expect(await page.locator('#chart-rows tbody tr').count()).toBe(20);
    await older.click();
    expect(await page.locator('#chart-rows caption').textContent()).toContain('Page 2 of');
    expect(said).toEqual([]);
    await page.close();
  });

  it('finds decisions by kind and reason, and shows one of them with its inputs', async () => {
    const { page } = await openPage(browser, at('decisions'));
    await page.waitForSelector('.list .row a');
    expect(await page.locator('#list-count').textContent()).toContain(`${DECISIONS} decisions`);
    await page.locator('#filter-kind').selectOption('halt');
    await until(page, "document.getElementById('list-count').textContent.startsWith('2 ')");
    await until(page, "document.querySelectorAll('.list .row .why').length === 2");
    expect(await page.locator('.list .row .why').allTextContents()).toEqual([
      'oracle is stale',
      'oracle is stale',
    ]);
    await page.locator('.list .row a').first().click();
    await page.waitForSelector('#decision-detail h2');
    expect(await textOf(page, '#decision-detail')).toMatch(/chainlink[\s\S]*4,00\d s/);
    await page.locator('#filter-kind').selectOption('');
    await page.locator('#filter-code').selectOption('beyondBand');
    await until(page, "!document.getElementById('list-count').textContent.startsWith('2 ')");
    await page.locator('.list .row a').first().click();
    await page.waitForSelector('#decision-detail .balance');
    expect(await textOf(page, '#decision-detail')).toContain('waiting costs');
    await page.locator('#decision-detail a[href*="orders"]').click();
    await page.waitForSelector('.timeline');
    expect(await page.locator('.timeline strong').allTextContents()).toContain('included and filled');
    expect(await page.locator('#comparison tbody tr').count()).toBe(10);
    await page.close();
  });

  it('shows what is written while one looks, without being asked', async () => {
    const { page, said } = await openPage(browser, at(''));
    const text = () => textOf(page, 'tr[data-vault="eth-calls"] td.decision');
    const before = await text();
    await writeLongJournal({ path, decisions: 3, endsAtSeconds: Date.now() / 1_000, seed: 3 });
    const asked = JSON.stringify(before.replace(/\d+ (s|min|h) ago/, ''));
    await until(
      page,
      `document.querySelector('tr[data-vault="eth-calls"] td.decision').textContent.replace(/\\d+ (s|min|h) ago/, '') !== ${asked}`,
    );
    expect(await text()).toContain('block 21,000,002');
    expect(said).toEqual([]);
    await page.close();
  });

  it('tells a lost server from a silent keeper', async () => {
    const own = await serveJournal(path);
    const { page } = await openPage(browser, `${own.url}/#/`);
    await until(page, "document.getElementById('connection-text').textContent === 'live'");
    await own.close();
    await until(
      page,
      "/^page disconnected \\d+ s; keeper state unknown$/.test(document.getElementById('connection-text').textContent)",
    );
    expect(await page.locator('body').getAttribute('class')).toContain('lost');
    expect(await page.locator('tr[data-vault="eth-calls"]').count()).toBe(1);
    await page.close();
  });

  it('says how to begin where there is no journal yet, and shows it once it is there', async () => {
    const empty = ownFolder();
    const late = join(empty.path, 'later.sqlite');
    const own = await serveJournal(late);
    const { page, said } = await openPage(browser, `${own.url}/#/`);
    expect(await textOf(page, 'main')).toContain('ballast run --shadow');
    await writeLongJournal({ path: late, decisions: 5, endsAtSeconds: Date.now() / 1_000 });
    await page.waitForSelector('tr[data-vault="eth-calls"]', { timeout: 20_000 });
    expect(said).toEqual([]);
    await page.close();
    await own.close();
    empty.remove();
  });

  it('asks for the token where one is needed, and shows nothing before', async () => {
    const token = 'correct-horse-battery-staple-7';
    const own = await serveJournal(path, { token });
    const { page } = await openPage(browser, `${own.url}/#/`);
    await page.waitForSelector('#token');
    expect(await textOf(page, 'body')).not.toContain('eth-calls');
    await page.locator('#token').fill(token);
    await page.locator('#token-form button').click();
    await page.waitForSelector('tr[data-vault="eth-calls"]');
    expect(page.url()).not.toContain(token);
    await page.close();
    await own.close();
  });
});
