import type { Pool } from '../../src/core/amm/pool.ts';
import type { EmptyPool } from '../../src/core/snapshot.ts';

/** A pool that a venue found something in. */
export function tradable<P extends Pool>(found: P | EmptyPool): P {
  if (found.kind === 'empty') throw new Error(`${found.address}: ${found.why}`);
  return found as P;
}
