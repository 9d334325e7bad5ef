import type { Plugged } from '../config/kinds.ts';
import { UsageError } from '../errors.ts';

/** How long a journal keeps decisions that led to nothing, as its config says; null: for good. */
export interface JournalPlace {
  readonly path: string;
  readonly retentionDays: number | null;
}

/** What can be done to a journal from the command line. */
export type JournalVerb = 'info' | 'backup' | 'restore' | 'prune' | 'migrate';

/** What to do instead where a server keeps the journal, by its schema. */
const ON_POSTGRES: Readonly<Record<JournalVerb, (schema: string) => string>> = {
  info: () => 'ballast status and the dashboard show what is in it, the server how large it is',
  backup: (schema) =>
    `pg_dump --schema=${schema} copies it while the keeper runs; the server's archive does too`,
  restore: (schema) =>
    `stop the keeper, rename schema ${schema}, and load the copy with psql or pg_restore; never while an order may be open`,
  prune: (schema) =>
    `once no order is open, stop the keeper and name a new journal.schema: it begins there, and ${schema} stays to be looked at`,
  migrate: () => 'nothing: the keeper brings it up to date when it starts, in one transaction',
};

/**
 * The file of a config's journal.
 *
 * @param verb what is to be done to it: where that cannot be done from here, what to do instead is said
 * @throws UsageError where the journal is in no file of its own: its database has tools for that
 */
export function journalPlace({ kind, config }: Plugged, verb: JournalVerb): JournalPlace {
  const { path, retentionDays, schema } = config as Readonly<
    Record<'path' | 'retentionDays' | 'schema', unknown>
  >;
  if (kind === 'sqlite' && typeof path === 'string') {
    return { path, retentionDays: typeof retentionDays === 'number' ? retentionDays : null };
  }
  const what = `ballast journal ${verb} is for a journal in a file; this one is kept by ${kind}`;
  const action = kind === 'postgres' ? ON_POSTGRES[verb](String(schema)) : 'use the tools of what keeps it';
  throw new UsageError('USAGE', what, { action });
}
