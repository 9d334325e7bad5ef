import { describe, expect, it } from 'vitest';
import { standardDeviation } from '../../../../src/core/report/performance.ts';
import { expectedShortfall } from '../../../../src/core/risk/tail/valueAtRisk.ts';
import { randomStream } from '../../../../src/sim/random.ts';
import { pairedBlockBootstrap } from '../../../../src/sim/study/blockBootstrap.ts';
import { comparePolicies, type PolicyRuns } from '../../../../src/sim/study/comparePolicies.ts';
import { figuresOf } from '../../../../src/sim/study/runFigures.ts';
import { type WeekBlock, weekBlocks } from '../../../../src/sim/study/weekBlock.ts';

const HOURS = 40;

/**
 * Weeks with a volatility of their own that every policy runs into alike, and a noise of each policy's own. At scale 1 a
 * band twice as wide doubles the error and halves the cost.
 */
function weeksOf(seed: number, count: number, scale: number, widths: readonly number[]): PolicyRuns {
  const market = randomStream(seed, 'market');
  const own = randomStream(seed, `own ${scale}`);
  const weeks = Array.from({ length: count }, () => ({
    volatility: Math.exp(0.5 * market.normal()),
    hours: Array.from({ length: HOURS }, () => market.normal()),
    noise: Math.exp(0.2 * own.normal()),
  }));
  const settings = widths.map((width) => ({
    label: `width ${width}`,
    blocks: weeks.map(
      ({ volatility, hours, noise }, week): WeekBlock => ({
        path: 'path',
        week,
        cost: (100 * scale * volatility * noise) / width,
        hours: HOURS,
        hourlyError: Float64Array.from(hours, (shock) => width * volatility * shock),
      }),
    ),
  }));
  return { policy: `scale ${scale}`, settings };
}

const widths = [1, 2, 4, 8];

describe('figures of a run over its weeks', () => {
  const { settings } = weeksOf(1, 10, 1, [1]);
  const { blocks } = settings[0]!;
  const all = blocks.flatMap(({ hourlyError }) => [...hourlyError]);

  it('are those of all of its hours', () => {
    const { cost, hedgingError, expectedShortfall99 } = figuresOf(blocks)();
    expect(cost).toBeCloseTo(
      blocks.reduce((sum, block) => sum + block.cost, 0),
      9,
    );
    expect(hedgingError).toBeCloseTo(standardDeviation(all), 12);
    expect(expectedShortfall99).toBeCloseTo(expectedShortfall(all, { confidence: 0.99 }), 12);
  });

  it('count a week as often as it was drawn', () => {
    const weights = [2, 0, 3, 0, 0, 1, 0, 0, 1, 3];
    const drawn = blocks.flatMap((block, index) => Array.from({ length: weights[index]! }, () => block));
    const hours = drawn.flatMap(({ hourlyError }) => [...hourlyError]);
    const figures = figuresOf(blocks)(weights);
    expect(figures.hedgingError).toBeCloseTo(standardDeviation(hours), 12);
    expect(figures.expectedShortfall99).toBeCloseTo(expectedShortfall(hours, { confidence: 0.99 }), 12);
    expect(() => figuresOf(blocks)([1])).toThrow(/weights/);
  });
});

describe('weeks of a run', () => {
  it('hold every scored hour and every cost once, and nothing across a hole', () => {
    const steps = 24 * 15;
    const timestampSeconds = Float64Array.from(
      { length: steps + 1 },
      (_, step) => 1_700_000_000 + step * 1_800,
    );
    const afterGap = new Uint8Array(steps + 1);
    afterGap.fill(1, 100, 104);
    const cost = Float64Array.from({ length: steps + 1 }, (_, step) => step ** 2);
    const hours = new Set<number>();
    for (let step = 0; step < steps; step += 1) {
      if (afterGap[step + 1] === 0) hours.add(Math.floor(timestampSeconds[step]! / 3_600));
    }
    const hourlyError = Float64Array.from({ length: hours.size }, (_, hour) => hour);
    const series = { timestampSeconds, cost } as never;
    const blocks = weekBlocks({ path: 'p', series, hourlyError }, { timestampSeconds, afterGap });
    expect(blocks.map(({ week }) => week)).toEqual([0, 1]);
    expect(blocks.reduce((sum, block) => sum + block.cost, 0)).toBe(steps ** 2);
    expect(blocks.reduce((sum, block) => sum + block.hours, 0)).toBe((steps - 4) / 2);
    expect(blocks.flatMap((block) => [...block.hourlyError])).toEqual([...hourlyError]);
    expect(() =>
      weekBlocks({ path: 'p', series, hourlyError: hourlyError.slice(1) }, { timestampSeconds, afterGap }),
    ).toThrow(/hourlyError/);
  });
});

describe('the comparison of policies', () => {
  it('scores a policy by what it costs over the first at equal hedging error', () => {
    const [first, second] = comparePolicies([weeksOf(3, 30, 1, widths), weeksOf(3, 30, 1.4, widths)], {
      seed: 1,
    });
    expect(first!.score).toBe(1);
    expect(first!.bars).toBeNull();
    expect(second!.score).toBeGreaterThan(1.2);
    expect(second!.score).toBeLessThan(1.6);
    expect(second!.bars!.low).toBeLessThan(second!.score!);
    expect(second!.bars!.high).toBeGreaterThan(second!.score!);
    expect(second!.levels).toHaveLength(3);
  });

  it('finds no difference between a policy and itself, without any doubt', () => {
    const runs = weeksOf(3, 30, 1, widths);
    const [, again] = comparePolicies([runs, { ...runs, policy: 'again' }], { seed: 1 });
    expect(again!.score).toBeCloseTo(1, 12);
    expect(again!.bars!.standardError).toBeLessThan(1e-12);
  });

  it('does not depend on which other policies are shown', () => {
    const [a, b, c] = [1, 1.2, 5].map((scale) => weeksOf(3, 20, scale, widths));
    const together = comparePolicies([a!, c!, b!], { seed: 1, resamples: 100 });
    const alone = comparePolicies([a!, b!], { seed: 1, resamples: 100 });
    expect(together[2]).toEqual(alone[1]);
  });

  it('refuses weeks that are not the same', () => {
    expect(() => comparePolicies([weeksOf(1, 10, 1, widths), weeksOf(1, 9, 2, widths)], { seed: 1 })).toThrow(
      /the same weeks/,
    );
  });

  it('gives no error bars for fewer than eight weeks', () => {
    const [, short] = comparePolicies([weeksOf(3, 7, 1, widths), weeksOf(3, 7, 1.4, widths)], { seed: 1 });
    expect(short!.score).not.toBeNull();
    expect(short!.bars).toBeNull();
  });

  it('covers the true ratio in about 95 of 100 studies', () => {
    const studies = 200;
    let covered = 0;
    for (let seed = 1; seed <= studies; seed += 1) {
      const [, { bars }] = comparePolicies([weeksOf(seed, 26, 1, [1, 2]), weeksOf(seed, 26, 1.3, [1, 2])], {
        seed,
        resamples: 200,
      }) as never as [unknown, { bars: { low: number; high: number } }];
      if (bars.low <= 1.3 && bars.high >= 1.3) covered += 1;
    }
    expect(covered / studies).toBeGreaterThan(0.88);
    expect(covered / studies).toBeLessThan(0.99);
  });
});

describe('a block bootstrap', () => {
  it('knows how far the mean of independent blocks may be off', () => {
    const random = randomStream(5, 'values');
    const values = Array.from({ length: 400 }, () => random.normal());
    const bars = pairedBlockBootstrap({
      blocks: values.length,
      statistic: (weights) => values.reduce((sum, value, block) => sum + value * weights[block]!, 0) / 400,
      random: randomStream(6, 'weeks'),
    });
    expect(bars!.standardError).toBeCloseTo(standardDeviation(values) / 20, 2);
    // A quantile of a thousand draws is itself uncertain by some per cent.
    expect((bars!.high - bars!.low) / (2 * 1.96 * bars!.standardError)).toBeCloseTo(1, 1);
  });

  it('is silent where many draws tell nothing', () => {
    const statistic = (weights: ArrayLike<number>) => (weights[0] === 0 ? null : 1);
    expect(pairedBlockBootstrap({ blocks: 20, statistic, random: randomStream(1, 'weeks') })).toBeNull();
  });
});
