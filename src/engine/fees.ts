import { BPS, max, mulDivUp } from '../core/units.ts';
import type { NonceSlot } from './nonceLane.ts';

/** EIP-1559 fee caps. */
export interface Fees {
  readonly maxFeePerGasWei: bigint;
  readonly maxPriorityFeePerGasWei: bigint;
}

/**
 * The highest base fee that a block within the window can have: full blocks raise it by an eighth each (EIP-1559, 2019).
 * Rounded up at every block.
 *
 * @param baseFeePerGasWei of the head
 */
export function highestBaseFee(baseFeePerGasWei: bigint, windowBlocks: number): bigint {
  let fee = baseFeePerGasWei;
  for (let block = 0; block < windowBlocks; block += 1) fee = mulDivUp(fee, 9n, 8n);
  return fee;
}

/**
 * Fee caps that stay valid through the window. Where an earlier transaction holds the same nonce, both caps go up by at
 * least an eighth over it: nodes and builders replace a transaction only for 10 % more on both.
 *
 * @param highestBaseFeeWei within the window
 */
export function feesFor(highestBaseFeeWei: bigint, tipWei: bigint, outbid: NonceSlot['outbid']): Fees {
  const replacement = (wei: bigint | undefined) => (wei === undefined ? 0n : mulDivUp(wei, 9n, 8n));
  const maxPriorityFeePerGasWei = max(tipWei, replacement(outbid?.maxPriorityFeePerGasWei));
  return {
    maxPriorityFeePerGasWei,
    maxFeePerGasWei: max(highestBaseFeeWei + maxPriorityFeePerGasWei, replacement(outbid?.maxFeePerGasWei)),
  };
}

/** Gas limit of a transaction that used `gasUsed` in simulation, rounded up. */
export function gasLimitFor(gasUsed: bigint, marginBps: number): bigint {
  return mulDivUp(gasUsed, BPS + BigInt(marginBps), BPS);
}
