import { InvalidInputError } from '../../../core/errors.ts';
import type { Hex } from '../../../core/units.ts';
import type { PricedTransaction } from '../../../ports/signer.ts';

/**
 * A transaction in the words of the serialiser.
 *
 * @throws InvalidInputError where the tip is above the fee cap, which no chain takes
 */
export function toWire(transaction: PricedTransaction) {
  const { chainId, nonce, to, data, valueWei, gasLimit, maxFeePerGasWei, maxPriorityFeePerGasWei } =
    transaction;
  if (maxPriorityFeePerGasWei > maxFeePerGasWei) {
    throw new InvalidInputError(
      'maxPriorityFeePerGasWei',
      maxPriorityFeePerGasWei,
      `at most ${maxFeePerGasWei}`,
    );
  }
  return {
    type: 'eip1559' as const,
    chainId,
    nonce,
    to: to.toLowerCase() as Hex,
    data,
    value: valueWei,
    gas: gasLimit,
    maxFeePerGas: maxFeePerGasWei,
    maxPriorityFeePerGas: maxPriorityFeePerGasWei,
  };
}
