import { z } from 'zod';
import { addressSchema } from '../../chain/addressSchema.ts';

/** What searchers may be told of a transaction, as the MEV-Share node documents it. */
export const hint = z.enum([
  'calldata',
  'contract_address',
  'function_selector',
  'logs',
  'default_logs',
  'hash',
  'tx_hash',
]);

/** Builders by the names under which the relay knows them. */
export const builderNames = z
  .array(z.string().min(1))
  .max(50)
  .default([])
  .describe('builders to share with; empty: the relay’s own');

/** Who gets which share of what a transaction brings in; at most the whole. */
export const refundShares = z
  .array(
    z.strictObject({
      address: addressSchema.describe('who gets it'),
      percent: z.int().min(1).max(100).describe('per cent of it'),
    }),
  )
  .max(10)
  .default([])
  .refine((shares) => shares.reduce((sum, { percent }) => sum + percent, 0) <= 100, {
    error: 'percentages that add up to at most 100',
  })
  .describe('who gets which share of the refund; empty: the relay’s own rule');

/** A `privacy` object of these wishes; empty where there are none. */
export function privacyOf(hints: readonly string[], builders: readonly string[]): object {
  const privacy = {
    ...(hints.length === 0 ? {} : { hints }),
    ...(builders.length === 0 ? {} : { builders }),
  };
  return Object.keys(privacy).length === 0 ? {} : { privacy };
}
