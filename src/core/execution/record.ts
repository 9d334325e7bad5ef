import type { Address, Hash } from '../units.ts';
import { type FillFacts, type FillQuality, fillQuality } from './fillQuality.ts';
import { type Markout, markoutHorizons, markoutOf } from './markout.ts';

/** Middle price of a traded pool at one block. */
export interface PoolPrice {
  readonly pool: Address;
  /** Quote per base; null where the pool was not read, or is of another pair. */
  readonly price: number | null;
}

/** Prices at one block after a fill. */
export interface Sighting {
  readonly atBlock: bigint;
  readonly fairPrice: number;
  readonly pools: readonly PoolPrice[];
}

/** A look back that took place, or why it did not. */
export type Observation =
  | { readonly kind: 'seen'; readonly sighting: Sighting }
  | { readonly kind: 'missing'; readonly why: string };

/** A look back that is due or was made. */
export interface HorizonObservation {
  readonly horizonBlocks: number;
  readonly observation: Observation;
}

/** A leg of a filled order. */
export interface TradedPool {
  readonly venue: string;
  readonly pool: Address;
  /** Share of the order's base that the plan gave it, 0 to 1. */
  readonly share: number;
}

/** What is kept of a fill: facts only, so that what is made of them may change. */
export interface ExecutionRecord {
  readonly orderId: string;
  readonly vault: string;
  readonly transactionHash: Hash;
  readonly fillBlockHash: Hash;
  readonly facts: FillFacts;
  /** Relays that had accepted the transaction, by name. */
  readonly relays: readonly string[];
  readonly pools: readonly TradedPool[];
  readonly atFill: Observation;
  /** As far as made, shortest first. */
  readonly later: readonly HorizonObservation[];
}

/** A look back with what it says. */
export type HorizonMarkout =
  | { readonly horizonBlocks: number; readonly atBlock: bigint; readonly markout: Markout }
  | { readonly horizonBlocks: number; readonly missing: string };

/** A fill as it is judged. */
export interface Execution {
  readonly record: ExecutionRecord;
  readonly quality: FillQuality;
  /** One for each horizon that has come, shortest first. */
  readonly markouts: readonly HorizonMarkout[];
}

/** The fill's block itself must have been looked at within so many blocks. */
const MOST_LATE_AT_FILL = 1n;

/** Blocks after its horizon up to which a look back still counts for it: a fifth of it, at least one. */
const mostLate = (horizonBlocks: number) => BigInt(Math.max(1, Math.floor(horizonBlocks / 5)));

/** What is known of the fill's own block from the first look after it. */
export function observationAtFill(filledAtBlock: bigint, sighting: Sighting): Observation {
  const late = sighting.atBlock - filledAtBlock;
  if (late <= MOST_LATE_AT_FILL) return { kind: 'seen', sighting };
  return { kind: 'missing', why: `the first look was ${late} blocks after the fill` };
}

/** The record with every horizon that has come by a block; unchanged, the very same, where none has. */
export function observeHorizons(record: ExecutionRecord, sighting: Sighting): ExecutionRecord {
  const { filledAtBlock } = record.facts;
  const due = markoutHorizons
    .slice(record.later.length)
    .filter((horizon) => sighting.atBlock >= filledAtBlock + BigInt(horizon));
  if (due.length === 0) return record;
  const seenAtFill = record.atFill.kind === 'seen' ? record.atFill.sighting.atBlock : null;
  const later = due.map((horizonBlocks): HorizonObservation => {
    const late = sighting.atBlock - filledAtBlock - BigInt(horizonBlocks);
    if (late > mostLate(horizonBlocks))
      return missing(horizonBlocks, `the first look was ${late} blocks too late`);
    if (seenAtFill !== null && sighting.atBlock <= seenAtFill)
      return missing(horizonBlocks, 'the fill was seen no earlier');
    return { horizonBlocks, observation: { kind: 'seen', sighting } };
  });
  return { ...record, later: [...record.later, ...later] };
}

const missing = (horizonBlocks: number, why: string): HorizonObservation => ({
  horizonBlocks,
  observation: { kind: 'missing', why },
});

/** The block from which on the next horizon is looked back from; null where every one has been, or was missed. */
export function nextHorizonBlock({ facts, later }: ExecutionRecord): bigint | null {
  const horizon = markoutHorizons[later.length];
  return horizon === undefined ? null : facts.filledAtBlock + BigInt(horizon);
}

/** Judges a fill by what is kept of it. */
export function judge(record: ExecutionRecord): Execution {
  return {
    record,
    quality: fillQuality(record.facts),
    markouts: record.later.map(({ horizonBlocks, observation }): HorizonMarkout => {
      if (observation.kind === 'missing') return { horizonBlocks, missing: observation.why };
      if (record.atFill.kind === 'missing') return { horizonBlocks, missing: record.atFill.why };
      const markout = between(record, record.atFill.sighting, observation.sighting);
      return { horizonBlocks, atBlock: observation.sighting.atBlock, markout };
    }),
  };
}

function between({ facts, pools }: ExecutionRecord, atFill: Sighting, later: Sighting): Markout {
  return markoutOf({
    side: facts.side,
    fillPrice: facts.quote / facts.base,
    fairAtFill: atFill.fairPrice,
    fairLater: later.fairPrice,
    poolAfter: weighted(pools, atFill),
    poolLater: weighted(pools, later),
  });
}

/** Null where the price of any traded pool is not known: a part of them would be compared with another part. */
function weighted(pools: readonly TradedPool[], { pools: prices }: Sighting): number | null {
  let sum = 0;
  for (const { pool, share } of pools) {
    const price = prices.find((found) => found.pool === pool)?.price ?? null;
    if (price === null) return null;
    sum += share * price;
  }
  return pools.length === 0 ? null : sum;
}
