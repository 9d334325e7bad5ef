import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { exposureOf } from '../../../../src/core/exposure/exposure.ts';
import {
  FUNDING_PERIOD_SECONDS,
  normalizationFactorAfter,
  powerPerpExposure,
} from '../../../../src/core/exposure/powerPerp.ts';
import type {
  DebtPosition,
  MarketView,
  OptionPosition,
  PanopticLegPosition,
  PerpPosition,
  Position,
  PowerPerpPosition,
} from '../../../../src/core/position.ts';
import { SECONDS_PER_YEAR } from '../../../../src/core/units.ts';

const view: MarketView = {
  spot: 3000,
  volatility: 0.65,
  rate: 0.04,
  nowSeconds: 1_700_000_000,
  baseDecimals: 18,
  quoteDecimals: 6,
};

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const spot = number(500, 9000);
const size = fc.oneof(number(1e-6, 1000), number(-1000, -1e-6), fc.constantFrom(0, -0));
const settlement = fc.constantFrom('quote' as const, 'base' as const);

const powerPerps: fc.Arbitrary<PowerPerpPosition> = fc.record({
  kind: fc.constant('powerPerp' as const),
  label: fc.constant('oSQTH'),
  size,
  normalizationFactor: number(0.1, 1),
  markToIndex: number(0.9, 1.3),
});
const panopticLegs: fc.Arbitrary<PanopticLegPosition> = fc.record({
  kind: fc.constant('panopticLeg' as const),
  label: fc.constant('leg'),
  type: fc.constantFrom('call' as const, 'put' as const),
  size,
  strike: number(1000, 6000),
  rangeRatio: number(1.01, 3),
  mintPrice: number(500, 9000),
});
const debts: fc.Arbitrary<DebtPosition> = fc.record({
  kind: fc.constant('debt' as const),
  label: fc.constant('loan'),
  asset: fc.constantFrom('base' as const, 'quote' as const),
  owedRaw: fc.bigInt({ min: 0n, max: 10n ** 21n }),
  borrowRate: number(-0.01, 0.3),
});
const perps: fc.Arbitrary<PerpPosition> = fc.record({
  kind: fc.constant('perp' as const),
  label: fc.constant('perp'),
  settlement,
  size,
  entryPrice: number(500, 9000),
  markToSpot: number(0.98, 1.02),
  fundingRate: number(-0.5, 0.5),
});

const valueAt = (position: Position, price: number) => exposureOf(position, { ...view, spot: price });

describe('exposure of', () => {
  it.each([
    ['a power perp', powerPerps],
    ['a Panoptic leg', panopticLegs],
    ['a debt', debts],
    ['a perp', perps],
  ] as const)('%s: delta and gamma are the slopes of value and delta', (_, kind) => {
    fc.assert(
      fc.property(kind as fc.Arbitrary<Position>, spot, (position, price) => {
        const h = price * 1e-5;
        if (position.kind === 'panopticLeg') {
          // Gamma jumps at the ends of the range: there is no derivative across them.
          const ends = [position.strike / position.rangeRatio, position.strike * position.rangeRatio];
          fc.pre(ends.every((end) => Math.abs(end - price) > 2 * h));
        }
        const [down, here, up] = [price - h, price, price + h].map((at) => valueAt(position, at));
        const terms = 'entryPrice' in position ? Math.abs(position.size) * (1 + price) : 0;
        const scale = Math.abs(here!.valueQuote) / price + Math.abs(here!.delta) + terms / price + 1e-9;
        expect(Math.abs((up!.valueQuote - down!.valueQuote) / (2 * h) - here!.delta) / scale).toBeLessThan(
          1e-7,
        );
        const curvature = (up!.delta - down!.delta) / (2 * h);
        expect(
          (Math.abs(curvature - here!.gamma) * price) / (scale + Math.abs(here!.gamma) * price),
        ).toBeLessThan(1e-6);
      }),
    );
  });

  it('anything is minus that of its opposite', () => {
    fc.assert(
      fc.property(fc.oneof(powerPerps, panopticLegs, perps), spot, (position, price) => {
        const [one, other] = [
          valueAt(position, price),
          valueAt({ ...position, size: -position.size }, price),
        ];
        for (const greek of ['delta', 'gamma', 'vega', 'theta', 'valueQuote'] as const) {
          expect(one[greek] + other[greek]).toBe(0);
          expect(one[greek]).not.toBe(-0);
        }
      }),
    );
  });
});

describe('a power perp', () => {
  it('has theta: what the normalization factor loses to funding', () => {
    fc.assert(
      fc.property(powerPerps, spot, (position, price) => {
        const later = (seconds: number) => {
          const normalizationFactor = normalizationFactorAfter(position, seconds);
          return valueAt({ ...position, normalizationFactor }, price).valueQuote;
        };
        const here = valueAt(position, price);
        const slope = ((later(60) - later(0)) / 60) * SECONDS_PER_YEAR;
        expect(Math.abs(slope - here.theta)).toBeLessThanOrEqual(1e-4 * Math.abs(here.valueQuote) + 1e-12);
      }),
    );
  });

  it('has vega: what the mark moves when the volatility that it implies does', () => {
    fc.assert(
      fc.property(powerPerps, spot, number(0.1, 1.5), (position, price, volatility) => {
        const years = FUNDING_PERIOD_SECONDS / SECONDS_PER_YEAR;
        const marked = (sigma: number) =>
          valueAt({ ...position, markToIndex: Math.exp(sigma * sigma * years) }, price);
        const slope = (marked(volatility + 1e-5).valueQuote - marked(volatility - 1e-5).valueQuote) / 2e-5;
        const here = marked(volatility);
        expect(Math.abs(slope - here.vega)).toBeLessThanOrEqual(1e-7 * Math.abs(here.valueQuote) + 1e-12);
      }),
    );
  });

  it('has no vega where the mark is below the index, which implies no volatility', () => {
    const perp = { size: -10, normalizationFactor: 0.5, markToIndex: 0.99, spot: 3000 };
    expect(powerPerpExposure(perp).vega).toBe(0);
    expect(powerPerpExposure(perp).theta).toBeLessThan(0);
  });
});

describe('a Panoptic leg', () => {
  const leg = { kind: 'panopticLeg', label: 'leg', size: -2, strike: 3000, rangeRatio: 1.2 } as const;

  it('opened out of the money is an option written at its strike once the price has left the range', () => {
    const call: PanopticLegPosition = { ...leg, type: 'call', mintPrice: 2000 };
    expect(valueAt(call, 2100).valueQuote).toBeCloseTo(0, 9);
    expect(valueAt(call, 4000).valueQuote).toBeCloseTo(-2 * (4000 - 3000), 9);
    const put: PanopticLegPosition = { ...leg, type: 'put', mintPrice: 4000 };
    expect(valueAt(put, 4100).valueQuote).toBeCloseTo(0, 9);
    expect(valueAt(put, 2000).valueQuote).toBeCloseTo(-2 * (3000 - 2000), 9);
  });

  it('inside its range is worth less than either end says, and holds part of the base', () => {
    const put: PanopticLegPosition = { ...leg, type: 'put', mintPrice: 4000 };
    const atStrike = valueAt(put, 3000);
    // Liquidity at its strike K, with range ratio r, is worth 2 K / (sqrt r + 1); sold twice, opened with all in quote.
    const [root, ratio] = [Math.sqrt(1.2), 1.2];
    expect(atStrike.valueQuote).toBeCloseTo(2 * ((2 * 3000) / (root + 1) - 3000), 9);
    expect(atStrike.delta).toBeCloseTo((2 * (root - 1)) / (ratio - 1), 12);
    expect(atStrike.gamma).toBeCloseTo(-root / (3000 * (ratio - 1)), 12);
    for (const end of [3000 / 1.2, 3000 * 1.2]) {
      const [below, above] = [valueAt(put, end * (1 - 1e-9)), valueAt(put, end * (1 + 1e-9))];
      expect(above.valueQuote - below.valueQuote).toBeCloseTo(0, 3);
      expect(above.delta - below.delta).toBeCloseTo(0, 6);
    }
  });

  it('is worth nothing when it is opened', () => {
    fc.assert(
      fc.property(panopticLegs, (position) => {
        const { valueQuote } = valueAt(position, position.mintPrice);
        const scale = Math.abs(position.size) * (position.strike + position.mintPrice) + 1e-9;
        expect(Math.abs(valueQuote) / scale).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('a debt', () => {
  it('is less of what is owed, and costs its rate', () => {
    const debt: DebtPosition = {
      kind: 'debt',
      label: 'loan',
      asset: 'base',
      owedRaw: 2n * 10n ** 18n,
      borrowRate: 0.05,
    };
    expect(exposureOf(debt, view)).toEqual({ delta: -2, gamma: 0, vega: 0, theta: -300, valueQuote: -6000 });
    const dollars: DebtPosition = { ...debt, asset: 'quote', owedRaw: 1_500_000_000n };
    expect(exposureOf(dollars, view)).toEqual({ delta: 0, gamma: 0, vega: 0, theta: -75, valueQuote: -1500 });
  });
});

describe('a perp', () => {
  const perp: PerpPosition = {
    kind: 'perp',
    label: 'perp',
    settlement: 'quote',
    size: -3,
    entryPrice: 2800,
    markToSpot: 1,
    fundingRate: 0.125,
  };

  it('that is linear gains the difference, and a short is paid the funding', () => {
    expect(exposureOf(perp, view)).toEqual({ delta: -3, gamma: 0, vega: 0, theta: 1125, valueQuote: -600 });
  });

  it('that is inverse gains base, which in quote is a straight line from the entry', () => {
    const inverse: PerpPosition = { ...perp, settlement: 'base', size: 5600 };
    const { valueQuote, delta } = exposureOf(inverse, view);
    expect(valueQuote / view.spot).toBeCloseTo(5600 * (1 / 2800 - 1 / 3000), 12);
    expect(delta).toBe(2);
  });

  it('that is inverse pays its profit and its funding in base at the mark', () => {
    const markToSpot = 1.02;
    const inverse: PerpPosition = { ...perp, settlement: 'base', size: 5600, markToSpot };
    const { valueQuote, theta } = exposureOf(inverse, view);
    const mark = view.spot * markToSpot;
    expect(valueQuote / view.spot).toBeCloseTo(5600 * (1 / 2800 - 1 / mark), 12);
    expect(theta / view.spot).toBeCloseTo((-0.125 * 5600) / mark, 12);
  });
});

describe('an inverse option', () => {
  const inverse: OptionPosition = {
    kind: 'option',
    label: 'short call',
    type: 'call',
    strike: 3200,
    expirySeconds: view.nowSeconds - 60,
    size: -10,
    settlementPrice: 4000,
    settlement: 'base',
  };

  it('once settled is a fixed amount of base, where another is cash', () => {
    expect(exposureOf(inverse, view)).toMatchObject({ delta: -2, gamma: 0, valueQuote: -6000 });
    expect(exposureOf({ ...inverse, settlement: 'quote' }, view)).toMatchObject({
      delta: 0,
      valueQuote: -8000,
    });
    const worthless = { ...inverse, settlementPrice: 3000 };
    expect(exposureOf(worthless, view)).toMatchObject({ delta: 0, valueQuote: 0 });
  });

  it('cannot be settled at a price of 0, which no base would pay', () => {
    const put: OptionPosition = { ...inverse, type: 'put', settlementPrice: 0 };
    expect(() => exposureOf(put, view)).toThrow(InvalidInputError);
  });
});

describe('impossible positions', () => {
  it.each([
    [{ kind: 'powerPerp', label: '', size: Number.NaN, normalizationFactor: 1, markToIndex: 1 }, 'size'],
    [
      { kind: 'powerPerp', label: '', size: 1, normalizationFactor: 0, markToIndex: 1 },
      'normalizationFactor',
    ],
    [{ kind: 'powerPerp', label: '', size: 1, normalizationFactor: 1, markToIndex: -1 }, 'markToIndex'],
    [
      { kind: 'panopticLeg', label: '', type: 'call', size: 1, strike: 0, rangeRatio: 2, mintPrice: 1 },
      'strike',
    ],
    [
      { kind: 'panopticLeg', label: '', type: 'call', size: 1, strike: 1, rangeRatio: 1, mintPrice: 1 },
      'rangeRatio',
    ],
    [
      { kind: 'panopticLeg', label: '', type: 'call', size: 1, strike: 1, rangeRatio: 2, mintPrice: -1 },
      'mintPrice',
    ],
    [{ kind: 'debt', label: '', asset: 'base', owedRaw: -1n, borrowRate: 0 }, 'owedRaw'],
    [{ kind: 'debt', label: '', asset: 'base', owedRaw: 1n, borrowRate: Number.NaN }, 'borrowRate'],
    [
      { kind: 'perp', label: '', settlement: 'quote', size: 1, entryPrice: 0, markToSpot: 1, fundingRate: 0 },
      'entryPrice',
    ],
    [
      {
        kind: 'perp',
        label: '',
        settlement: 'base',
        size: 1,
        entryPrice: 1,
        markToSpot: 1,
        fundingRate: Number.NaN,
      },
      'fundingRate',
    ],
  ] satisfies readonly (readonly [Position, string])[])('%o is refused for its %s', (position, field) => {
    expect(() => exposureOf(position, view)).toThrow(InvalidInputError);
    expect(() => exposureOf(position, view)).toThrow(new RegExp(`^${field} is `));
  });
});
