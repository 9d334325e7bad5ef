import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blackScholes,
  type OptionGreeks,
  type OptionType,
} from '../../../../src/core/options/blackScholes.ts';
import { type MertonJumpInput, mertonJump } from '../../../../src/core/options/mertonJump.ts';
import { normalSource, poissonDraw, seededUniform } from '../../../support/random.ts';
import { hasSharedData, referenceItems } from '../../../support/sharedData.ts';

const base: MertonJumpInput = {
  type: 'call',
  spot: 3000,
  strike: 3200,
  years: 0.2,
  rate: 0.04,
  dividendYield: 0.03,
  volatility: 0.6,
  jumps: { intensity: 8, meanLogJump: -0.05, stdDevLogJump: 0.1 },
};

const anyInput = fc.record({
  type: fc.constantFrom<OptionType>('call', 'put'),
  spot: fc.constant(100),
  strike: fc.double({ min: 60, max: 160, noNaN: true }),
  years: fc.double({ min: 0.02, max: 2, noNaN: true }),
  rate: fc.double({ min: -0.05, max: 0.1, noNaN: true }),
  dividendYield: fc.double({ min: 0, max: 0.1, noNaN: true }),
  volatility: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
  jumps: fc.record({
    intensity: fc.double({ min: 0, max: 20, noNaN: true }),
    meanLogJump: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
    stdDevLogJump: fc.double({ min: 0, max: 0.4, noNaN: true }),
  }),
});

describe('mertonJump', () => {
  it('is Black-Scholes where nothing jumps', () => {
    const { jumps, ...plain } = base;
    const expected = blackScholes(plain);
    expect(mertonJump({ ...base, jumps: { ...jumps, intensity: 0 } })).toEqual(expected);
    const still = mertonJump({ ...base, jumps: { intensity: 50, meanLogJump: 0, stdDevLogJump: 0 } });
    for (const name of Object.keys(expected) as (keyof OptionGreeks)[]) {
      expect(still[name] / expected[name], name).toBeCloseTo(1, 10);
    }
    const many = { ...base, jumps: { intensity: 4e5, meanLogJump: 0, stdDevLogJump: 1e-3 } };
    const diffused = blackScholes({ ...plain, volatility: Math.sqrt(0.36 + 0.4) });
    expect(mertonJump(many).price / diffused.price).toBeCloseTo(1, 5);
  });

  it('is the expectation over simulated prices', () => {
    const { spot, strike, years, rate, dividendYield, volatility, jumps } = base;
    const uniform = seededUniform(31);
    const draw = normalSource(uniform);
    const meanJump = Math.exp(jumps.meanLogJump + jumps.stdDevLogJump ** 2 / 2) - 1;
    const drift = (rate - dividendYield - jumps.intensity * meanJump - volatility ** 2 / 2) * years;
    const paths = 200_000;
    let [sum, squares] = [0, 0];
    for (let path = 0; path < paths; path++) {
      const count = poissonDraw(uniform, jumps.intensity * years);
      const jumped = count * jumps.meanLogJump + Math.sqrt(count) * jumps.stdDevLogJump * draw();
      const price = spot * Math.exp(drift + volatility * Math.sqrt(years) * draw() + jumped);
      const payoff = Math.exp(-rate * years) * Math.max(price - strike, 0);
      sum += payoff / paths;
      squares += payoff ** 2 / paths;
    }
    const error = Math.sqrt((squares - sum * sum) / paths);
    expect(Math.abs(mertonJump(base).price - sum)).toBeLessThan(3 * error);
  });

  it('has greeks that are its derivatives', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const greeks = mertonJump(input);
        const slope = (name: 'spot' | 'volatility' | 'rate' | 'years', of: keyof OptionGreeks) => {
          const step = 1e-5 * (name === 'spot' ? input.spot : name === 'years' ? input.years : 1);
          const at = (shift: number) => mertonJump({ ...input, [name]: input[name] + shift })[of];
          return (at(step) - at(-step)) / (2 * step);
        };
        const same = (found: number, expected: number) =>
          expect(Math.abs(found - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
        same(greeks.delta, slope('spot', 'price'));
        same(greeks.gamma, slope('spot', 'delta'));
        same(greeks.vega, slope('volatility', 'price'));
        same(greeks.vanna, slope('volatility', 'delta'));
        same(greeks.volga, slope('volatility', 'vega'));
        same(greeks.rho, slope('rate', 'price'));
        same(greeks.theta, -slope('years', 'price'));
        same(greeks.charm, -slope('years', 'delta'));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps put-call parity', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const call = mertonJump({ ...input, type: 'call' }).price;
        const put = mertonJump({ ...input, type: 'put' }).price;
        const { spot, strike, years, rate, dividendYield } = input;
        const forward = spot * Math.exp(-dividendYield * years) - strike * Math.exp(-rate * years);
        expect(Math.abs(call - put - forward)).toBeLessThan(1e-11 * (spot + strike));
      }),
    );
  });

  it('is worth at least the option without jumps, which convexity gives it', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        expect(mertonJump(input).price).toBeGreaterThanOrEqual(blackScholes(input).price * (1 - 1e-12));
      }),
    );
  });

  it('has limits without time and without diffusion', () => {
    expect(mertonJump({ ...base, years: 0, strike: 2900 }).price).toBe(100);
    const onlyJumps = mertonJump({ ...base, volatility: 0 });
    expect(onlyJumps.price).toBeGreaterThan(0);
    for (const value of Object.values(onlyJumps)) expect(value).not.toBeNaN();
  });

  it('names what is wrong', () => {
    const withJumps = (change: object) => () => mertonJump({ ...base, jumps: { ...base.jumps, ...change } });
    expect(withJumps({ intensity: -1 })).toThrow(/jumps.intensity/);
    expect(withJumps({ intensity: 1e9 })).toThrow(/jumps.intensity/);
    expect(withJumps({ meanLogJump: Number.NaN })).toThrow(/jumps.meanLogJump/);
    expect(withJumps({ meanLogJump: 1e4 })).toThrow(/jumps.intensity/);
    expect(withJumps({ stdDevLogJump: -0.1 })).toThrow(/jumps.stdDevLogJump/);
    expect(() => mertonJump({ ...base, spot: 0 })).toThrow(/spot/);
  });
});

interface Inputs {
  readonly type: OptionType;
  readonly S: number;
  readonly K: number;
  readonly T: number;
  readonly r: number;
  readonly q?: number;
  readonly totalVol: number;
  readonly gamma: number;
  readonly lam: number;
  readonly sigma: number;
  readonly meanLogJump: number;
  readonly sdLogJump: number;
}
type Expected = Readonly<Partial<Record<'price' | 'call' | 'put', number>>>;

/** Haug gives the total volatility and the share of variance that jumps have; their mean is 0. */
function modelOf(inputs: Inputs): Pick<MertonJumpInput, 'volatility' | 'jumps'> {
  if (inputs.totalVol === undefined) {
    const { sigma, lam, meanLogJump, sdLogJump } = inputs;
    return { volatility: sigma, jumps: { intensity: lam, meanLogJump, stdDevLogJump: sdLogJump } };
  }
  const { totalVol, gamma, lam } = inputs;
  const stdDevLogJump = totalVol * Math.sqrt(gamma / lam);
  const jumps = { intensity: lam, meanLogJump: -(stdDevLogJump ** 2) / 2, stdDevLogJump };
  return { volatility: totalVol * Math.sqrt(1 - gamma), jumps };
}

const items = referenceItems<Inputs, Expected>('merton_jump');

describe.skipIf(!hasSharedData)('published prices', () => {
  it.each(items.map((item) => [item.id, item] as const))('%s', (_, item) => {
    const { inputs, expected } = item;
    const { tolerance } = item as unknown as { tolerance: number };
    const { S: spot, K: strike, T: years, r: rate, q: dividendYield = 0 } = inputs;
    const option = { spot, strike, years, rate, dividendYield, ...modelOf(inputs) };
    for (const name of ['price', 'call', 'put'] as const) {
      if (expected[name] === undefined) continue;
      const type = name === 'price' ? inputs.type : name;
      expect(Math.abs(mertonJump({ type, ...option }).price - expected[name])).toBeLessThanOrEqual(tolerance);
    }
  });
});
