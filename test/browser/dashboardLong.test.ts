import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dashboard } from '../../src/dashboard/server.ts';
import { startBrowser } from '../support/browser.ts';
import { openPage, ownFolder, serveJournal, until } from '../support/dashboard.ts';
import { writeLongJournal } from '../support/longJournal.ts';

const DECISIONS = 100_000;
const OPENS_WITHIN_MILLISECONDS = 2_000;
/** Other work on the machine takes its share of a single one. */
const MOST_TRIES = 5;
const folder = ownFolder();
const path = join(folder.path, 'journal.sqlite');

/** Milliseconds of the quickest of a few tries; no more of them than it takes to be in time. */
async function quickest(measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < MOST_TRIES && least >= OPENS_WITHIN_MILLISECONDS; tries += 1) {
    least = Math.min(least, await measure());
  }
  return least;
}

let browser: Browser;
let dashboard: Dashboard;

describe('a journal of 100,000 decisions', () => {
  beforeAll(async () => {
    await writeLongJournal({ path, decisions: DECISIONS, decideEvery: 40, haltEvery: 2_001 });
    dashboard = await serveJournal(path);
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await dashboard?.close();
    folder.remove();
  });

  it('opens in under two seconds while it is still being read', async () => {
    const opening = await quickest(async () => {
      const page = await browser.newPage();
      const started = performance.now();
      await page.goto(`${dashboard.url}/#/decisions`);
      await page.waitForSelector('.list .row a');
      const milliseconds = performance.now() - started;
      await page.close();
      return milliseconds;
    });
    expect(opening).toBeLessThan(OPENS_WITHIN_MILLISECONDS);
  });

  it('draws all of it within two seconds once it is read, and scrolls to its end', async () => {
    const deadline = performance.now() + 120_000;
    for (let isComplete = false; !isComplete && performance.now() < deadline; ) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const state = (await (await fetch(`${dashboard.url}/api/state`)).json()) as { isComplete: boolean };
      isComplete = state.isComplete;
    }
    const drawing = await quickest(async () => {
      const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
      const started = performance.now();
      await page.goto(`${dashboard.url}/#/vaults/eth-calls`);
      await page.waitForSelector('[data-chart="delta"] canvas');
      await until(page, "document.getElementById('chart-note').textContent.startsWith('100,000 decisions')");
      const milliseconds = performance.now() - started;
      await page.close();
      return milliseconds;
    });
    expect(drawing).toBeLessThan(OPENS_WITHIN_MILLISECONDS);

    const { page: list, said } = await openPage(browser, `${dashboard.url}/#/decisions`);
    await list.waitForSelector('.list .row a');
    expect(await list.locator('#list-count').textContent()).toBe('100,000 decisions');
    await list.locator('.list').evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await list.waitForSelector('.list .row a[href="#/decisions/d-1"]');
    expect(await list.locator('.list .row').count()).toBeLessThan(80);
    await list.locator('.list .row a[href="#/decisions/d-1"]').focus();
    await list.keyboard.press('Home');
    await list.waitForSelector(`.list .row a[href="#/decisions/d-${DECISIONS}"]`);
    expect(said).toEqual([]);
    await list.close();
  });
});
