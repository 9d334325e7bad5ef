import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  commonLevels,
  compareAtEqualError,
  type FrontierPoint,
  frontierOf,
  relativeCost,
} from '../../../../src/sim/study/frontier.ts';

const point = (hedgingError: number, cost: number): FrontierPoint => ({
  label: `${hedgingError}/${cost}`,
  hedgingError,
  cost,
});
/** Settings along cost = scale x error^-power, at the given errors. */
const along = (scale: number, power: number, errors: readonly number[]) =>
  frontierOf(
    `${scale}`,
    errors.map((error) => point(error, scale * error ** -power)),
  );

describe('the frontier of a policy', () => {
  it('is sorted by hedging error and leaves out what another setting beats in both', () => {
    const { points } = frontierOf('band', [point(3, 5), point(1, 9), point(2, 10), point(2, 7), point(4, 5)]);
    expect(points.map(({ label }) => label)).toEqual(['1/9', '2/7', '3/5']);
  });

  it('has no point that another one beats, and beats or holds every setting', () => {
    const settings = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(settings, (pairs) => {
        const all = pairs.map(([error, cost]) => point(error, cost));
        const { points } = frontierOf('any', all);
        for (const one of all) {
          expect(points.some((kept) => kept.hedgingError <= one.hedgingError && kept.cost <= one.cost)).toBe(
            true,
          );
        }
        points.slice(1).forEach((next, index) => {
          expect(next.hedgingError).toBeGreaterThan(points[index]!.hedgingError);
          expect(next.cost).toBeLessThan(points[index]!.cost);
        });
      }),
    );
  });

  it('refuses a cost that is no number', () => {
    expect(() => frontierOf('band', [point(1, Number.NaN)])).toThrow(/band/);
  });
});

describe('policies at equal hedging error', () => {
  const cheap = along(100, 1.5, [1, 2, 4, 8]);
  const dear = along(130, 1.5, [0.7, 3, 5, 16]);

  it('are compared at three levels inside of what all of them reach', () => {
    const levels = commonLevels([cheap, dear]);
    expect(levels).toHaveLength(3);
    expect(levels[0]).toBeCloseTo(8 ** 0.25, 12);
    expect(levels[1]).toBeCloseTo(8 ** 0.5, 12);
    expect(levels[2]).toBeCloseTo(8 ** 0.75, 12);
  });

  it('cost what the curve between their settings says', () => {
    const levels = commonLevels([cheap, dear]);
    const [a, b] = compareAtEqualError([cheap, dear], levels);
    levels.forEach((level, index) => {
      expect(a!.costs[index]).toBeCloseTo(100 * level ** -1.5, 9);
      expect(b!.costs[index]).toBeCloseTo(130 * level ** -1.5, 9);
    });
    expect(relativeCost(b!, a!)).toBeCloseTo(1.3, 12);
    expect(relativeCost(a!, a!)).toBe(1);
  });

  it('are never judged beyond their settings', () => {
    const [a] = compareAtEqualError([cheap], [0.5, 1, 8, 8.1]);
    expect(a!.costs).toEqual([null, 100, expect.closeTo(100 * 8 ** -1.5, 9), null]);
    expect(commonLevels([cheap, along(1, 1, [20, 30])])).toEqual([]);
    expect(relativeCost(a!, { policy: 'none', costs: [] })).toBeNull();
  });

  it('say nothing by never trading', () => {
    const idle = frontierOf('idle', [point(1, 100), point(2, 40), point(50, 0)]);
    expect(compareAtEqualError([idle], [10])[0]!.costs).toEqual([null]);
    expect(commonLevels([idle, cheap]).at(-1)).toBeLessThan(2);
  });

  it('are compared at no level that lies in a gap of either, however their settings lie', () => {
    const errors = fc.uniqueArray(fc.double({ min: 1, max: 50, noNaN: true }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        errors,
        errors,
        fc.double({ min: 1.05, max: 3, noNaN: true }),
        (some, others, widestGap) => {
          const both = [along(100, 1.5, some), along(130, 1, others)];
          for (const level of commonLevels(both, widestGap)) {
            for (const { points } of both) {
              const before = points.findLast(({ hedgingError }) => hedgingError <= level * (1 + 1e-12));
              const after = points.find(({ hedgingError }) => hedgingError >= level * (1 - 1e-12));
              expect(after!.hedgingError / before!.hedgingError).toBeLessThanOrEqual(widestGap);
            }
          }
        },
      ),
    );
  });

  it('are not flattered by a gap between settings, where cost bends down to nothing', () => {
    const bent = (errors: readonly number[]) =>
      frontierOf(
        'bent',
        errors.map((error) => point(error, (100 / error) * (1 - error / 20) ** 2)),
      );
    const all = Array.from({ length: 30 }, (_, index) => 1.1 ** index);
    const whole = bent(all);
    const parted = bent(all.filter((error) => error < 6 || error > 15));
    const scoreWith = (widestGap?: number) => {
      const [one, other] = compareAtEqualError([parted, whole], commonLevels([parted, whole], widestGap));
      return relativeCost(one!, other!)!;
    };
    expect(scoreWith()).toBeLessThan(0.9);
    expect(scoreWith(1.5)).toBeCloseTo(1, 12);
    expect(commonLevels([whole, whole], 1.5)).toEqual(commonLevels([whole, whole]));
  });
});
