import type { BlockFacts, ObservedFacts, VolatilityReading } from '../snapshot.ts';
import type { Obstacle } from './obstacle.ts';

/** Why a reading is no volatility, for itself: what it says, or the number that it holds. */
function faultOf({ fault, volatility }: VolatilityReading): string | null {
  if (fault !== undefined && fault !== null) return fault;
  return volatility > 0 && Number.isFinite(volatility) ? null : `${volatility} is no volatility`;
}

/** Why time makes a reading unusable at a block; what lies as far ahead of the block as it may lie behind is wrong too. */
function ageFaultOf(reading: VolatilityReading, block: BlockFacts): string | null {
  const { staleAfterSeconds, observedAtSeconds } = reading;
  if (staleAfterSeconds === undefined) return null;
  const age = block.timestampSeconds - observedAtSeconds;
  if (age > staleAfterSeconds) return `${Math.round(age)} s old, at most ${staleAfterSeconds} s are trusted`;
  return age < -staleAfterSeconds ? `${Math.round(-age)} s ahead of this block` : null;
}

/** Why a volatility cannot be used at a block: its own fault, or its age by the block's own time; null where it can. */
export function volatilityFault(reading: VolatilityReading, block: BlockFacts): string | null {
  return faultOf(reading) ?? ageFaultOf(reading, block);
}

/** Whether a volatility can be used at a block: without fault, and young enough by the block's own time. */
export function isUsableVolatility(reading: VolatilityReading, block: BlockFacts): boolean {
  return volatilityFault(reading, block) === null;
}

/**
 * What a snapshot holds of the configured volatilities: the first that can be used at the block, with those before it
 * that could not. Where none can, the first of all, and `volatilityObstacle` says why.
 *
 * @param readings in the order of the config, at least one
 */
export function chosenVolatility(
  [first, ...rest]: readonly [VolatilityReading, ...VolatilityReading[]],
  block: BlockFacts,
): ObservedFacts {
  const readings = [first, ...rest];
  const used = readings.findIndex((reading) => isUsableVolatility(reading, block));
  const volatility = readings[used] ?? first;
  const volatilityPassedOver = used < 0 ? rest : readings.slice(0, used);
  return volatilityPassedOver.length === 0 ? { volatility } : { volatility, volatilityPassedOver };
}

/** Why a volatility may not be priced with; null where it may. */
export function volatilityObstacle(observed: ObservedFacts, block: BlockFacts): Obstacle | null {
  if (isUsableVolatility(observed.volatility, block)) return null;
  const all = [observed.volatility, ...(observed.volatilityPassedOver ?? [])];
  const words = all.map((reading) => `${reading.source}: ${volatilityFault(reading, block)}`);
  const isStale = all.some((reading) => faultOf(reading) === null);
  const why = `no volatility can be used (${words.join('; ')})`;
  return { code: isStale ? 'volatilityStale' : 'volatilityInvalid', why };
}
