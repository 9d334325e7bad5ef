import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../../../src/core/math/normal.ts';
import {
  blackScholes,
  type OptionGreeks,
  type OptionType,
} from '../../../../src/core/options/blackScholes.ts';
import { greeksOfBook } from '../../../../src/core/options/book.ts';
import { loopKernel } from '../../../../src/core/options/bookLoop.ts';
import { hasSharedData, referenceItems } from '../../../support/sharedData.ts';

interface Inputs {
  readonly type?: OptionType;
  readonly S: number;
  readonly K: number;
  readonly T: number;
  readonly r: number;
  readonly v?: number;
  readonly variance?: number;
  readonly x?: readonly number[];
}

type Expected = Readonly<Record<string, number>> & { readonly cdf?: readonly number[] };

const items = referenceItems<Inputs, Expected>('onchain_protocols').filter(({ id }) =>
  /^(premia|lyra|rmm)/.test(id),
);
const pricing = items.filter(({ inputs }) => inputs.S !== undefined);

/** The same option from the scalar function and from a book of either kernel. */
function priced({ S: spot, K: strike, T: years, r: rate, v, variance }: Inputs, type: OptionType) {
  const volatility = v ?? Math.sqrt(variance!);
  const market = { type, spot, years, rate, volatility } as const;
  const scalar: Pick<OptionGreeks, 'price' | 'delta' | 'vega'> = blackScholes({
    ...market,
    strike,
    dividendYield: 0,
  });
  const books = [{}, { kernel: loopKernel() }].map((how) => {
    const { price, delta, vega } = greeksOfBook({ ...market, strike: [strike] }, how);
    return { price: price[0]!, delta: delta[0]!, vega: vega[0]! };
  });
  return [scalar, ...books];
}

describe.skipIf(!hasSharedData)('published numbers of option protocols', () => {
  it('are all used', () => {
    const known = ['price', 'call', 'put', 'callDelta', 'putDelta', 'vega', 'd1', 'd2', 'cdf', 'stdVega'];
    for (const { expected } of items) expect(known).toEqual(expect.arrayContaining(Object.keys(expected)));
    expect(pricing.length).toBeGreaterThan(30);
  });

  it.each(pricing)('$id', ({ id, inputs, expected }) => {
    // Premia's own cumulative normal is an approximation; Lyra's numbers are exact.
    const tolerance = id.startsWith('lyra') ? 1e-9 : id.startsWith('premia2') ? 5e-3 : 1e-5;
    const near = (found: number, wanted: number | undefined) => {
      if (wanted === undefined) return;
      const scale = id.startsWith('premia3') ? 1 : Math.max(Math.abs(wanted), 1e-300);
      expect(Math.abs(found - wanted) / scale).toBeLessThanOrEqual(tolerance);
    };
    const [calls, puts] = [priced(inputs, 'call'), priced(inputs, 'put')];
    for (const { price } of inputs.type === 'put' ? puts : calls) near(price, expected.price);
    for (const { price, delta, vega } of calls) {
      near(price, expected.call);
      near(delta, expected.callDelta);
      near(vega, expected.vega);
      // Lyra's standard vega: per percent, scaled from what is left, at least a week, to 30 days.
      near((vega * Math.sqrt(30 / Math.max(inputs.T * 365, 7))) / 100, expected.stdVega);
      if (expected.d1 !== undefined) expect(delta).toBeCloseTo(normalCdf(expected.d1), 13);
    }
    for (const { price, delta } of puts) {
      near(price, expected.put);
      near(delta, expected.putDelta);
    }
  });

  it.each(items.filter(({ inputs }) => inputs.x !== undefined))('$id', ({ inputs, expected }) => {
    inputs.x!.forEach((x, i) => {
      expect(normalCdf(x)).toBeCloseTo(expected.cdf![i]!, 14);
    });
  });
});
