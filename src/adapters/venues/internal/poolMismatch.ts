import { BallastError } from '../../../core/errors.ts';
import type { Address } from '../../../core/units.ts';

/** The pool of the config trades another pair than the vault, or is not where the config says it is. */
export class PoolMismatchError extends BallastError {
  constructor(pool: Address, what: string, facts: Readonly<Record<string, string | number>>) {
    super('POOL_MISMATCH', `pool ${pool} ${what}`, {
      facts: { pool, ...facts },
      action: "correct this venue's pool",
    });
  }
}
