import type { Address } from '../../../src/core/units.ts';
import type { Signer } from '../../../src/ports/signer.ts';
import type { SignedContent } from '../../support/orderCall.ts';
import type { Bytes } from './bytes.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';

/**
 * A signer whose signature is its address.
 *
 * @param onAsk called when a signature is asked for; what it gives sees it when it is made, which may be later
 */
export function simulatedSigner(
  address: Address,
  bytes: Bytes,
  host: SimulatedProcess,
  onAsk: () => (content: SignedContent) => void,
): Signer {
  const whenLost = (): never => {
    throw new Error('the signer did not answer');
  };
  return {
    address,
    signTransaction: (transaction) => {
      const onSign = onAsk();
      return host.call({
        port: 'signer.sign',
        effect: () => {
          const content: SignedContent = { ...transaction, from: address };
          onSign(content);
          const { nonce, to, data, valueWei, gasLimit, maxFeePerGasWei, maxPriorityFeePerGasWei } = content;
          const fees = `${gasLimit} ${maxFeePerGasWei} ${maxPriorityFeePerGasWei}`;
          return bytes.of(`signed ${address} ${nonce} ${to} ${data} ${valueWei} ${fees}`, content);
        },
        whenLost,
      });
    },
    signMessage: (message) =>
      host.call({ port: 'signer.sign', effect: () => bytes.of(`message ${message}`, message), whenLost }),
  };
}
