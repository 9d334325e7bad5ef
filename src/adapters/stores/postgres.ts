import { z } from 'zod';
import type { StoreKind } from '../../ports/store.ts';
import { readOnly, retentionDays } from './internal/config.ts';

const config = z.strictObject({
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/, 'expected an address like postgres://user:password@host:5432/database')
    .meta({
      description: 'the database, with user and password: a secret, so take it from the environment',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: how a config names a variable of the environment
      examples: ['${BALLAST_JOURNAL_URL}'],
    }),
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'expected small letters, digits and _')
    .default('ballast')
    .describe('the schema that the journal has for itself; one per keeper'),
  readOnly,
  retentionDays,
});

/**
 * The journal in a schema of a PostgreSQL database, for keepers whose machine may be lost. One keeper at a time holds it, by a
 * lock of the server's that goes when its connection does; any number may read it meanwhile. A commit is on the server's disk
 * when it is acknowledged, and every row is checked when it is read. A pooler between has to keep sessions apart
 * (PgBouncer: `pool_mode = session`).
 */
export const postgres: StoreKind<z.infer<typeof config>> = {
  summary: 'a schema of a PostgreSQL database, one keeper, for machines that may be lost',
  config,
  sample: { url: 'postgres://127.0.0.1:5432/ballast', schema: 'ballast', readOnly: false },
  open: async (place) => {
    // Loaded where a journal is opened, as SQLite's is.
    const { PostgresStore } = await import('./postgres/store.ts');
    return PostgresStore.open(place);
  },
};
