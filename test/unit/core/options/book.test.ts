import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { black76 } from '../../../../src/core/options/black76.ts';
import { type BlackScholesInput, blackScholes } from '../../../../src/core/options/blackScholes.ts';
import { greeksOfBook } from '../../../../src/core/options/book.ts';
import { ALL_GREEKS, FIRST_GREEKS, type SpotBook } from '../../../../src/core/options/bookColumns.ts';
import type { BookKernel } from '../../../../src/core/options/bookKernel.ts';
import { loopKernel } from '../../../../src/core/options/bookLoop.ts';
import { vectorKernel } from '../../../../src/core/options/bookVector.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const type = fc.constantFrom('call' as const, 'put' as const);

/** Markets as they are quoted, wings and last days among them. */
const quoted: fc.Arbitrary<BlackScholesInput> = fc
  .record({
    type,
    moneyness: number(0.4, 2.5),
    strike: number(0.1, 10_000),
    years: number(1 / 8760, 3),
    rate: number(-0.1, 0.2),
    dividendYield: fc.oneof(fc.constant(0), number(-0.1, 0.2)),
    volatility: number(0.05, 2.5),
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

const one: BlackScholesInput = {
  type: 'call',
  spot: 3000,
  strike: 3000,
  years: 0.25,
  rate: 0.04,
  dividendYield: 0.01,
  volatility: 0.6,
};

/** Where formulas turn into their limits, and a kernel hands over to the scalar function. */
const edges: readonly BlackScholesInput[] = [
  ...[0, 1e-320, 1e-120, 1e-99, 1e-12, 1e-9, 2e-5, 1e-4, 3e-3].flatMap((least) => [
    { years: least },
    { volatility: least },
    { years: least, rate: 0, dividendYield: 0 },
    { volatility: least, rate: 0.01 },
    { volatility: least, spot: 3000.0000001 },
    { years: least, strike: 3000.0000001, rate: 0 },
  ]),
  ...[0.5, 0.9, 0.999, 1.001, 1.1, 2].flatMap((moneyness) =>
    [0.0009, 0.001, 0.011, 0.012, 0.2].map((volatility) => ({ spot: 3000 * moneyness, volatility })),
  ),
  ...[1e-300, 1e-101, 1e-99, 1e99, 1e101, 1e300].flatMap((scale) => [
    { spot: scale, strike: scale },
    { spot: scale * 1.2, strike: scale },
    { spot: scale },
    { strike: scale },
  ]),
  { rate: 2799, dividendYield: 2799, years: 0.25 },
  { rate: 2801, dividendYield: 2801, years: 0.25 },
  { rate: -2801, dividendYield: -2801, years: 0.25 },
  { volatility: 19.9, years: 1 },
  { volatility: 20.1, years: 1 },
  { volatility: 1e6, years: 1 },
  { years: 1e12, rate: 0, dividendYield: 0, volatility: 1e-6 },
  { years: 1e120, rate: 0, dividendYield: 0, volatility: 1e-60 },
].flatMap((change) => [
  { ...one, ...change },
  { ...one, ...change, type: 'put' as const },
]);

function bookOf(options: readonly BlackScholesInput[]): SpotBook {
  const column = (name: 'spot' | 'strike' | 'years' | 'rate' | 'dividendYield' | 'volatility') =>
    Float64Array.from(options, (option) => option[name]);
  return {
    type: options.map((option) => option.type),
    spot: column('spot'),
    strike: column('strike'),
    years: column('years'),
    rate: column('rate'),
    dividendYield: column('dividendYield'),
    volatility: column('volatility'),
  };
}

/** Every greek of every option beside the scalar function's, `unit` being what 1e-10 is taken of at least. */
function expectScalar(
  options: readonly BlackScholesInput[],
  kernel: BookKernel,
  unit: (option: BlackScholesInput) => number,
): void {
  const found = greeksOfBook(bookOf(options), { greeks: ALL_GREEKS, kernel });
  options.forEach((option, i) => {
    const wanted = blackScholes(option);
    for (const greek of ALL_GREEKS) {
      const [a, b] = [found[greek][i]!, wanted[greek]];
      if (Object.is(a, b)) continue;
      const error = Math.abs(a - b) / Math.max(unit(option), Math.abs(b));
      expect(error, `${greek} of ${JSON.stringify(option)}: ${a}, not ${b}`).toBeLessThanOrEqual(1e-10);
    }
  });
}

const vectors = vectorKernel();

describe.each([
  ['vectors', vectors],
  ['loop', loopKernel()],
] as const)('a book priced by the kernel of %s', (_, found) => {
  const kernel = found!;
  const randomOptions = fc.sample(quoted, { numRuns: 2500, seed: 7 });

  it('is there', () => {
    expect(found).not.toBeNull();
  });

  it('has the numbers of the scalar function to 1e-10', () => {
    fc.assert(
      fc.property(fc.array(quoted, { minLength: 1, maxLength: 40 }), (options) => {
        expectScalar(options, kernel, () => 1);
      }),
    );
  });

  it('has them at every limit', () => {
    expectScalar(edges, kernel, () => 0);
  });

  it('has them wherever the scalar function has any', () => {
    fc.assert(
      fc.property(fc.array(allowed, { minLength: 1, maxLength: 20 }), (options) => {
        expectScalar(options, kernel, ({ spot, strike, years, rate, dividendYield }) => {
          const values = spot * Math.exp(-dividendYield * years) + strike * Math.exp(-rate * years);
          return values * (1 + years);
        });
      }),
    );
  });

  it.each([0, 1, 2, 3, 5, 1023, 1024, 1025, 2500])('of %i options has as many, and their sums', (count) => {
    const size = Float64Array.from({ length: count }, (_, i) => ((i * 37) % 101) - 50);
    const found = greeksOfBook(
      { ...bookOf(randomOptions.slice(0, count)), size },
      { greeks: ALL_GREEKS, kernel },
    );
    for (const greek of ALL_GREEKS) {
      expect(found[greek]).toHaveLength(count);
      const parts = Array.from(found[greek], (value, i) => value * size[i]!);
      const scale = parts.reduce((sum, value) => sum + Math.abs(value), 0);
      const sum = parts.reduce((total, value) => total + value, 0);
      expect(Math.abs(found.totals[greek] - sum)).toBeLessThanOrEqual(1e-12 * scale);
    }
  });

  it('counts options at their limits in the totals', () => {
    const expired = { ...one, spot: 3500, years: 0 };
    const { totals } = greeksOfBook({ ...bookOf([expired, one, expired]), size: [-2, 0, 5] }, { kernel });
    expect(totals).toEqual({
      price: 1500,
      delta: 3,
      gamma: 0,
      vega: 0,
      theta: 3 * blackScholes(expired).theta,
    });
  });

  it('takes one number for all, words or signs, and any kind of array', () => {
    const columns = { strike: [2500, 3000, 3500], volatility: new Float32Array([0.5, 0.75, 1]) };
    const shared = { spot: 3000, years: 0.25, rate: 0.04 };
    const words = greeksOfBook({ ...columns, ...shared, type: ['call', 'put', 'call'] }, { kernel });
    const signs = greeksOfBook({ ...columns, ...shared, type: Int8Array.of(1, -1, 1) }, { kernel });
    const doubles = greeksOfBook({ ...columns, ...shared, type: Float64Array.of(1, -1, 1) }, { kernel });
    expect(signs).toEqual(words);
    expect(doubles).toEqual(words);
    const put = { type: 'put' as const, strike: 3000, volatility: 0.75, dividendYield: 0 };
    expect(words.price[1]).toBeCloseTo(blackScholes({ ...shared, ...put }).price, 10);
    const calls = greeksOfBook({ ...columns, ...shared, type: 'call' }, { kernel });
    expect(calls.price[0]).toBe(words.price[0]);
  });

  it('of forwards has the numbers of black76, rho too', () => {
    const type = ['call', 'put', 'call'] as const;
    const strike = [2500, 3000, 6000];
    const book = {
      type,
      forward: 3000,
      strike,
      years: [0.25, 0.25, 0],
      rate: 0.04,
      volatility: 0.6,
      size: 2,
    };
    const found = greeksOfBook(book, { greeks: ALL_GREEKS, kernel });
    const each = strike.map((k, i) => black76({ ...book, type: type[i]!, strike: k, years: book.years[i]! }));
    for (const greek of ALL_GREEKS) {
      each.forEach((option, i) => {
        expect(found[greek][i]).toBeCloseTo(option[greek], 9);
      });
      expect(found.totals[greek]).toBeCloseTo(2 * each.reduce((sum, option) => sum + option[greek], 0), 8);
    }
  });

  it('gives the greeks that are asked for and no others', () => {
    const book = bookOf([one]);
    expect(Object.keys(greeksOfBook(book, { kernel }))).toEqual([...FIRST_GREEKS, 'totals']);
    const { totals, ...columns } = greeksOfBook(book, { greeks: ['charm', 'delta'], kernel });
    expect(Object.keys(columns)).toEqual(['charm', 'delta']);
    expect(totals.charm).toBeCloseTo(blackScholes(one).charm, 12);
    expect(totals.delta).toBeCloseTo(blackScholes(one).delta, 12);
  });

  it('does not depend on what was priced before', () => {
    const book = bookOf(randomOptions.slice(0, 7));
    const before = greeksOfBook(book, { kernel });
    greeksOfBook(bookOf(edges), { greeks: ALL_GREEKS, kernel });
    expect(() => greeksOfBook({ ...book, size: Number.NaN }, { greeks: ALL_GREEKS, kernel })).toThrow();
    expect(greeksOfBook(book, { kernel })).toEqual(before);
  });

  it('writes into columns that are given', () => {
    const book = bookOf(randomOptions);
    const fresh = greeksOfBook(book, { kernel });
    const into = greeksOfBook(bookOf(randomOptions.toReversed()), { kernel });
    const reused = greeksOfBook(book, { into, kernel });
    expect(reused.price).toBe(into.price);
    expect(reused).toEqual(fresh);
  });

  it('names the column and the position of what cannot be', () => {
    const book = bookOf(randomOptions.slice(0, 1500));
    const impossible: readonly (readonly [string, number])[] = [
      ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY].flatMap((value) => [
        ['spot', value] as const,
        ['strike', value] as const,
      ]),
      ...[-1e-9, Number.NaN, Number.POSITIVE_INFINITY].flatMap((value) => [
        ['years', value] as const,
        ['volatility', value] as const,
      ]),
      ...[Number.NaN, Number.POSITIVE_INFINITY, -1e9].flatMap((value) => [
        ['rate', value] as const,
        ['dividendYield', value] as const,
      ]),
      ['size', Number.NaN],
      ['size', Number.NEGATIVE_INFINITY],
    ];
    for (const [name, value] of impossible) {
      for (const position of [0, 3, 1024, 1499]) {
        const old = name === 'size' ? new Float64Array(1500) : book[name as 'spot'];
        const column = Float64Array.from(old as Float64Array);
        column[position] = value;
        const price = () => greeksOfBook({ ...book, [name]: column }, { kernel });
        expect(price).toThrow(InvalidInputError);
        expect(price).toThrow(`${name}[${position}] is ${value}`);
      }
    }
    const forwards = { type: 'call', strike: [1, 2], years: 1, rate: 0, volatility: 1 } as const;
    expect(() => greeksOfBook({ ...forwards, forward: [1, -2] }, { kernel })).toThrow(/^forward\[1\] is -2/);
    expect(() => greeksOfBook({ ...book, type: new Int8Array(1500) }, { kernel })).toThrow(/^type\[0\] is 0/);
    const words = ['call', 'straddle'] as unknown as ['call', 'put'];
    expect(() => greeksOfBook({ ...bookOf([one, one]), type: words }, { kernel })).toThrow(/^type\[1\]/);
  });
});

describe('a book', () => {
  it('has columns of one length, of which one at least says how many options there are', () => {
    const book = bookOf([one, one]);
    expect(() => greeksOfBook({ ...book, strike: [3000] })).toThrow(/^strike\.length is 1, expected 2/);
    expect(() => greeksOfBook({ ...one })).toThrow(/^book is all numbers/);
    const into = greeksOfBook(bookOf([one]));
    expect(() => greeksOfBook(book, { into })).toThrow(/^into\.price\.length is 1, expected 2/);
    const unknown = ['speed'] as unknown as ['delta'];
    expect(() => greeksOfBook(book, { greeks: unknown })).toThrow(/^greeks is speed/);
  });
});

describe('the vector kernel', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('agrees with the loop to 1e-12, whatever the order of options', () => {
    fc.assert(
      fc.property(fc.array(quoted, { minLength: 1, maxLength: 30 }), (options) => {
        const byVectors = greeksOfBook(bookOf(options), { kernel: vectors! });
        const byLoop = greeksOfBook(bookOf(options), { kernel: loopKernel() });
        for (const greek of FIRST_GREEKS) {
          byVectors[greek].forEach((value, i) => {
            const scale = Math.max(options[i]!.spot, Math.abs(value));
            expect(Math.abs(value - byLoop[greek][i]!)).toBeLessThanOrEqual(1e-12 * scale);
          });
        }
      }),
    );
  });

  it('is null in an engine without WebAssembly, without vectors, or forbidden to compile', () => {
    vi.stubGlobal('WebAssembly', { validate: () => false });
    expect(vectorKernel()).toBeNull();
    class Forbidden {
      constructor() {
        throw new EvalError('refused by policy');
      }
    }
    vi.stubGlobal('WebAssembly', { validate: () => true, Module: Forbidden, Instance: Forbidden });
    expect(vectorKernel()).toBeNull();
    vi.stubGlobal('WebAssembly', undefined);
    expect(vectorKernel()).toBeNull();
  });
});
