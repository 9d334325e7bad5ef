import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import { owedOnceLanded } from '../../../src/core/margin.ts';
import { type BoundPolicy, bindPolicy } from '../../../src/core/policy.ts';
import type { LiquidityPosition } from '../../../src/core/position.ts';
import { defaultBreakerLimits } from '../../../src/core/risk/breakers/readBreakers.ts';
import type { CalendarEvent } from '../../../src/core/risk/eventCalendar.ts';
import { defaultLimits, type Limits } from '../../../src/core/risk/limits.ts';
import type { KeptPrecautions } from '../../../src/core/risk/precautionRecord.ts';
import { calmLevels } from '../../../src/core/risk/stress/stressFigures.ts';
import { defaultStressLimits } from '../../../src/core/risk/stress/stressLimits.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { fixedBand } from '../../../src/policies/fixedBand.ts';
import { borrower, kinds } from '../../support/borrower.ts';
import { nftManager, ownRange } from '../../support/ownRange.ts';
import {
  nowSeconds,
  oracleAt,
  poolAt,
  raw,
  type SnapshotParts,
  snapshotWith,
  spotBase,
  usdc,
  weth,
} from '../../support/snapshot.ts';

const band: BoundPolicy = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 2 }, tradeTo: 'centre' });
const plain: Limits = { ...defaultLimits, minTradeQuote: 10 };

describe('a hedge of a vault that borrows', () => {
  it('borrows what it does not own, in the order that sells it, and says what holding it costs a day', () => {
    const decision = decide(borrower(200_000, 0, { base: 4, delta: 10 }), band, plain);
    expect(decision).toMatchObject({ kind: 'hedge', plan: { side: 'sell', lending: { after: [] } } });
    if (decision.kind !== 'hedge') throw new Error(decision.why);
    expect(kinds(decision)).toEqual(['borrow base']);
    const borrowed = decision.plan.lending!.before[0]!.amountRaw;
    expect(borrowed).toBe(decision.plan.baseRaw - raw(4, weth));
    expect(decision.instruments).toEqual([
      expect.objectContaining({ kind: 'borrow', base: expect.closeTo(6, 6) as number }),
    ]);
    expect(decision.instruments![0]!.perDayQuote).toBeGreaterThan(0);
    expect(decision.numbers.cost!.gasQuote).toBeGreaterThan(
      decide(borrower(200_000, 0, { base: 20, delta: 10 }), band, plain).numbers.cost!.gasQuote,
    );
  });

  it('weighs the perps that the vault has, and says what a short of them would save', () => {
    const perp = {
      kind: 'perp',
      label: 'gmx',
      settlement: 'quote',
      size: 0.001,
      entryPrice: 3_000,
      markToSpot: 1,
      fundingRate: 0.1,
    } as const;
    const plainly = borrower(200_000, 0, { delta: 10 });
    const chain = { ...plainly.chain, positions: [...plainly.chain.positions, perp] };
    const decision = decide({ ...plainly, chain }, band, plain);
    expect(kinds(decision)).toEqual(['borrow base']);
    expect(decision).toMatchObject({ cheaperUnexecutable: { kind: 'perp' } });
    expect(decide(plainly, band, plain)).not.toHaveProperty('cheaperUnexecutable');
  });

  it('withdraws what it supplied rather than borrow, where that is cheaper', () => {
    const own = { suppliedRaw: raw(20, weth) };
    expect(kinds(decide(borrower(200_000, 0, { delta: 10 }, own), band, plain))).toEqual(['withdraw base']);
  });

  it('buys back what it owes before it keeps anything', () => {
    const bought = decide(borrower(200_000, 6, { quote: 100_000, delta: -10 }), band, plain);
    expect(bought).toMatchObject({ kind: 'hedge', plan: { side: 'buy', lending: { before: [] } } });
    expect(kinds(bought)).toEqual(['repay base']);
    if (bought.kind !== 'hedge') throw new Error(bought.why);
    expect(bought.plan.lending!.after[0]!.amountRaw).toBe(raw(6, weth));
  });

  it('withdraws the quote that it lacks, in the order that buys back what is owed', () => {
    const back = decide(borrower(100_000, 12, { quote: 6_000, delta: -10 }), band, plain);
    expect(back).toMatchObject({ kind: 'hedge', code: 'beyondBand', plan: { side: 'buy' } });
    expect(kinds(back)).toEqual(['withdraw quote', 'repay base']);
    if (back.kind !== 'hedge') throw new Error(back.why);
    const { lending, quoteLimitRaw, baseRaw } = back.plan;
    expect(baseRaw).toBe(raw(10, weth));
    expect(lending!.before[0]!.amountRaw).toBe(quoteLimitRaw - raw(6_000, usdc));
    expect(back.instruments!.map(({ kind }) => kind)).toEqual(['withdraw', 'repay']);
    // Supplied at 2 % it earns no more, and what was owed at 3 % is not owed.
    const [withdrawn, repaid] = back.instruments!;
    const lacking = Number(lending!.before[0]!.amountRaw) / 1e6;
    expect(withdrawn!.perDayQuote).toBeCloseTo((lacking * 0.02) / 365, 9);
    expect(repaid!.perDayQuote).toBeCloseTo((-10 * 3_000 * 0.03) / 365, 9);
  });

  it('withdraws no quote that health needs, beyond what buying back gives back, nor for less than the smallest trade', () => {
    // 12 owed against 50,000 x 0.78: the floor is broken already, and buying back mends it. The way there has to stand.
    const thin = decide(borrower(50_000, 12, { delta: -12 }), band, plain);
    expect(kinds(thin)).toEqual(['withdraw quote', 'repay base']);
    if (thin.kind !== 'hedge') throw new Error(thin.why);
    const spare = (50_000 * 0.78 - 1.02 * 36_000) / 0.78;
    expect(Number(thin.plan.lending!.before[0]!.amountRaw) / 1e6).toBeLessThanOrEqual(spare + 1e-6);
    // Nothing owed: all that is supplied may be had. Nothing supplied: nothing.
    expect(kinds(decide(borrower(100_000, 0, { delta: -10 }), band, plain))).toEqual(['withdraw quote']);
    const mostlyOwned = decide(borrower(100_000, 20, { quote: 30_299, delta: -10 }), band, plain);
    expect(kinds(mostlyOwned)).toEqual(['repay base']);
    expect(decide(borrower(0, 0, { delta: -10 }), band, plain)).toMatchObject({
      kind: 'hold',
      code: 'inventory',
    });
  });

  it('is cut to what health, cap and mandate leave', () => {
    const poor = decide(borrower(20_000, 0, { delta: 10 }), band, plain);
    expect(poor).toMatchObject({ kind: 'hedge', code: 'inventory' });
    if (poor.kind !== 'hedge') throw new Error(poor.why);
    // 20,000 x 0.78 over the floor of 1.5 and its margin of 2 %, at 3,000.
    expect(Number(poor.plan.baseRaw) / 1e18).toBeCloseTo((20_000 * 0.78) / 1.53 / 3_000, 4);
    const capped = decide(borrower(10 ** 6, 49, { delta: 10 }), band, plain);
    // What is owed already runs up interest until the order lands.
    const left = raw(50, weth) - owedOnceLanded(raw(49, weth), 0.03);
    expect(capped).toMatchObject({ kind: 'hedge', plan: { baseRaw: left } });
  });

  it('borrows nothing while a breaker only lets it reduce', () => {
    const guarded = { ...plain, breakers: defaultBreakerLimits };
    const depeg = borrower(200_000, 0, { base: 4, delta: 10 });
    const snapshot = { ...depeg, chain: { ...depeg.chain, quotePeg: oracleAt(0.95) } };
    const decision = decide(snapshot, band, guarded);
    expect(decision).toMatchObject({ kind: 'hedge', plan: { baseRaw: raw(4, weth) } });
    expect(kinds(decision)).toEqual([]);
    expect(decision.precautions!.tripped.map(({ name }) => name)).toEqual(['quotePeg']);
  });
});

describe('a breaker', () => {
  const guarded = { ...plain, breakers: defaultBreakerLimits };
  const long = (parts: SnapshotParts = {}) => snapshotWith({ positions: [spotBase(10)], ...parts });
  const kept = (spot: number): KeptPrecautions => ({
    track: {
      blockNumber: 20_999_999,
      timestampSeconds: nowSeconds - 12,
      spot,
      variancePerSecond: 1e-8,
      usualDepthBase: 100,
      ownTradedBase: 0,
      coveredSeconds: 90_000,
    },
    levels: calmLevels,
  });

  it('that did not trip changes nothing, and leaves its track to the next decision', () => {
    const decision = decide(long(), band, guarded);
    expect(decision.kind).toBe('hedge');
    expect(decision.precautions).toMatchObject({
      tripped: [],
      level: 'normal',
      track: { blockNumber: 21_000_000 },
    });
  });

  it('on a jump of the price holds this block', () => {
    const jumped = decide(long({ history: { precautions: kept(3_300) } }), band, guarded);
    expect(jumped).toMatchObject({
      kind: 'hold',
      code: 'breaker',
      why: expect.stringContaining('909 bps') as string,
    });
  });

  it('does not clear because its feed went silent, and clears once it is no longer asked for', () => {
    const stale = { ...oracleAt(0.95), updatedAtSeconds: nowSeconds - 10 ** 6 };
    const tripped = decide(long({ chain: { quotePeg: oracleAt(0.95) } }), band, guarded).precautions!;
    expect(tripped.held).toEqual(['quotePeg']);
    const names = (chain: SnapshotParts['chain'], precautions: KeptPrecautions = tripped) =>
      decide(
        long({ ...(chain === undefined ? {} : { chain }), history: { precautions } }),
        band,
        guarded,
      ).precautions!.tripped.map(({ name }) => name);
    expect(names({ quotePeg: stale })).toEqual(['quotePeg']);
    expect(names({ quotePeg: stale }, kept(3_000))).toEqual([]);
    expect(names({ quotePeg: oracleAt(1) })).toEqual([]);
    expect(names(undefined)).toEqual([]);
  });

  it('counts no pool that anybody could move', () => {
    const other = { address: '0x00000000000000000000000000000000000000aa' as const, depthBase: 0.001 };
    const moved = poolAt(3_200, other);
    const snapshot = long();
    const chain = { ...snapshot.chain, pools: [...snapshot.chain.pools, moved] };
    const guard = { ...chain.guard, allowedPools: [...chain.guard.allowedPools, moved.address] };
    const decision = decide({ ...snapshot, chain: { ...chain, guard } }, band, guarded);
    expect(decision.precautions!.tripped).toEqual([]);
  });

  it('on a jump of the price holds this block also where another only forbids loans', () => {
    const both = { history: { precautions: kept(3_300) }, chain: { quotePeg: oracleAt(0.95) } };
    expect(decide(long(both), band, guarded)).toMatchObject({ kind: 'hold', code: 'breaker' });
  });

  it('on a sequencer that is down halts', () => {
    const chain = { sequencer: { isUp: false, sinceSeconds: 30, graceSeconds: 3_600 } };
    expect(decide(long({ chain }), band, guarded)).toMatchObject({
      kind: 'halt',
      code: 'breaker',
      why: 'the sequencer is down for 30 s',
    });
  });
});

describe('a dated event', () => {
  const event = {
    name: 'rate decision',
    atSeconds: nowSeconds + 600,
    beforeSeconds: 3_600,
    afterSeconds: 3_600,
    changes: { bandFactor: 0.25 },
  };

  const during = (snapshot: Snapshot, events: readonly CalendarEvent[]): Snapshot => ({
    ...snapshot,
    observed: { ...snapshot.observed, events },
  });

  it('draws the band in, and says so in the decision', () => {
    const snapshot = snapshotWith({ positions: [spotBase(1)] });
    expect(decide(snapshot, band, plain)).toMatchObject({ kind: 'hold', code: 'insideBand' });
    const near = decide(during(snapshot, [event]), band, plain);
    expect(near).toMatchObject({
      kind: 'hedge',
      code: 'beyondBand',
      numbers: { band: { sell: { act: 0.5 }, buy: { act: -0.5 } } },
      precautions: { events: 'rate decision in 10 min: band x 0.25' },
    });
  });

  it('is forgotten once its window is over', () => {
    const over = { ...event, atSeconds: nowSeconds - 4_000 };
    const decision = decide(during(snapshotWith({ positions: [spotBase(1)] }), [over]), band, plain);
    expect(decision).toMatchObject({ kind: 'hold', code: 'insideBand', precautions: { events: null } });
  });
});

describe('margin under stress', () => {
  const tried = { ...plain, stress: defaultStressLimits };

  it('beyond its limit is eased before anything is hedged', () => {
    const decision = decide(borrower(100_000, 15, { base: 10, quote: 20_000, delta: 10 }), band, tried);
    expect(decision).toMatchObject({ kind: 'reduce', code: 'reducing', plan: { baseRaw: 0n, legs: [] } });
    expect(kinds(decision)).toContain('repay base');
    expect(decision.why).toMatch(/^\+20 %.*: health factor 1\.\d\d, floor 1\.5; /);
  });

  const withRange = (snapshot: Snapshot, range: LiquidityPosition): Snapshot => ({
    ...snapshot,
    chain: {
      ...snapshot.chain,
      positions: [...snapshot.chain.positions, range],
      guard: { ...snapshot.chain.guard, positionManager: nftManager },
    },
  });

  it('is eased out of liquidity that is out of the price, in one order, before anything is hedged', () => {
    const range = ownRange(7n, 'base', raw(12, weth));
    const decision = decide(withRange(borrower(100_000, 15, { delta: -10 }), range), band, tried);
    expect(decision).toMatchObject({
      kind: 'reduce',
      code: 'reducing',
      plan: {
        baseRaw: 0n,
        legs: [],
        withdrawals: [{ manager: nftManager, tokenId: 7n, liquidity: range.liquidity, quoteRaw: 0n }],
        lending: { before: [{ kind: 'repay', asset: 'base' }], after: [] },
      },
    });
    if (decision.kind !== 'reduce') throw new Error(decision.why);
    expect(decision.why).toMatch(/; withdraw uniswap v3 #7 \(out of the price\) and repay \d+\.?\d* WETH: /);
    expect(decision.netDeltaAfter).toBeCloseTo(decision.numbers.netDelta!, 9);
    const gasAlone = decide(borrower(100_000, 15, { base: 12, delta: 10 }), band, tried).numbers.cost!;
    expect(decision.numbers.cost!.totalQuote).toBeGreaterThan(gasAlone.totalQuote);
  });

  it('says in net delta after it what liquidity in the price is made of where its pool stands', () => {
    const range = ownRange(8n, 'both', raw(12, weth));
    const away = { chain: { pools: [poolAt(2_990)] } } satisfies SnapshotParts;
    const owing = borrower(100_000, 15, { delta: -13 });
    const snapshot = withRange({ ...owing, chain: { ...owing.chain, ...away.chain } }, range);
    const decision = decide(snapshot, band, tried);
    if (decision.kind !== 'reduce') throw new Error(decision.why);
    const [step] = decision.plan.withdrawals!;
    const share = Number(step!.liquidity) / Number(range.liquidity);
    expect(share).toBeGreaterThan(0.1);
    expect(decision.netDeltaAfter - decision.numbers.netDelta!).toBeGreaterThan(0);
    expect(decision.netDeltaAfter - decision.numbers.netDelta!).toBeLessThan(share);
  });

  it('withdraws liquidity that locks what the vault would run out of, where that is what falls short', () => {
    const range = ownRange(7n, 'base', raw(12, weth));
    const puts = {
      kind: 'option',
      label: 'puts',
      type: 'put',
      strike: 3_000,
      expirySeconds: nowSeconds + 14 * 86_400,
      size: -20,
      settlementPrice: null,
    } as const;
    const poor = snapshotWith({
      positions: [puts],
      chain: { holdings: { baseRaw: raw(1, weth), quoteRaw: raw(100_000, usdc) } },
    });
    const decision = decide(withRange(poor, range), band, tried);
    expect(decision).toMatchObject({
      kind: 'reduce',
      code: 'reducing',
      plan: { legs: [], withdrawals: [{ tokenId: 7n, liquidity: range.liquidity }] },
    });
    if (decision.kind !== 'reduce') throw new Error(decision.why);
    expect(decision.plan.lending).toBeUndefined();
    expect(decision.why).toMatch(
      /base runs out; 20 % are asked for; withdraw uniswap v3 #7 .* frees about \d/,
    );
    expect(decide(poor, band, tried)).not.toMatchObject({ kind: 'reduce' });
  });

  it('is not eased out of liquidity that the mandate does not reach', () => {
    const owing = borrower(50_000, 20);
    const positions = [...owing.chain.positions, ownRange(7n, 'base', raw(12, weth))];
    const decision = decide({ ...owing, chain: { ...owing.chain, positions } }, band, tried);
    expect(decision).toMatchObject({ kind: 'halt', code: 'stress' });
  });

  it('with nothing left to ease it halts at the last level', () => {
    const decision = decide(borrower(50_000, 20), band, tried);
    expect(decision).toMatchObject({ kind: 'halt', code: 'stress' });
  });

  it('at the last level still lets a purchase through that repays all it buys, and no sale', () => {
    const back = decide(borrower(50_000, 12, { delta: -12 }), band, tried);
    expect(back).toMatchObject({ kind: 'hedge', precautions: { level: 'halt' }, plan: { side: 'buy' } });
    expect(kinds(back)).toEqual(['withdraw quote', 'repay base']);
    const spent = borrower(36_800, 12, { delta: -12 });
    for (const stuck of [spent, borrower(50_000, 12, { delta: 12 })])
      expect(decide(stuck, band, tried)).toMatchObject({ kind: 'halt', code: 'stress' });
  });

  it('is not touched while the worst case is within its limits', () => {
    const decision = decide(borrower(400_000, 5, { base: 20, quote: 50_000, delta: 10 }), band, tried);
    expect(decision).toMatchObject({ kind: 'hedge', precautions: { level: 'normal' } });
    expect(decision.precautions!.figures!.margin.use).toBeLessThan(0.67);
  });
});
