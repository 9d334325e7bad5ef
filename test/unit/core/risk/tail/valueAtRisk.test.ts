import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  normalExpectedShortfall,
  normalValueAtRisk,
  studentTExpectedShortfall,
  studentTValueAtRisk,
} from '../../../../../src/core/risk/tail/parametricRisk.ts';
import { quadraticShortfall } from '../../../../../src/core/risk/tail/quadraticShortfall.ts';
import { expectedShortfall, valueAtRisk } from '../../../../../src/core/risk/tail/valueAtRisk.ts';
import { normalSource, seededUniform } from '../../../../support/random.ts';
import { hasSharedData, referenceItems } from '../../../../support/sharedData.ts';

const outcomes = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('valueAtRisk and expectedShortfall', () => {
  const profits = [5, -10, 3, -40, 1, -20, 2, 4, -30, 6];

  it('read the tail of what happened', () => {
    expect(valueAtRisk(profits, { confidence: 0.75 })).toBe(20);
    expect(valueAtRisk(profits, { confidence: 0.9 })).toBe(30);
    expect(valueAtRisk(profits, { confidence: 0.9, tie: 'upper' })).toBe(40);
    expect(expectedShortfall(profits, { confidence: 0.8 })).toBeCloseTo(35, 12);
    // The worst two and half of the third.
    expect(expectedShortfall(profits, { confidence: 0.75 })).toBeCloseTo((40 + 30 + 0.5 * 20) / 2.5, 12);
  });

  it('end at the worst loss and at the mean', () => {
    expect(valueAtRisk(profits, { confidence: 1 })).toBe(40);
    expect(expectedShortfall(profits, { confidence: 1 })).toBe(40);
    expect(valueAtRisk(profits, { confidence: 0 })).toBe(-6);
    expect(expectedShortfall(profits, { confidence: 0 })).toBeCloseTo(7.9, 12);
  });

  it('do not lose an outcome to rounding: 0.7 times 10 is above 7 in doubles', () => {
    const losses = Array.from({ length: 10 }, (_, index) => -index);
    expect(valueAtRisk(losses, { confidence: 0.7 })).toBe(6);
    expect(valueAtRisk(losses, { confidence: 0.7, tie: 'upper' })).toBe(7);
    expect(expectedShortfall(losses, { confidence: 0.7 })).toBeCloseTo(8, 12);
  });

  it('order: the shortfall is at least the value at risk, and both rise with confidence', () => {
    fc.assert(
      fc.property(outcomes, share, share, (values, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const slack = 1e-6;
        expect(expectedShortfall(values, { confidence: low })).toBeGreaterThanOrEqual(
          valueAtRisk(values, { confidence: low }) - slack,
        );
        expect(valueAtRisk(values, { confidence: high })).toBeGreaterThanOrEqual(
          valueAtRisk(values, { confidence: low }),
        );
        expect(expectedShortfall(values, { confidence: high })).toBeGreaterThanOrEqual(
          expectedShortfall(values, { confidence: low }) - slack,
        );
      }),
    );
  });

  it('scale and shift with the profits, and the shortfall of a sum is no more than the sum', () => {
    const pair = fc.array(
      fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 })),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(pair, share, (pairs, confidence) => {
        const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
        const moved = first.map((value) => 3 * value + 7);
        expect(valueAtRisk(moved, { confidence })).toBe(3 * valueAtRisk(first, { confidence }) - 7);
        const together = expectedShortfall(
          pairs.map(([a, b]) => a + b),
          { confidence },
        );
        const apart = expectedShortfall(first, { confidence }) + expectedShortfall(second, { confidence });
        expect(together).toBeLessThanOrEqual(apart + 1e-6);
      }),
    );
  });

  it('name what is wrong', () => {
    expect(() => valueAtRisk([], { confidence: 0.9 })).toThrow(/profits.length/);
    expect(() => valueAtRisk([1, Number.NaN], { confidence: 0.9 })).toThrow(/profits\[1\]/);
    for (const confidence of [-0.1, 1.1, 99, Number.NaN]) {
      expect(() => expectedShortfall([1], { confidence })).toThrow(/confidence/);
    }
    expect(() => valueAtRisk([1], { confidence: 0.9, tie: 'middle' as 'lower' })).toThrow(/tie/);
  });
});

describe('risk of a known distribution', () => {
  it('is the limit of drawn outcomes', () => {
    const draw = normalSource(seededUniform(2));
    const drawn = Array.from({ length: 200_000 }, () => 1 + 2 * draw());
    const normal = { mean: 1, stdDev: 2, confidence: 0.975 };
    expect(normalValueAtRisk(normal)).toBeCloseTo(valueAtRisk(drawn, normal), 1);
    expect(normalExpectedShortfall(normal)).toBeCloseTo(expectedShortfall(drawn, normal), 1);
  });

  it('has the tail average that integrating quantiles gives', () => {
    for (const degrees of [2.5, 4, 30]) {
      const level = { mean: 0.5, scale: 3, degrees, confidence: 0.95 };
      const cuts = 2_000;
      let sum = 0;
      for (let i = 0; i < cuts; i++) {
        // Midpoints in the cube root of the tail, where the quantile is nearly flat.
        const root = (i + 0.5) / cuts;
        const confidence = 1 - 0.05 * root ** 3;
        sum += (studentTValueAtRisk({ ...level, confidence }) * 3 * root ** 2) / cuts;
      }
      expect(studentTExpectedShortfall(level) / sum).toBeCloseTo(1, 3);
    }
  });

  it('tends to the normal one with many degrees', () => {
    const level = { mean: 0, confidence: 0.99 };
    const normal = normalExpectedShortfall({ ...level, stdDev: 1 });
    expect(studentTExpectedShortfall({ ...level, scale: 1, degrees: 1e7 })).toBeCloseTo(normal, 5);
  });

  it('names what is wrong', () => {
    expect(() => normalValueAtRisk({ mean: 0, stdDev: -1, confidence: 0.9 })).toThrow(/stdDev/);
    expect(() => normalValueAtRisk({ mean: 0, stdDev: 1, confidence: 1 })).toThrow(/confidence/);
    const cauchy = { mean: 0, scale: 1, degrees: 1, confidence: 0.9 };
    expect(studentTValueAtRisk(cauchy)).toBeCloseTo(Math.tan(0.4 * Math.PI), 10);
    expect(() => studentTExpectedShortfall(cauchy)).toThrow(/degrees/);
  });
});

describe('quadraticShortfall', () => {
  it('is the least over all levels', () => {
    const lambdas = fc.double({ min: 1e-3, max: 20, noNaN: true });
    const small = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        small,
        lambdas,
        fc.double({ min: -2000, max: 200, noNaN: true }),
        (values, lambda, level) => {
          const squares = values.map((value) => Math.max(-value - level, 0) ** 2);
          const other = level + (lambda * squares.reduce((sum, square) => sum + square, 0)) / values.length;
          const found = quadraticShortfall(values, { lambda });
          expect(found).toBeLessThanOrEqual(other + 1e-9 * Math.abs(other));
          expect(found).toBeGreaterThanOrEqual(
            expectedShortfall(values, { confidence: 0 }) - 1 / (4 * lambda) - 1e-9 * (1 + 1 / lambda),
          );
        },
      ),
    );
  });

  it('is the mean loss plus lambda times the variance less 1 / (4 lambda) where every loss counts', () => {
    expect(quadraticShortfall([1, -1], { lambda: 0.1 })).toBeCloseTo(0.1 - 2.5, 12);
    expect(() => quadraticShortfall([1], { lambda: 0 })).toThrow(/lambda/);
  });
});

interface Inputs {
  readonly pnl: readonly number[];
  readonly p: number & readonly number[];
  readonly lam: number;
  readonly nObs: number;
  readonly worstLosses: readonly number[];
  readonly confidence: number;
  readonly portfolio: number;
  readonly annualVol: number;
  readonly days: number;
}
interface Expected {
  readonly expectedShortfall: number;
  readonly var: number & readonly number[];
  readonly quadraticCvar: number;
  readonly alpha: readonly number[];
  readonly VaR: readonly number[];
  readonly ES: readonly number[];
}

describe.skipIf(!hasSharedData)('published risk figures', () => {
  const items = new Map(referenceItems<Inputs, Expected>('var_es').map((item) => [item.id, item]));

  it('has a check for each of them', () => {
    const checked = ['pfhedge-es', 'pfhedge-var', 'pfhedge-qcvar', 'hs-var-300', 'qrm-setup-normal'];
    expect([...items.keys()].sort()).toEqual([...checked].sort());
  });

  it('expected shortfall of the worst share', () => {
    const { inputs, expected } = items.get('pfhedge-es')!;
    const found = expectedShortfall(inputs.pnl, { confidence: 1 - inputs.p });
    expect(found).toBeCloseTo(expected.expectedShortfall, 9);
  });

  it('quantiles of profit, which count the worse outcome at a tie', () => {
    const { inputs, expected } = items.get('pfhedge-var')!;
    inputs.p.forEach((p, index) => {
      expect(-valueAtRisk(inputs.pnl, { confidence: 1 - p, tie: 'upper' })).toBeCloseTo(
        expected.var[index]!,
        9,
      );
    });
  });

  it('quadratic shortfall', () => {
    const { inputs, expected } = items.get('pfhedge-qcvar')!;
    expect(quadraticShortfall(inputs.pnl, { lambda: inputs.lam })).toBeCloseTo(expected.quadraticCvar, 3);
  });

  it('historical simulation over 300 days', () => {
    const { inputs, expected } = items.get('hs-var-300')!;
    const rest = Array.from({ length: inputs.nObs - inputs.worstLosses.length }, () => 0);
    const found = valueAtRisk([...inputs.worstLosses, ...rest], { confidence: inputs.confidence });
    expect(found).toBe(expected.var);
  });

  it('a normal portfolio', () => {
    const { inputs, expected } = items.get('qrm-setup-normal')!;
    const stdDev = (inputs.portfolio * inputs.annualVol) / Math.sqrt(inputs.days);
    expected.alpha.forEach((confidence, index) => {
      expect(normalValueAtRisk({ mean: 0, stdDev, confidence })).toBeCloseTo(expected.VaR[index]!, 7);
      expect(normalExpectedShortfall({ mean: 0, stdDev, confidence })).toBeCloseTo(expected.ES[index]!, 7);
    });
  });
});
