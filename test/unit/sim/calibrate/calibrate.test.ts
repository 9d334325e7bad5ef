import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CalibrationInput, calibrate } from '../../../../src/sim/calibrate/calibrate.ts';
import type { SearchSpace } from '../../../../src/sim/calibrate/searchSpace.ts';
import type { Trial, TrialResult } from '../../../../src/sim/calibrate/trial.ts';
import { objectiveValue } from '../../../../src/sim/calibrate/weekMoments.ts';
import { randomStream } from '../../../../src/sim/random.ts';

const HOURS = 168;
const WEEKS = 48;

const widthOf = ({ choice }: Trial) => (choice.parameters as { readonly width: number }).width;

/** A made-up world: cost falls with width, error grows with it, and every week is a little different for all alike. */
const world =
  (seed: number, noise: number, quirk: (width: number, week: number) => number = () => 1) =>
  async (trials: readonly Trial[]): Promise<readonly TrialResult[]> =>
    trials.map((trial) => {
      const random = randomStream(seed, 'weeks of the world');
      const width = widthOf(trial);
      const weeks = Array.from({ length: WEEKS }, (_, week) => {
        const wild = Math.exp(noise * random.normal());
        return {
          path: 'made up',
          week,
          cost: (wild * quirk(width, week) * 100) / width,
          hours: HOURS,
          sum: 0,
          squares: HOURS * (10 * width * wild) ** 2,
        };
      });
      return { key: trial.key, weeks };
    });

const space: SearchSpace = {
  policy: 'made up',
  dimensions: [{ name: 'width', scale: 'log', low: 0.01, high: 100, points: 9 }],
  choiceOf: ([width]) => ({ kind: 'made up', parameters: { width } }),
};

// (100 / w) * 365 / 7 a year, and lambda/2 * 100 w^2 * 8760: least at w^3 = 100 * 365 / 7 / (lambda * 876000).
const riskAversion = 0.001;
const bestWidth = Math.cbrt((100 * 365) / 7 / (riskAversion * 876_000));

const input: CalibrationInput = {
  present: { kind: 'made up', parameters: { width: 20 } },
  spaces: [space],
  objective: { kind: 'riskAversion', riskAversion },
  windows: { tests: 3, trainWindows: 3, purgeDays: 7 },
  seed: 1,
  resamples: 400,
  run: world(1, 0.3),
};

const width = (choice: { readonly parameters: unknown }) =>
  (choice.parameters as { readonly width: number }).width;

describe('a calibration', () => {
  it('finds what is least, finer than its coarse grid', async () => {
    const coarse = await calibrate({ ...input, refinements: 0 });
    const fine = await calibrate({ ...input, refinements: 4 });
    const far = (result: typeof fine) => Math.abs(Math.log(width(result.verdict.choice) / bestWidth));
    expect(far(fine)).toBeLessThan(0.2);
    expect(far(fine)).toBeLessThanOrEqual(far(coarse));
    expect(objectiveValue(fine.objective, fine.folds.at(-1)!.training)).toBeLessThanOrEqual(
      objectiveValue(coarse.objective, coarse.folds.at(-1)!.training),
    );
  });

  it('adopts what is better than the present setting on weeks that it was not chosen on', async () => {
    const { verdict } = await calibrate(input);
    expect(verdict).toMatchObject({ adopt: true, code: 'better' });
    expect(verdict.bars!.low).toBeGreaterThan(0);
    expect(verdict.presentValue! - verdict.chosenValue!).toBeCloseTo(verdict.gain!, 9);
    expect(verdict.why).toContain('held-out weeks');
  });

  it('refuses what looked better in training only, and says the numbers', async () => {
    // A width near the least that was a bargain in the first weeks of each test's training, and is dear ever after.
    const fleeting = (at: number, week: number) => (Math.abs(at - 1) > 0.2 ? 1 : week < 24 ? 0.2 : 5);
    const run = world(2, 0.1, fleeting);
    const { verdict } = await calibrate({
      ...input,
      present: { kind: 'made up', parameters: { width: 2 } },
      windows: { tests: 1, trainWindows: 1, purgeDays: 7 },
      run,
    });
    expect(verdict.adopt).toBe(false);
    expect(verdict.code).toBe('notBetter');
    expect(verdict.gain!).toBeLessThan(0);
    expect(verdict.why).toMatch(/not better than the present setting: [\d.,]+ against [\d.,]+ quote a year/);
    expect(verdict.trainingValue!).toBeLessThan(verdict.chosenValue!);
  });

  it('refuses a gain that chance explains', async () => {
    const luck = (at: number, week: number) => (at === 2 ? 1 : 1 + 0.4 * Math.sin(week * 37.7 * at));
    const near = { kind: 'made up', parameters: { width: bestWidth * 1.02 } };
    const { verdict } = await calibrate({ ...input, present: near, run: world(3, 0.8, luck) });
    expect(verdict.adopt).toBe(false);
  });

  it('keeps the present setting where that is the best', async () => {
    const present = { kind: 'made up', parameters: { width: bestWidth } };
    const { verdict } = await calibrate({ ...input, present, run: world(1, 0) });
    expect(verdict).toMatchObject({ adopt: false, code: 'same', gain: 0 });
  });

  it('says where the best lies at an end of what was searched, and where it never trades', async () => {
    const narrow = { ...space, dimensions: [{ ...space.dimensions[0]!, high: 0.3 }] };
    const { verdict, folds } = await calibrate({ ...input, spaces: [narrow] });
    expect(verdict).toMatchObject({ adopt: true, code: 'better' });
    expect(folds.at(-1)!.atEnds).toEqual([{ name: 'width', end: 'high', value: 0.3 }]);
    expect(verdict.why).toMatch(/width is 0\.3\d*, the highest that was tried: what is best may lie beyond$/);
    expect((await calibrate(input)).verdict.why).not.toContain('tried');
    const idle = (at: number) => (at > 0.25 ? 0 : 1e3);
    const never = await calibrate({ ...input, spaces: [narrow], run: world(1, 0.3, idle) });
    expect(never.verdict.why).toContain('never traded');
  });

  it('does not judge on fewer than eight weeks', async () => {
    const run = async (trials: readonly Trial[]) =>
      (await world(1, 0.3)(trials)).map((result) => ({ ...result, weeks: result.weeks.slice(0, 12) }));
    const windows = { tests: 1, trainWindows: 1, purgeDays: 7 };
    const { verdict } = await calibrate({ ...input, windows, run });
    expect(verdict).toMatchObject({ adopt: false, code: 'tooFewWeeks' });
  });

  it('shows five points from wide to narrow, the chosen one at the aversion that was asked for', async () => {
    const { frontier, folds } = await calibrate(input);
    expect(frontier.map(({ factor }) => factor)).toEqual([1 / 16, 1 / 4, 1, 4, 16]);
    expect(frontier.filter(({ isChosen }) => isChosen).map(({ factor }) => factor)).toEqual([1]);
    const errors = frontier.map(({ training }) => training.hedgingError);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    const costs = frontier.map(({ training }) => training.costPerYear);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
    expect(frontier[2]!.choice).toEqual(folds.at(-1)!.choice);
  });

  it('never trains on what comes after, nor on what lives across the boundary', async () => {
    const { folds } = await calibrate(input);
    for (const { range } of folds) expect(range.train.to).toBe(range.test.from - 1);
    // Weeks after the first test window change nothing in what the first window chose.
    const from = folds[0]!.range.test.from;
    const run = world(1, 0.3, (at, week) => (week >= from && at > 1 ? 50 : 1));
    const other = await calibrate({ ...input, run });
    expect(other.folds[0]!.choice).toEqual(folds[0]!.choice);
    expect(other.folds[0]!.training).toEqual(folds[0]!.training);
  });

  it('finds the cheapest setting for a hedging error that must not be exceeded', async () => {
    const objective = { kind: 'hedgingError', hedgingError: 15, costPerYear: 3_500 } as const;
    const { folds } = await calibrate({ ...input, objective, refinements: 4, run: world(1, 0) });
    const { training } = folds.at(-1)!;
    expect(training.hedgingError).toBeLessThanOrEqual(15);
    expect(training.hedgingError).toBeGreaterThan(15 * 0.85);
  });

  it('does not take a setting that never trades for cheap', async () => {
    const objective = { kind: 'hedgingError', hedgingError: 15, costPerYear: 3_500 } as const;
    const idle = (at: number) => (at > 90 ? 0 : 1);
    const { folds } = await calibrate({ ...input, objective, run: world(1, 0, idle) });
    for (const { training } of folds) expect(training.costPerYear).toBeGreaterThan(0);
  });

  it('gives the same answer whatever order and batches its trials are run in', async () => {
    const run = world(1, 0.3);
    const expected = await calibrate(input);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), async (workers) => {
        const answer = await calibrate({
          ...input,
          run: async (trials) => {
            const parts = Array.from({ length: workers }, (_, worker) =>
              trials.filter((_trial, index) => index % workers === worker),
            );
            return (await Promise.all(parts.map(run))).flat();
          },
        });
        expect(answer).toEqual(expected);
      }),
      { numRuns: 7 },
    );
  });

  it('runs nothing twice, and nothing that is known already', async () => {
    const asked: string[] = [];
    const all = new Map<string, TrialResult>();
    const run = async (trials: readonly Trial[]) => {
      const results = await input.run(trials);
      for (const result of results) {
        asked.push(result.key);
        all.set(result.key, result);
      }
      return results;
    };
    const expected = await calibrate({ ...input, run });
    expect(new Set(asked).size).toBe(asked.length);
    const half = new Map([...all].slice(0, asked.length >> 1));
    const count = asked.length;
    const again = await calibrate({ ...input, run, known: half });
    expect(again).toEqual(expected);
    expect(asked.length - count).toBe(count - half.size);
  });

  it('refuses trials whose weeks are not those of the others', async () => {
    let calls = 0;
    const run = async (trials: readonly Trial[]) =>
      (await input.run(trials)).map((result) => ({
        ...result,
        weeks: result.weeks.slice(calls++ > 3 ? 1 : 0),
      }));
    await expect(calibrate({ ...input, run })).rejects.toThrow(/same weeks/);
  });

  it('refuses windows that the weeks do not suffice for', async () => {
    const windows = { tests: 30, trainWindows: 30, purgeDays: 7 };
    await expect(calibrate({ ...input, windows })).rejects.toThrow(/weeks/);
  });
});
