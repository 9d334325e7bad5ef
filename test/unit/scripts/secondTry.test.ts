import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withSecondTry } from '../../../scripts/tests/secondTry.ts';
import type { FileTally } from '../../../scripts/tests/tally.ts';

const fine = (file: string, passed: number): FileTally => ({ file, passed, failures: [] });
const broken = (file: string | null, passed: number, ...failures: string[]): FileTally => ({
  file,
  passed,
  failures,
});

/** Runs that end as told, one after the other; keeps what each was asked for. */
function runsOf(...outcomes: readonly (readonly FileTally[])[]) {
  const asked: (readonly string[])[] = [];
  const runFiles = async (files: readonly string[]) => {
    const outcome = outcomes[asked.length];
    asked.push(files);
    if (outcome === undefined) throw new Error('asked once too often');
    return outcome;
  };
  return { asked, runFiles };
}

describe('a run of tests with a second try', () => {
  beforeEach(() => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('runs nothing twice where nothing failed', async () => {
    const { asked, runFiles } = runsOf([fine('a', 3), fine('b', 4)]);
    expect(await withSecondTry(runFiles)).toEqual({ passed: 7, failures: [], unsteady: [] });
    expect(asked).toEqual([[]]);
  });

  it('runs the files that failed, each once, counts their tests once, and names what needed it', async () => {
    const { asked, runFiles } = runsOf(
      [fine('a', 3), broken('b', 1, 'b > hook'), broken('b', 0, 'stray in b')],
      [fine('b', 4)],
    );
    const tally = await withSecondTry(runFiles);
    expect(asked).toEqual([[], ['b']]);
    expect(tally).toEqual({ passed: 7, failures: [], unsteady: ['b > hook', 'stray in b'] });
  });

  it('calls failed what fails again', async () => {
    const { runFiles } = runsOf(
      [broken('a', 2, 'a > one', 'a > two'), broken('b', 0, 'b > one')],
      [broken('a', 3, 'a > two'), fine('b', 1)],
    );
    expect(await withSecondTry(runFiles)).toEqual({
      passed: 4,
      failures: ['a > two'],
      unsteady: ['b > one'],
    });
  });

  it('calls failed what does not run the second time', async () => {
    const { runFiles } = runsOf([broken('a', 2, 'a > one')], []);
    const { passed, failures } = await withSecondTry(runFiles);
    expect(passed).toBe(0);
    expect(failures).toEqual([expect.stringContaining('did not run')]);
  });

  it('gives no second try to what is of no file, nor where many files fail', async () => {
    const nowhere = runsOf([fine('a', 1), broken(null, 0, 'somewhere')]);
    expect(await withSecondTry(nowhere.runFiles)).toMatchObject({ failures: ['somewhere'] });
    const many = runsOf([...'abcdefg'].map((file) => broken(file, 1, file)));
    expect(await withSecondTry(many.runFiles)).toMatchObject({ passed: 7, failures: [...'abcdefg'] });
    expect(many.asked).toHaveLength(1);
  });
});
