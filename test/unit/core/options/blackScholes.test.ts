import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { black76 } from '../../../../src/core/options/black76.ts';
import {
  type BlackScholesInput,
  blackScholes,
  type OptionGreeks,
} from '../../../../src/core/options/blackScholes.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const type = fc.constantFrom('call' as const, 'put' as const);

/** Markets in which every greek is well away from the limits of doubles. */
const ordinary: fc.Arbitrary<BlackScholesInput> = fc
  .record({
    type,
    moneyness: number(0.5, 2),
    strike: number(1, 100_000),
    years: number(0.02, 2),
    rate: number(-0.05, 0.15),
    dividendYield: number(-0.05, 0.15),
    volatility: number(0.2, 1.5),
  })
  .map(({ moneyness, ...rest }) => ({ ...rest, spot: rest.strike * moneyness }));

/** Anything that is allowed, however absurd. */
const allowed: fc.Arbitrary<BlackScholesInput> = fc.record({
  type,
  spot: number(1e-12, 1e12),
  strike: number(1e-12, 1e12),
  years: fc.oneof(fc.constant(0), number(0, 1e-9), number(0, 50)),
  rate: number(-1, 1),
  dividendYield: number(-1, 1),
  volatility: fc.oneof(fc.constant(0), number(0, 1e-9), number(0, 5), number(0, 1e6)),
});

/** A greek as a central difference of a lower one, the field moved by h each way. */
function difference(
  input: BlackScholesInput,
  field: keyof BlackScholesInput,
  h: number,
  of: keyof OptionGreeks,
): number {
  const at = (move: number) => blackScholes({ ...input, [field]: (input[field] as number) + move })[of];
  return (at(h) - at(-h)) / (2 * h);
}

describe('blackScholes', () => {
  it('keeps put-call parity to 1e-12 of the larger side', () => {
    fc.assert(
      fc.property(allowed, (input) => {
        const call = blackScholes({ ...input, type: 'call' }).price;
        const put = blackScholes({ ...input, type: 'put' }).price;
        const spotValue = input.spot * Math.exp(-input.dividendYield * input.years);
        const strikeValue = input.strike * Math.exp(-input.rate * input.years);
        const error = Math.abs(call - put - (spotValue - strikeValue));
        expect(error).toBeLessThanOrEqual(1e-12 * Math.max(spotValue, strikeValue));
      }),
    );
  });

  it('stays inside the bounds that no model may leave, and is a number everywhere', () => {
    fc.assert(
      fc.property(allowed, (input) => {
        const greeks = blackScholes(input);
        for (const [name, value] of Object.entries(greeks)) expect(value, name).not.toBeNaN();
        const spotValue = input.spot * Math.exp(-input.dividendYield * input.years);
        const strikeValue = input.strike * Math.exp(-input.rate * input.years);
        const [lower, upper] =
          input.type === 'call'
            ? [spotValue - strikeValue, spotValue]
            : [strikeValue - spotValue, strikeValue];
        expect(greeks.price).toBeGreaterThanOrEqual(Math.max(lower, 0));
        expect(greeks.price).toBeLessThanOrEqual(upper * (1 + 1e-15));
        expect(greeks.gamma).toBeGreaterThanOrEqual(0);
        expect(greeks.vega).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('has the greeks as its derivatives', () => {
    fc.assert(
      fc.property(ordinary, (input) => {
        const greeks = blackScholes(input);
        const { spot } = input;
        const near = (found: number, expected: number, scale: number, name: string) =>
          expect(Math.abs(found - expected) / scale, name).toBeLessThan(2e-5);
        near(difference(input, 'spot', spot * 1e-5, 'price'), greeks.delta, 1, 'delta');
        near(difference(input, 'spot', spot * 1e-5, 'delta') * spot, greeks.gamma * spot, 1, 'gamma');
        near(difference(input, 'volatility', 1e-5, 'price'), greeks.vega, spot, 'vega');
        near(-difference(input, 'years', 1e-6, 'price'), greeks.theta, spot, 'theta');
        near(difference(input, 'rate', 1e-5, 'price'), greeks.rho, spot, 'rho');
        near(difference(input, 'volatility', 1e-5, 'delta'), greeks.vanna, 1, 'vanna');
        near(difference(input, 'volatility', 1e-5, 'vega'), greeks.volga, spot, 'volga');
        near(-difference(input, 'years', 1e-6, 'delta'), greeks.charm, 5, 'charm');
      }),
    );
  });

  it('satisfies its own differential equation', () => {
    fc.assert(
      fc.property(ordinary, (input) => {
        const { price, delta, gamma, theta } = blackScholes(input);
        const { spot, rate, dividendYield, volatility } = input;
        const drift = (rate - dividendYield) * spot * delta + 0.5 * volatility ** 2 * spot ** 2 * gamma;
        expect(Math.abs(theta + drift - rate * price) / spot).toBeLessThan(1e-11);
      }),
    );
  });

  it('scales with the currency', () => {
    fc.assert(
      fc.property(ordinary, number(1e-3, 1e3), (input, scale) => {
        const one = blackScholes(input);
        const many = blackScholes({ ...input, spot: input.spot * scale, strike: input.strike * scale });
        expect(Math.abs(many.price / scale - one.price) / input.spot).toBeLessThan(1e-13);
        expect(many.delta).toBeCloseTo(one.delta, 12);
      }),
    );
  });

  describe('without time or volatility', () => {
    const market = { spot: 100, strike: 90, years: 1, rate: 0.05, dividendYield: 0.02, volatility: 0.4 };
    const flat = { gamma: 0, vega: 0, vanna: 0, volga: 0 };

    it('a call in the money is the discounted forward less strike', () => {
      const yieldDiscount = Math.exp(-0.02);
      const strikeValue = 90 * Math.exp(-0.05);
      expect(blackScholes({ ...market, type: 'call', volatility: 0 })).toEqual({
        ...flat,
        price: 100 * yieldDiscount - strikeValue,
        delta: yieldDiscount,
        theta: 0.02 * (100 * yieldDiscount) - 0.05 * strikeValue,
        rho: strikeValue,
        charm: 0.02 * yieldDiscount,
      });
    });

    it('a put out of the money is nothing at all', () => {
      const nothing = { ...flat, price: 0, delta: 0, theta: 0, rho: 0, charm: 0 };
      expect(blackScholes({ ...market, type: 'put', volatility: 0 })).toEqual(nothing);
      expect(blackScholes({ ...market, type: 'put', years: 0 })).toEqual(nothing);
    });

    it('exactly at the forward delta is one half, by convention', () => {
      const atForward = { ...market, strike: 100, rate: 0, dividendYield: 0, volatility: 0 };
      expect(blackScholes({ ...atForward, type: 'call' })).toMatchObject({ ...flat, price: 0, delta: 0.5 });
      expect(blackScholes({ ...atForward, type: 'put' })).toMatchObject({ ...flat, price: 0, delta: -0.5 });
    });

    it('is where a shrinking volatility and a shrinking time lead', () => {
      for (const type of ['call', 'put'] as const) {
        const limit = blackScholes({ ...market, type, volatility: 0 });
        for (const volatility of [1e-3, 1e-8, 1e-50, 1e-120, Number.MIN_VALUE]) {
          const near = blackScholes({ ...market, type, volatility });
          for (const [name, value] of Object.entries(limit)) {
            expect(near[name as keyof OptionGreeks], `${name} at ${volatility}`).toBeCloseTo(value, 10);
          }
        }
        expect(blackScholes({ ...market, type, years: 1e-12 }).price).toBeCloseTo(
          type === 'call' ? 10 : 0,
          8,
        );
      }
    });
  });

  const good: BlackScholesInput = {
    type: 'call',
    spot: 3000,
    strike: 3200,
    years: 0.1,
    rate: 0.04,
    dividendYield: 0,
    volatility: 0.6,
  };

  it.each([
    ['type', 'straddle'],
    ['spot', 0],
    ['spot', Number.NaN],
    ['strike', -1],
    ['strike', Number.POSITIVE_INFINITY],
    ['years', -1e-9],
    ['years', undefined],
    ['rate', Number.NaN],
    ['rate', -1e5],
    ['dividendYield', undefined],
    ['volatility', -0.1],
    ['volatility', Number.POSITIVE_INFINITY],
  ])('refuses %s = %s by name', (field, value) => {
    const call = () => blackScholes({ ...good, [field]: value } as BlackScholesInput);
    expect(call).toThrow(InvalidInputError);
    expect(call).toThrow(new RegExp(`^${field} is `));
  });
});

describe('black76', () => {
  it('is blackScholes on a spot that yields what money does', () => {
    fc.assert(
      fc.property(ordinary, (input) => {
        const { type, strike, years, rate, volatility } = input;
        const onForward = black76({ type, forward: input.spot, strike, years, rate, volatility });
        const onSpot = blackScholes({ ...input, dividendYield: rate });
        expect(onForward).toEqual({ ...onSpot, rho: 0 - years * onSpot.price });
      }),
    );
  });

  it('prices an option on spot through its forward', () => {
    fc.assert(
      fc.property(ordinary, (input) => {
        const { type, spot, strike, years, rate, dividendYield, volatility } = input;
        const forward = spot * Math.exp((rate - dividendYield) * years);
        const found = black76({ type, forward, strike, years, rate, volatility }).price;
        expect(Math.abs(found - blackScholes(input).price) / spot).toBeLessThan(1e-14);
      }),
    );
  });

  it('names the forward when it is the forward that is wrong', () => {
    const bad = { type: 'put' as const, forward: -1, strike: 1, years: 1, rate: 0, volatility: 1 };
    expect(() => black76(bad)).toThrow(/^forward is -1/);
  });
});
