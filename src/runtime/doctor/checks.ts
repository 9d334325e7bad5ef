import { BallastError, messageOf } from '../../core/errors.ts';
import type { Clock } from '../../ports/ambient.ts';

/** How a check came out, worst first. */
export type Verdict = 'fail' | 'warn' | 'ok';

/** One line of the doctor: what was looked at, what was found, what to do. */
export interface Finding {
  readonly verdict: Verdict;
  readonly check: string;
  readonly found: string;
  /** Null where nothing has to be done. */
  readonly action: string | null;
}

/** A look at one thing; whatever it throws is a fail. */
export interface Check {
  readonly name: string;
  look(): Promise<readonly Finding[]>;
}

const SEVERITY: readonly Verdict[] = ['fail', 'warn', 'ok'];

/** A check that passed. */
export const ok = (check: string, found: string): Finding => ({ verdict: 'ok', check, found, action: null });
/** A check that somebody should look at. */
export const warn = (check: string, found: string, action: string): Finding => ({
  verdict: 'warn',
  check,
  found,
  action,
});
/** A check that stops the vault from being hedged. */
export const fail = (check: string, found: string, action: string): Finding => ({
  verdict: 'fail',
  check,
  found,
  action,
});

/** Runs every check side by side, each within its time; failures come first, otherwise the order stays. */
export async function runChecks(
  checks: readonly Check[],
  clock: Clock,
  timeoutSeconds: number,
): Promise<readonly Finding[]> {
  const findings = await Promise.all(checks.map((check) => bounded(check, clock, timeoutSeconds)));
  return findings.flat().sort((a, b) => SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict));
}

async function bounded(check: Check, clock: Clock, timeoutSeconds: number): Promise<readonly Finding[]> {
  const done = new AbortController();
  const late = clock
    .sleep(timeoutSeconds * 1000, done.signal)
    .then((): readonly Finding[] => [
      fail(check.name, `no answer within ${timeoutSeconds} s`, 'see whether the endpoint is up'),
    ]);
  try {
    return await Promise.race([check.look(), late]);
  } catch (error) {
    const action =
      error instanceof BallastError ? (error.action ?? 'see docs/errors.md') : 'run it again with --debug';
    return [fail(check.name, messageOf(error).split('\n')[0] ?? '', action)];
  } finally {
    done.abort();
  }
}
