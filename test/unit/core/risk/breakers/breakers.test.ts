import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BreakerName,
  breakerEffect,
  heldBreakers,
} from '../../../../../src/core/risk/breakers/breaker.ts';
import {
  type MarketSighting,
  type MarketTrack,
  nextTrack,
  trackVolatility,
} from '../../../../../src/core/risk/breakers/marketTrack.ts';
import {
  type BreakerInput,
  defaultBreakerLimits,
  readBreakers,
} from '../../../../../src/core/risk/breakers/readBreakers.ts';

const sighting = (n: number, change: Partial<MarketSighting> = {}): MarketSighting => ({
  blockNumber: BigInt(n),
  timestampSeconds: 1_000 + 12 * n,
  spot: 3_000,
  depthBase: 400,
  ownHedge: null,
  ...change,
});
const hedgeAt = (n: number, base: number) => ({ ownHedge: { decidedAtSeconds: 1_000 + 12 * n, base } });
const trackOf = (sightings: readonly MarketSighting[]) =>
  sightings.reduce<MarketTrack | null>((track, one) => nextTrack(track, one), null)!;
const calmTrack = trackOf(Array.from({ length: 200 }, (_, n) => sighting(n, { spot: 3_000 + (n % 2) })));

const calm: BreakerInput = {
  oraclePrice: 3_000,
  poolPrices: [3_001, 2_999],
  otherFeedPrices: [3_000.5],
  quotePegPrice: 0.9998,
  sequencer: null,
  spot: 3_000,
  depthBase: 390,
  forecastVolatility: 0.6,
  timestampSeconds: 1_000 + 12 * 200,
  track: calmTrack,
  held: [],
};
const tripped = (change: Partial<BreakerInput>, limits = defaultBreakerLimits) =>
  readBreakers({ ...calm, ...change }, limits).filter((reading) => reading.tripped);
const names = (change: Partial<BreakerInput>) => tripped(change).map(({ name }) => name);

describe('breakers', () => {
  it('leave a calm market alone', () => expect(tripped({})).toEqual([]));

  it.each<[BreakerName, Partial<BreakerInput>]>([
    ['oracleAgainstPools', { poolPrices: [3_001, 2_950] }],
    ['secondFeed', { otherFeedPrices: [3_060] }],
    ['quotePeg', { quotePegPrice: 0.97 }],
    ['quotePeg', { quotePegPrice: 1.03 }],
    ['sequencer', { sequencer: { isUp: false, sinceSeconds: 40, graceSeconds: 3_600 } }],
    ['sequencer', { sequencer: { isUp: true, sinceSeconds: 3_599, graceSeconds: 3_600 } }],
    ['priceJump', { spot: 2_800 }],
    ['volatilityGap', { forecastVolatility: 0.01 }],
    ['depthFall', { depthBase: 90 }],
    ['ownImpact', { track: { ...calmTrack, ownTradedBase: 300 } }],
  ])('%s trips alone when what it watches moves: %o', (name, change) => {
    expect(names(change)).toEqual([name]);
  });

  it('say what they saw and what they allow', () => {
    expect(tripped({ quotePegPrice: 0.97 })[0]).toEqual({
      name: 'quotePeg',
      figure: expect.closeTo(300, 6) as number,
      limit: 200,
      unit: 'bps',
      tripped: true,
      effect: 'reduceOnly',
      text: 'the quote token from its peg: 300 bps, at most 200 bps',
    });
  });

  it('trip beyond their limit, and not at it', () => {
    const exact = { ...defaultBreakerLimits, feedsNeeded: 2 };
    const at = {
      poolPrices: [3_045],
      otherFeedPrices: [2_955],
      quotePegPrice: 1.02,
      spot: 3_150,
      depthBase: 100,
      forecastVolatility: 0.15,
      track: { ...calmTrack, spot: 3_000, usualDepthBase: 400, ownTradedBase: 50 },
    };
    const variancePerSecond = (4 * 0.15) ** 2 / (365 * 86_400);
    const readings = readBreakers({ ...calm, ...at, track: { ...at.track, variancePerSecond } }, exact);
    for (const { name, figure, limit, tripped: isTripped } of readings) {
      expect([name, isTripped]).toEqual([name, false]);
      expect(figure! / limit).toBeCloseTo(1, 9);
    }
    expect(names({ sequencer: { isUp: true, sinceSeconds: 3_600, graceSeconds: 3_600 } })).toEqual([]);
  });

  it.each<[BreakerName, Partial<BreakerInput>]>([
    ['oracleAgainstPools', { poolPrices: [] }],
    ['secondFeed', { otherFeedPrices: [] }],
    ['quotePeg', { quotePegPrice: null }],
    ['volatilityGap', { track: null }],
    ['depthFall', { track: null }],
  ])('%s is neither tripped nor cleared by losing its figure', (name, lost) => {
    expect(names(lost)).toEqual([]);
    const [held, ...others] = tripped({ ...lost, held: [name] });
    expect(others).toEqual([]);
    expect(held).toMatchObject({ name, figure: null, tripped: true });
    expect(held!.text).toMatch(/not known, .* it had tripped when it last was/);
    expect(names({ held: [name] })).toEqual([]);
  });

  it('that count feeds clear as soon as there are enough', () => {
    const asked = { ...defaultBreakerLimits, feedsNeeded: 2 };
    expect(heldBreakers(tripped({ otherFeedPrices: [] }, asked))).toEqual([]);
    expect(heldBreakers(tripped({ otherFeedPrices: [3_060] }, asked))).toEqual(['secondFeed']);
  });

  it('take no answer that is not a number', () => {
    expect(() => names({ oraclePrice: Number.NaN })).toThrow('oracleAgainstPools');
    expect(() => names({ quotePegPrice: Number.NaN })).toThrow('quotePeg');
    expect(() => names({ depthBase: Number.NaN })).toThrow('depthFall');
  });

  it('on a jump of the price hold the whole block, however often it is looked at, and on whichever branch', () => {
    const jumped = { spot: 2_800, timestampSeconds: 1_000 + 12 * 200 };
    expect(names(jumped)).toEqual(['priceJump']);
    const track = nextTrack(calmTrack, sighting(200, { spot: 2_800 }));
    const trips = (change: Partial<BreakerInput>) =>
      names({ ...jumped, track, ...change }).includes('priceJump');
    expect(trips({})).toBe(true);
    expect(trips({ spot: 3_000 })).toBe(false);
    expect(trips({ timestampSeconds: jumped.timestampSeconds + 12 })).toBe(false);
  });

  it('do not lean on averages before these stand on enough time', () => {
    const young = trackOf([sighting(0), sighting(1, { spot: 3_020 })]);
    expect(names({ track: young, spot: 3_020, depthBase: 5 })).toEqual([]);
  });

  it('with no pool that takes anything, own hedges count as infinitely large', () => {
    expect(names({ depthBase: 0, track: { ...calmTrack, ownTradedBase: 1 } })).toEqual([
      'depthFall',
      'ownImpact',
    ]);
    expect(names({ depthBase: 0 })).toEqual(['depthFall']);
  });

  it('can be switched off one by one, and a second feed can be asked for', () => {
    expect(tripped({ quotePegPrice: 0.5 }, { ...defaultBreakerLimits, quotePegBps: null })).toEqual([]);
    const alone = tripped({ otherFeedPrices: [] }, { ...defaultBreakerLimits, feedsNeeded: 2 });
    expect(alone.map(({ text }) => text)).toEqual(['fresh price feeds: 1, at least 2']);
  });

  it('together allow no more than each of them', () => {
    expect(breakerEffect(tripped({}))).toBeNull();
    expect(breakerEffect(tripped({ spot: 2_800 }))).toBe('hold');
    expect(breakerEffect(tripped({ quotePegPrice: 0.9 }))).toBe('reduceOnly');
    expect(breakerEffect(tripped({ spot: 2_800, quotePegPrice: 0.9 }))).toBe('hold');
    expect(breakerEffect(tripped({ spot: 2_800, quotePegPrice: 0.9, poolPrices: [2_000] }))).toBe('halt');
  });
});

describe('the track of a market', () => {
  it('measures the volatility of equal moves exactly', () => {
    const perBlock = 0.001;
    const track = trackOf(
      Array.from({ length: 50 }, (_, n) => sighting(n, { spot: 3_000 * Math.exp(perBlock * (n % 2)) })),
    );
    expect(trackVolatility(track)).toBeCloseTo(perBlock * Math.sqrt((365 * 86_400) / 12), 9);
  });

  it('does not take what it has not seen for calm: a young track’s volatility is the mean of its moves', () => {
    const still = sighting(1, { timestampSeconds: 1_060 });
    const moved = sighting(2, { timestampSeconds: 1_120, spot: 3_000 * Math.exp(0.01) });
    const { variancePerSecond } = trackOf([sighting(0), still, moved]);
    expect(variancePerSecond).toBeCloseTo(0.01 ** 2 / 120, 12);
  });

  it('forgets own hedges by half in each half-life', () => {
    const start = nextTrack(null, sighting(0, hedgeAt(0, 100)));
    expect(nextTrack(start, sighting(150)).ownTradedBase).toBeCloseTo(50, 9);
  });

  it('counts a block once, however often it is seen or replaced', () => {
    const once = trackOf([sighting(0), sighting(1, { spot: 3_010, ...hedgeAt(0, 5) })]);
    const again = nextTrack(once, sighting(1, { spot: 3_010, ...hedgeAt(0, 5) }));
    expect(again).toEqual(once);
  });

  it('counts a hedge once, also where its receipt came blocks later or a branch brings it again', () => {
    const hedge = hedgeAt(1, 100);
    const late = trackOf([sighting(0), sighting(1), sighting(2), sighting(3, hedge), sighting(4, hedge)]);
    expect(late.ownTradedBase).toBeCloseTo(100 * 0.5 ** (36 / 1_800), 9);
    const branched = trackOf([sighting(0), sighting(2, hedge), sighting(1), sighting(2, hedge)]);
    expect(branched.ownTradedBase).toBeCloseTo(100 * 0.5 ** (12 / 1_800), 9);
    const seenAgain = trackOf([sighting(2), sighting(2, hedge)]);
    expect(seenAgain.ownTradedBase).toBeCloseTo(100 * 0.5 ** (12 / 1_800), 9);
  });

  it('of a keeper that starts does not feel the hedges of days ago', () => {
    const old = { ownHedge: { decidedAtSeconds: 1_000 - 86_400, base: 100 } };
    expect(nextTrack(null, sighting(0, old)).ownTradedBase).toBeLessThan(1e-9);
  });

  it('is the same however time is cut, for a depth that stands', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 30 }), (steps) => {
        let seconds = 0;
        let track = nextTrack(null, sighting(0, { depthBase: 400 }));
        steps.forEach((step, index) => {
          seconds += step;
          track = nextTrack(
            track,
            sighting(index + 1, { timestampSeconds: 1_000 + seconds, depthBase: 100 }),
          );
        });
        expect(track.usualDepthBase).toBeCloseTo(100 + 300 * 0.5 ** (seconds / 86_400), 6);
        expect(track.coveredSeconds).toBe(seconds);
      }),
    );
  });
});
