import { describe, expect, it } from 'vitest';
import { tickFleet } from '../../../src/engine/tick.ts';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import { prepareOperations, type RunningOperations } from '../../../src/runtime/keeper/operations.ts';
import { createRedactor } from '../../../src/runtime/log/redact.ts';
import { metricDefinitions } from '../../../src/runtime/metrics/definitions.ts';
import { vaultStatus } from '../../../src/runtime/status.ts';
import { openLive } from '../../../src/runtime/worlds/live.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';
import { type Sample, sampleOf, samplesIn } from '../../support/scrape.ts';

const get = useKeeper();
const VAULT = 'eth-strangle';
const vault = { vault: VAULT };

interface Running {
  readonly operations: RunningOperations;
  look(): Promise<void>;
  scrape(): Promise<readonly Sample[]>;
  end(): Promise<void>;
}

/** A keeper whose figures are served on any free port. */
async function start(keeper: KeeperOnDevnet): Promise<Running> {
  const text = `${keeper.configText.replace('{ windowBlocks: 3 }', '{ windowBlocks: 3, finalityBlocks: 2 }')}metrics: { listen: "127.0.0.1:0" }\n`;
  const config = parseConfig('test.yaml', text, keeper.tools);
  const prepared = prepareOperations(config, keeper.tools, createRedactor(), 'live');
  const opened = await openLive(config, prepared.tools);
  const operations = await prepared.start(opened);
  let isOver = false;
  const end = async () => {
    if (isOver) return;
    isOver = true;
    await operations.close();
    await opened.close();
  };
  keeper.atEnd(end);
  const { world, vaults } = operations.open;
  return {
    operations,
    async look() {
      await operations.before();
      operations.onResults(await tickFleet(world, vaults));
    },
    async scrape() {
      const response = await fetch(`${operations.url}/metrics`);
      expect(response.status).toBe(200);
      return samplesIn(await response.text());
    },
    end,
  };
}

describe('what a keeper exports', () => {
  it('has every name from the start, nothing but numbers, and counters at 0', async () => {
    const running = await start(get());
    const samples = await running.scrape();
    const always = metricDefinitions.filter(({ type }) => type !== 'gauge').map(({ name }) => name);
    const seen = new Set(samples.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')));
    // This keeper has no channel that could fail.
    expect(always.filter((name) => !seen.has(name))).toEqual(['ballast_alert_failures_total']);
    expect(samples.every(({ value }) => Number.isFinite(value))).toBe(true);
    const counted = samples.filter(({ name, value }) => name.endsWith('_total') && value !== 0);
    expect(counted).toEqual([]);
    expect(
      sampleOf(samples, 'ballast_decisions_total', { ...vault, kind: 'halt', code: 'oracleStale' }),
    ).toBe(0);
    expect(sampleOf(samples, 'ballast_orders_total', { ...vault, outcome: 'reverted' })).toBe(0);
    expect(
      sampleOf(samples, 'ballast_relay_submissions_total', { relay: 'devRelay', answer: 'refused' }),
    ).toBe(0);
    expect(sampleOf(samples, 'ballast_mode', { mode: 'live' })).toBe(1);
    expect((await fetch(`${running.operations.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${running.operations.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${running.operations.url}/other`)).status).toBe(404);
  });

  it('tells of a hedge from decision to finality, with no label that grows, and goes on after a restart', async () => {
    const keeper = get();
    const running = await start(keeper);
    await running.look();
    const open = await running.scrape();
    expect(sampleOf(open, 'ballast_orders_open', vault)).toBe(1);
    expect(sampleOf(open, 'ballast_net_delta_base', vault)).toBeCloseTo(30, 6);
    expect(sampleOf(open, 'ballast_band_act_base', { ...vault, side: 'sell' })).toBe(4);
    expect(sampleOf(open, 'ballast_band_used_ratio', vault)).toBeCloseTo(7.5, 6);
    expect(sampleOf(open, 'ballast_turnover_available_ratio', vault)).toBeCloseTo(1, 6);
    expect(sampleOf(open, 'ballast_decisions_total', { ...vault, kind: 'hedge', code: 'beyondBand' })).toBe(
      1,
    );
    expect(sampleOf(open, 'ballast_relay_submissions_total', { relay: 'devRelay', answer: 'accepted' })).toBe(
      1,
    );
    expect(sampleOf(open, 'ballast_armed', vault)).toBe(1);
    expect((await fetch(`${running.operations.url}/readyz`)).status).toBe(200);
    for (let block = 0; block < 5; block += 1) {
      await keeper.devnet.mineBlock();
      await running.look();
    }
    const [event] = await keeper.events();
    const done = await running.scrape();
    expect(sampleOf(done, 'ballast_hedges_total', { ...vault, side: 'sell' })).toBe(1);
    expect(sampleOf(done, 'ballast_hedged_base_total', { ...vault, side: 'sell' })).toBeCloseTo(
      Number(event?.baseFilled) / 1e18,
      9,
    );
    expect(sampleOf(done, 'ballast_orders_total', { ...vault, outcome: 'filled' })).toBe(1);
    expect(sampleOf(done, 'ballast_orders_open', vault)).toBe(0);
    expect(sampleOf(done, 'ballast_gas_used_total', vault)).toBeGreaterThan(100_000);
    expect(sampleOf(done, 'ballast_gas_cost_quote_total', vault)).toBeGreaterThan(0);
    expect(sampleOf(done, 'ballast_hedge_fees_quote_total', vault)).toBeGreaterThan(0);
    expect(sampleOf(done, 'ballast_execution_cost_quote', vault)).toBeGreaterThan(0);
    const delays = { chain: '1', relay: 'devRelay' };
    expect(sampleOf(done, 'ballast_inclusion_delay_blocks_count', delays)).toBe(1);
    expect(sampleOf(done, 'ballast_signer_balance_native', { signer: 'key1' })).toBeGreaterThan(0);
    expect(sampleOf(done, 'ballast_journal_lag_seconds')).toBe(0);
    // One number, one function: the journal's status says the same.
    const status = await vaultStatus(running.operations.open.world.store, VAULT);
    expect(sampleOf(done, 'ballast_net_delta_base', vault)).toBe(status.netDelta);
    expect(sampleOf(done, 'ballast_band_used_ratio', vault)).toBe(status.shareOfAct);
    // No value of a label is a hash, an id or an address.
    const values = done.flatMap(({ labels }) => Object.entries(labels).filter(([key]) => key !== 'commit'));
    expect(values.filter(([, value]) => /0x[0-9a-f]{6}|#\d|^d-\d/i.test(value))).toEqual([]);
    // The key's balance may have come between the two.
    expect(done.length).toBeLessThanOrEqual(open.length + 1);

    await running.end();
    const again = await (await start(keeper)).scrape();
    const totals = (samples: readonly Sample[]) =>
      samples.filter(
        ({ name }) =>
          /_total$|execution_cost_quote$|inclusion_delay/.test(name) && !/rpc_|alert_|omitted/.test(name),
      );
    expect(totals(again)).toEqual(totals(done));
  });
});
