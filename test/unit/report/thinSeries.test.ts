import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinnedSteps } from '../../../src/report/thinSeries.ts';

const hourly = (length: number) => Float64Array.from({ length }, (_, step) => 1_700_000_000 + 3_600 * step);

/** A run of any length with a driver that may miss values, and the width of a chart. */
const runs = fc.record({
  values: fc.array(
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: -1_000, max: 1_000 }) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    ),
    {
      minLength: 1,
      maxLength: 3_000,
    },
  ),
  buckets: fc.integer({ min: 1, max: 200 }),
});

function bucketOf(times: Float64Array, step: number, buckets: number): number {
  const width = (times.at(-1)! - times[0]!) / buckets;
  return width === 0 ? 0 : Math.min(buckets - 1, Math.floor((times[step]! - times[0]!) / width));
}

describe('thinning a series', () => {
  it('keeps of every bucket its first and last step, its lowest and highest value, and its first hole', () => {
    fc.assert(
      fc.property(runs, ({ values, buckets }) => {
        const times = hourly(values.length);
        const kept = new Set(thinnedSteps(times, [Float64Array.from(values)], buckets));
        const byBucket = new Map<number, number[]>();
        for (const step of values.keys()) {
          const bucket = bucketOf(times, step, buckets);
          byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), step]);
        }
        for (const steps of byBucket.values()) {
          expect(kept.has(steps[0]!) && kept.has(steps.at(-1)!)).toBe(true);
          const known = steps.filter((step) => !Number.isNaN(values[step]));
          const shown = known.filter((step) => kept.has(step)).map((step) => values[step]!);
          const all = known.map((step) => values[step]!);
          expect(Math.max(...shown)).toBe(Math.max(...all));
          expect(Math.min(...shown)).toBe(Math.min(...all));
          const hole = steps.find((step) => Number.isNaN(values[step]));
          if (hole !== undefined) expect(kept.has(hole)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('rises, repeats nothing and never keeps more than five steps a bucket and driver', () => {
    fc.assert(
      fc.property(runs, ({ values, buckets }) => {
        const kept = thinnedSteps(hourly(values.length), [Float64Array.from(values)], buckets);
        expect(kept.every((step, index) => index === 0 || step > kept[index - 1]!)).toBe(true);
        expect(kept.length).toBeLessThanOrEqual(5 * buckets);
      }),
      { numRuns: 60 },
    );
  });

  it('shows a breach of one step among five years of hours', () => {
    const values = new Float64Array(43_800).fill(1);
    values[31_337] = 9;
    const kept = thinnedSteps(hourly(values.length), [values], 600);
    expect(kept).toContain(31_337);
    expect(kept.length).toBeLessThan(2_000);
  });

  it('keeps all of a run that is short enough', () => {
    expect(thinnedSteps(hourly(5), [new Float64Array(5)], 600)).toEqual([0, 1, 2, 3, 4]);
  });

  it('refuses a chart without width', () => {
    expect(() => thinnedSteps(hourly(5), [], 0)).toThrow('a whole number from 1');
  });
});
