import { uniswapV3PoolAbi } from '../../abis/uniswapV3Pool.ts';
import type { Address } from '../../src/core/units.ts';
import { SECONDS_PER_YEAR } from '../../src/core/units.ts';
import type { Devnet } from '../../src/devnet/index.ts';
import { callOf } from '../../src/devnet/node/transactions.ts';
import { normalSource, seededUniform } from './random.ts';

/** A price that diffuses without drift, at equal steps. */
export interface GbmPath {
  readonly seed: number;
  readonly start: number;
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: number;
  /** Between steps. */
  readonly seconds: number;
  readonly steps: number;
}

/** The prices of a simulated path, the start left out. */
export function gbmPath({ seed, start, volatility, seconds, steps }: GbmPath): number[] {
  const normal = normalSource(seededUniform(seed));
  const deviation = volatility * Math.sqrt(seconds / SECONDS_PER_YEAR);
  let logPrice = Math.log(start);
  return Array.from({ length: steps }, () => {
    logPrice += deviation * normal() - deviation ** 2 / 2;
    return Math.exp(logPrice);
  });
}

/** Observations that one transaction can make room for. */
const PER_TRANSACTION = 300;

/** Lets a pool keep so many observations; a block for every 300. */
export async function growHistory(devnet: Devnet, pool: Address, observations: number): Promise<void> {
  for (let room = 0; room < observations; ) {
    room = Math.min(room + PER_TRANSACTION, observations);
    await devnet.transact(devnet.accounts.user, [
      callOf(pool, uniswapV3PoolAbi, 'increaseObservationCardinalityNext', [room]),
    ]);
  }
}
