import { addressSchema, call, defineProtocol } from 'ballast';
import { parseAbi } from 'viem';
import { z } from 'zod';

const erc20Abi = parseAbi(['function balanceOf(address owner) view returns (uint256)']);

const config = z.strictObject({
  token: addressSchema.describe('a token of as many decimals as base that is worth one base'),
});

/** A protocol: positions of an account. This one counts a further token as base, and never sells it. */
export const heldToken = defineProtocol<z.infer<typeof config>>({
  summary: 'a token that counts as base one to one',
  verified: 'abi-only',
  config,
  sample: { token: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2' },
  *read({ token }, { vault }) {
    const amountRaw = yield* call(erc20Abi, token, 'balanceOf', [vault.account]);
    return {
      value: [{ kind: 'spot', label: 'held token', asset: 'base', amountRaw, locked: true }],
      memory: null,
    };
  },
});
