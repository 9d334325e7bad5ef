import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/core/decide.ts';
import { bindPolicy } from '../../../../src/core/policy.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { chosenVolatility, volatilityObstacle } from '../../../../src/core/risk/volatilitySource.ts';
import type { VolatilityReading } from '../../../../src/core/snapshot.ts';
import { fixedBand } from '../../../../src/policies/fixedBand.ts';
import { nowSeconds, snapshotWith, spotBase } from '../../../support/snapshot.ts';

const { block } = snapshotWith().chain;
const reading = (source: string, more: Partial<VolatilityReading> = {}): VolatilityReading => ({
  source,
  volatility: 0.6,
  observedAtSeconds: nowSeconds - 100,
  staleAfterSeconds: 300,
  ...more,
});
const policy = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 1 }, tradeTo: 'centre' });
const decideWith = (...readings: [VolatilityReading, ...VolatilityReading[]]) =>
  decide(
    { ...snapshotWith({ positions: [spotBase(5)] }), observed: chosenVolatility(readings, block) },
    policy,
    defaultLimits,
  );

describe('the volatility of a snapshot', () => {
  it('is the first that can be used, and says what was passed over', () => {
    const faulty = reading('ticker', { fault: 'no answer' });
    const old = reading('pool', { observedAtSeconds: nowSeconds - 301 });
    const good = reading('feed');
    const never = reading('config');
    expect(chosenVolatility([faulty, old, good, never], block)).toEqual({
      volatility: good,
      volatilityPassedOver: [faulty, old],
    });
    expect(chosenVolatility([good, never], block)).toEqual({ volatility: good });
  });

  it('is old by the block’s time, on the second', () => {
    const at = (age: number) => reading('pool', { observedAtSeconds: nowSeconds - age });
    expect(volatilityObstacle({ volatility: at(300) }, block)).toBeNull();
    expect(volatilityObstacle({ volatility: at(301) }, block)).toMatchObject({ code: 'volatilityStale' });
    expect(volatilityObstacle({ volatility: at(-300) }, block)).toBeNull();
    expect(volatilityObstacle({ volatility: at(-301) }, block)).toMatchObject({
      code: 'volatilityStale',
      why: 'no volatility can be used (pool: 301 s ahead of this block)',
    });
  });

  it('does not age where its source does not say when it does', () => {
    const { staleAfterSeconds: _, ...ageless } = reading('config', { observedAtSeconds: 0 });
    expect(volatilityObstacle({ volatility: ageless }, block)).toBeNull();
  });
});

describe('decide', () => {
  it('halts when no volatility can be used, with every reason, and prices nothing', () => {
    const decision = decideWith(
      reading('ticker', { fault: 'the answer is no ticker', volatility: 0 }),
      reading('pool', { observedAtSeconds: nowSeconds - 1_000 }),
    );
    expect(decision).toMatchObject({
      kind: 'halt',
      code: 'volatilityStale',
      why: 'no volatility can be used (ticker: the answer is no ticker; pool: 1000 s old, at most 300 s are trusted)',
      numbers: { exposure: null, netDelta: null },
    });
    expect(decision.numbers.spot).toBeCloseTo(3_000, 6);
  });

  it.each([
    ['a fault', { fault: 'its history is too short' }],
    ['zero', { volatility: 0 }],
    ['not a number', { volatility: Number.NaN }],
    ['negative', { volatility: -0.5 }],
  ])('halts on %s', (_, more) => {
    expect(decideWith(reading('pool', more))).toMatchObject({ kind: 'halt', code: 'volatilityInvalid' });
  });

  it('goes on with the next one', () => {
    expect(decideWith(reading('ticker', { fault: 'no answer' }), reading('pool')).kind).toBe('hedge');
  });
});
