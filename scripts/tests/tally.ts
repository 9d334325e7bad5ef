/** What a run of tests came to. */
export interface Tally {
  readonly passed: number;
  /** Each its name on a first line, what was wrong below it. */
  readonly failures: readonly string[];
  /** Names of tests that failed and then passed. */
  readonly unsteady: readonly string[];
}

/** Both together. */
export const sumOf = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
  failures: tallies.flatMap(({ failures }) => failures),
  unsteady: tallies.flatMap(({ unsteady }) => unsteady),
});

/**
 * Says what failed, then counts in a last line, so that the end of a long log names what it is about; sets the exit code:
 * 1 when anything failed or nothing ran.
 */
export function conclude({ passed, failures, unsteady }: Tally): void {
  if (unsteady.length > 0) console.log(`\nPassed at the second try only:\n\n${unsteady.join('\n')}`);
  if (failures.length > 0) console.log(`\nFailed:\n\n${failures.join('\n\n')}`);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
}
