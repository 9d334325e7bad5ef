import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelAtLooks, targetAtLooks } from '../../../../../src/core/hedge/bands/looks.ts';
import { symmetricBand } from '../../../../../src/core/hedge/bands/symmetric.ts';
import { normalCdf } from '../../../../../src/core/math/normal.ts';

const positive = (min: number, max: number) =>
  fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);

const POINTS = 161;
const ROUNDS = 100;

/**
 * The level by dynamic programming, for looks a time 1 apart between which net delta moves by one standard deviation: what a
 * unit less is worth, in units of its price, is 2 c x until the next look and what it is worth then, between -1 and 1.
 *
 * @param risk c over the price
 */
function exactLevel(risk: number, continuous: number): number {
  const high = 1.3 * continuous;
  const width = high / (POINTS - 1);
  const at = Array.from({ length: POINTS }, (_, index) => index * width);
  const odds = at.map((x) =>
    at.map((y, index) => {
      const near = (centre: number) => normalCdf(centre - x + width / 2) - normalCdf(centre - x - width / 2);
      return index === 0 ? 0 : near(y) - near(-y);
    }),
  );
  const beyond = at.map((x) => normalCdf(x - high - width / 2) - normalCdf(-x - high - width / 2));
  let worth = at.map((x) => Math.min(x / continuous, 1));
  let waiting = worth;
  for (let round = 0; round < ROUNDS; round += 1) {
    waiting = at.map((x, from) =>
      odds[from]!.reduce((sum, odd, to) => sum + odd * worth[to]!, 2 * risk * x + beyond[from]!),
    );
    worth = waiting.map((value) => Math.min(value, 1));
  }
  const first = waiting.findIndex((value) => value >= 1);
  const [below, above] = [waiting[first - 1]!, waiting[first]!];
  return at[first - 1]! + (width * (1 - below)) / (above - below);
}

/** Net delta after a look, in steps of what it moves until the next one, and the odds of where it is then. */
const GRID = 121;
const gridOf = (reach: number) => {
  const width = (2 * reach) / (GRID - 1);
  const at = Array.from({ length: GRID }, (_, index) => (index - (GRID - 1) / 2) * width);
  const edge = (index: number) => (index <= 0 ? -50 : index >= GRID ? 50 : at[index]! - width / 2);
  const odds = at.map((x) =>
    Float64Array.from(at, (_, to) => normalCdf(edge(to + 1) - x) - normalCdf(edge(to) - x)),
  );
  return { at, width, odds };
};

/**
 * What holding and trading cost from look to look, by relative value iteration: `decide` says what the cheapest, or a given,
 * trade makes of the values after it.
 */
function costALook(
  { at, odds }: ReturnType<typeof gridOf>,
  decide: (after: Float64Array) => Float64Array,
): number {
  let before = new Float64Array(GRID);
  let rate = 0;
  for (let round = 0; round < 150; round += 1) {
    const after = Float64Array.from(odds, (row, from) =>
      row.reduce((sum, odd, to) => sum + odd * before[to]!, at[from]! ** 2),
    );
    const next = decide(after);
    rate = next[(GRID - 1) / 2]!;
    before = next.map((value) => value - rate);
  }
  return rate;
}

describe('a level of a band that is looked at now and then', () => {
  it('stays where it is for who always looks, and where there is nothing to draw in', () => {
    expect(levelAtLooks(3, 5, 0)).toBe(3);
    expect(levelAtLooks(-1, 5, 1)).toBe(-1);
    expect(levelAtLooks(0, 5, 1)).toBe(0);
    expect(levelAtLooks(Number.POSITIVE_INFINITY, 5, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is lower by the mean overshoot of a step where a step is small', () => {
    const step = 1e-4;
    expect((1 - levelAtLooks(1, step ** 2, 1)) / step).toBeCloseTo(0.5826, 3);
  });

  it('stays above 0, falls with the time between looks, and scales with the book', () => {
    fc.assert(
      fc.property(
        positive(1e-6, 1e6),
        positive(1e-9, 1e9),
        positive(1e-8, 1),
        positive(1e-3, 1e3),
        (act, rate, years, size) => {
          const drawnIn = levelAtLooks(act, rate, years);
          expect(drawnIn).toBeGreaterThan(0);
          expect(levelAtLooks(act, rate, 2 * years)).toBeLessThan(drawnIn);
          expect(levelAtLooks(size * act, size ** 2 * rate, years) / (size * drawnIn)).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it('is within 4 % of the exact one where the price per unit is all that a trade costs', () => {
    for (const risk of [0.03, 0.1, 0.6, 2, 10]) {
      const continuous = (0.75 / risk) ** (1 / 3);
      const exact = exactLevel(risk, continuous);
      expect(Math.abs(levelAtLooks(continuous, 1, 1) / exact - 1)).toBeLessThan(0.04);
    }
  });

  it('is one of a pair that costs at most 1 % more than the least, whatever gas is beside the price', () => {
    for (const [price, gas] of [
      [0.3, 0.1],
      [1, 0.3],
      [3, 1],
      [10, 3],
      [1, 10],
    ] as const) {
      const { act, target } = symmetricBand({ varianceRate: 1, riskRate: 1, price, gas });
      const grid = gridOf(act + 5);
      const { at, width } = grid;
      const least = costALook(grid, (after) =>
        after.map((stay, from) =>
          after.reduce(
            (best, value, to) => Math.min(best, value + gas + price * width * Math.abs(to - from)),
            stay,
          ),
        ),
      );
      const costOf = (actLevel: number, targetLevel: number) => {
        const ends = at.map((x) => {
          const place = (Math.sign(x) * targetLevel) / width + (GRID - 1) / 2;
          const below = Math.min(Math.floor(place), GRID - 2);
          return { below, share: place - below, size: Math.abs(x) - targetLevel };
        });
        return costALook(grid, (after) =>
          after.map((stay, from) => {
            if (Math.abs(at[from]!) <= actLevel) return stay;
            const { below, share, size } = ends[from]!;
            return gas + price * size + (1 - share) * after[below]! + share * after[below + 1]!;
          }),
        );
      };
      const ours = costOf(levelAtLooks(act, 1, 1), targetAtLooks(act, target, 1, 1));
      expect(ours / least).toBeLessThan(1.012);
      expect(ours).toBeLessThan(costOf(levelAtLooks(act, 1, 1), levelAtLooks(target, 1, 1)));
    }
  });

  it('has a target within its act level that is the act level without gas, and stays where it is at or below 0', () => {
    fc.assert(
      fc.property(
        positive(1e-3, 1e3),
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        positive(1e-3, 1e3),
        (act, share, step) => {
          const target = targetAtLooks(act, act * share, step * step, 1);
          expect(target).toBeLessThanOrEqual(act * share);
          expect(target).toBeGreaterThan(0);
          expect(target).toBeLessThanOrEqual(levelAtLooks(act, step * step, 1) * (1 + 1e-12));
          expect(targetAtLooks(act, act, step * step, 1) / levelAtLooks(act, step * step, 1)).toBeCloseTo(
            1,
            9,
          );
          expect(targetAtLooks(act, -target, step * step, 1)).toBe(-target);
        },
      ),
    );
  });
});
