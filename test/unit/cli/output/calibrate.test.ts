import { describe, expect, it } from 'vitest';
import { calibrationLines, progressText } from '../../../../src/cli/output/calibrate.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import { type StudyCalibration, settingText } from '../../../../src/runtime/calibrate/index.ts';

const now = { kind: 'fixedBand', parameters: { halfWidth: { base: 6 }, tradeTo: 'centre' } };
const found = { kind: 'optimalBand', parameters: { riskAversion: 0.0584 } };
const training = { costPerYear: 88_823, hedgingError: 41.4 };
const heldOut = { costPerYear: 94_444, hedgingError: 54.2 };
const range = { train: { from: 8, to: 15 }, test: { from: 16, to: 20 } };

const calibration = (adopt: boolean): StudyCalibration => ({
  windows: { tests: 1, trainWindows: 2, purgeDays: 7 },
  inputHash: '00',
  resumed: 4,
  result: {
    objective: { kind: 'riskAversion', riskAversion: 0.0056 },
    present: { choice: now, training, heldOut: null },
    folds: [{ range, choice: found, atEnds: [], training, heldOut, testWeeks: [] }],
    frontier: [1 / 16, 1 / 4, 1, 4, 16].map((factor) => ({
      factor,
      choice: found,
      training,
      heldOut,
      isChosen: factor === 1,
    })),
    verdict: {
      adopt,
      code: adopt ? 'better' : 'notBetter',
      why: 'because of the numbers',
      choice: found,
      presentValue: 175_624,
      chosenValue: 166_354,
      gain: 9_270,
      bars: null,
      trainingValue: 1,
    },
    trials: 53,
    tried: [],
  },
});

const linesOf = (adopt: boolean) =>
  calibrationLines(calibration(adopt), { study: 'strangle', seed: 7 }, { style: plainStyle });

describe('the output of ballast calibrate', () => {
  it('names a setting by its policy and the numbers that are searched', () => {
    expect(settingText(now)).toBe('fixedBand ±6.00 to centre');
    expect(settingText({ kind: 'interval', parameters: { seconds: 7_200 } })).toBe('interval 7200 s');
    expect(settingText({ ...found, checkEvery: { steps: 2, stepSeconds: 3_600 } })).toBe(
      'optimalBand 0.0584 every 7200 s',
    );
  });

  it('shows five points with training and held-out columns in 80 columns, one of them chosen, and the present one', () => {
    const lines = linesOf(true);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(lines.filter((line) => line.includes('optimalBand'))).toHaveLength(5);
    expect(lines.filter((line) => line.startsWith('*'))).toHaveLength(1);
    const present = lines.find((line) => line.startsWith('now'))!;
    expect(present).toMatch(/88,823\s+41\.4\s+–\s+–$/);
  });

  it('says whether it is better or refused, and why', () => {
    expect(linesOf(true).at(-1)).toMatch(/^better +because of the numbers$/);
    expect(linesOf(false).at(-1)).toMatch(/^refused +because of the numbers$/);
  });

  it('says how far it is, and does not guess before it knows', () => {
    expect(progressText({ done: 0, planned: 40, best: null }, null)).toBe(
      '░░░░░░░░░░░░░░░░░░░░ 0 of 40 trials   best – quote a year   ETA –',
    );
    expect(progressText({ done: 20, planned: 40, best: 1_234.4 }, 7.2)).toBe(
      '██████████░░░░░░░░░░ 20 of 40 trials   best 1,234 quote a year   ETA 8 s',
    );
  });
});
