import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalPdf } from '../../../../src/core/math/normal.ts';

/** x, distribution, density: computed with 50 digits (mpmath), then rounded to doubles. */
const exact: readonly (readonly [number, number, number])[] = [
  [-37.5, 4.605353009581955e-308, 1.7282337322841054e-306],
  [-30, 4.906713927148187e-198, 1.4736461348785476e-196],
  [-20, 2.7536241186062337e-89, 5.520948362159764e-88],
  [-12.25, 8.399796063633417e-35, 1.035743509620835e-33],
  [-8, 6.220960574271784e-16, 5.052271083536892e-15],
  [-5.7, 5.990371401063528e-9, 3.5139550948204334e-8],
  [-5.65, 8.022391850663497e-9, 4.6668867975942534e-8],
  [-5, 2.866515718791939e-7, 1.4867195147342977e-6],
  [-3.3, 0.0004834241423837775, 0.0017225689390536812],
  [-2, 0.02275013194817921, 0.05399096651318805],
  [-1.5, 0.06680720126885807, 0.12951759566589172],
  [-1, 0.15865525393145705, 0.24197072451914334],
  [-0.68, 0.2482522304535705, 0.31659290771089277],
  [-0.67, 0.2514288950953101, 0.3187371384754015],
  [-0.5, 0.3085375387259869, 0.35206532676429947],
  [-0.1, 0.460172162722971, 0.39695254747701175],
  [-1e-8, 0.4999999960105772, 0.39894228040143265],
  [0, 0.5, 0.3989422804014327],
  [0.25, 0.5987063256829237, 0.3866681168028492],
  [0.7, 0.758036347776927, 0.31225393336676127],
  [1, 0.8413447460685429, 0.24197072451914334],
  [1.96, 0.9750021048517795, 0.05844094433345146],
  [3, 0.9986501019683699, 0.0044318484119380075],
  [5, 0.9999997133484281, 1.4867195147342977e-6],
  [6.5, 0.99999999995984, 2.669556614762852e-10],
  [8, 0.9999999999999993, 5.052271083536892e-15],
];

const relativeError = (found: number, expected: number) => Math.abs(found / expected - 1);

describe('the standard normal distribution', () => {
  it.each(exact)('at %d is right to 1e-15 of itself', (x, distribution, density) => {
    expect(relativeError(normalCdf(x), distribution)).toBeLessThan(1e-15);
    expect(relativeError(normalPdf(x), density)).toBeLessThan(1e-15);
  });

  it('is one half, exactly, at zero', () => {
    expect(normalCdf(0)).toBe(0.5);
  });

  it('ends at 0 and 1', () => {
    expect([normalCdf(-50), normalCdf(Number.NEGATIVE_INFINITY)]).toEqual([0, 0]);
    expect([normalCdf(50), normalCdf(Number.POSITIVE_INFINITY)]).toEqual([1, 1]);
    expect([normalPdf(50), normalPdf(Number.NEGATIVE_INFINITY)]).toEqual([0, 0]);
  });

  it('does not hide what is not a number', () => {
    expect(normalCdf(Number.NaN)).toBeNaN();
    expect(normalPdf(Number.NaN)).toBeNaN();
  });

  const anywhere = fc.double({ min: -40, max: 40, noNaN: true });

  it('is symmetric', () => {
    fc.assert(
      fc.property(anywhere, (x) => {
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
        expect(normalPdf(x)).toBe(normalPdf(-x));
      }),
    );
  });

  it('never falls, and joins where one approximation hands over to the next', () => {
    fc.assert(
      fc.property(
        fc.oneof(anywhere, fc.constantFrom(-5.656854249492381, -0.67448975, 0.67448975, 5.656854249492381)),
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        (x, step) => {
          expect(normalCdf(x + step)).toBeGreaterThanOrEqual(normalCdf(x));
        },
      ),
    );
    for (const joint of [0.67448975, 5.656854249492381]) {
      expect(relativeError(normalCdf(-joint - 1e-12), normalCdf(-joint + 1e-12))).toBeLessThan(2e-11);
    }
  });

  it('has the density as its slope', () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (x) => {
        const h = 1e-5;
        const slope = (normalCdf(x + h) - normalCdf(x - h)) / (2 * h);
        expect(Math.abs(slope - normalPdf(x))).toBeLessThan(1e-10);
      }),
    );
  });
});
