import type { ConcentratedPool, ConstantProductPool, Pool } from '../../../core/amm/pool.ts';
import type { Snapshot } from '../../../core/snapshot.ts';

/** Stores a piece of a snapshot once and gives its hash. */
export type PutPart = (part: unknown) => string;

/** The piece that a hash stands for. */
export type GetPart = (hash: string) => unknown;

/** A pool apart: its ticks, where it has any, hardly ever change, its price at every swap. */
interface PoolParts {
  readonly ticks: string | null;
  readonly state: string;
}

/** A snapshot as hashes of its parts, so that what did not change from block to block is stored once. */
export interface SnapshotManifest {
  readonly schema: 1;
  readonly block: string;
  readonly vault: string;
  readonly positions: string;
  readonly holdings: string;
  readonly pools: readonly PoolParts[];
  /** Absent where every configured pool held something. */
  readonly emptyPools?: string;
  readonly prices: string;
  readonly guard: string;
  /** Absent where the vault has neither debts nor written options with rules that are known. */
  readonly margin?: string;
  /** Absent where nothing of the kind is looked at. */
  readonly quotePeg?: string;
  readonly sequencer?: string;
  readonly observed: string;
  readonly history: string;
  readonly native: string;
}

function splitPool(pool: Pool, put: PutPart): PoolParts {
  if (pool.kind === 'constantProduct') return { ticks: null, state: put(pool) };
  const { ticks, ...state } = pool;
  return { ticks: put(ticks), state: put(state) };
}

function joinPool(parts: PoolParts, get: GetPart): Pool {
  if (parts.ticks === null) return get(parts.state) as ConstantProductPool;
  const state = get(parts.state) as Omit<ConcentratedPool, 'ticks'>;
  return { ...state, ticks: get(parts.ticks) as ConcentratedPool['ticks'] };
}

/** A part that joins the snapshot does not compile until it is kept too. */
function nothingIsLost(..._rest: readonly Record<string, never>[]): void {}

/** Takes a snapshot apart. */
export function splitSnapshot(snapshot: Snapshot, put: PutPart): SnapshotManifest {
  const { vault, chain, observed, history, native, schema, ...unknownParts } = snapshot;
  const { block, positions, holdings, pools, emptyPools, prices, guard, margin, ...more } = chain;
  const { quotePeg, sequencer, ...unknownFacts } = more;
  nothingIsLost(unknownParts, unknownFacts);
  return {
    schema,
    block: put(block),
    vault: put(vault),
    positions: put(positions),
    holdings: put(holdings),
    pools: pools.map((pool) => splitPool(pool, put)),
    ...(emptyPools === undefined ? {} : { emptyPools: put(emptyPools) }),
    prices: put(prices),
    guard: put(guard),
    ...(margin === undefined ? {} : { margin: put(margin) }),
    ...(quotePeg === undefined ? {} : { quotePeg: put(quotePeg) }),
    ...(sequencer === undefined ? {} : { sequencer: put(sequencer) }),
    observed: put(observed),
    history: put(history),
    native: put(native),
  };
}

/** A fact that not every snapshot has, under its name; nothing where this one has not. */
function optionalFact<K extends 'emptyPools' | 'margin' | 'quotePeg' | 'sequencer'>(
  key: K,
  manifest: SnapshotManifest,
  get: GetPart,
): Pick<Snapshot['chain'], K> | Record<string, never> {
  const hash = manifest[key];
  return hash === undefined ? {} : ({ [key]: get(hash) } as Pick<Snapshot['chain'], K>);
}

/** Puts a snapshot together again; `get` vouches for each part by its hash. */
export function joinSnapshot(manifest: SnapshotManifest, get: GetPart): Snapshot {
  return {
    schema: 1,
    vault: get(manifest.vault) as Snapshot['vault'],
    chain: {
      block: get(manifest.block) as Snapshot['chain']['block'],
      positions: get(manifest.positions) as Snapshot['chain']['positions'],
      holdings: get(manifest.holdings) as Snapshot['chain']['holdings'],
      pools: manifest.pools.map((parts) => joinPool(parts, get)),
      ...optionalFact('emptyPools', manifest, get),
      prices: get(manifest.prices) as Snapshot['chain']['prices'],
      guard: get(manifest.guard) as Snapshot['chain']['guard'],
      ...optionalFact('margin', manifest, get),
      ...optionalFact('quotePeg', manifest, get),
      ...optionalFact('sequencer', manifest, get),
    },
    observed: get(manifest.observed) as Snapshot['observed'],
    history: get(manifest.history) as Snapshot['history'],
    native: get(manifest.native) as Snapshot['native'],
  };
}

/** Every hash that a manifest names. */
export function hashesOf(manifest: SnapshotManifest): readonly string[] {
  const { schema: _, pools, ...single } = manifest;
  return [
    ...Object.values(single),
    ...pools.flatMap(({ ticks, state }) => (ticks === null ? [state] : [ticks, state])),
  ];
}
