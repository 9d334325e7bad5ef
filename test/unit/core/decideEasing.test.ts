import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import type { ReduceDecision } from '../../../src/core/decision.ts';
import { owedOnceLanded } from '../../../src/core/margin.ts';
import { type BoundPolicy, bindPolicy } from '../../../src/core/policy.ts';
import { defaultBreakerLimits } from '../../../src/core/risk/breakers/readBreakers.ts';
import type { CalendarEvent } from '../../../src/core/risk/eventCalendar.ts';
import { defaultLimits, type Limits } from '../../../src/core/risk/limits.ts';
import { calmLevels } from '../../../src/core/risk/stress/stressFigures.ts';
import { defaultStressLimits } from '../../../src/core/risk/stress/stressLimits.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { fixedBand } from '../../../src/policies/fixedBand.ts';
import { borrower, kinds } from '../../support/borrower.ts';
import { lendingReserve } from '../../support/margin.ts';
import { nowSeconds, poolAddress, raw, snapshotWith, spotBase, usdc, weth } from '../../support/snapshot.ts';

const band: BoundPolicy = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 2 }, tradeTo: 'centre' });
const plain: Limits = { ...defaultLimits, minTradeQuote: 10 };

describe('easing margin', () => {
  const tried = { ...plain, stress: defaultStressLimits };
  const poor = (owned: { base?: number; quote?: number } = { base: 10, quote: 20_000 }) =>
    borrower(100_000, 15, { ...owned, delta: 10 });
  const reduced = (snapshot: Snapshot, limits: Limits = tried) => {
    const decision = decide(snapshot, band, limits);
    if (decision.kind !== 'reduce') throw new Error(`${decision.kind}: ${decision.why}`);
    return decision;
  };
  /** The vault a block after the steps of a decision: they are done, interest ran, levels are kept. */
  const blockLater = (snapshot: Snapshot, decision: ReduceDecision, interest = 1 + 1e-6): Snapshot => {
    const [account] = snapshot.chain.margin!.lending;
    const steps = decision.plan.lending!.before;
    const moved = (kind: string, asset: string) =>
      steps
        .filter((step) => step.kind === kind && step.asset === asset)
        .reduce((sum, { amountRaw }) => sum + amountRaw, 0n);
    const reserves = account!.reserves.map((reserve) => {
      const left = reserve.debtRaw - moved('repay', reserve.asset);
      const suppliedRaw = reserve.suppliedRaw + moved('supply', reserve.asset);
      return { ...reserve, debtRaw: BigInt(Math.round(Number(left) * interest)), suppliedRaw };
    });
    const spent = (asset: string) => moved('repay', asset) + moved('supply', asset);
    const { baseRaw, quoteRaw } = snapshot.chain.holdings;
    return {
      ...snapshot,
      chain: {
        ...snapshot.chain,
        margin: { lending: [{ ...account!, reserves }], written: [] },
        holdings: { baseRaw: baseRaw - spent('base'), quoteRaw: quoteRaw - spent('quote') },
      },
      history: { ...snapshot.history, precautions: decision.precautions! },
    };
  };

  it('is done once: neither interest nor a price that moves a little asks for another step', () => {
    const first = reduced(poor());
    const next = decide(blockLater(poor(), first), band, tried);
    expect(next.kind).not.toBe('reduce');
    expect(next.precautions!.levels.margin).toBe('cautious');
    expect(decide(blockLater(poor(), first, 1.01), band, tried).kind).not.toBe('reduce');
  });

  it('is not tried again and again with what trickles in', () => {
    const dust = decide(poor({ base: 0.001, quote: 5 }), band, tried);
    expect(kinds(dust).filter((kind) => /repay|supply/.test(kind))).toEqual([]);
  });

  it('supplies collateral also where nothing of it was supplied before', () => {
    const snapshot = borrower(0, 10, { quote: 100_000 }, { suppliedRaw: raw(11, weth) });
    const [account] = snapshot.chain.margin!.lending;
    const reserves = account!.reserves.map((one) =>
      one.asset === 'quote' ? { ...one, isCollateral: false } : one,
    );
    const fresh = {
      ...snapshot,
      chain: { ...snapshot.chain, margin: { lending: [{ ...account!, reserves }], written: [] } },
    };
    expect(kinds(reduced(fresh))).toContain('supply quote');
  });

  it('acts on the market of the mandate, whichever others the vault has', () => {
    const snapshot = poor();
    const [account] = snapshot.chain.margin!.lending;
    const other = { ...account!, pool: poolAddress, reserves: [lendingReserve('base')] };
    const both = {
      ...snapshot,
      chain: { ...snapshot.chain, margin: { lending: [other, account!], written: [] } },
    };
    expect(reduced(both).plan).toEqual(reduced(snapshot).plan);
  });

  it('states its gas, waits for none of the caps of a hedge, and for the limit that halts', () => {
    const dear = reduced(poor(), { ...tried, maxGasQuote: 0.01, maxGasPerDayQuote: 0.01 });
    expect(dear.numbers.cost).toMatchObject({ feeQuote: 0, gasQuote: dear.numbers.cost!.totalQuote });
    expect(dear.numbers.cost!.gasQuote).toBeGreaterThan(0.5);
    const day = { turnoverQuote: 10 ** 6, shortfallQuote: 0, gasPaidWei: 10n ** 16n, worstSlippageBps: null };
    const nothing = {
      lossPerDayQuote: null,
      turnoverPerDayQuote: 1,
      gasPerDayQuote: null,
      slippageBps: null,
      staleSeconds: null,
    };
    const snapshot = poor();
    const later = { ...snapshot, history: { ...snapshot.history, lastDay: day } };
    expect(decide(later, band, { ...tried, halts: nothing }).kind).toBe('reduce');
    expect(decide(later, band, { ...tried, halts: { ...nothing, gasPerDayQuote: 30 } })).toMatchObject({
      kind: 'halt',
      code: 'gasLimit',
    });
  });
});

describe('fills on paper that borrowed', () => {
  const lent = { baseSuppliedRaw: 0n, baseDebtRaw: 0n, quoteSuppliedRaw: 0n, quoteDebtRaw: 0n };
  const paper = (change: Partial<typeof lent>, base: number, quote: number) => ({
    baseRaw: raw(base, weth),
    quoteRaw: raw(quote, usdc),
    lending: { ...lent, ...change },
  });

  it('leave no hole in what is owned, are neutral with what they sold, and are bought back like any debt', () => {
    const sold = paper({ baseDebtRaw: raw(10, weth) }, -10, 30_000);
    const snapshot = borrower(200_000, 0, { delta: 10, history: { paper: sold } });
    expect(decide(snapshot, band, plain)).toMatchObject({ kind: 'hold', code: 'insideBand' });
    const bought = borrower(200_000, 0, { quote: 1_000, delta: 0, history: { paper: sold } });
    const back = decide(bought, band, plain);
    expect(back).toMatchObject({ kind: 'hedge', plan: { side: 'buy' } });
    expect(kinds(back)).toEqual(['repay base']);
  });

  it('use up what may be borrowed', () => {
    const sold = paper({ baseDebtRaw: raw(49, weth) }, -49, 147_000);
    const snapshot = borrower(10 ** 6, 0, { delta: 59, history: { paper: sold } });
    const left = raw(50, weth) - owedOnceLanded(raw(49, weth), 0.03);
    expect(decide(snapshot, band, plain)).toMatchObject({ kind: 'hedge', plan: { baseRaw: left } });
  });

  it('that eased margin are not asked for again', () => {
    const tried = { ...plain, stress: defaultStressLimits };
    const first = decide(borrower(100_000, 15, { base: 10, delta: 0 }), band, tried);
    expect(kinds(first)).toContain('repay base');
    if (first.kind !== 'reduce') throw new Error(first.why);
    const repaid = first.plan
      .lending!.before.filter(({ kind }) => kind === 'repay')
      .reduce((sum, { amountRaw }) => sum + amountRaw, 0n);
    const history = { paper: paper({ baseDebtRaw: -repaid }, 0, 0), precautions: first.precautions! };
    const next = decide(borrower(100_000, 15, { base: 10, delta: 0, history }), band, tried);
    expect(next.kind).not.toBe('reduce');
  });
});

describe('an event that tightens the price bound', () => {
  it('makes no breaker think that the market is thinner', () => {
    const track = {
      blockNumber: 20_999_999,
      timestampSeconds: nowSeconds - 12,
      spot: 3_000,
      variancePerSecond: 1e-8,
      usualDepthBase: 100,
      ownTradedBase: 0,
      coveredSeconds: 90_000,
    };
    const snapshot = snapshotWith({
      positions: [spotBase(10)],
      history: { precautions: { track, levels: calmLevels } },
    });
    const event: CalendarEvent = {
      name: 'rate decision',
      atSeconds: nowSeconds,
      beforeSeconds: 60,
      afterSeconds: 60,
      changes: { maxSlippageBps: 6 },
    };
    const guarded = { ...plain, breakers: { ...defaultBreakerLimits, depthFall: 0.9 } };
    const calm = decide(snapshot, band, guarded).precautions!;
    const during = { ...snapshot, observed: { ...snapshot.observed, events: [event] } };
    const { tripped, track: kept } = decide(during, band, guarded).precautions!;
    expect(tripped).toEqual(calm.tripped);
    expect(kept).toEqual(calm.track);
  });
});
