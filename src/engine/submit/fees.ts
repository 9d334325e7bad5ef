import { BPS, max, min, mulDivUp } from '../../core/units.ts';
import type { Outbid } from '../lane/nonceLane.ts';

/** EIP-1559 fee caps. */
export interface Fees {
  readonly maxFeePerGasWei: bigint;
  readonly maxPriorityFeePerGasWei: bigint;
}

/**
 * The highest base fee that a block within the window can have: full blocks raise it by an eighth each, by one wei at least
 * (EIP-1559, 2019). Rounded up at every block.
 *
 * @param baseFeePerGasWei of the head
 */
export function highestBaseFee(baseFeePerGasWei: bigint, windowBlocks: number): bigint {
  let fee = baseFeePerGasWei;
  for (let block = 0; block < windowBlocks; block += 1) fee = max(mulDivUp(fee, 9n, 8n), fee + 1n);
  return fee;
}

/** Outbidding stops at this many times the going tip: eighteen replacements in a row. */
const mostTips = 8n;

/**
 * Fee caps that stay valid through the window; null where that takes more than the cap. Where an earlier transaction holds
 * the same nonce, both go up by at least an eighth over it, since nodes and builders replace a transaction only for 10 %
 * more on both. Outbidding has its end: after an hour without relays nothing is left to outbid, and the tip is really
 * paid. An offer that is too low is refused at worst.
 *
 * @param highestBaseFeeWei within the window
 * @param tipWei what a transaction pays that replaces nothing
 * @param capWei the most that may be offered per gas
 */
export function feesFor(
  highestBaseFeeWei: bigint,
  tipWei: bigint,
  outbid: Outbid | null,
  capWei: bigint,
): Fees | null {
  if (highestBaseFeeWei + tipWei > capWei) return null;
  const replacement = (wei: bigint | undefined) => (wei === undefined ? 0n : mulDivUp(wei, 9n, 8n));
  const mostTipWei = min(mostTips * tipWei, capWei - highestBaseFeeWei);
  const maxPriorityFeePerGasWei = max(tipWei, min(replacement(outbid?.maxPriorityFeePerGasWei), mostTipWei));
  const outbidFeeWei = min(replacement(outbid?.maxFeePerGasWei), capWei);
  const maxFeePerGasWei = max(highestBaseFeeWei + maxPriorityFeePerGasWei, outbidFeeWei);
  return { maxPriorityFeePerGasWei, maxFeePerGasWei };
}

/** Whether nodes and builders that hold an earlier transaction with the same nonce would take these fees in its place. */
export function replaces(fees: Fees, outbid: Outbid): boolean {
  const isAbove = (wei: bigint, earlierWei: bigint) => wei > earlierWei && wei * 10n >= earlierWei * 11n;
  return (
    isAbove(fees.maxFeePerGasWei, outbid.maxFeePerGasWei) &&
    isAbove(fees.maxPriorityFeePerGasWei, outbid.maxPriorityFeePerGasWei)
  );
}

/**
 * Fee caps of a transaction that is to replace one that may be in a pool: both above the earlier ones by at least an
 * eighth, where nodes ask for a tenth. Null where that takes more than the cap, or a tip beyond reason: then the earlier
 * one stays.
 *
 * @param highestBaseFeeWei within the window
 * @param tipWei what it would pay if it replaced nothing
 * @param capWei the most that may be offered per gas
 */
export function replacementFees(
  highestBaseFeeWei: bigint,
  tipWei: bigint,
  outbid: Outbid,
  capWei: bigint,
): Fees | null {
  const above = (wei: bigint) => max(mulDivUp(wei, 9n, 8n), wei + 1n);
  const maxPriorityFeePerGasWei = max(tipWei, above(outbid.maxPriorityFeePerGasWei));
  const maxFeePerGasWei = max(highestBaseFeeWei + maxPriorityFeePerGasWei, above(outbid.maxFeePerGasWei));
  const isBeyond = maxFeePerGasWei > capWei || maxPriorityFeePerGasWei > mostTips * max(tipWei, 1n);
  return isBeyond ? null : { maxPriorityFeePerGasWei, maxFeePerGasWei };
}

/** A tip multiplied as a rung of the ladder says, rounded up. */
export function rungTip(tipWei: bigint, tipMultiplierBps: number): bigint {
  return mulDivUp(tipWei, BigInt(tipMultiplierBps), BPS);
}

/** Gas limit of a transaction that used `gasUsed` in simulation, rounded up. */
export function gasLimitFor(gasUsed: bigint, marginBps: number): bigint {
  return mulDivUp(gasUsed, BPS + BigInt(marginBps), BPS);
}
