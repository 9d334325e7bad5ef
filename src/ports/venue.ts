import type { Pool } from '../core/amm/pool.ts';
import type { Read } from '../core/read.ts';
import type { EmptyPool } from '../core/snapshot.ts';
import type { ConfigSchema } from './config.ts';
import type { ReadContext, Remembered, Verification } from './protocol.ts';

/** Reads one kind of AMM pool. */
export interface Venue<C = unknown, P extends Pool = Pool> {
  readonly summary: string;
  readonly verified: Verification;
  readonly config: ConfigSchema<C>;
  /** A pool that exists and holds nothing is no fault: it is read as empty. */
  read(config: C, context: ReadContext): Read<Remembered<P | EmptyPool>>;
  readonly sample: C;
}

/** Declares a venue plug-in; the export's name is its `kind` in the config. */
export function defineVenue<C, P extends Pool = Pool>(venue: Venue<C, P>): Venue<C, P> {
  return venue;
}

/** A venue with its config filled in: one pool. */
export interface BoundVenue {
  readonly kind: string;
  readonly key: string;
  read(context: ReadContext): Read<Remembered<Pool | EmptyPool>>;
}
