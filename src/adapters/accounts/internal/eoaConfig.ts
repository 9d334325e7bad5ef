import { z } from 'zod';
import { swapRouterShape } from './swapRouterConfig.ts';

/** What the config says of a plain key. */
export const eoaConfig = z.strictObject(swapRouterShape);
/** See {@link eoaConfig}. */
export type EoaConfig = z.infer<typeof eoaConfig>;

/** Mainnet's router, both usual pools. */
export const eoaSample: EoaConfig = { ...eoaConfig.parse({}), maxSlippageBps: 150 };

/** More than any amount of a token: nothing bounds what a key trades. */
export const MAX_RAW = (1n << 128n) - 1n;

/**
 * What the key approves of base and of quote for the router, in their smallest units. More than could ever be used, and
 * less than the largest number, which tokens take for an approval that is never used up.
 */
export const APPROVAL_RAW = 1n << 255n;

/** What an order could use up of an approval while it still counts as the one that was made. */
const MOST_USED_RAW = 1n << 192n;

/** What the router has used up of {@link APPROVAL_RAW}; null where what is left is of another approval, or of none. */
export function approvalUsed(leftRaw: bigint): bigint | null {
  const used = APPROVAL_RAW - leftRaw;
  return used < 0n || used > MOST_USED_RAW ? null : used;
}
