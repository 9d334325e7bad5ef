/** What the tests of one file came to. */
export interface FileTally {
  /** Its path from where the run began; null for errors that belong to none. */
  readonly file: string | null;
  readonly passed: number;
  /** Each its name on a first line, what was wrong below it. */
  readonly failures: readonly string[];
}

/** What a run of tests came to. */
export interface Tally {
  readonly passed: number;
  /** Each its name on a first line, what was wrong below it. */
  readonly failures: readonly string[];
  /** What failed and then passed, told as a failure is. */
  readonly unsteady: readonly string[];
}

/** All of them together. */
export const sumOf = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
  failures: tallies.flatMap(({ failures }) => failures),
  unsteady: tallies.flatMap(({ unsteady }) => unsteady),
});

/** A run whose files were each tried once. */
export const tallyOf = (files: readonly FileTally[]): Tally =>
  sumOf(files.map(({ passed, failures }) => ({ passed, failures, unsteady: [] })));

/**
 * Says what failed, then counts in a last line, so that the end of a long log names what it is about; sets the exit code:
 * 1 when anything failed or nothing ran.
 */
export function conclude({ passed, failures, unsteady }: Tally): void {
  if (unsteady.length > 0) console.log(`\nPassed at the second try only:\n\n${unsteady.join('\n\n')}`);
  if (failures.length > 0) console.log(`\nFailed:\n\n${failures.join('\n\n')}`);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
}
