import { realpathSync, statSync } from 'node:fs';
import { JournalError } from '../../../core/errors.ts';

/** What tells one file from another that is put in its place; null where there is none. */
function fileNumber(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

/**
 * Watches that the files of an open journal stay where they are. Writing to a file that was deleted, or moved away, goes on
 * without an error, and all of it is gone with the process; and whoever takes the lock's place lets a second keeper in.
 *
 * @param path of a journal in write-ahead mode
 * @returns to be called before each write; throws JournalError once a file is gone or another
 */
export function filesInPlace(path: string): () => void {
  const place = realpathSync(path);
  const opened = [path, `${place}-wal`, `${place}-lock`].map((file) => ({ file, number: fileNumber(file) }));
  return () => {
    const moved = opened.find(({ file, number }) => fileNumber(file) !== number);
    if (moved === undefined) return;
    throw new JournalError(`${moved.file} was taken away or replaced`, {
      facts: { file: moved.file },
      action:
        'put it back, or stop the keeper and start it over the journal that is to count; nothing was sent',
    });
  };
}
