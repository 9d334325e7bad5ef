import pg from 'pg';
import { BallastError, JournalError, messageOf } from '../../../core/errors.ts';

/** Classes of SQLSTATE behind which the server, the connection or the moment is at fault, not what was asked. */
const PASSING = /^(08|40|53|55|57|58)/;

/** Whether the server answered, however: otherwise nobody knows what became of the connection. */
export function isAnswer(thrown: unknown): thrown is pg.DatabaseError {
  return thrown instanceof pg.DatabaseError && thrown.severity !== 'FATAL' && thrown.severity !== 'PANIC';
}

/**
 * An error of the driver in the journal's own words. A retry can help where the connection was lost or the server is
 * starting, stopping or full; whether a commit that was cut off took place is what the next read says.
 */
export function postgresErrorOf(what: string, thrown: unknown): BallastError {
  if (thrown instanceof BallastError) return thrown;
  const code = String((thrown as { code?: unknown } | null)?.code ?? '');
  const retryable = !isAnswer(thrown) || PASSING.test(code);
  return new JournalError(`${what}: ${messageOf(thrown)}`, {
    cause: thrown,
    facts: { code },
    retryable,
    action: retryable
      ? 'check that the PostgreSQL server runs and can be reached; the next tick tries again, and nothing was sent'
      : 'check the server’s log and the rights of its user; nothing was sent',
  });
}
