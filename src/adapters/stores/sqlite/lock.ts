import Database from 'libsql';
import { JournalError } from '../../../core/errors.ts';

/**
 * Holds a lock that the operating system takes back when the process dies, however it dies: an exclusive transaction on
 * a file beside the journal. The journal itself stays readable for others.
 *
 * @throws JournalError where somebody else holds it
 */
export function lockOut(path: string): Database.Database {
  const lock = new Database(`${path}-lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (thrown) {
    lock.close();
    throw new JournalError('another keeper has it open', {
      facts: { path },
      action:
        'stop the other keeper, or give this one its own journal; status and explain may read it meanwhile',
      cause: thrown,
    });
  }
}
