import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bar } from '../../../../src/core/volatility/bars.ts';
import { realizedVolatility, type VolatilityEstimator } from '../../../../src/core/volatility/realized.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';
import { hasSharedData, referenceItems, sharedJson } from '../../../support/sharedData.ts';

const estimators: readonly VolatilityEstimator[] = [
  'closeToClose',
  'closeToCloseZeroMean',
  'parkinson',
  'garmanKlass',
  'garmanKlassYangZhang',
  'rogersSatchell',
  'yangZhang',
];

/** Bars of a diffusion watched `steps` times a bar. */
function diffusionBars(volatilityPerBar: number, count: number, steps: number, seed: number): Bar[] {
  const draw = normalSource(seededUniform(seed));
  let price = 100;
  return Array.from({ length: count }, (_, index) => {
    const open = price;
    let [high, low] = [price, price];
    for (let step = 0; step < steps; step++) {
      price *= Math.exp((volatilityPerBar / Math.sqrt(steps)) * draw());
      high = Math.max(high, price);
      low = Math.min(low, price);
    }
    return { timestampSeconds: index * 3600, open, high, low, close: price };
  });
}

const untimed = (bars: readonly Bar[]) => bars.map(({ timestampSeconds: _, ...bar }) => bar);

describe('realizedVolatility', () => {
  const e = Math.E;
  const bars: readonly Bar[] = [
    { open: 1, high: e, low: 1, close: 1 },
    { open: 1, high: e, low: 1, close: e },
    { open: e, high: e, low: 1, close: 1 },
  ];

  it('gives what the formulas give by hand', () => {
    const per = (estimator: VolatilityEstimator) => realizedVolatility(bars, { estimator }) ** 2;
    // Ranges are 1, log returns 1 and -1, moves from open to close 0, 1 and -1.
    expect(per('closeToClose')).toBeCloseTo(2, 14);
    expect(per('closeToCloseZeroMean')).toBeCloseTo(2, 14);
    expect(per('parkinson')).toBeCloseTo(1 / (4 * Math.LN2), 14);
    expect(per('garmanKlass')).toBeCloseTo(0.5 - ((2 * Math.LN2 - 1) * 2) / 3, 14);
    expect(per('garmanKlassYangZhang')).toBeCloseTo(0.5 - (2 * Math.LN2 - 1), 14);
    // Only the first bar turned back from its high.
    expect(per('rogersSatchell')).toBeCloseTo(1 / 3, 14);
    // Two terms: no opening jumps, open-to-close variance 2, no turns; k = 0.34 / (1.34 + 3).
    expect(per('yangZhang')).toBeCloseTo((2 * 0.34) / 4.34, 14);
  });

  it('recovers the volatility of a simulated diffusion', () => {
    const simulated = diffusionBars(0.01, 1500, 400, 7);
    for (const estimator of estimators) {
      const volatility = realizedVolatility(untimed(simulated), { estimator });
      // Ranges of 400 steps fall about 3 % short of those of a continuous path.
      expect(volatility / 0.01).toBeGreaterThan(0.93);
      expect(volatility / 0.01).toBeLessThan(1.05);
    }
  });

  it('annualises by the distance of the bars, with 365 days a year', () => {
    const hourly = diffusionBars(0.01, 50, 20, 1);
    for (const estimator of estimators) {
      const perBar = realizedVolatility(untimed(hourly), { estimator });
      expect(realizedVolatility(hourly, { estimator })).toBeCloseTo(perBar * Math.sqrt(8760), 12);
      expect(realizedVolatility(hourly, { estimator, periodsPerYear: 4 })).toBeCloseTo(perBar * 2, 12);
    }
  });

  it('never takes the move over a gap for a return', () => {
    const whole = diffusionBars(0.01, 300, 20, 2);
    const crashed = whole.map((bar, index) =>
      index < 150
        ? bar
        : { ...bar, open: bar.open / 2, high: bar.high / 2, low: bar.low / 2, close: bar.close / 2 },
    );
    const torn = [...crashed.slice(0, 140), ...crashed.slice(150)];
    for (const estimator of estimators) {
      const before = realizedVolatility(whole, { estimator });
      expect(Math.abs(realizedVolatility(torn, { estimator }) / before - 1)).toBeLessThan(0.05);
    }
    expect(realizedVolatility(crashed, { estimator: 'closeToClose' })).toBeGreaterThan(
      2 * realizedVolatility(whole, { estimator: 'closeToClose' }),
    );
  });

  it('does not depend on the currency', () => {
    const simulated = diffusionBars(0.02, 40, 10, 4);
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.constantFrom(...estimators),
        (rate, estimator) => {
          const converted = simulated.map((bar) => ({
            ...bar,
            open: bar.open * rate,
            high: bar.high * rate,
            low: bar.low * rate,
            close: bar.close * rate,
          }));
          const expected = realizedVolatility(simulated, { estimator });
          expect(realizedVolatility(converted, { estimator }) / expected).toBeCloseTo(1, 10);
        },
      ),
    );
  });

  it('is zero for a price that does not move', () => {
    const still = Array.from({ length: 5 }, () => ({ open: 3, high: 3, low: 3, close: 3 }));
    for (const estimator of estimators) expect(realizedVolatility(still, { estimator })).toBe(0);
  });

  it('names what is wrong', () => {
    const [first, second, third] = bars as readonly [Bar, Bar, Bar];
    const parkinson = { estimator: 'parkinson' } as const;
    expect(() => realizedVolatility([], parkinson)).toThrow(/^bars is 0/);
    expect(() => realizedVolatility([first], { estimator: 'closeToClose' })).toThrow(/^bars is 0/);
    expect(() => realizedVolatility([first, { ...second, high: 0.5 }], parkinson)).toThrow(/bars\[1\].high/);
    expect(() => realizedVolatility([{ ...first, low: 2 }], parkinson)).toThrow(/bars\[0\].low/);
    expect(() => realizedVolatility([{ ...first, close: Number.NaN }], parkinson)).toThrow(/bars\[0\].close/);
    expect(() => realizedVolatility([{ ...first, open: 0 }], parkinson)).toThrow(/bars\[0\].open/);
    expect(() => realizedVolatility(bars, { estimator: 'range' as VolatilityEstimator })).toThrow(
      /estimator/,
    );
    expect(() => realizedVolatility(bars, { ...parkinson, periodsPerYear: 0 })).toThrow(/periodsPerYear/);
    const timed = [
      { ...first, timestampSeconds: 60 },
      { ...second, timestampSeconds: 60 },
    ];
    expect(() => realizedVolatility(timed, parkinson)).toThrow(/bars\[1\].timestampSeconds/);
    expect(() => realizedVolatility([timed[0]!, third], parkinson)).toThrow(/bars\[1\].timestampSeconds/);
    expect(() => realizedVolatility([timed[0]!], parkinson)).toThrow(/intervalSeconds/);
  });
});

interface RealizedInputs {
  readonly barIndex1: number;
  readonly n: number;
  readonly N: number;
}

const items = referenceItems<RealizedInputs, Readonly<Record<string, number>>>('realised_vol');
const names: Readonly<Record<string, VolatilityEstimator>> = {
  parkinson: 'parkinson',
  garmanKlass: 'garmanKlass',
  rogersSatchell: 'rogersSatchell',
  close: 'closeToClose',
  closeZeroMean: 'closeToCloseZeroMean',
  yangZhang: 'yangZhang',
  gkYz: 'garmanKlassYangZhang',
};

describe.skipIf(!hasSharedData)('published estimates', () => {
  it.each(items.map((item) => [item.id, item] as const))('%s', (_, { inputs, expected }) => {
    const { bars: rows } = sharedJson<{ bars: readonly [number, number, number, number][] }>(
      'reference/realised_vol_ohlc.json',
    );
    for (const [name, value] of Object.entries(expected)) {
      const estimator = names[name]!;
      // The last two look at the close before the window.
      const before = ['yangZhang', 'garmanKlassYangZhang'].includes(estimator) ? 1 : 0;
      const window = rows
        .slice(inputs.barIndex1 - inputs.n - before, inputs.barIndex1)
        .map(([open, high, low, close]) => ({ open, high, low, close }));
      const found = realizedVolatility(window, { estimator, periodsPerYear: inputs.N });
      expect(Math.abs(found - value), name).toBeLessThanOrEqual(1e-9);
    }
  });
});
