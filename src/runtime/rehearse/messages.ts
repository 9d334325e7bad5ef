import type { Decision } from '../../core/decision.ts';
import type { Hex } from '../../core/units.ts';
import type { Config } from '../config/schema.ts';
import type { Fuse } from './journalWrites.ts';

/** What a keeper process is asked to do; one at a time. */
export type KeeperRequest =
  /** Opens the world of a config; `keys` are all the variables that it may read. */
  | {
      readonly kind: 'open';
      readonly config: Config;
      readonly keys: Readonly<Record<string, Hex>>;
      readonly fuse: Fuse | null;
    }
  /** Looks once; the keeper's clock is set to this first and goes on from there: blocks follow each other faster here. */
  | { readonly kind: 'tick'; readonly nowSeconds: number }
  | { readonly kind: 'close' };

/** What one tick did about one vault, as far as a rehearsal asks. */
export interface VaultTick {
  readonly vault: string;
  readonly kind: Decision['kind'];
  readonly code: Decision['code'];
  readonly why: string;
  readonly netDelta: number | null;
  /** Beyond which net delta it sells; null where the policy has no band. */
  readonly sellAct: number | null;
  /** Orders that may still execute. */
  readonly open: number;
  /** Kinds of what happened to earlier orders. */
  readonly settled: readonly string[];
}

/** What a keeper process answers. */
export type KeeperAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'ticked'; readonly vaults: readonly VaultTick[] }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };
