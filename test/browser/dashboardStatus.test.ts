import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../../src/core/report/format.ts';
import { percent, quote } from '../../src/core/report/numbers.ts';
import type { Dashboard } from '../../src/dashboard/server.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import { createLog } from '../../src/runtime/log/log.ts';
import { createRedactor } from '../../src/runtime/log/redact.ts';
import { systemTools } from '../../src/runtime/worlds/tools.ts';
import { startBrowser } from '../support/browser.ts';
import { ballast } from '../support/cli.ts';
import { openPage, ownFolder, serveJournal, textOf } from '../support/dashboard.ts';
import { writeLongJournal } from '../support/longJournal.ts';

const folder = ownFolder();
const journalPath = join(folder.path, 'journal.sqlite');
const configFile = join(folder.path, 'ballast.yaml');
const address = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const secret = 'key-of-a-paid-endpoint-9f27';

interface StatusJson {
  readonly vaults: readonly {
    readonly name: string;
    readonly state: string;
    readonly netDelta: number;
    readonly shareOfAct: number;
    readonly openOrders: readonly { readonly id: string }[];
    readonly decision: {
      readonly id: string;
      readonly decision: { readonly numbers: { readonly exposure: { readonly valueQuote: number } } };
    };
  }[];
}

let browser: Browser;
let dashboard: Dashboard;

beforeAll(async () => {
  const addresses = new Proxy({}, { get: (_target, name) => address(String(name).length) });
  const text = devnetConfigText({
    devnet: { url: `http://127.0.0.1:1/v2/${secret}`, chainId: 1, addresses: addresses as never },
    account: address(77),
    heldOtokens: [],
    relayUrl: 'http://127.0.0.1:1',
    journalPath,
    variables: { keeper: 'NO_KEY', identity: 'NO_IDENTITY' },
  });
  writeFileSync(configFile, text);
  await writeLongJournal({
    path: journalPath,
    vault: 'eth-strangle',
    decisions: 700,
    endsAtSeconds: Date.now() / 1_000,
    policy: 'optimalBand',
    endsOpen: true,
  });
  const redactor = createRedactor();
  const tools = systemTools(createLog(redactor, 'silent'), redactor, null);
  const config = parseConfig(configFile, readFileSync(configFile, 'utf8'), tools);
  dashboard = await serveJournal(journalPath, { config, configFile, secrets: [secret] });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
  folder.remove();
});

describe('one number, everywhere', () => {
  it('says on the page what status --json says at the prompt', async () => {
    const { stdout } = await ballast(['status', '--json', '-c', configFile], { cwd: folder.path });
    const [vault] = (JSON.parse(stdout) as StatusJson).vaults;
    const { page, said } = await openPage(browser, `${dashboard.url}/#/`);
    const row = 'tr[data-vault="eth-strangle"]';
    expect(await page.locator(row).getAttribute('data-state')).toBe(vault!.state);
    const gauge = await textOf(page, `${row} .gauge-words`);
    expect(gauge).toContain(`${signed(vault!.netDelta)} WETH, ${percent(vault!.shareOfAct, 0)} of`);
    const { valueQuote } = vault!.decision.decision.numbers.exposure;
    expect(await textOf(page, `${row} [data-value="valueQuote"]`)).toContain(quote(valueQuote));
    const orders = await textOf(page, `${row} td[data-label="open orders"]`);
    for (const { id } of vault!.openOrders) expect(orders).toContain(id.slice(id.indexOf('#')));
    await page.goto(`${dashboard.url}/#/vaults/eth-strangle`);
    await page.waitForSelector('#now .gauge-words');
    expect(await textOf(page, '#now .gauge-words')).toBe(gauge);
    expect(await page.locator('#now .reason a').getAttribute('href')).toBe(
      `#/decisions/${vault!.decision.id}`,
    );
    expect(said).toEqual([]);
    await page.close();
  });

  it('shows a node that does not answer as that, and no secret of its address', async () => {
    const { page, said } = await openPage(browser, `${dashboard.url}/#/system`);
    await page.waitForSelector('#endpoints');
    const text = await textOf(page, 'main');
    expect(text).not.toContain(secret);
    expect(text).toContain('127.0.0.1:1');
    expect(await textOf(page, '#chain')).toContain('–');
    expect(await textOf(page, '#arming')).toContain('eth-strangle');
    expect(said).toEqual([]);
    await page.close();
  });
});
