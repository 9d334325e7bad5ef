import { uniswapV2PairAbi } from '../../../../abis/uniswapV2Pair.ts';
import { all, type Read } from '../../../core/read.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import type { Address } from '../../../core/units.ts';
import { call } from '../../chain/index.ts';
import { PoolMismatchError } from './poolMismatch.ts';

/** The two tokens of a pool, in its own order. */
export interface PoolTokens {
  readonly token0: Address;
  readonly token1: Address;
}

/**
 * Reads the tokens of a pool that names them by `token0` and `token1`, as v2 pairs and v3 pools do.
 *
 * @throws PoolMismatchError when they are not the vault's
 */
export function* readTokens(pool: Address, { base, quote }: VaultTerms): Read<PoolTokens> {
  const [token0, token1] = yield* all([
    call(uniswapV2PairAbi, pool, 'token0', []),
    call(uniswapV2PairAbi, pool, 'token1', []),
  ]);
  const pair = [base.address, quote.address].map((address) => address.toLowerCase()).sort();
  if (token0.toLowerCase() !== pair[0] || token1.toLowerCase() !== pair[1]) {
    const facts = { token0, token1, base: base.address, quote: quote.address };
    throw new PoolMismatchError(pool, `does not trade ${base.symbol} against ${quote.symbol}`, facts);
  }
  return { token0, token1 };
}
