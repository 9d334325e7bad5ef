import type { BlockFacts, PriceReading, Snapshot } from '../snapshot.ts';
import type { Obstacle } from './obstacle.ts';

function ageSeconds(reading: PriceReading, block: BlockFacts): number {
  return block.timestampSeconds - reading.updatedAtSeconds;
}

/** Why a reading is no price, for itself: what it says, or the number that it holds. */
function faultOf({ fault, price, numerator, denominator }: PriceReading): string | null {
  if (fault !== null) return fault;
  const isPrice = price > 0 && price < Number.POSITIVE_INFINITY && numerator > 0n && denominator > 0n;
  return isPrice ? null : `${price} (${numerator} / ${denominator}) is no price`;
}

/** Whether a price can be used at a block: without fault, and within its heartbeat by the block's own time. */
export function isFresh(reading: PriceReading, block: BlockFacts): boolean {
  return faultOf(reading) === null && ageSeconds(reading, block) <= reading.staleAfterSeconds;
}

/** The oracle that bounds are taken from: the first feed of the config that can be used, or why none can. */
export function usableOracle(snapshot: Snapshot): PriceReading | Obstacle {
  const { prices, block } = snapshot.chain;
  const fresh = prices.find((reading) => isFresh(reading, block));
  if (fresh !== undefined) return fresh;
  const stale = prices.find((reading) => faultOf(reading) === null);
  if (stale !== undefined) {
    const age = `${ageSeconds(stale, block)} s old, its heartbeat is ${stale.staleAfterSeconds} s`;
    return { code: 'oracleStale', why: `${stale.source} is ${age}: wait for it to update` };
  }
  const faults = prices.map((reading) => `${reading.source}: ${faultOf(reading)}`).join('; ');
  return { code: 'oracleInvalid', why: `no price feed can be used (${faults || 'none is configured'})` };
}
