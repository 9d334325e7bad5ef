import { BallastError, defineSigner } from 'ballast';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';

const config = z.strictObject({ path: z.string().min(1).describe('the file; readable by its owner alone') });

/** A signer: holds a key and signs with it. This one reads a file; errors name the place, never what it holds. */
export const keyFile = defineSigner<z.infer<typeof config>>({
  summary: 'private key in a file, 64 hexadecimal digits',
  config,
  sample: { path: '/run/secrets/keeper' },
  async open({ path }, secrets) {
    const digits = (await secrets.readFile(path)).trim().replace(/^0x/, '');
    if (!/^[0-9a-fA-F]{64}$/.test(digits))
      throw new BallastError('KEY_INVALID', `${path} holds no private key`, { action: 'correct the file' });
    const account = privateKeyToAccount(`0x${digits}`);
    return {
      address: account.address,
      signTransaction: ({ gasLimit, maxFeePerGasWei, maxPriorityFeePerGasWei, valueWei, ...rest }) =>
        account.signTransaction({
          ...rest,
          type: 'eip1559',
          gas: gasLimit,
          maxFeePerGas: maxFeePerGasWei,
          maxPriorityFeePerGas: maxPriorityFeePerGasWei,
          value: valueWei,
        }),
      signMessage: (message) => account.signMessage({ message }),
    };
  },
});
