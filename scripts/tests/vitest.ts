import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf, type RunOptions, run } from './run.ts';
import type { FileTally } from './tally.ts';

/** What the reporter wrote; nothing where vitest ended before it did. */
function talliesIn(path: string): readonly FileTally[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as readonly FileTally[];
  } catch {
    return [];
  }
}

/**
 * Runs vitest, its output shown.
 *
 * @returns what each file came to; an end with an error that no test explains counts as one failure, of no file
 */
export async function runVitest(
  args: readonly string[],
  options: RunOptions = {},
): Promise<readonly FileTally[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-test-'));
  const path = join(folder, 'tally.json');
  const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'tallyReporter.ts')}`];
  const environment = { ...options.environment, BALLAST_TALLY: path };
  try {
    const { code } = await run(commandOf('vitest'), ['run', ...args, ...reporters], {
      ...options,
      environment,
    });
    const tallies = talliesIn(path);
    const isExplained = code === 0 || tallies.some(({ failures }) => failures.length > 0);
    if (isExplained) return tallies;
    const unexplained = `vitest ended with ${code}, and no test says why`;
    return [...tallies, { file: null, passed: 0, failures: [unexplained] }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
