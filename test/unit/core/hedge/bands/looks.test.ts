import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelAtLooks } from '../../../../../src/core/hedge/bands/looks.ts';
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
});
