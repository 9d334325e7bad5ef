import { describe, expect, it } from 'vitest';
import { reach } from '../../../../../src/core/risk/stress/reach.ts';
import {
  calmLevels,
  defaultStressRules,
  nextLevels,
  overallLevel,
  stressFigures,
} from '../../../../../src/core/risk/stress/stressFigures.ts';
import { stressTest } from '../../../../../src/core/risk/stress/stressTest.ts';
import { stressInput } from '../../../../support/stressed.ts';

const figuresOf = (change: Parameters<typeof stressInput>[0] = {}, rules = defaultStressRules) => {
  const input = stressInput(change);
  return stressFigures(stressTest(input), reach(input), input.borrowing.minHealthFactor, rules);
};

describe('the figures of a stress test', () => {
  it('are shares of their limits, with the case that they come from', () => {
    const { margin, cost, reach: range } = figuresOf({ sellableBase: 100, quote: 10 ** 7 });
    expect(margin).toEqual({ use: 0, text: 'nothing is owed' });
    expect(cost.text).toMatch(
      /^[+−]20 %.*, crash: gas and depth: neutral costs [\d,]+\.\d\d quote, at most 50,000$/,
    );
    expect(range).toEqual({ use: 0, text: 'neutral as far as was looked' });
  });

  it('count only cases within the range that is asked for', () => {
    const wide = figuresOf({}, { ...defaultStressRules, within: 0.4 });
    expect(wide.cost.use).toBeGreaterThan(figuresOf().cost.use);
  });

  it('of a trade that no pool takes are beyond every limit', () => {
    const dry = { ...stressInput().market, capacity: { sell: 0, buy: 0 } };
    const { cost } = figuresOf({ market: dry });
    expect(cost.use).toBe(Number.POSITIVE_INFINITY);
    expect(cost.text).toMatch(/no pool takes \d+\.\d\d base$/);
  });

  it('of a reach that is too short are above 1 and say what runs out', () => {
    const { reach: range } = figuresOf({ quote: 20_000 });
    expect(range.use).toBeGreaterThan(1);
    expect(range.text).toMatch(/^neutral to \d+ %, then quote runs out; 20 % are asked for$/);
  });

  it('move each level by itself, and the worst of them counts', () => {
    const levels = nextLevels(calmLevels, figuresOf({ quote: 20_000 }), defaultStressRules);
    expect(levels).toMatchObject({ margin: 'normal', cost: 'normal' });
    expect(overallLevel(levels)).toBe(levels.reach);
    expect(levels.reach).toBe('reduce');
    expect(
      overallLevel(nextLevels(levels, figuresOf({ sellableBase: 100, quote: 10 ** 7 }), defaultStressRules)),
    ).toBe('normal');
  });
});
