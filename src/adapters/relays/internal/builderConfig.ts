import { z } from 'zod';
import { addressSchema } from '../../chain/addressSchema.ts';
import { relayTimeout, relayUrl } from './relayUrl.ts';

/** Keys that every builder endpoint has in a config. */
export const builderShape = {
  url: relayUrl,
  timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
  cancellable: z.boolean().default(true).describe('names every bundle, so that it can be taken back'),
};

/**
 * Which share of what a bundle brings in comes back, and to whom: never one without the other, since some builders
 * discard a bundle that asks for a share without saying for whom.
 *
 * @param mostPercent the largest share that the builder takes
 */
export function refundWish(leastPercent: number, mostPercent: number) {
  return z
    .strictObject({
      percent: z.int().min(leastPercent).max(mostPercent).describe('per cent of it'),
      recipient: addressSchema.describe('who gets it'),
    })
    .nullable()
    .default(null)
    .describe('the share of what it brings in that comes back, and to whom; null: the builder’s own rule');
}

/** The members of a bundle that ask for a refund. */
export function refundMembers(
  refund: { readonly percent: number; readonly recipient: string } | null,
): Readonly<Record<string, unknown>> {
  return refund === null ? {} : { refundPercent: refund.percent, refundRecipient: refund.recipient };
}
