import { z } from 'zod';
import { defineProtocol } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { readOpynBook } from './internal/opynBook.ts';

const config = z.strictObject({
  controller: addressSchema.describe("Opyn Gamma's controller"),
  otokens: z
    .array(addressSchema)
    .default([])
    .describe('oTokens that the account may hold without having minted them'),
});

/**
 * European options of Opyn Gamma: short by the account's vaults, long by its balance of oTokens and by the long legs of
 * its vaults, spreads as both; collateral counts as locked tokens. Options on a token that is neither base nor quote are for
 * a vault of their own and are left out with their collateral, which a position of nothing says. What touches base otherwise (in another
 * strike asset, paid or backed by another token) is refused: leaving it out would hedge a vault that is not the real one.
 *
 * Reads the views of `opynfinance/GammaProtocol` at commit 841f81d9d05da9d27277b5775edfbb48c4012d2a. Not covered: margin
 * calls of partly collateralised vaults, and collateral that earns in another protocol.
 */
export const opyn = defineProtocol<z.infer<typeof config>>({
  summary: 'Opyn Gamma options: vaults of the account and oTokens that it holds',
  verified: 'abi-only',
  config,
  sample: { controller: '0x4ccc2339F87F6c59c6893E1A678c2266cA58dC72', otokens: [] },
  counts: ({ controller }) => [`opyn/${controller}`],
  *read({ controller, otokens }, { vault, block, memory }) {
    const holder = { controller, otokens, account: vault.account };
    const { positions, written, memory: next } = yield* readOpynBook(holder, vault, block, memory);
    return { value: positions, memory: next, ...(written.length > 0 && { margin: { written } }) };
  },
});
