import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import {
  deltaInBase,
  modelDelta,
  optionDeltas,
  volatilityPerSpot,
} from '../../../../src/core/exposure/deltaConventions.ts';
import { totalExposure } from '../../../../src/core/exposure/exposure.ts';
import { type BlackScholesInput, blackScholes } from '../../../../src/core/options/blackScholes.ts';
import type { MarketView, Position } from '../../../../src/core/position.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const options: fc.Arbitrary<BlackScholesInput> = fc
  .record({
    type: fc.constantFrom('call' as const, 'put' as const),
    moneyness: number(0.6, 1.6),
    strike: number(500, 5000),
    years: number(0.02, 2),
    rate: number(-0.05, 0.15),
    dividendYield: number(-0.05, 0.15),
    volatility: number(0.2, 1.5),
  })
  .map(({ moneyness, ...rest }) => ({ ...rest, spot: rest.strike * moneyness }));

/** The slope of a function of the spot, by central difference. */
function slopeAt(spot: number, value: (spot: number) => number): number {
  const h = spot * 1e-5;
  return (value(spot + h) - value(spot - h)) / (2 * h);
}

const priceAt = (option: BlackScholesInput) => (spot: number) => blackScholes({ ...option, spot }).price;

describe('deltas of an option', () => {
  const deltasOf = (option: BlackScholesInput) => optionDeltas(blackScholes(option), option);

  it('spot delta: the base that leaves a value in quote where it is', () => {
    fc.assert(
      fc.property(options, (option) => {
        expect(deltasOf(option).spot).toBeCloseTo(slopeAt(option.spot, priceAt(option)), 6);
      }),
    );
  });

  it('forward delta: the forwards that do, each worth the discounted move of the forward', () => {
    fc.assert(
      fc.property(options, (option) => {
        const { rate, dividendYield, years } = option;
        const forwardWorth = (spot: number) =>
          spot * Math.exp((rate - dividendYield) * years) * Math.exp(-rate * years);
        const forwards = slopeAt(option.spot, priceAt(option)) / slopeAt(option.spot, forwardWorth);
        expect(deltasOf(option).forward).toBeCloseTo(forwards, 6);
      }),
    );
  });

  it('premium-included delta: the base beside which a value in base does not move', () => {
    fc.assert(
      fc.property(options, (option) => {
        const { premiumIncluded, forwardPremiumIncluded } = deltasOf(option);
        const inBase = (spot: number) => priceAt(option)(spot) / spot;
        expect(premiumIncluded).toBeCloseTo(option.spot * slopeAt(option.spot, inBase), 6);
        // Short of that much base and long the quote it fetched, the whole counted in base stands still.
        const hedged = (spot: number) =>
          inBase(spot) - premiumIncluded + (premiumIncluded * option.spot) / spot;
        expect(option.spot * slopeAt(option.spot, hedged)).toBeCloseTo(0, 6);
        const growth = Math.exp(option.dividendYield * option.years);
        expect(forwardPremiumIncluded / growth).toBeCloseTo(premiumIncluded, 12);
      }),
    );
  });

  it('of an inverse option is how its price in base moves, per unit of relative move', () => {
    fc.assert(
      fc.property(options, (option) => {
        const { price, delta } = blackScholes(option);
        const inverse = deltaInBase(delta, price, option.spot);
        const priceInBase = (logSpot: number) => priceAt(option)(Math.exp(logSpot)) / Math.exp(logSpot);
        const h = 1e-5;
        const log = Math.log(option.spot);
        expect(inverse).toBeCloseTo((priceInBase(log + h) - priceInBase(log - h)) / (2 * h), 6);
      }),
    );
  });
});

describe('a vault that counts in base', () => {
  const view: MarketView = {
    spot: 3000,
    volatility: 0.6,
    rate: 0.03,
    nowSeconds: 1_700_000_000,
    baseDecimals: 18,
    quoteDecimals: 6,
  };
  const held: readonly Position[] = [
    { kind: 'spot', label: 'safe', asset: 'base', amountRaw: 50n * 10n ** 18n, locked: false },
    { kind: 'spot', label: 'safe', asset: 'quote', amountRaw: 20_000_000_000n, locked: false },
    {
      kind: 'option',
      label: 'short call',
      type: 'call',
      strike: 3200,
      expirySeconds: 1_702_000_000,
      size: -40,
      settlementPrice: null,
    },
    { kind: 'powerPerp', label: 'crab', size: -30, normalizationFactor: 0.5, markToIndex: 1.03 },
  ];

  it('is as far from neutral as its value in base moves', () => {
    for (const spot of [2000, 3000, 3500]) {
      const { delta, valueQuote } = totalExposure(held, { ...view, spot });
      const inBase = (price: number) => totalExposure(held, { ...view, spot: price }).valueQuote / price;
      expect(deltaInBase(delta, valueQuote, spot)).toBeCloseTo(spot * slopeAt(spot, inBase), 5);
    }
  });

  it('is neutral when all that it has is base', () => {
    const { delta, valueQuote } = totalExposure(held.slice(0, 1), view);
    expect(deltaInBase(delta, valueQuote, view.spot)).toBe(0);
  });
});

describe('delta models', () => {
  /** Volatility by log distance of the strike from the forward: a skew and a curvature. */
  const smile = (distance: number) => 0.6 - 0.2 * distance + 0.5 * distance * distance;
  const smileSlope = (distance: number) => -0.2 + distance;
  const distanceOf = ({ spot, strike, years, rate, dividendYield }: BlackScholesInput) =>
    Math.log(strike / spot) - (rate - dividendYield) * years;

  it('sticky strike: each strike keeps its volatility', () => {
    fc.assert(
      fc.property(options, (option) => {
        const delta = modelDelta(blackScholes(option), option.spot, { model: 'stickyStrike' });
        expect(delta).toBeCloseTo(slopeAt(option.spot, priceAt(option)), 6);
      }),
    );
  });

  it('sticky delta: the smile moves with the forward', () => {
    fc.assert(
      fc.property(options, (terms) => {
        const valued = (spot: number) => {
          const moved = { ...terms, spot };
          return blackScholes({ ...moved, volatility: smile(distanceOf(moved)) });
        };
        const skew = smileSlope(distanceOf(terms));
        const delta = modelDelta(valued(terms.spot), terms.spot, { model: 'stickyDelta', skew });
        expect(delta).toBeCloseTo(
          slopeAt(terms.spot, (spot) => valued(spot).price),
          5,
        );
      }),
    );
  });

  it('minimum variance: volatility moves as it is expected to', () => {
    fc.assert(
      fc.property(options, number(-5e-4, 5e-4), (option, perSpot) => {
        const valued = (spot: number) => {
          const volatility = option.volatility + perSpot * (spot - option.spot);
          return blackScholes({ ...option, spot, volatility }).price;
        };
        const how = { model: 'minimumVariance', volatilityPerSpot: perSpot } as const;
        const delta = modelDelta(blackScholes(option), option.spot, how);
        expect(delta).toBeCloseTo(slopeAt(option.spot, valued), 5);
      }),
    );
  });

  it('minimum variance leaves less of it than any other hedge', () => {
    const option = {
      type: 'put',
      spot: 3000,
      strike: 2800,
      years: 0.2,
      rate: 0,
      dividendYield: 0,
      volatility: 0.6,
    } as const;
    const [correlation, volatilityOfVolatility] = [-0.6, 1.2];
    const normal = normalSource(seededUniform(11));
    const before = blackScholes(option);
    const rootStep = Math.sqrt(1 / (365 * 24));
    const moves = Array.from({ length: 20_000 }, () => {
      const [first, second] = [normal(), normal()];
      const other = correlation * first + Math.sqrt(1 - correlation ** 2) * second;
      const spot = option.spot * (1 + option.volatility * rootStep * first);
      const volatility = option.volatility * (1 + volatilityOfVolatility * rootStep * other);
      return {
        spot: spot - option.spot,
        value: blackScholes({ ...option, spot, volatility }).price - before.price,
      };
    });
    const mean = (of: (move: (typeof moves)[number]) => number) =>
      moves.reduce((sum, move) => sum + of(move), 0) / moves.length;
    const [meanSpot, meanValue] = [mean(({ spot }) => spot), mean(({ value }) => value)];
    const regressed =
      mean(({ spot, value }) => (spot - meanSpot) * (value - meanValue)) /
      mean(({ spot }) => (spot - meanSpot) ** 2);
    const how = {
      model: 'minimumVariance',
      volatilityPerSpot: volatilityPerSpot({ spot: option.spot, correlation, volatilityOfVolatility }),
    } as const;
    expect(modelDelta(before, option.spot, how)).toBeCloseTo(regressed, 2);
    expect(Math.abs(before.delta - regressed)).toBeGreaterThan(0.05);
  });

  it('refuse what cannot be', () => {
    const option = { price: 100, delta: 0.5, vega: 300 };
    expect(() => deltaInBase(1, 1, 0)).toThrow(InvalidInputError);
    expect(() => optionDeltas(option, { spot: 3000, years: -1, dividendYield: 0 })).toThrow(/^years is -1/);
    expect(() => modelDelta(option, -1, { model: 'stickyStrike' })).toThrow(/^spot is -1/);
    expect(() => modelDelta(option, 3000, { model: 'stickyDelta', skew: Number.NaN })).toThrow(
      InvalidInputError,
    );
    const wild = { spot: 3000, correlation: 1.1, volatilityOfVolatility: 1 };
    expect(() => volatilityPerSpot(wild)).toThrow(/^correlation is 1.1/);
  });
});
