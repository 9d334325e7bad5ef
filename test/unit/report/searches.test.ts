import { describe, expect, it } from 'vitest';
import type { SearchReport, TriedRow } from '../../../src/report/document.ts';
import { excessOf, excessText, shadeClass } from '../../../src/report/html/excess.ts';
import { heatMap } from '../../../src/report/html/heatMap.ts';
import { Markup } from '../../../src/report/html/markup.ts';
import { parallelCoordinates } from '../../../src/report/html/parallel.ts';
import { searchReports } from '../../../src/report/searches.ts';
import type { CalibrationResult } from '../../../src/sim/calibrate/result.ts';
import type { TriedSetting } from '../../../src/sim/calibrate/triedSettings.ts';

const band = (width: number, tradeTo: number) => ({
  kind: 'fixedBand',
  parameters: { halfWidth: { base: width }, tradeTo },
});

/** A band whose cost is `cost` a year and that leaves nothing open: what is least is its cost. */
function tried(width: number, tradeTo: number, costPerYear: number, place = [0, 0]): TriedSetting {
  const figures = { costPerYear, hedgingError: 0 };
  return {
    choice: band(width, tradeTo),
    numbers: [
      { name: 'halfWidth', unit: 'base', scale: 'log', value: width, place: place[0]! },
      { name: 'tradeTo', scale: 'linear', value: tradeTo, place: place[1]! },
    ],
    training: figures,
    heldOut: { ...figures, costPerYear: 2 * costPerYear },
  };
}

function search(settings: readonly TriedSetting[], chosen = settings[0]!): SearchReport {
  const result = {
    objective: { kind: 'riskAversion', riskAversion: 1 },
    tried: settings,
    verdict: { choice: chosen.choice },
  } as unknown as CalibrationResult;
  const [found] = searchReports(result, ({ parameters }) => JSON.stringify(parameters));
  return found!;
}

const text = (content: unknown) => (content instanceof Markup ? content.text : '');
const marksIn = (page: string) => page.match(/<g class="mark [^"]*"/g) ?? [];

describe('settings that were tried', () => {
  const allByWidth = { value: [expect.closeTo(1, 9), expect.closeTo(0, 9)] };
  const grid = [tried(1, 0, 100), tried(1, 1, 100), tried(4, 0, 400), tried(4, 1, 400)];

  it('come with their numbers, what they came to, and which is proposed', () => {
    const { numbers, settings } = search(grid, grid[2]);
    expect(numbers.map(({ title }) => title)).toEqual(['half width, base', 'trade to, 0 centre, 1 edge']);
    expect(settings.map(({ values, training, heldOut }) => [...values, training, heldOut])).toEqual([
      [1, 0, 100, 200],
      [1, 1, 100, 200],
      [4, 0, 400, 800],
      [4, 1, 400, 800],
    ]);
    expect(settings.map(({ isChosen }) => isChosen)).toEqual([false, false, true, false]);
  });

  it('say how much each number alone explains: all of it, or nothing', () => {
    expect(search(grid).importance).toEqual(allByWidth);
  });

  it('leave settings between the points of the first grid out of that', () => {
    expect(search([...grid, tried(2, 0.5, 5_000, [0.5, 0.5])]).importance).toEqual(allByWidth);
  });

  it('count the time between looks as one more number where several were tried', () => {
    const looks = { steps: 4, stepSeconds: 60 };
    const seldom = grid.map((one) => ({ ...one, choice: { ...one.choice, checkEvery: looks } }));
    const { numbers, settings } = search([...grid, ...seldom]);
    expect(numbers.at(-1)!.name).toBe('checkEvery');
    expect(settings.map(({ values }) => values[2])).toEqual([1, 1, 1, 1, 4, 4, 4, 4]);
  });
});

describe('the map of settings', () => {
  it('has one cell for each pair of values, of several settings in one place the best', () => {
    const looks = { steps: 4, stepSeconds: 60 };
    const one = tried(1, 0, 100);
    const dearer = { ...tried(1, 0, 150), choice: { ...one.choice, checkEvery: looks } };
    const map = text(heatMap(search([dearer, one, tried(2, 0, 300)], one), 'USDC'));
    expect(marksIn(map)).toHaveLength(2);
    expect(map).toContain('>best<');
    expect(map).toContain('>+200 %<');
    expect(map).not.toContain('>+50.0 %<');
  });

  it('rings what is proposed, also where a better one shares its place', () => {
    const looks = { steps: 4, stepSeconds: 60 };
    const better = tried(1, 0, 100);
    const chosen = { ...tried(1, 0, 150), choice: { ...better.choice, checkEvery: looks } };
    const map = text(heatMap(search([better, chosen], chosen), 'USDC'));
    expect(map.match(/class="ring"/g)).toHaveLength(1);
    expect(map).toContain('>+50 %<');
  });

  it('is empty where nothing was searched for', () => {
    const none: SearchReport = { policy: 'x', numbers: [], settings: [], importance: { missing: '' } };
    expect(heatMap(none, 'USDC')).toBe('');
    expect(parallelCoordinates(none, 'USDC')).toBe('');
  });
});

describe('settings as lines', () => {
  it('draw one line each, the proposed one last and thick, and none through what is not known', () => {
    const settings = [tried(1, 0, 100), { ...tried(2, 0, 200), heldOut: null }, tried(3, 0, 300)];
    const lines = text(parallelCoordinates(search(settings), 'USDC'));
    expect(marksIn(lines)).toHaveLength(3);
    expect(marksIn(lines).at(-1)).toContain('chosen');
    // Two numbers, cost, error, training, held out: five joints, two strokes each; one setting has no held-out end.
    expect(lines.match(/<line (class="reach" )?x1/g)).toHaveLength(2 * (5 + 4 + 5));
    expect(lines).not.toContain('NaN');
  });
});

describe('a shade', () => {
  it.each([
    [100, 'h0', 'best'],
    [100.9, 'h0', '+0.9 %'],
    [102, 'h1', '+2.0 %'],
    [120, 'h3', '+20 %'],
    [350, 'h5', '+250 %'],
    [1_300, 'h6', '×13'],
  ])('of %d beside 100 is %s, in letters %s', (value, shade, words) => {
    const excess = excessOf(value, 100);
    expect([shadeClass(excess), excessText(excess)]).toEqual([shade, words]);
  });

  it('is the worst for what is no number at all', () => {
    expect(shadeClass(excessOf(Number.POSITIVE_INFINITY, 100))).toBe('h6');
    const rows: Pick<TriedRow, 'training'>[] = [{ training: 0 }];
    expect(shadeClass(excessOf(1, rows[0]!.training))).toBe('h6');
  });
});
