import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../ports/ambient.ts';
import type { Config } from '../config/schema.ts';
import type { AlertBook } from './book.ts';

/** What channels were told, kept over restarts, so that a keeper that starts again neither repeats itself nor leaves an end unsaid. */
export interface AlertMemory {
  /** What a channel took before; empty where nothing is known. */
  recall(channel: string): AlertBook;
  /** Keeps what a channel has taken by now. */
  keep(channel: string, book: AlertBook): void;
}

/** Remembers nothing over a restart. */
export const noMemory: AlertMemory = { recall: () => new Map(), keep: () => {} };

/** Where a config's keeper remembers what it told: beside the journal, as what operators said is. */
export function alertFileOf({ arming, journal }: Pick<Config, 'arming' | 'journal'>): string {
  const { path } = journal.config as { readonly path?: unknown };
  return `${typeof path === 'string' ? path : (arming.file ?? 'ballast')}-alerts`;
}

type Kept = Readonly<Record<string, readonly (readonly [string, unknown])[]>>;

/**
 * A memory in a file, written anew at each message that was taken. A file that cannot be read or written costs a line in
 * the log: people are told twice rather than never.
 */
export function fileMemory(file: string, log: Log): AlertMemory {
  let kept = readKept(file, log);
  return {
    recall: (channel) => new Map(kept[channel] ?? []) as AlertBook,
    keep(channel, book) {
      kept = { ...kept, [channel]: [...book] };
      try {
        writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
        renameSync(`${file}.new`, file);
      } catch (error) {
        log.warn({ file, error: messageOf(error) }, 'what was told is not remembered over a restart');
      }
    },
  };
}

function readKept(file: string, log: Log): Kept {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isKept(found)) return found;
    log.warn({ file }, 'no memory of what was told: what may be old is told again');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log.warn(
        { file, error: messageOf(error) },
        'no memory of what was told: what may be old is told again',
      );
  }
  return {};
}

function isKept(found: unknown): found is Kept {
  if (typeof found !== 'object' || found === null) return false;
  return Object.values(found).every(
    (book) => Array.isArray(book) && book.every((entry) => Array.isArray(entry) && isEntry(entry[1])),
  );
}

function isEntry(entry: unknown): boolean {
  const { message, isRaised, toldAtSeconds } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  return (
    typeof message === 'object' &&
    message !== null &&
    typeof isRaised === 'boolean' &&
    typeof toldAtSeconds === 'number'
  );
}
