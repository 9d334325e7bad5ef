import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LevelThresholds,
  nextLevel,
  type StressLevel,
  stressLevels,
  worstLevel,
} from '../../../../../src/core/risk/stress/stressLevel.ts';

const thresholds: LevelThresholds = {
  cautious: { enter: 0.6, exit: 0.5 },
  reduce: { enter: 0.8, exit: 0.7 },
  halt: { enter: 1, exit: 0.9 },
};
const levelAfter = (figures: readonly number[]) =>
  figures.reduce((level, figure) => nextLevel(level, figure, thresholds), 'normal' as StressLevel);

describe('a stress level', () => {
  it('rises at once, over several levels where the figure does', () => {
    expect(levelAfter([0.1])).toBe('normal');
    expect(levelAfter([0.6])).toBe('cautious');
    expect(levelAfter([0.1, 0.85])).toBe('reduce');
    expect(levelAfter([0.1, Number.POSITIVE_INFINITY])).toBe('halt');
  });

  it('falls only under the exit of the level that it leaves', () => {
    expect(levelAfter([1.2, 0.95])).toBe('halt');
    expect(levelAfter([1.2, 0.89])).toBe('reduce');
    expect(levelAfter([1.2, 0.69])).toBe('cautious');
    expect(levelAfter([1.2, 0.3])).toBe('normal');
  });

  it('does not flutter while a figure swings between the thresholds of a level', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(['cautious', 'reduce', 'halt'] as const)),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }),
        (level, shares) => {
          const { enter, exit } = thresholds[level];
          const inside = shares.map((share) => exit + share * (enter - exit) * 0.999);
          expect(levelAfter([enter, ...inside])).toBe(level);
        },
      ),
    );
  });

  it('is never lower for a worse figure', () => {
    const figure = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...stressLevels), figure, figure, (previous, a, b) => {
        const [better, worse] = [Math.min(a, b), Math.max(a, b)].map((one) =>
          stressLevels.indexOf(nextLevel(previous, one, thresholds)),
        );
        expect(worse).toBeGreaterThanOrEqual(better!);
      }),
    );
  });

  it('of several figures is that of the worst', () => {
    expect(worstLevel(['cautious', 'reduce', 'normal'])).toBe('reduce');
    expect(worstLevel([])).toBe('normal');
  });

  it('refuses thresholds out of order, by name', () => {
    const wrong = { ...thresholds, reduce: { enter: 0.8, exit: 0.9 } };
    expect(() => nextLevel('normal', 0, wrong)).toThrow('reduce.exit');
    const crossed = { ...thresholds, cautious: { enter: 0.95, exit: 0.5 } };
    expect(() => nextLevel('normal', 0, crossed)).toThrow('cautious, reduce, halt');
  });
});
