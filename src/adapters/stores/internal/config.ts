import { z } from 'zod';

/** A key of every kind of journal. */
export const readOnly = z
  .boolean()
  .default(false)
  .describe('look into the journal of a keeper that may be running; takes no lock and writes nothing');

/** A key of every kind of journal. */
export const retentionDays = z
  .number()
  .positive()
  .optional()
  .describe(
    'age at which ballast journal prune removes decisions that led to no order; it has to be told unless given',
  );
