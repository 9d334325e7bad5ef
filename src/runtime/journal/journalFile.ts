import type { Plugged } from '../config/kinds.ts';
import { UsageError } from '../errors.ts';

/** What is done from the command line to a journal in a file, and by a server's own tools to one on a server. */
export type FileVerb = 'backup' | 'restore' | 'migrate';

/** What to do instead where a server keeps the journal, by its schema. */
const ON_POSTGRES: Readonly<Record<FileVerb, (schema: string) => string>> = {
  backup: (schema) =>
    `pg_dump --schema=${schema} copies it while the keeper runs; the server's archive does too`,
  restore: (schema) =>
    `stop the keeper, rename schema ${schema}, and load the copy with psql or pg_restore; never while an order may be open`,
  migrate: () => 'nothing: the keeper brings it up to date when it starts, in one transaction',
};

/**
 * Path of the file of a config's journal.
 *
 * @param verb what is to be done to it: where that cannot be done from here, what to do instead is said
 * @throws UsageError where the journal is in no file of its own: its database has tools for that
 */
export function journalFile({ kind, config }: Plugged, verb: FileVerb): string {
  const { path, schema } = config as Readonly<Record<'path' | 'schema', unknown>>;
  if (kind === 'sqlite' && typeof path === 'string') return path;
  const what = `ballast journal ${verb} is for a journal in a file; this one is kept by ${kind}`;
  const action = kind === 'postgres' ? ON_POSTGRES[verb](String(schema)) : 'use the tools of what keeps it';
  throw new UsageError('USAGE', what, { action });
}
