import { encodeAbiParameters, getAddress, keccak256, parseAbiParameters, sliceHex } from 'viem';
import { z } from 'zod';
import { InvalidInputError } from '../../../core/errors.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import type { Address, Hash, Token } from '../../../core/units.ts';
import { addressSchema } from '../../chain/addressSchema.ts';

/** The currency of a v4 pool that is the chain's own coin, and the hook of a pool that has none. */
export const NOBODY: Address = '0x0000000000000000000000000000000000000000';

/** Marks a pool whose fee its hook sets. */
const DYNAMIC_FEE = 0x80_0000;
const MOST_FEE = 1_000_000;
const MOST_TICK_SPACING = 32_767;

/** What names a v4 pool in the config; its currencies are the vault's base and quote unless it says others. */
export const v4KeyShape = {
  currencies: z
    .array(z.string().min(1))
    .length(2)
    .optional()
    .describe(
      'the pool’s two tokens where one is a bridge: of base, quote and bridges, by symbol or by address',
    ),
  fee: z
    .union([z.int().min(0).max(MOST_FEE), z.literal(DYNAMIC_FEE)])
    .describe('as in the pool’s key: hundredths of a basis point; 8388608 where a hook sets it'),
  tickSpacing: z.int().min(1).max(MOST_TICK_SPACING).describe('ticks between two borders of liquidity'),
  native: z
    .enum(['base', 'quote'])
    .optional()
    .describe('which of the vault’s tokens the pool holds unwrapped, as the chain’s own coin'),
  hooks: addressSchema
    .optional()
    .describe('a pool with hooks is read only where its hook is named here, and never hedged on'),
};

const keySchema = z.object(v4KeyShape);

/** A v4 pool as the config names it. */
export type V4PoolName = z.infer<typeof keySchema>;

/** A v4 pool found. */
export interface V4Pool {
  readonly id: Hash;
  /** The last 20 bytes of its id: what stands for it where an address is wanted. */
  readonly address: Address;
  /** In the pool's order; of a pool of the chain's own coin the first is the token that wraps it. */
  readonly token0: Address;
  readonly token1: Address;
  readonly hooks: Address;
}

/** The two tokens that a config names, base and quote where it names none. */
function tokensOf(currencies: V4PoolName['currencies'], vault: VaultTerms): readonly [Token, Token] {
  const { base, quote, bridges = [] } = vault;
  if (currencies === undefined) return [base, quote];
  const known = [base, quote, ...bridges];
  const named = currencies.map((name) =>
    known.find(({ symbol, address }) => symbol === name || address.toLowerCase() === name.toLowerCase()),
  );
  const [one, other] = named;
  const isPair = one !== other && named.some((token) => token === base || token === quote);
  if (one === undefined || other === undefined || !isPair) {
    const symbols = known.map(({ symbol }) => symbol).join(', ');
    const expected = `two of ${symbols}, one of them ${base.symbol} or ${quote.symbol}`;
    throw new InvalidInputError('currencies', currencies.join(' and '), expected);
  }
  return [one, other];
}

/** Pools found, by the config and the vault that they were asked for with: three hashes that never change. */
const found = new WeakMap<V4PoolName, WeakMap<VaultTerms, V4Pool>>();

/**
 * The pool that a config means, of a vault's tokens.
 *
 * @throws InvalidInputError where its currencies are not the vault's, or the one that is said to be native is not among them
 */
export function v4PoolOf(name: V4PoolName, vault: VaultTerms): V4Pool {
  const ofName = found.get(name) ?? new WeakMap<VaultTerms, V4Pool>();
  found.set(name, ofName);
  const pool = ofName.get(vault) ?? findPool(name, vault);
  ofName.set(vault, pool);
  return pool;
}

function findPool({ currencies, fee, tickSpacing, native, hooks }: V4PoolName, vault: VaultTerms): V4Pool {
  const tokens = tokensOf(currencies, vault);
  const unwrapped = native === undefined ? null : vault[native];
  if (unwrapped !== null && !tokens.includes(unwrapped)) {
    const expected = `one of the pool's currencies, ${tokens.map(({ symbol }) => symbol).join(' and ')}`;
    throw new InvalidInputError('native', native, expected);
  }
  const [one, other] = tokens;
  const isFirst =
    unwrapped === null ? one.address.toLowerCase() < other.address.toLowerCase() : one === unwrapped;
  const [first, second] = isFirst ? [one, other] : [other, one];
  const hook = hooks ?? NOBODY;
  const currency0 = native === undefined ? first.address : NOBODY;
  const id = keccak256(
    encodeAbiParameters(parseAbiParameters('address, address, uint24, int24, address'), [
      currency0,
      second.address,
      fee,
      tickSpacing,
      hook,
    ]),
  );
  const address = getAddress(sliceHex(id, 12));
  return { id, address, token0: first.address, token1: second.address, hooks: hook };
}
