import type { Plugged } from '../config/kinds.ts';
import { UsageError } from '../errors.ts';

/** How long a journal keeps decisions that led to nothing, as its config says; null: for good. */
export interface JournalPlace {
  readonly path: string;
  readonly retentionDays: number | null;
}

/**
 * The file of a config's journal.
 *
 * @throws UsageError where the journal is in no file of its own: its database has tools for that
 */
export function journalPlace({ kind, config }: Plugged): JournalPlace {
  const { path, retentionDays } = config as { readonly path?: unknown; readonly retentionDays?: unknown };
  if (kind === 'sqlite' && typeof path === 'string') {
    return { path, retentionDays: typeof retentionDays === 'number' ? retentionDays : null };
  }
  throw new UsageError('USAGE', `the journal is kept by ${kind}, not in a file of its own`, {
    action: 'use the tools of that database, for example pg_dump and pg_restore',
  });
}
