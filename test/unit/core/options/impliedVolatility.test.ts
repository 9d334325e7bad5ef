import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { normalCdf } from '../../../../src/core/math/normal.ts';
import { black76 } from '../../../../src/core/options/black76.ts';
import type { OptionType } from '../../../../src/core/options/blackScholes.ts';
import {
  type ImpliedVolatilityInput,
  impliedVolatility,
} from '../../../../src/core/options/impliedVolatility.ts';
import { hasSharedData, referenceItems } from '../../../support/sharedData.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** Evenly spread over the powers of ten. */
const magnitude = (min: number, max: number) =>
  number(Math.log(min), Math.log(max)).map((logarithm) => Math.exp(logarithm));
const type = fc.constantFrom<OptionType>('call', 'put');

function volatilityOf(input: ImpliedVolatilityInput): number {
  const result = impliedVolatility(input);
  if (result.status !== 'found') throw new Error(`refused: ${result.reason}`);
  return result.volatility;
}

const reasonOf = (input: ImpliedVolatilityInput): string => {
  const result = impliedVolatility(input);
  return result.status === 'refused' ? result.reason : result.status;
};

const ordinary: ImpliedVolatilityInput = {
  type: 'call',
  forward: 3000,
  strike: 3200,
  years: 0.1,
  price: 150,
  discount: 1,
};

describe('impliedVolatility', () => {
  // Volatilities of these very doubles, by bisection with 80 digits.
  it.each<[OptionType, number, number, number, number, number]>([
    ['call', 1, 1, 1, 3.989422804014327e-9, 1e-8],
    ['call', 1, 1, 1, 0.9999999999999362, 14.999917893391228],
    ['call', 100, 100.0001, 0.01, 0.01191834084157901, 0.003],
    ['put', 100, 99.99999, 1, 3.509353113424639e-5, 1e-6],
    ['call', 100, 101, 0.01, 0.39909830409690733, 0.2],
    ['put', 3000, 2000, 0.08, 3.6042961072190844, 0.7],
    ['call', 1, 1e6, 1, 4.127853448461196e-167, 0.5],
    ['put', 1e6, 1, 1, 3.2323068382325175e-138, 0.55],
    ['call', 100, 1000, 1, 2.0829417065429543e-275, 0.065],
    ['call', 1e-150, 1e150, 1, 1.2778202694903798e-283, 20],
    ['call', 100, 250, 1, 98.0627514865022, 4.999999999999997],
    ['put', 2000, 1000, 0.5, 999.968854158571, 12.000000000000304],
    ['call', 1, 2.5, 0.8, 1.2632260528829062e-147, 0.04],
  ])('%s forward %d strike %d years %d price %d: %d', (option, forward, strike, years, price, expected) => {
    const found = volatilityOf({ type: option, forward, strike, years, price, discount: 1 });
    expect(Math.abs(found / expected - 1)).toBeLessThan(1e-13);
  });

  it('comes back from a price to its volatility, up to what the price has of it', () => {
    const market = fc.record({
      type,
      strike: magnitude(1e-6, 1e9),
      distance: fc.oneof(number(-0.5, 0.5), number(-12, 12), number(-1e-6, 1e-6), fc.constant(0)),
      years: magnitude(1e-6, 30),
      deviation: magnitude(1e-6, 14),
      rate: number(-0.1, 0.2),
    });
    fc.assert(
      fc.property(market, ({ distance, deviation, rate, years, ...rest }) => {
        const forward = rest.strike * Math.exp(distance);
        const volatility = deviation / Math.sqrt(years);
        const { price, vega } = black76({ ...rest, forward, years, rate, volatility });
        const discount = Math.exp(-rate * years);
        // The price is a difference of two terms, each with the rounding of its d1: lost before we see it.
        const d1 = Math.log(forward / rest.strike) / deviation + deviation / 2;
        const term = discount * forward * normalCdf(rest.type === 'call' ? d1 : -d1);
        const lost = (8 * 2 ** -53 * Math.max((1 + d1 * d1) * term, price)) / (vega * volatility);
        fc.pre(lost < 1e-3);
        const found = volatilityOf({ ...rest, forward, years, price, discount });
        expect(Math.abs(found / volatility - 1)).toBeLessThan(1e-12 + lost);
      }),
      { numRuns: 4000 },
    );
  });

  it('gives or refuses, and never NaN, for whatever is allowed', () => {
    const anything = fc.record({
      type,
      forward: magnitude(1e-300, 1e300),
      strike: magnitude(1e-300, 1e300),
      years: magnitude(1e-12, 1e6),
      discount: magnitude(1e-12, 1e3),
    });
    const share = fc.oneof(number(0, 1.5), magnitude(1e-290, 1), fc.constantFrom(0, 1, 1 - 2 ** -53));
    const near = fc.oneof(fc.constant(undefined), number(-1, 1), number(-1e-9, 1e-9));
    fc.assert(
      fc.property(anything, share, near, (input, portion, distance) => {
        const strike = distance === undefined ? input.strike : input.forward * Math.exp(distance);
        fc.pre(strike > 0 && Number.isFinite(strike));
        const maximum = (input.type === 'call' ? input.forward : strike) * input.discount;
        const price = portion * maximum;
        fc.pre(Number.isFinite(price));
        const result = impliedVolatility({ ...input, strike, price });
        if (result.status === 'found') {
          expect(result.volatility).toBeGreaterThanOrEqual(0);
          expect(result.volatility).toBeLessThan(Number.POSITIVE_INFINITY);
        } else expect(['belowIntrinsic', 'aboveMaximum']).toContain(result.reason);
      }),
      { numRuns: 4000 },
    );
  });

  it('rises with the price', () => {
    fc.assert(
      fc.property(
        type,
        number(-1, 1),
        number(0.001, 0.998),
        number(0.001, 0.998),
        (option, distance, a, b) => {
          const forward = 100 * Math.exp(distance);
          const intrinsic = Math.max(option === 'call' ? forward - 100 : 100 - forward, 0);
          const maximum = option === 'call' ? forward : 100;
          const at = (share: number) =>
            volatilityOf({
              type: option,
              forward,
              strike: 100,
              years: 0.5,
              price: intrinsic + share * (maximum - intrinsic),
              discount: 1,
            });
          fc.pre(Math.abs(a - b) > 1e-9);
          expect(at(a) < at(b)).toBe(a < b);
        },
      ),
    );
  });

  it('does not depend on the unit of money, on discounting, or on which side of parity is quoted', () => {
    fc.assert(
      fc.property(
        number(-0.3, 0.3),
        number(0.2, 1.5),
        magnitude(1e-6, 1e6),
        number(0.5, 1),
        (distance, volatility, unit, discount) => {
          const [forward, strike, years] = [100 * Math.exp(distance), 100, 0.5];
          const { price } = black76({ type: 'call', forward, strike, years, rate: 0, volatility });
          const scaled = {
            type: 'call' as const,
            forward: forward * unit,
            strike: strike * unit,
            years,
            price: price * unit * discount,
            discount,
          };
          const put = {
            ...scaled,
            type: 'put' as const,
            price: scaled.price - discount * unit * (forward - strike),
          };
          expect(volatilityOf(scaled) / volatility).toBeCloseTo(1, 11);
          expect(volatilityOf(put) / volatility).toBeCloseTo(1, 11);
        },
      ),
    );
  });

  it('says why there is none', () => {
    const inTheMoney = { ...ordinary, strike: 2000 };
    expect(reasonOf({ ...inTheMoney, price: 999.9999 })).toBe('belowIntrinsic');
    expect(reasonOf({ ...inTheMoney, type: 'put', strike: 4000, price: 0 })).toBe('belowIntrinsic');
    expect(reasonOf({ ...ordinary, price: 3000 })).toBe('aboveMaximum');
    expect(reasonOf({ ...ordinary, type: 'put', price: 3200.01 })).toBe('aboveMaximum');
    expect(reasonOf({ ...ordinary, discount: 0.9, price: 2700.1 })).toBe('aboveMaximum');
  });

  it('is 0 at exactly the intrinsic value', () => {
    expect(volatilityOf({ ...ordinary, strike: 2000, price: 1000 })).toBe(0);
    expect(volatilityOf({ ...ordinary, price: 0 })).toBe(0);
  });

  it.each([
    ['type', { type: 'straddle' as OptionType }],
    ['forward', { forward: 0 }],
    ['forward', { forward: Number.POSITIVE_INFINITY }],
    ['strike', { strike: -1 }],
    ['years', { years: 0 }],
    ['discount', { discount: Number.NaN }],
    ['price', { price: -0.01 }],
    ['price', { price: Number.NaN }],
  ])('refuses a wrong %s', (field, change) => {
    expect(() => impliedVolatility({ ...ordinary, ...change })).toThrow(InvalidInputError);
    expect(() => impliedVolatility({ ...ordinary, ...change })).toThrow(field);
  });
});

interface Row {
  readonly F: number;
  readonly K: number;
  readonly T: number;
  readonly q?: number;
  readonly sigma?: number;
  readonly x?: number;
  readonly s?: number;
  readonly type?: OptionType;
  readonly price?: string | number;
  readonly price_double?: number;
}
interface Answer {
  readonly normalised_black?: number;
  readonly normalised_call?: number;
  readonly normalised_put?: number;
  readonly black?: number;
  readonly price?: number;
  readonly implied_vol?: number;
  readonly implied_vol_from_black?: number;
  readonly result?: string;
}

describe.skipIf(!hasSharedData)('impliedVolatility on published rows', () => {
  const rows = referenceItems<Row, Answer>('implied_vol');
  const priced = rows.filter(
    ({ expected }) => (expected.implied_vol ?? expected.implied_vol_from_black) !== undefined,
  );
  const refused = rows.filter(({ expected }) => expected.result !== undefined);

  it.each(priced)('$id', ({ inputs, expected }) => {
    const price = inputs.price_double ?? expected.black ?? expected.price ?? Number.NaN;
    const found = volatilityOf({
      type: inputs.type ?? (inputs.q === -1 ? 'put' : 'call'),
      forward: inputs.F,
      strike: inputs.K,
      years: inputs.T,
      price,
      discount: 1,
    });
    const wanted = expected.implied_vol ?? expected.implied_vol_from_black!;
    // Rows whose price is nearly all intrinsic value, or nearly the maximum, have fewer digits of their volatility.
    const { vega } = black76({
      type: 'call',
      forward: inputs.F,
      strike: inputs.K,
      years: inputs.T,
      rate: 0,
      volatility: wanted,
    });
    const carried = (2 ** -53 * price) / (vega * wanted);
    expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-12 + 4 * carried);
  });

  it('rows of prices are what black76 gives, in units of sqrt(forward strike) where they are so', () => {
    const price = (type: OptionType, forward: number, strike: number, deviation: number) =>
      black76({ type, forward, strike, years: 1, rate: 0, volatility: deviation }).price;
    for (const { id, inputs, expected } of rows) {
      const { F, K, T, sigma, x, s, q } = inputs;
      const type = q === -1 ? 'put' : 'call';
      const check = (found: number, wanted: number | undefined) => {
        if (wanted !== undefined) expect(Math.abs(found / wanted - 1), id).toBeLessThan(1e-11);
      };
      if (sigma !== undefined) {
        const unit = Math.sqrt(F * K);
        check(price(type, F, K, sigma * Math.sqrt(T)), expected.black);
        check(price('call', F, K, sigma * Math.sqrt(T)) / unit, expected.normalised_call);
        check(price('put', F, K, sigma * Math.sqrt(T)) / unit, expected.normalised_put);
      }
      if (x !== undefined && s !== undefined) {
        check(price(type, Math.exp(x / 2), Math.exp(-x / 2), s), expected.normalised_black);
      }
    }
  });

  it.each(refused)('$id is refused', ({ inputs }) => {
    const result = impliedVolatility({
      type: inputs.type!,
      forward: inputs.F,
      strike: inputs.K,
      years: inputs.T,
      price: Number(inputs.price),
      discount: 1,
    });
    expect(result.status).toBe('refused');
  });
});
