import { encodeAbiParameters, getAddress, keccak256, parseAbiParameters, sliceHex } from 'viem';
import { z } from 'zod';
import type { VaultTerms } from '../../../core/snapshot.ts';
import type { Address, Hash } from '../../../core/units.ts';
import { addressSchema } from '../../chain/addressSchema.ts';

/** The currency of a v4 pool that is the chain's own coin, and the hook of a pool that has none. */
export const NOBODY: Address = '0x0000000000000000000000000000000000000000';

/** Marks a pool whose fee its hook sets. */
const DYNAMIC_FEE = 0x80_0000;
const MOST_FEE = 1_000_000;
const MOST_TICK_SPACING = 32_767;

/** What names a v4 pool in the config; its currencies are the vault's. */
export const v4KeyShape = {
  fee: z
    .union([z.int().min(0).max(MOST_FEE), z.literal(DYNAMIC_FEE)])
    .describe('as in the pool’s key: hundredths of a basis point; 8388608 where a hook sets it'),
  tickSpacing: z.int().min(1).max(MOST_TICK_SPACING),
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

/** The pool that a config means, of a vault's two tokens. */
export function v4PoolOf({ fee, tickSpacing, native, hooks }: V4PoolName, vault: VaultTerms): V4Pool {
  const { base, quote } = vault;
  const isBaseFirst =
    native === undefined ? base.address.toLowerCase() < quote.address.toLowerCase() : native === 'base';
  const [first, second] = isBaseFirst ? [base, quote] : [quote, base];
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
