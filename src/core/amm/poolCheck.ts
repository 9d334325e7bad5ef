import { CorruptDataError } from '../errors.ts';
import type { ConcentratedPool, ConstantProductPool, Pool } from './pool.ts';
import { swapFeePips } from './poolTerms.ts';
import { tickIndexOf } from './tickIndex.ts';
import { MAX_TICK, MIN_TICK, maxUsableTick, minUsableTick, sqrtPriceAtTick } from './tickMath.ts';

/** Refuses a pool for one thing that cannot be. */
type Fail = (what: string, found: unknown, expected: string) => never;

/**
 * Checks a pool where its data enters: what passes here swaps like a real pool. A pair holds something of both tokens.
 * In a pool of ticks the price belongs to its tick (or lies exactly on the next one, where a falling price comes to
 * rest); every tick is known, on the spacing and in order; and where all ticks are known those up to the current one add
 * up to the active liquidity.
 *
 * @throws CorruptDataError naming the first thing that cannot be
 */
export function assertConsistentPool(pool: Pool): void {
  const fail: Fail = (what, found, expected) => {
    throw new CorruptDataError(what, found, expected, { facts: { pool: pool.address } });
  };
  if (pool.kind === 'constantProduct') checkPair(pool, fail);
  else checkTicks(pool, fail);
}

function checkPair({ feeBps, reserve0Raw, reserve1Raw }: ConstantProductPool, fail: Fail): void {
  if (!Number.isInteger(feeBps) || feeBps < 0 || feeBps >= 10_000) fail('feeBps', feeBps, '0 to 9,999');
  if (reserve0Raw <= 0n) fail('reserve0Raw', reserve0Raw, 'above 0');
  if (reserve1Raw <= 0n) fail('reserve1Raw', reserve1Raw, 'above 0');
}

function checkTicks(pool: ConcentratedPool, fail: Fail): void {
  const { tick, tickSpacing, ticks, knownTicks, liquidity } = pool;
  if (!Number.isInteger(tickSpacing) || tickSpacing < 1)
    fail('tickSpacing', tickSpacing, 'an integer above 0');
  for (const feePips of [pool.feePips, swapFeePips(pool, true), swapFeePips(pool, false)]) {
    if (!Number.isInteger(feePips) || feePips < 0 || feePips >= 1_000_000)
      fail('feePips', feePips, '0 to 999,999');
  }
  if (liquidity < 0n) fail('liquidity', liquidity, '0 or more');
  if (!Number.isInteger(tick) || tick < MIN_TICK || tick >= MAX_TICK) {
    fail('tick', tick, `${MIN_TICK} to ${MAX_TICK - 1}`);
  }
  const lowest = sqrtPriceAtTick(tick);
  const highest = sqrtPriceAtTick(tick + 1);
  if (pool.sqrtPriceX96 < lowest || pool.sqrtPriceX96 > highest) {
    fail('sqrtPriceX96', pool.sqrtPriceX96, `${lowest} to ${highest} at tick ${tick}`);
  }
  tickIndexOf(ticks);
  for (const { index } of ticks) {
    if (index % tickSpacing !== 0) fail('tick index', index, `a multiple of ${tickSpacing}`);
    if (index < knownTicks.lower || index > knownTicks.upper) {
      fail('tick index', index, `within the known ticks ${knownTicks.lower} to ${knownTicks.upper}`);
    }
  }
  if (knownTicks.lower <= minUsableTick(tickSpacing)) {
    let active = 0n;
    for (const { index, liquidityNet } of ticks) if (index <= tick) active += liquidityNet;
    if (active !== liquidity) fail('liquidity', liquidity, `${active}, the sum of the ticks up to ${tick}`);
  }
  if (knownTicks.lower <= minUsableTick(tickSpacing) && knownTicks.upper >= maxUsableTick(tickSpacing)) {
    const rest = ticks.reduce((sum, { liquidityNet }) => sum + liquidityNet, 0n);
    if (rest !== 0n) fail('sum of liquidityNet', rest, '0 over all ticks');
  }
}
