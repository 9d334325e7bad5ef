import { z } from 'zod';
import type { Address } from '../../../core/units.ts';
import { addressSchema } from '../../chain/addressSchema.ts';

const MAINNET_ROUTER: Address = '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45';
const MAINNET_FACTORY: Address = '0x1F98431c8aD98523631AE4a59f267346ea31F984';

/** What the config says of an account that swaps on SwapRouter02: the router, its pools, and the keeper's own bound. */
export const swapRouterShape = {
  router: addressSchema.default(MAINNET_ROUTER).describe('SwapRouter02'),
  factory: addressSchema.default(MAINNET_FACTORY).describe('the Uniswap v3 factory of that router'),
  fees: z
    .array(z.int().min(1).max(999_999))
    .min(1)
    .max(8)
    .default([500, 3_000])
    .describe('which Uniswap v3 pools of the pair: their fees, hundredths of a basis point'),
  maxSlippageBps: z
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe('worst price of an order; the keeper holds itself to it, the chain does not know it'),
};
