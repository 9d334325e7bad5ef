import { readFile } from 'node:fs/promises';
import { parseRecordedState, type RecordedState, type RecordedTick } from '../../core/amm/recordedPool.ts';
import { CorruptDataError, InvalidInputError, messageOf } from '../../core/errors.ts';
import { type Address, max, sameAddress } from '../../core/units.ts';
import { amountsOfRange } from './liquidityShape.ts';
import { type DevnetPool, type DevnetPoolName, devnetPools } from './pools.ts';

/** An initialised tick of a recorded pool. */
export type SnapshotTick = RecordedTick;

/** A real pool as it was at one block: all that its swaps depend on. */
export interface PoolSnapshot extends Omit<RecordedState, 'feePips' | 'tickSpacing'> {
  readonly pool: DevnetPool;
}

/**
 * Reads a recorded pool from a JSON file: `{ pool, fee, tickSpacing, sqrtPriceX96, tick, liquidity, ticks: [{ tick,
 * liquidityNet, liquidityGross }], balance0, balance1 }`, large numbers as strings, the gross liquidity and the balances
 * null or absent where unknown.
 *
 * @throws InvalidInputError when the file cannot be read, or is of a pool that the devnet does not have
 * @throws CorruptDataError when it contradicts itself
 */
export async function readPoolSnapshot(path: string): Promise<PoolSnapshot> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InvalidInputError('pools', path, `a JSON file with a recorded pool (${messageOf(error)})`);
  }
  return parsePoolSnapshot(json);
}

/** As {@link readPoolSnapshot}, of JSON that was read already. */
export function parsePoolSnapshot(json: unknown): PoolSnapshot {
  const pool = knownPool((json as { readonly pool?: unknown } | null)?.pool);
  const { feePips, tickSpacing, ...state } = parseRecordedState(json);
  const snapshot = { pool, ...state };
  if (feePips !== pool.feePips)
    throw new CorruptDataError(`fee of ${pool.name}`, feePips, String(pool.feePips));
  if (tickSpacing !== pool.tickSpacing)
    throw new CorruptDataError(`tick spacing of ${pool.name}`, tickSpacing, String(pool.tickSpacing));
  check(snapshot);
  return snapshot;
}

/**
 * What the pool needs of both tokens to pay for every swap that its liquidity allows: the reserves of all its ranges, or
 * what it was recorded to hold (fees on top) where that is more. Rounded up.
 */
export function reservesOf(snapshot: PoolSnapshot): {
  readonly amount0Raw: bigint;
  readonly amount1Raw: bigint;
} {
  const { ticks, sqrtPriceX96 } = snapshot;
  let liquidity = 0n;
  let amount0Raw = 0n;
  let amount1Raw = 0n;
  for (const [position, { index, liquidityNet }] of ticks.entries()) {
    const next = ticks[position + 1];
    liquidity += liquidityNet;
    if (next === undefined) break;
    const range = amountsOfRange({ tickLower: index, tickUpper: next.index, liquidity }, sqrtPriceX96);
    amount0Raw += range.amount0Raw;
    amount1Raw += range.amount1Raw;
  }
  return {
    amount0Raw: max(amount0Raw, snapshot.balance0Raw ?? 0n),
    amount1Raw: max(amount1Raw, snapshot.balance1Raw ?? 0n),
  };
}

/** The devnet's name of a snapshot's pool. */
export function poolName({ address }: DevnetPool): DevnetPoolName {
  const names = Object.keys(devnetPools) as DevnetPoolName[];
  return names.find((name) => sameAddress(devnetPools[name].address, address))!;
}

function knownPool(address: unknown): DevnetPool {
  const known: readonly DevnetPool[] = Object.values(devnetPools);
  const found = known.find(
    (pool) => typeof address === 'string' && sameAddress(pool.address, address as Address),
  );
  if (found !== undefined) return found;
  const expected = known.map(({ name, address: at }) => `${name} ${at}`).join(', ');
  throw new InvalidInputError('pools[].pool', address, `one of ${expected}`);
}

function check({ pool, ticks, tick, liquidity }: PoolSnapshot): void {
  let total = 0n;
  let active = 0n;
  let previous = Number.NEGATIVE_INFINITY;
  for (const { index, liquidityNet } of ticks) {
    if (index <= previous)
      throw new CorruptDataError(`ticks of ${pool.name}`, index, `an index above ${previous}`);
    if (index % pool.tickSpacing !== 0) {
      throw new CorruptDataError(`ticks of ${pool.name}`, index, `a multiple of ${pool.tickSpacing}`);
    }
    previous = index;
    total += liquidityNet;
    if (index <= tick) active += liquidityNet;
  }
  if (total !== 0n) throw new CorruptDataError(`sum of liquidityNet of ${pool.name}`, total, '0');
  if (active !== liquidity)
    throw new CorruptDataError(`liquidity of ${pool.name}`, liquidity, `${active}, the sum below`);
}
