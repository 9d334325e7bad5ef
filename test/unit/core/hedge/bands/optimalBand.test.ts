import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BandCosts } from '../../../../../src/core/hedge/bands/bandCosts.ts';
import { type OptimalBandInput, optimalBand } from '../../../../../src/core/hedge/bands/optimalBand.ts';
import { bandOnGrid } from '../../../../support/bandOnGrid.ts';
import { bandResiduals } from '../../../../support/bandResiduals.ts';
import { hasSharedData, sharedJson } from '../../../../support/sharedData.ts';

/** A price per unit and an impact that grows with the size. */
const straight = (price: number, impact = 0): BandCosts => ({
  cost: (q) => price * q + impact * q * q,
  marginal: (q) => price + 2 * impact * q,
});

/** The cheapest of several ways, each with gas of its own. */
const cheapestOf = (...ways: readonly (readonly [gas: number, costs: BandCosts])[]): BandCosts => {
  const best = (q: number) => ways.reduce((a, b) => (b[0] + b[1].cost(q) < a[0] + a[1].cost(q) ? b : a));
  return { cost: (q) => best(q)[0] + best(q)[1].cost(q), marginal: (q) => best(q)[1].marginal(q) };
};

const upTo = (capacity: number, { cost, marginal }: BandCosts): BandCosts => ({
  cost: (q) => (q > capacity ? Number.POSITIVE_INFINITY : cost(q)),
  marginal: (q) => (q > capacity ? Number.POSITIVE_INFINITY : marginal(q)),
});

const market = { spot: 3_000, gamma: 0.66, volatility: 0.7, riskAversion: 1e-6, gasQuote: 9 };
const bandOf = (input: Partial<OptimalBandInput>) =>
  optimalBand({ ...market, sell: straight(1.5), buy: straight(1.5), ...input });

const varianceRateOf = ({ spot, gamma, volatility }: typeof market) => (spot * gamma * volatility) ** 2;
const riskRateOf = ({ spot, volatility, riskAversion }: typeof market) =>
  (riskAversion * (spot * volatility) ** 2) / 2;

interface ReferenceSide {
  readonly feeRate: number;
  readonly impactQuotePerBase2: number;
}

interface ReferenceCase {
  readonly id: string;
  readonly inputs: Omit<OptimalBandInput, 'sell' | 'buy' | 'deltaDrift'> & {
    readonly sell?: ReferenceSide;
    readonly buy: ReferenceSide;
    readonly deltaDriftBasePerYear?: number;
  };
  readonly expected: Readonly<Record<string, number>>;
  readonly tolerance: { readonly relative: number; readonly targetAbsolute?: number };
}

describe('optimalBand on the reference cases', () => {
  const all = hasSharedData ? sharedJson<readonly ReferenceCase[]>('reference/optimal_band.open.json') : [];
  const cases = all.filter(({ inputs }) => inputs.sell !== undefined);
  it.skipIf(cases.length === 0).each(cases)('$id', ({ inputs, expected, tolerance }) => {
    const costsOf = ({ feeRate, impactQuotePerBase2 }: ReferenceSide) =>
      straight(feeRate * inputs.spot, impactQuotePerBase2);
    const { sell, buy, costRate } = optimalBand({
      ...inputs,
      sell: costsOf(inputs.sell!),
      buy: costsOf(inputs.buy),
      deltaDrift: inputs.deltaDriftBasePerYear ?? 0,
    });
    const found = {
      actHigh: sell.act,
      targetHigh: sell.target,
      actLow: buy.act,
      targetLow: buy.target,
      costRate,
    };
    for (const [name, value] of Object.entries(found)) {
      const wanted = expected[name];
      if (wanted === undefined) continue;
      const slack = Math.max(Math.abs(wanted) * tolerance.relative, tolerance.targetAbsolute ?? 0);
      expect(Math.abs(value - wanted), name).toBeLessThanOrEqual(slack);
    }
  });
});

/** Problems whose sizes differ by many orders, in the units of their own band. */
const problems = (orders: number) => {
  const size = fc.double({ min: -orders, max: orders, noNaN: true }).map((power) => 10 ** power);
  const relative = fc.oneof(
    fc.constant(0),
    fc.double({ min: -3, max: 3, noNaN: true }).map((power) => 10 ** power),
  );
  const price = fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 5, arbitrary: size });
  const drift = fc.oneof(
    fc.constant(0),
    fc
      .tuple(fc.constantFrom(-1, 1), fc.double({ min: -8, max: 1, noNaN: true }))
      .map(([sign, power]) => sign * 10 ** power),
  );
  return fc
    .record({
      spot: size,
      gamma: fc.tuple(fc.constantFrom(-1, 1), size).map(([sign, value]) => sign * value),
      volatility: fc.double({ min: 0.01, max: 5, noNaN: true }),
      riskAversion: size,
      gasQuote: price,
      sellPrice: price,
      buyPrice: price,
      sellImpact: relative,
      buyImpact: relative,
      drift,
    })
    .map(({ sellPrice, buyPrice, sellImpact, buyImpact, drift, ...rest }) => {
      const varianceRate = varianceRateOf(rest);
      const riskRate = riskRateOf(rest);
      const unit = Math.max(
        Math.cbrt((varianceRate * (sellPrice + buyPrice)) / 2 / riskRate),
        ((varianceRate / riskRate) * rest.gasQuote) ** 0.25,
      );
      const impact = (share: number, price: number) =>
        unit > 0 ? (share * Math.max(price, rest.gasQuote / unit)) / unit : 0;
      return {
        ...rest,
        unit,
        varianceRate,
        riskRate,
        sell: straight(sellPrice, impact(sellImpact, sellPrice)),
        buy: straight(buyPrice, impact(buyImpact, buyPrice)),
        deltaDrift: unit > 0 ? (drift * varianceRate) / 2 / unit : 0,
      };
    })
    .filter(({ unit }) => unit > 0);
};

describe('optimality', () => {
  it.each([4, 12])('leaves no residual over numbers that differ by 10^±%i', (orders) => {
    fc.assert(
      fc.property(problems(orders), (problem) => {
        const band = optimalBand(problem);
        const { varianceRate, riskRate, deltaDrift: drift, gasQuote: gas, sell, buy } = problem;
        expect(bandResiduals({ varianceRate, riskRate, drift, gas, sell, buy }, band)).toBeLessThan(1e-8);
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with the best band on a grid, for drift, sides that differ and convex costs', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { minLength: 6, maxLength: 6 }), ([a, b, c, d, e, f]) => {
        const sell = straight(0.3 + 3 * a!, c! > 0.5 ? 0.05 * c! : 0);
        const buy = straight(0.3 + 3 * b!, d! > 0.5 ? 0.05 * d! : 0);
        const drift = (e! - 0.5) * 30_000;
        const gasQuote = 2 + 60 * f!;
        const band = bandOf({ sell, buy, gasQuote, deltaDrift: drift });
        const margin = 0.12 * (band.sell.act - band.buy.act);
        const grid = bandOnGrid(
          {
            varianceRate: varianceRateOf(market),
            riskRate: riskRateOf(market),
            drift,
            gas: gasQuote,
            sellCost: sell.cost,
            buyCost: buy.cost,
            lowest: band.buy.act - margin,
            highest: band.sell.act + margin,
          },
          401,
        );
        expect(Math.abs(grid.rate / band.costRate - 1)).toBeLessThan(5e-4);
        expect(Math.abs(grid.sellAct - band.sell.act)).toBeLessThan(2 * grid.step);
        expect(Math.abs(grid.buyAct - band.buy.act)).toBeLessThan(2 * grid.step);
        expect(Math.abs(grid.sellTarget - band.sell.target)).toBeLessThan(3 * grid.step);
        expect(Math.abs(grid.buyTarget - band.buy.target)).toBeLessThan(3 * grid.step);
      }),
      { numRuns: 12 },
    );
  });

  it('costs what the best band on a grid does, for sizes, prices and drifts that differ by many orders', () => {
    const between = (low: number, high: number) =>
      fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp);
    const side = fc.record({
      price: fc.oneof(fc.constant(0), between(0.01, 30)),
      impact: fc.oneof(fc.constant(0), between(0.01, 10)),
      join: fc.oneof(fc.constant(null), between(0.02, 1)),
    });
    const problem = fc.record({
      gamma: between(1e-6, 1e3),
      riskAversion: between(1e-9, 1e-3),
      gasQuote: between(1e-3, 1e4),
      sell: side,
      buy: side,
      drift: fc.double({ min: -8, max: 8, noNaN: true }),
    });
    fc.assert(
      fc.property(problem, ({ gamma, riskAversion, gasQuote, sell, buy, drift }) => {
        const varianceRate = varianceRateOf({ ...market, gamma });
        const riskRate = riskRateOf({ ...market, riskAversion });
        // The band of gas alone, and the price that weighs as much, are the units.
        const width = ((6 * varianceRate * gasQuote) / riskRate) ** 0.25;
        const unitPrice = (riskRate * width ** 3) / varianceRate;
        const costsOf = ({ price, impact, join }: typeof sell): BandCosts => {
          const bend = (impact * gasQuote) / width ** 2;
          const near = straight(price * unitPrice, bend);
          if (join === null) return near;
          return cheapestOf([0, near], [join * gasQuote, straight(price * unitPrice, bend / 3)]);
        };
        const [sold, bought] = [costsOf(sell), costsOf(buy)];
        const deltaDrift = (drift * varianceRate) / width;
        const band = bandOf({ gamma, riskAversion, gasQuote, sell: sold, buy: bought, deltaDrift });
        const margin = 0.15 * (band.sell.act - band.buy.act);
        const grid = bandOnGrid(
          {
            varianceRate,
            riskRate,
            drift: deltaDrift,
            gas: gasQuote,
            sellCost: sold.cost,
            buyCost: bought.cost,
            lowest: band.buy.act - margin,
            highest: band.sell.act + margin,
          },
          301,
        );
        expect(Math.abs(grid.rate / band.costRate - 1)).toBeLessThan(2e-3);
      }),
      { numRuns: 25 },
    );
  });

  it('takes the best leg where another one joins for gas of its own', () => {
    const near: readonly [number, BandCosts] = [0, straight(1.5, 0.05)];
    for (const extra of [2, 6, 12, 40]) {
      const costs = cheapestOf(near, [extra, straight(1.5, 0.0125)]);
      const { costRate } = bandOf({ sell: costs, buy: costs });
      const alone = [near, [extra, straight(1.5, 0.0125)] as const].map(
        ([gas, way]) => bandOf({ sell: way, buy: way, gasQuote: market.gasQuote + gas }).costRate,
      );
      expect(costRate).toBeCloseTo(Math.min(...alone), 6);
    }
  });
});

describe('limits', () => {
  it('is the band of Whalley and Wilmott at the first unit without gas, for straight and for convex costs', () => {
    const { gamma, spot, riskAversion } = market;
    const halfWidth = Math.cbrt((1.5 * 1.5 * gamma * gamma) / riskAversion);
    expect(halfWidth).toBeCloseTo(Math.cbrt((1.5 * (1.5 / spot) * spot * gamma ** 2) / riskAversion), 9);
    for (const costs of [straight(1.5), straight(1.5, 0.05)]) {
      const { sell, buy } = bandOf({ sell: costs, buy: costs, gasQuote: 0 });
      expect(sell.act / halfWidth).toBeCloseTo(1, 12);
      expect(sell.target / halfWidth).toBeCloseTo(1, 12);
      expect(buy.act / halfWidth).toBeCloseTo(-1, 12);
    }
  });

  it('comes near that band as gas vanishes, and is the closed form as drift does', () => {
    const { sell } = bandOf({ gasQuote: 1e-12, sell: straight(1.5, 0.05), buy: straight(1.5, 0.05) });
    expect(sell.act).toBeCloseTo(bandOf({ gasQuote: 0 }).sell.act, 3);
    expect(bandOf({ deltaDrift: 1e-9 }).sell.act / bandOf({}).sell.act).toBeCloseTo(1, 9);
  });

  it('orders for a fixed lot like a shop where drift is all there is', () => {
    const [drift, gas] = [1e4, 9];
    const { sell, costRate } = bandOf({ gamma: 0, deltaDrift: drift, gasQuote: gas });
    const lot = Math.cbrt((6 * drift * gas) / riskRateOf(market));
    expect((sell.act - sell.target) / lot).toBeCloseTo(1, 6);
    expect(sell.act / lot).toBeCloseTo(0.5, 6);
    const rate = 1.5 * drift + (drift * gas) / lot + (riskRateOf(market) * lot ** 2) / 12;
    expect(costRate / rate).toBeCloseTo(1, 9);
  });

  it('is no band at all where nothing moves, or trading is free', () => {
    expect(bandOf({ gamma: 0 })).toMatchObject({ sell: { act: 0, target: 0 }, costRate: 0 });
    expect(bandOf({ gasQuote: 0, sell: straight(0), buy: straight(0) }).sell.act).toBe(0);
  });

  it('is found for gammas that all but vanish, as they do far from the strike shortly before expiry', () => {
    const near = { ...market, spot: 237, volatility: 0.73, gasQuote: 0.2, horizonYears: 1e-4 };
    for (let exponent = -320; exponent <= 0; exponent += 4) {
      const gamma = -(10 ** exponent);
      const deltaDrift = -0.53 * 237 * gamma;
      const bent = { sell: straight(0.12, 1e-5), buy: straight(0.12, 1e-5) };
      const { sell, buy } = optimalBand({ ...near, ...bent, gamma, deltaDrift });
      expect(sell.act).toBeGreaterThan(sell.target);
      expect(buy.act).toBeLessThan(buy.target);
      const ever = optimalBand({ ...near, ...bent, gamma, deltaDrift, horizonYears: Infinity });
      expect(ever.sell.act).toBeGreaterThanOrEqual(0);
    }
  });

  it('mirrors: what drifts down is bought as what drifts up is sold', () => {
    const up = bandOf({ deltaDrift: 9_000, sell: straight(1, 0.02), buy: straight(2) });
    const down = bandOf({ deltaDrift: -9_000, buy: straight(1, 0.02), sell: straight(2) });
    expect(down.buy.act).toBe(-up.sell.act);
    expect(down.buy.target).toBe(-up.sell.target);
    expect(down.sell.act).toBe(-up.buy.act);
    expect(down.costRate).toBeCloseTo(up.costRate, 6);
  });
});

describe('a horizon', () => {
  it('adds the levels of one last trade in squares', () => {
    const horizonYears = 30 / 365;
    const endless = bandOf({});
    const { sell } = bandOf({ horizonYears });
    const toEnd = riskRateOf(market) * horizonYears;
    const target = 1.5 / (2 * toEnd);
    expect(sell.target).toBeCloseTo(Math.hypot(endless.sell.target, target), 8);
    expect(sell.act).toBeCloseTo(Math.hypot(endless.sell.act, target + Math.sqrt(9 / toEnd)), 8);
  });

  it('waits the longer the nearer the end, and for good at it', () => {
    const acts = [1, 0.1, 0.01, 1e-4, 1e-8, 0].map((horizonYears) => bandOf({ horizonYears }).sell.act);
    expect(acts).toEqual([...acts].sort((a, b) => a - b));
    expect(acts.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('knows the last trade for costs that rise and that end', () => {
    const horizonYears = 0.1;
    const toEnd = riskRateOf(market) * horizonYears;
    for (const costs of [straight(1.5, 0.05), upTo(3, straight(1.5)), straight(-0.2, 0.01)]) {
      const { sell } = bandOf({ gamma: 0, horizonYears, sell: costs, buy: costs });
      const worth = (x: number, q: number) => toEnd * (x * x - (x - q) ** 2) - 9 - costs.cost(q);
      const best = (x: number) =>
        Math.max(...Array.from({ length: 4_000 }, (_, i) => worth(x, ((i + 1) * x) / 3_000)));
      expect(best(sell.act * 1.001)).toBeGreaterThan(0);
      expect(best(sell.act * 0.999)).toBeLessThan(0);
    }
  });
});

describe('trades from beyond the band', () => {
  it('end where V(y) + C(x - y) is least, further out the dearer the last unit', () => {
    const costs = straight(1.5, 0.0474);
    const { sell } = bandOf({ sell: costs, buy: costs });
    expect(sell.targetFrom(sell.act)).toBeCloseTo(sell.target, 9);
    const targets = [1, 1.02, 1.05, 1.1, 1.5].map((factor) => sell.targetFrom(sell.act * factor));
    expect(targets).toEqual([...targets].sort((a, b) => a - b));
    expect(targets.at(-1)).toBeLessThanOrEqual(sell.act);
  });

  it('always end at the target where every unit costs the same', () => {
    const { sell, buy } = bandOf({ deltaDrift: 5_000 });
    expect(sell.targetFrom(3 * sell.act)).toBeCloseTo(sell.target, 9);
    expect(buy.targetFrom(3 * buy.act)).toBeCloseTo(buy.target, 9);
  });

  it('go no further than the pools do', () => {
    const { sell } = bandOf({ sell: upTo(20, straight(1.5)) });
    expect(sell.act - sell.target).toBeCloseTo(20, 9);
    expect(sell.targetFrom(1_000)).toBeCloseTo(980, 6);
  });

  it('sell all that the pools take, however far beyond, where the book ends as well', () => {
    for (const horizonYears of [1e-4, 0.01, 0.3]) {
      const { sell, buy } = bandOf({ horizonYears, sell: upTo(20, straight(1.5)) });
      for (const factor of [1, 1.5, 10]) {
        const from = sell.act * factor;
        expect(from - sell.targetFrom(from)).toBeCloseTo(20, 6);
        expect(buy.targetFrom(buy.act * factor)).toBeCloseTo(buy.target, 9);
      }
    }
  });
});

describe('sides that are not alike', () => {
  it('is the same band for what every unit costs more on one side and less on the other', () => {
    const plain = bandOf({});
    const gain = bandOf({ sell: straight(-0.5), buy: straight(3.5) });
    expect(gain.sell.act).toBeCloseTo(plain.sell.act, 9);
    expect(gain.buy.target).toBeCloseTo(plain.buy.target, 9);
    expect(gain.costRate).toBeCloseTo(plain.costRate, 6);
  });

  it('waits for good on a side that no pool takes', () => {
    const { sell, buy } = bandOf({ sell: upTo(0, straight(Number.POSITIVE_INFINITY)) });
    expect(sell.act).toBe(Number.POSITIVE_INFINITY);
    expect(Number.isFinite(buy.act)).toBe(true);
  });
});

describe('monotonicity for straight costs', () => {
  const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const input = fc.record({
    gamma: positive(0.01, 10),
    riskAversion: positive(1e-8, 1e-4),
    gasQuote: positive(0.1, 200),
    price: positive(0.05, 10),
  });
  const levels = ({
    price,
    ...rest
  }: {
    price: number;
    gamma: number;
    riskAversion: number;
    gasQuote: number;
  }) => bandOf({ ...rest, sell: straight(price), buy: straight(price) }).sell;

  it('act rises and target falls in gas; both rise in gamma and fall in risk aversion', () => {
    fc.assert(
      fc.property(input, positive(1.01, 10), (base, factor) => {
        const here = levels(base);
        const gas = levels({ ...base, gasQuote: base.gasQuote * factor });
        expect(gas.act).toBeGreaterThan(here.act);
        expect(gas.target).toBeLessThan(here.target);
        const gamma = levels({ ...base, gamma: -base.gamma * factor });
        expect(gamma.act).toBeGreaterThan(here.act);
        expect(gamma.target).toBeGreaterThan(here.target);
        const averse = levels({ ...base, riskAversion: base.riskAversion * factor });
        expect(averse.act).toBeLessThan(here.act);
        expect(averse.target).toBeLessThan(here.target);
      }),
    );
  });
});

describe('what is refused', () => {
  it.each([
    ['spot', { spot: 0 }],
    ['gamma', { gamma: Number.NaN }],
    ['volatility', { volatility: 0 }],
    ['riskAversion', { riskAversion: -1 }],
    ['gasQuote', { gasQuote: -1 }],
    ['deltaDrift', { deltaDrift: Number.POSITIVE_INFINITY }],
    ['horizonYears', { horizonYears: -1 }],
    ['sell', { sell: {} as BandCosts }],
    ['buy.marginal', { buy: straight(Number.NaN) }],
    ['buy', { sell: straight(-5), buy: straight(1), gasQuote: 0 }],
    ['buy', { sell: straight(-5), buy: straight(1), gasQuote: 0.001 }],
  ])('%s', (field, bad) => {
    expect(() => bandOf(bad)).toThrow(new RegExp(`^${field.replace('.', '\\.')}`));
  });
});
