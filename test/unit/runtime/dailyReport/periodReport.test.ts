import { describe, expect, it } from 'vitest';
import { periodLines } from '../../../../src/cli/output/period.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import { decide } from '../../../../src/core/decide.ts';
import { bindPolicy } from '../../../../src/core/policy.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import type { Snapshot } from '../../../../src/core/snapshot.ts';
import { fixedBand } from '../../../../src/policies/fixedBand.ts';
import { periodPage } from '../../../../src/report/html/periodPage.ts';
import { type PeriodReport, periodReport } from '../../../../src/runtime/dailyReport/periodReport.ts';
import { errorPerDay } from '../../../../src/runtime/dailyReport/risk.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { nowSeconds, snapshotWith, spotBase } from '../../../support/snapshot.ts';

const limits = { ...defaultLimits, maxGasQuote: 10_000 };
const band = (base: number) => bindPolicy('fixedBand', fixedBand, { halfWidth: { base }, tradeTo: 'centre' });
const vault = snapshotWith().vault.name;
const none = { name: 'none', parameters: 'never hedges', policy: null };

const at = (block: number, base: number): Snapshot => {
  const snapshot = snapshotWith({ positions: [spotBase(base)] });
  const timestampSeconds = nowSeconds + 12 * block;
  const facts = { ...snapshot.chain.block, timestampSeconds, number: BigInt(block) };
  return { ...snapshot, chain: { ...snapshot.chain, block: facts } };
};

/** A vault whose keeper was away: long so much base at each block, and nothing came of its decisions. */
async function report(
  bases: readonly number[],
  toBlock = bases.length,
  blocks: readonly number[] = [...bases.keys()],
): Promise<PeriodReport> {
  const store = memoryStore();
  for (const [index, base] of bases.entries()) {
    const block = blocks[index]!;
    const snapshot = at(block, base);
    const decision = decide(snapshot, band(1_000), limits);
    const recordedAtSeconds = nowSeconds + 12 * block;
    const record = { vault, policy: 'fixedBand', recordedAtSeconds, blockNumber: BigInt(block) };
    await store.recordDecision({ ...record, snapshot, decision });
  }
  return periodReport(store, {
    vault,
    policy: 'fixedBand',
    units: { base: 'WETH', quote: 'USDC' },
    period: { fromSeconds: nowSeconds, toSeconds: nowSeconds + 12 * toBlock },
    limits,
    triedPolicies: () => [
      { name: 'narrow', parameters: '', policy: band(1) },
      none,
      { name: 'fixedBand', parameters: '{halfWidth:{shareOfGross:0.123},tradeTo:centre}', policy: band(2) },
    ],
  });
}

describe('a report of a period', () => {
  it('follows another policy: what it hedged once, it need not hedge again', async () => {
    const { others } = await report(Array.from({ length: 12 }, () => 3));
    if ('missing' in others) throw new Error(others.missing);
    const [narrow, never] = others.policies;
    expect(narrow).toMatchObject({ hedges: 1 });
    expect(narrow!.turnoverQuote / at(0, 3).chain.prices[0]!.price).toBeCloseTo(3, 1);
    expect(narrow!.costQuote).toBeGreaterThan(0);
    expect(never).toMatchObject({ hedges: 0, costQuote: 0, turnoverQuote: 0 });
  });

  it('hedges again where the exposure grows by more than the band', async () => {
    const { others } = await report([3, 3, 3, 6, 6, 6]);
    if ('missing' in others) throw new Error(others.missing);
    expect(others.policies[0]).toMatchObject({ hedges: 2 });
  });

  it('says what it does not know, and shows no number for it', async () => {
    const found = await report([3]);
    expect(found.profit).toHaveProperty('missing');
    expect(found.others).toHaveProperty('missing');
    expect(found.risk).toMatchObject({ errorPerDayQuote: null });
    expect(periodLines(found, plainStyle).join('\n')).toMatch(/profit +– fewer than two/);
  });

  it('takes no decision from outside of the period', async () => {
    const found = await report([1, 2, 3, 4], 2);
    expect(found.decisions.all).toBe(2);
    expect(found.risk).toMatchObject({ decisions: 2, largestBase: expect.closeTo(2, 6) });
  });

  it('fits into 80 columns, and its page asks nobody for anything and runs no script', async () => {
    const found = await report(Array.from({ length: 12 }, (_, index) => index));
    expect(periodLines(found, plainStyle).filter((line) => line.length > 80)).toEqual([]);
    const page = periodPage([{ ...found, vault: '<b>x</b>' }], { styles: ['p{}'] }, () => 'sha256-x');
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;sha256-x&#39;');
    expect(page).not.toMatch(/<script|<b>x<\/b>|https?:\/\//);
    expect(page).toContain('&lt;b&gt;x&lt;/b&gt;');
  });
});

describe('its charts', () => {
  const drawn = async (bases: readonly number[]) =>
    periodPage([await report(bases)], { styles: [] }, () => 'sha256-x');

  it('draw price and net delta through every decision, and nothing that is no number', async () => {
    const page = await drawn([1, 2, 3, 4, 5]);
    const lines = [...page.matchAll(/<path class="line" d="([^"]*)"/g)].map(([, path = '']) => path);
    expect(lines.map((path) => path.match(/[ML]/g)?.length)).toEqual([5, 5]);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(page).toContain('nothing was traded');
  });

  it('leave a gap where the keeper was not looking', async () => {
    const { series } = await report([1, 2, 3, 4]);
    expect(series.netDelta.every((value) => value !== null)).toBe(true);
    const away = await report([1, 2, 3, 4], 40, [0, 1, 2, 30]);
    expect(away.series.netDelta.map((value) => value === null)).toEqual([false, false, false, true, false]);
  });

  it('stand for a single decision, and for none', async () => {
    expect(await drawn([1])).not.toMatch(/NaN|Infinity/);
    expect(periodPage([await report([])], { styles: [] }, () => 'sha256-x')).toContain('nothing to draw');
  });
});

describe('the error a day', () => {
  it('is the same whatever the steps are, for a price that moves like a random walk', () => {
    const walk = (seconds: number) =>
      Array.from({ length: 400 }, (_, index) => ({
        atSeconds: index * seconds,
        spot: 100 + (index % 2) * Math.sqrt(seconds / 86_400),
        netDelta: 2,
      }));
    expect(errorPerDay(walk(60))).toBeCloseTo(errorPerDay(walk(3_600))!, 6);
    expect(errorPerDay(walk(60))).toBeCloseTo(2, 1);
  });
});
