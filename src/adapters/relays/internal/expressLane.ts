import { concatHex, keccak256, numberToHex, toBytes } from 'viem';
import type { Address, Hex } from '../../../core/units.ts';

/** The sequence number that stands for none: such transactions are taken in the order in which they come. */
export const ANY_SEQUENCE = 2n ** 64n - 1n;

const DOMAIN = keccak256(toBytes('TIMEBOOST_BID'));

/** What the controller of a round signs for one transaction. */
export interface ExpressLaneSubmission {
  readonly chainId: number;
  readonly auctionContract: Address;
  readonly round: bigint;
  readonly sequenceNumber: bigint;
  readonly rawTransaction: Hex;
}

/**
 * The bytes that are signed as a personal message: the domain, the chain in 32 bytes, the auction, round and sequence
 * number in 8 bytes each, and the transaction (Offchain Labs, nitro, timeboost/types.go).
 */
export function expressLaneBytes(submission: ExpressLaneSubmission): Hex {
  const { chainId, auctionContract, round, sequenceNumber, rawTransaction } = submission;
  return concatHex([
    DOMAIN,
    numberToHex(chainId, { size: 32 }),
    auctionContract,
    numberToHex(round, { size: 8 }),
    numberToHex(sequenceNumber, { size: 8 }),
    rawTransaction,
  ]);
}

/** The round at a time in Unix seconds; negative before the first. */
export function expressLaneRound(
  timing: { readonly firstRoundSeconds: number; readonly roundSeconds: number },
  nowSeconds: number,
): bigint {
  return BigInt(Math.floor((nowSeconds - timing.firstRoundSeconds) / timing.roundSeconds));
}
