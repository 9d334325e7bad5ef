import type { Pool } from '../amm/pool.ts';

/** Sets of ways looked at, at most: enough for four pools on either side of a bridge token, where 24 pairings are. */
const MAX_SETS = 64;

function isAnyShared(ways: readonly (readonly Pool[])[]): boolean {
  const seen: Pool[] = [];
  for (const pools of ways) {
    for (const pool of pools) {
      if (seen.includes(pool)) return true;
      seen.push(pool);
    }
  }
  return false;
}

/**
 * The largest sets of ways in which no pool is used twice, each by position in ascending order: what one way took of a
 * pool is not there for another. Ways that share nothing are in every set; of the others come as many pairings as go
 * together, the sets of earlier ways first where there are too many to look at.
 *
 * @param ways the pools of each way
 */
export function compatibleSets(ways: readonly (readonly Pool[])[]): readonly (readonly number[])[] {
  const all = ways.map((_, way) => way);
  // Where no pool comes twice, as among pools of base and quote alone, there is nothing to choose.
  if (!isAnyShared(ways)) return [all];
  const isShared = (way: number) =>
    ways.some((other, at) => at !== way && other.some((pool) => ways[way]!.includes(pool)));
  const shared = all.filter(isShared);
  const free = all.filter((way) => !shared.includes(way));
  const sets: (readonly number[])[] = [];

  function extend(chosen: readonly number[], open: readonly number[]): void {
    if (sets.length >= MAX_SETS) return;
    const [next] = open;
    if (next === undefined) {
      sets.push([...free, ...chosen].sort((a, b) => a - b));
      return;
    }
    const clashes = (way: number) => ways[way]!.some((pool) => ways[next]!.includes(pool));
    extend(
      [...chosen, next],
      open.filter((way) => !clashes(way)),
    );
    // Leaving a way out is worth looking at only where one that it excludes comes in instead.
    const rivals = open.filter((way) => way !== next && clashes(way));
    for (const rival of rivals) {
      const clashesWithRival = (way: number) => ways[way]!.some((pool) => ways[rival]!.includes(pool));
      const skipped = [next, ...rivals.slice(0, rivals.indexOf(rival))];
      extend(
        [...chosen, rival],
        open.filter((way) => !clashesWithRival(way) && !skipped.includes(way)),
      );
    }
  }

  extend([], shared);
  return sets;
}
