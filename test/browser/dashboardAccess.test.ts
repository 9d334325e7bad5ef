import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../src/core/decision.ts';
import type { Dashboard } from '../../src/dashboard/server.ts';
import type { Store } from '../../src/ports/store.ts';
import { plugin } from '../../src/runtime/bind.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import type { Config } from '../../src/runtime/config/schema.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import type { KeeperHealth } from '../../src/runtime/keeper/keeperHealth.ts';
import { createLog } from '../../src/runtime/log/log.ts';
import { createRedactor } from '../../src/runtime/log/redact.ts';
import { registry } from '../../src/runtime/registry.ts';
import { systemTools } from '../../src/runtime/worlds/tools.ts';
import { barriersOf, isDark } from '../support/accessibility.ts';
import { keepPicture, startBrowser } from '../support/browser.ts';
import { openPage, ownFolder, serveJournal, textOf, until } from '../support/dashboard.ts';
import { writeLongJournal } from '../support/longJournal.ts';

const folder = ownFolder();
const path = join(folder.path, 'journal.sqlite');
const vault = 'eth-strangle';
const address = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const WORD = 'vermilion';
/** The reduction's number: the decision after all others. */
const DECISIONS = 300;
const REDUCTION = `d-${DECISIONS + 1}`;
const ORDER = `${vault}#9999.1`;

let browser: Browser;
let dashboard: Dashboard;

const health: KeeperHealth = {
  endpoints: {
    rpc: {
      requests: 4_211,
      errors: 17,
      lastError: { code: 'timeout', atSeconds: Date.now() / 1_000 - 90 },
      leftOut: { reason: 'lags 5 blocks behind the others', sinceSeconds: Date.now() / 1_000 - 40 },
    },
  },
  channels: { pager: { failures: 3, lastFailureAtSeconds: Date.now() / 1_000 - 600 } },
  lasting: [
    {
      rule: 'endpoint',
      subject: 'rpc',
      severity: 'warning',
      title: 'endpoint rpc is left out: lags',
      sinceSeconds: Date.now() / 1_000 - 40,
    },
  ],
};

/** A reduction with everything that may stand on its page, and its order: repays, withdraws, trades nothing. */
async function recordReduction(store: Store): Promise<void> {
  const sample = (await store.orders(vault, 1))[0]!.record;
  const [newest] = await store.decisions(vault, 1);
  const step = { asset: 'quote', amountRaw: 5_000_000_000n, pool: address(9) } as const;
  const plan = {
    ...sample.order,
    baseRaw: 0n,
    legs: [],
    lending: {
      before: [{ ...step, kind: 'withdraw' }],
      after: [{ ...step, kind: 'repay' }],
    },
  } as const;
  const figure = { use: 1.1, text: '-20 %, depth / 5: health factor 1.31, floor 1.50' };
  const decision: Decision = {
    kind: 'reduce',
    code: 'reducing',
    why: `margin is beyond its limit (${WORD}): repays 5,000 USDC`,
    warnings: [],
    numbers: newest!.decision.numbers,
    plan,
    netDeltaAfter: 0,
    precautions: {
      track: null,
      levels: { margin: 'reduce', cost: 'normal', reach: 'normal' },
      level: 'reduce',
      figures: { margin: figure, cost: { ...figure, use: 0.2 }, reach: { ...figure, use: 0.1 } },
      tripped: [],
      events: null,
    },
  } as unknown as Decision;
  await store.recordDecision(
    {
      vault,
      policy: 'optimalBand',
      recordedAtSeconds: Date.now() / 1_000,
      blockNumber: newest!.blockNumber + 1n,
      snapshot: newest!.snapshot,
      decision,
    },
    (decisionId) => ({ ...sample, id: ORDER, decisionId, order: { ...sample.order, ...plan } }),
  );
}

const pages = [
  '',
  `vaults/${vault}`,
  'decisions',
  `decisions/${REDUCTION}`,
  'orders',
  `orders/${encodeURIComponent(ORDER)}`,
  'research',
  'system',
];

function configured(): Config {
  const redactor = createRedactor();
  const tools = systemTools(createLog(redactor, 'silent'), redactor, null);
  const addresses = new Proxy({}, { get: (_target, name) => address(String(name).length) });
  const text = devnetConfigText({
    devnet: { url: 'http://127.0.0.1:1', chainId: 1, addresses: addresses as never },
    account: address(77),
    heldOtokens: [],
    relayUrl: 'http://127.0.0.1:1',
    journalPath: path,
    variables: { keeper: 'NO_KEY', identity: 'NO_IDENTITY' },
  });
  const rules = { rules: null, atLeast: 'warning', quietSeconds: 60, quietHours: null } as const;
  const pager = { name: 'pager', kind: 'webhook', config: {}, ...rules };
  return { ...parseConfig('ballast.yaml', text, tools), alerts: [pager] };
}

beforeAll(async () => {
  await writeLongJournal({
    path,
    vault,
    decisions: DECISIONS,
    endsAtSeconds: Date.now() / 1_000 - 12,
    policy: 'optimalBand',
  });
  const kind = plugin(registry.stores, { kind: 'sqlite', config: null });
  const store = await kind.open(kind.config.parse({ path }));
  await recordReduction(store);
  await store.close();
  dashboard = await serveJournal(path, {
    config: configured(),
    configFile: 'ballast.yaml',
    health: () => health,
  });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
  folder.remove();
});

describe('the dashboard for everybody', () => {
  it.each(pages)('has names, headings, captions and contrast in light and in dark: #/%s', async (hash) => {
    const { page, said } = await openPage(browser, `${dashboard.url}/#/${hash}`);
    await page.waitForTimeout(400);
    expect(await isDark(page)).toBe(false);
    expect(await barriersOf(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await isDark(page)).toBe(true);
    expect(await barriersOf(page)).toEqual([]);
    expect(said).toEqual([]);
    await page.close();
  });

  it.each(pages)('fits a phone and a desk with all that may stand on it: #/%s', async (hash) => {
    const { page } = await openPage(browser, `${dashboard.url}/#/${hash}`, { width: 360, height: 740 });
    await page.waitForTimeout(300);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    for (const width of [360, 320, 1000, 1361, 1440]) {
      await page.setViewportSize({ width, height: 740 });
      await page.waitForTimeout(100);
      expect(await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')).toEqual([
        width,
        width,
      ]);
      await keepPicture(page, `${width}-${hash.replace(/\W+/g, '-') || 'fleet'}`);
    }
    await page.close();
  });

  it.each(pages)('is walked with the keyboard alone, where one is always seen: #/%s', async (hash) => {
    const { page } = await openPage(browser, `${dashboard.url}/#/${hash}`);
    await page.waitForTimeout(300);
    const seen = new Set<string>();
    for (let step = 0; step < 25; step += 1) {
      await page.keyboard.press('Tab');
      const here = (await page.evaluate(`(() => {
        const one = document.activeElement;
        if (one === null || one === document.body) return null;
        const box = one.getBoundingClientRect();
        const style = getComputedStyle(one);
        const isMarked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
        return [one.tagName + (one.id || one.textContent.trim().slice(0, 20)), isMarked || style.boxShadow !== 'none', box.width > 0];
      })()`)) as readonly [string, boolean, boolean] | null;
      if (here === null) break;
      expect(here.slice(1), here[0]).toEqual([true, true]);
      seen.add(here[0]);
    }
    expect(seen.size).toBeGreaterThan(4);
    await page.close();
  });
});

describe('what was added to the pages', () => {
  it('finds a decision by a word of its reason, and says what was looked at before it', async () => {
    const { page } = await openPage(browser, `${dashboard.url}/#/decisions`);
    await page.locator('#filter-text').fill(`${WORD.toUpperCase()} repays`);
    await until(page, "document.getElementById('list-count').textContent.startsWith('1 decision')");
    await page.locator('#decision-list a').first().click();
    await page.waitForSelector('#precautions');
    const detail = await textOf(page, '#decision-detail');
    expect(detail).toContain('stress, margin: reduce');
    expect(detail).toContain('health factor 1.31');
    expect(await page.locator('#decision-detail h2 .badge').getAttribute('class')).toContain('warn');
    await page.close();
  });

  it('shows what a reduction lends and owes, and that it trades nothing', async () => {
    const { page } = await openPage(browser, `${dashboard.url}/#/orders/${encodeURIComponent(ORDER)}`);
    await page.waitForSelector('#lending');
    expect(await textOf(page, '#lending')).toMatch(/withdraw.*5,000.00 USDC.*repay/s);
    expect(await textOf(page, '.page-head')).toContain('nothing traded');
    expect(await textOf(page, '#comparison')).not.toContain('price of');
    expect(await page.locator('#comparison tbody tr').count()).toBe(1);
    await page.close();
  });

  it('shows how endpoints and channels do, and needs no key to say how it is armed', async () => {
    const { page } = await openPage(browser, `${dashboard.url}/#/system`);
    await page.waitForSelector('#endpoints');
    expect(await textOf(page, '#endpoints')).toMatch(/left out.*lags 5 blocks.*4,211.*17.*timeout/s);
    expect(await textOf(page, '#alerts')).toMatch(/pager.*webhook.*3.*endpoint rpc is left out/s);
    expect(await textOf(page, '#arming')).toContain('not needed');
    expect(await textOf(page, '#operations')).toContain('not served');
    await page.close();
  });
});
