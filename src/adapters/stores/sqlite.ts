import { z } from 'zod';
import type { StoreKind } from '../../ports/store.ts';
import { readOnly, retentionDays } from './internal/config.ts';

const config = z.strictObject({
  path: z
    .string()
    .min(1)
    .meta({ description: 'the journal file', examples: ['ballast.sqlite'] }),
  readOnly,
  retentionDays,
});

/**
 * The journal in one SQLite file beside the keeper. One keeper at a time holds it; any number may read it meanwhile. What
 * it has acknowledged survives the process and the power going away, and every row is checked when it is read.
 */
export const sqlite: StoreKind<z.infer<typeof config>> = {
  summary: 'one SQLite file, one keeper, nothing to install',
  config,
  sample: { path: 'ballast.sqlite', readOnly: false },
  open: async ({ path, readOnly }) => {
    // Loaded where a journal is opened: the query builder is a fifth of what there is to load.
    const { connect } = await import('./sqlite/connection.ts');
    const { SqliteStore } = await import('./sqlite/store.ts');
    return new SqliteStore(connect(path, readOnly));
  },
};
