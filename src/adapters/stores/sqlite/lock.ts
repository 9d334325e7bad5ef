import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'libsql';
import { JournalError } from '../../../core/errors.ts';

/** Where a file really lies: a journal that is reached by a link is still the one journal. */
function placeOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
}

/**
 * Holds a lock that the operating system takes back when the process dies, however it dies: an exclusive transaction on
 * a file beside the journal. The journal itself stays readable for others.
 *
 * @throws JournalError where somebody else holds it; the system's error where its folder is missing
 */
export function lockOut(path: string): Database.Database {
  const lock = new Database(`${placeOf(path)}-lock`, { timeout: 0 });
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
