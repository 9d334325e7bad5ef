import { uniswapV2PairAbi } from '../../../../abis/uniswapV2Pair.ts';
import { all, type Read } from '../../../core/read.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { type Address, sameAddress } from '../../../core/units.ts';
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
 * @throws PoolMismatchError when they are neither the vault's nor one of the vault's and a bridge
 */
export function* readTokens(pool: Address, vault: VaultTerms): Read<PoolTokens> {
  const [token0, token1] = yield* all([
    call(uniswapV2PairAbi, pool, 'token0', []),
    call(uniswapV2PairAbi, pool, 'token1', []),
  ]);
  const { base, quote, bridges = [] } = vault;
  const isHere = pairsOf(vault).some(
    (pair) => pair.includes(token0.toLowerCase()) && pair.includes(token1.toLowerCase()),
  );
  if (!isHere || sameAddress(token0, token1)) {
    const facts = { token0, token1, base: base.address, quote: quote.address };
    const over =
      bridges.length === 0 ? '' : `, nor either against ${bridges.map(({ symbol }) => symbol).join(' or ')}`;
    throw new PoolMismatchError(pool, `does not trade ${base.symbol} against ${quote.symbol}${over}`, facts);
  }
  return { token0, token1 };
}

/** What a vault's pools may trade: base against quote, and either against a bridge token; in lower case. */
function pairsOf({ base, quote, bridges = [] }: VaultTerms): readonly (readonly string[])[] {
  const over = bridges.flatMap((bridge) => [
    [base, bridge],
    [bridge, quote],
  ]);
  return [[base, quote], ...over].map((pair) => pair.map(({ address }) => address.toLowerCase()));
}
