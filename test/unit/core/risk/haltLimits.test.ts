import { describe, expect, it } from 'vitest';
import {
  asksForDay,
  brokenLimit,
  type HaltLimits,
  limitBrokenBy,
  staleTooLong,
} from '../../../../src/core/risk/haltLimits.ts';
import type { DayFacts, Snapshot } from '../../../../src/core/snapshot.ts';
import { nowSeconds, oracleAt, snapshotWith } from '../../../support/snapshot.ts';

const none: HaltLimits = {
  lossPerDayQuote: null,
  turnoverPerDayQuote: null,
  gasPerDayQuote: null,
  slippageBps: null,
  staleSeconds: null,
};
const calm: DayFacts = { turnoverQuote: 0, shortfallQuote: 0, gasPaidWei: 0n, worstSlippageBps: null };

/** A snapshot whose gas money costs 2,000 quote. */
function afterDay(day: Partial<DayFacts>): Snapshot {
  const snapshot = snapshotWith();
  return {
    ...snapshot,
    native: { ...snapshot.native, priceQuote: 2_000 },
    history: { ...snapshot.history, lastDay: { ...calm, ...day } },
  };
}

describe('limits that halt', () => {
  it('ask about the day only where one of them is given', () => {
    expect(asksForDay(null)).toBe(false);
    expect(asksForDay({ ...none, staleSeconds: 1 })).toBe(false);
    expect(asksForDay({ ...none, slippageBps: 1 })).toBe(true);
  });

  it('count gas into the loss, and stop above the limit, not at it', () => {
    const limits = { ...none, lossPerDayQuote: 100 };
    const day = { shortfallQuote: 60, gasPaidWei: 20n * 10n ** 15n };
    expect(brokenLimit(afterDay(day), limits)).toBeNull();
    expect(brokenLimit(afterDay({ ...day, shortfallQuote: 60.01 }), limits)).toMatchObject({
      code: 'lossLimit',
      why: expect.stringMatching(/lost 100\.01 USDC .* the limit is 100: .*ballast resume --reason/),
    });
  });

  it('let price improvement make up for gas', () => {
    const day = { shortfallQuote: -30, gasPaidWei: 10n ** 16n };
    expect(brokenLimit(afterDay(day), { ...none, lossPerDayQuote: 1 })).toBeNull();
  });

  it('hold every fill to the slippage limit', () => {
    const limits = { ...none, slippageBps: 50 };
    expect(brokenLimit(afterDay({ worstSlippageBps: 50 }), limits)).toBeNull();
    expect(brokenLimit(afterDay({ worstSlippageBps: 50.1 }), limits)?.code).toBe('slippageLimit');
  });

  it('count the hedge that is about to be made into turnover and gas', () => {
    const day = afterDay({ turnoverQuote: 900, gasPaidWei: 10n ** 16n });
    expect(limitBrokenBy(day, { ...none, turnoverPerDayQuote: 1_000 }, 100, 5)).toBeNull();
    expect(limitBrokenBy(day, { ...none, turnoverPerDayQuote: 1_000 }, 101, 5)?.code).toBe('turnoverLimit');
    expect(limitBrokenBy(day, { ...none, gasPerDayQuote: 25 }, 100, 5)).toBeNull();
    expect(limitBrokenBy(day, { ...none, gasPerDayQuote: 25 }, 100, 6)?.code).toBe('gasLimit');
  });

  it('say nothing of a day that nobody looked at', () => {
    expect(brokenLimit(snapshotWith(), { ...none, lossPerDayQuote: 1 })).toBeNull();
    expect(limitBrokenBy(snapshotWith(), { ...none, turnoverPerDayQuote: 1 }, 100, 5)).toBeNull();
  });

  it('stop where even the freshest price has been stale for too long', () => {
    const aged = (ages: readonly number[]): Snapshot => {
      const snapshot = snapshotWith();
      const now = snapshot.chain.block.timestampSeconds;
      const prices = ages.map((age) =>
        oracleAt(2_000, { updatedAtSeconds: now - age, staleAfterSeconds: 3_600 }),
      );
      return { ...snapshot, chain: { ...snapshot.chain, prices } };
    };
    const limits = { ...none, staleSeconds: 600 };
    expect(staleTooLong(aged([4_200]), limits)).toBeNull();
    expect(staleTooLong(aged([4_201]), limits)?.code).toBe('staleLimit');
    expect(staleTooLong(aged([9_000, 10]), limits)).toBeNull();
    expect(staleTooLong(aged([9_000]), none)).toBeNull();
    expect(nowSeconds).toBeGreaterThan(0);
  });

  it('stop where even the freshest volatility has been, and count nothing that is at fault', () => {
    const snapshot = snapshotWith();
    const now = snapshot.chain.block.timestampSeconds;
    const reading = (age: number, fault: string | null = null) => ({
      ...snapshot.observed.volatility,
      observedAtSeconds: now - age,
      staleAfterSeconds: 3_600,
      fault,
    });
    const observing = (age: number, ...passedOver: readonly ReturnType<typeof reading>[]): Snapshot => ({
      ...snapshot,
      observed: { ...snapshot.observed, volatility: reading(age), volatilityPassedOver: passedOver },
    });
    const limits = { ...none, staleSeconds: 600 };
    expect(staleTooLong(observing(4_200), limits)).toBeNull();
    expect(staleTooLong(observing(4_201), limits)).toMatchObject({
      code: 'staleLimit',
      why: expect.stringContaining(' is 601 s beyond its heartbeat') as string,
    });
    expect(staleTooLong(observing(9_000, reading(10)), limits)).toBeNull();
    expect(staleTooLong(observing(9_000, reading(10, 'no answer')), limits)?.code).toBe('staleLimit');
    const broken = { ...oracleAt(2_000), updatedAtSeconds: now, fault: 'no answer' };
    const old = oracleAt(2_000, { updatedAtSeconds: now - 9_000, staleAfterSeconds: 3_600 });
    const chain = { ...snapshot.chain, prices: [broken, old] };
    expect(staleTooLong({ ...snapshot, chain }, limits)?.code).toBe('staleLimit');
    // Where none is without fault, that is what holds the vault.
    expect(staleTooLong({ ...snapshot, chain: { ...chain, prices: [broken] } }, limits)).toBeNull();
  });
});
