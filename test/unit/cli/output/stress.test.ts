import { describe, expect, it } from 'vitest';
import { stressLines } from '../../../../src/cli/output/stress.ts';
import { plainStyle, visibleWidth } from '../../../../src/cli/output/style.ts';
import { bindPolicy } from '../../../../src/core/policy.ts';
import { defaultLimits, type Limits } from '../../../../src/core/risk/limits.ts';
import { defaultStressLimits } from '../../../../src/core/risk/stress/stressLimits.ts';
import type { ObservedFacts } from '../../../../src/core/snapshot.ts';
import type { VaultSetup } from '../../../../src/engine/world.ts';
import { fixedBand } from '../../../../src/policies/fixedBand.ts';
import { stressReport } from '../../../../src/runtime/stress.ts';
import { lendingReserve } from '../../../support/margin.ts';
import {
  oracleAt,
  raw,
  type SnapshotParts,
  snapshotWith,
  spotBase,
  usdc,
  vaultAddress,
  weth,
} from '../../../support/snapshot.ts';
import { monthOption } from '../../../support/stressed.ts';

const linesOf = (limits: Limits, parts: SnapshotParts = {}, observed: Partial<ObservedFacts> = {}) => {
  const positions = [monthOption('call', 3_000, -150), spotBase(100)];
  const plain = snapshotWith({ positions, ...parts });
  const snapshot = { ...plain, observed: { ...plain.observed, ...observed } };
  const setup = {
    terms: snapshot.vault,
    limits,
    policy: bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 2 }, tradeTo: 'centre' }),
  } as unknown as VaultSetup;
  const report = stressReport(snapshot, setup);
  return 'why' in report ? [report.why] : stressLines(report, { style: plainStyle });
};

describe('ballast stress', () => {
  it('says level and figures first, then every price, every condition, reach, jumps', () => {
    const text = linesOf(defaultLimits).join('\n');
    expect(text).toMatch(/^eth-\w+ +block 21,000,000 +spot 3,000.00 +NOTHING SENT\nnet delta +[+−]/);
    expect(text).toContain('default limits: limits.stress is not set');
    for (const words of [
      '−40 %',
      '+40 %',
      'as it is',
      'gas x 20',
      'depth / 5',
      'oracle late',
      'quote at 0.97',
      'jump ',
    ])
      expect(text).toContain(words);
  });

  it('says nothing of defaults where the config sets its own', () => {
    const own = { ...defaultLimits, stress: { ...defaultStressLimits, priceChanges: [-0.5, 0] } };
    const text = linesOf(own).join('\n');
    expect(text).not.toContain('default limits');
    expect(text).toContain('−50 %');
    expect(text).not.toContain('+10 %');
  });

  it('says what a crash asks of the mandate where that keeps a turnover bucket', () => {
    const guard = { turnoverCapacityRaw: raw(10_000, usdc), turnoverRefillPerDayRaw: raw(10_000, usdc) };
    const text = linesOf(defaultLimits, { guard }).join(' ').replace(/\s+/g, ' ');
    expect(text).toMatch(/mandate −30 % in a day trades [\d,.]+ of 20,000.00 USDC; needs \d+ of 100 bps/);
    expect(text).toMatch(
      /lacks a fall of 30 % in a day trades [\d,]+ quote, the mandate's turnover lets 20,000 through/,
    );
  });

  it('says at which price of base what is owed is liquidated', () => {
    const reserves = [
      lendingReserve('quote', { suppliedRaw: raw(100_000, usdc) }),
      lendingReserve('base', { debtRaw: raw(10, weth) }),
    ];
    const account = { label: 'aave v3', pool: vaultAddress, reserves, eModeCategory: 0, healthFactor: 2.6 };
    const text = linesOf(defaultLimits, { chain: { margin: { lending: [account], written: [] } } }).join(' ');
    expect(text.replace(/\s+/g, ' ')).toContain(
      'margin aave v3: health factor 2.60; liquidated above 7,800.00 USDC a WETH (+160.0 %)',
    );
  });

  it('fits a terminal of 80 columns', () => {
    const guard = { turnoverCapacityRaw: 1n, turnoverRefillPerDayRaw: 1n };
    expect(Math.max(...linesOf(defaultLimits, { guard }).map(visibleWidth))).toBeLessThanOrEqual(80);
  });

  it('says the net delta of now, and what each column stands for, whatever the grid holds', () => {
    const netDelta = (lines: readonly string[]) => lines.find((line) => line.startsWith('net delta'));
    const own = { ...defaultStressLimits, priceChanges: [-0.2, 0.2], volatilityChanges: [0.25, 0.5] };
    const lines = linesOf({ ...defaultLimits, stress: own });
    expect(netDelta(lines)).toBe(netDelta(linesOf(defaultLimits)));
    expect(lines.join('\n')).toMatch(/price +spot +value, vol \+25 +vol \+50 +net delta/);
  });

  it('fits with any number of volatilities, and says which are left to the JSON', () => {
    const own = { ...defaultStressLimits, volatilityChanges: [0, 0.25, 0.5, 1, 1.5] };
    const lines = linesOf({ ...defaultLimits, stress: own });
    expect(Math.max(...lines.map(visibleWidth))).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toMatch(/before anybody trades \(vol .*\+150: --json\)\n.*vol \+25/);
  });

  it('says why there is nothing to try where no price or no volatility can be used', () => {
    const stale = { prices: [oracleAt(3_000, { updatedAtSeconds: 1 })] };
    expect(linesOf(defaultLimits, { chain: stale })[0]).toMatch(/is \d+ s old, its heartbeat is 3600 s/);
    const volatility = { source: 'deribit', volatility: 0.6, observedAtSeconds: 0, fault: 'no answer' };
    expect(linesOf(defaultLimits, {}, { volatility })).toEqual([
      'no volatility can be used (deribit: no answer)',
    ]);
  });
});
