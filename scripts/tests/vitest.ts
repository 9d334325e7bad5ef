import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf, type RunOptions, run } from './run.ts';
import type { Tally } from './tally.ts';

/** What the reporter wrote, or null where vitest ended before it did. */
function tallyIn(path: string): Tally | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Tally;
  } catch {
    return null;
  }
}

/**
 * Runs vitest, its output shown.
 *
 * @returns what it came to; an end with an error that no test explains counts as one failure
 */
export async function runVitest(args: readonly string[], options: RunOptions = {}): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-test-'));
  const path = join(folder, 'tally.json');
  const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'tallyReporter.ts')}`];
  const environment = { ...options.environment, BALLAST_TALLY: path };
  try {
    const { code } = await run(commandOf('vitest'), ['run', ...args, ...reporters], {
      ...options,
      environment,
    });
    const tally = tallyIn(path) ?? { passed: 0, failures: [], unsteady: [] };
    const isExplained = code === 0 || tally.failures.length > 0;
    return isExplained ? tally : { ...tally, failures: [`vitest ended with ${code}, and no test says why`] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
