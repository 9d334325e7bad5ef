import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../src/core/errors.ts';
import { type RandomStream, randomStream } from '../../../src/sim/random.ts';

const draws = (stream: RandomStream, count: number) => Array.from({ length: count }, () => stream.uniform());

describe('random streams', () => {
  it('repeat for the same seed and name', () => {
    expect(draws(randomStream(7, 'prices'), 50)).toEqual(draws(randomStream(7, 'prices'), 50));
  });

  it('differ between names, between seeds, and between seeds beyond 32 bits', () => {
    const first = draws(randomStream(7, 'prices'), 4);
    for (const other of [
      randomStream(7, 'gas'),
      randomStream(8, 'prices'),
      randomStream(7 + 2 ** 32, 'prices'),
    ]) {
      expect(draws(other, 4)).not.toEqual(first);
    }
  });

  it('are uniform: a chi-square over 100 cells stays within its 99.99 % range, and neighbours do not correlate', () => {
    const values = draws(randomStream(1, 'cells'), 200_000);
    const cells = new Array<number>(100).fill(0);
    for (const value of values) cells[Math.floor(value * 100)]! += 1;
    const chiSquare = cells.reduce((sum, count) => sum + (count - 2_000) ** 2 / 2_000, 0);
    expect(chiSquare).toBeGreaterThan(53);
    expect(chiSquare).toBeLessThan(161);
    let product = 0;
    for (let i = 1; i < values.length; i += 1) product += (values[i]! - 0.5) * (values[i - 1]! - 0.5);
    expect(Math.abs(product / values.length / (1 / 12))).toBeLessThan(0.01);
  });

  it('have normal draws with the moments of a standard normal', () => {
    const stream = randomStream(2, 'normal');
    const values = Array.from({ length: 200_000 }, () => stream.normal());
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(moment(1)).toBeCloseTo(0, 1.9);
    expect(moment(2)).toBeCloseTo(1, 1.7);
    expect(moment(3)).toBeCloseTo(0, 1.2);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.08);
  });

  it.each([0.1, 4, 75])('have Poisson draws with mean and variance %d', (mean) => {
    const stream = randomStream(3, 'poisson');
    const values = Array.from({ length: 50_000 }, () => stream.poisson(mean));
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / values.length));
    expect(Math.abs(variance / mean - 1)).toBeLessThan(0.06);
  });

  it('refuse a seed that is no whole number', () => {
    expect(() => randomStream(0.5, 'prices')).toThrow(InvalidInputError);
  });
});
