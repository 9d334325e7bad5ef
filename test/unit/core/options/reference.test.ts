import { describe, expect, it } from 'vitest';
import { black76 } from '../../../../src/core/options/black76.ts';
import {
  blackScholes,
  type OptionGreeks,
  type OptionType,
} from '../../../../src/core/options/blackScholes.ts';
import { hasSharedData, type ReferenceItem, referenceItems } from '../../../support/sharedData.ts';

interface Inputs {
  readonly model?: string;
  readonly type?: OptionType;
  readonly S: number;
  readonly F: number;
  readonly K: number;
  readonly T: number;
  readonly r: number;
  readonly q: number;
  readonly v: number;
  readonly stdDev?: number;
  readonly discount?: number;
}

type Expected = Readonly<Record<string, number | null>>;
type Item = ReferenceItem<Inputs, Expected> & {
  readonly tolerance: number | { readonly relative: number; readonly absolute: number };
};

const items = referenceItems<Inputs, Expected>('bs_prices_greeks') as readonly Item[];

function greeksOf(inputs: Inputs, type: OptionType, dividendYield = inputs.q): OptionGreeks {
  const { S, F, K, T, r, v, stdDev, discount } = inputs;
  if (inputs.model === undefined) {
    return blackScholes({ type, spot: S, strike: K, years: T, rate: r, dividendYield, volatility: v });
  }
  // A standard deviation and a discount factor are one year at that volatility and rate.
  return stdDev === undefined || discount === undefined
    ? black76({ type, forward: F, strike: K, years: T, rate: r, volatility: v })
    : black76({ type, forward: F, strike: K, years: 1, rate: -Math.log(discount), volatility: stdDev });
}

/** The quantities that the sources print beside our greeks. */
function quantity(name: string, inputs: Inputs): number {
  const type = inputs.type ?? (name.startsWith('put') ? 'put' : 'call');
  const greeks = greeksOf(inputs, type);
  const own = name.replace(/^(call|put)/, '');
  const key = (own === '' ? 'price' : own.charAt(0).toLowerCase() + own.slice(1)) as string;
  const step = 1e-5;
  const derived: Readonly<Record<string, () => number>> = {
    elasticity: () => (greeks.delta * inputs.S) / greeks.price,
    thetaPerDay365: () => greeks.theta / 365,
    rhoPer1pct: () => greeks.rho / 100,
    dividendRho: () => {
      const [up, down] = [greeksOf(inputs, type, inputs.q + step), greeksOf(inputs, type, inputs.q - step)];
      return (up.price - down.price) / (2 * step);
    },
  };
  return derived[key]?.() ?? greeks[key as keyof OptionGreeks];
}

describe.skipIf(!hasSharedData)('published and independently computed option values', () => {
  it.each(items)('$id', ({ inputs, expected, tolerance }) => {
    for (const [name, value] of Object.entries(expected)) {
      // Theta at zero volatility is not defined by the source.
      if (value === null) continue;
      const allowed =
        typeof tolerance === 'number'
          ? tolerance
          : Math.max(tolerance.absolute, tolerance.relative * Math.abs(value));
      expect(Math.abs(quantity(name, inputs) - value), name).toBeLessThanOrEqual(allowed);
    }
  });

  it('the far tails are right in relation to themselves, not only small', () => {
    for (const { id, inputs, expected } of items.filter((item) => /deep|far-otm/.test(item.id))) {
      for (const [name, value] of Object.entries(expected)) {
        expect(Math.abs(quantity(name, inputs) / value! - 1), `${id} ${name}`).toBeLessThan(1e-10);
      }
    }
  });
});
