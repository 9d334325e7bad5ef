import { z } from 'zod';
import { defineSigner } from '../../ports/signer.ts';
import { MnemonicInvalidError } from './internal/errors.ts';
import { localSigner } from './internal/localSigner.ts';
import { isOnePlace, onePlaceError, placeOf, secretFrom, secretPlace } from './internal/secretFrom.ts';

const LARGEST_INDEX = 2 ** 31 - 1;

const config = z
  .strictObject({
    ...secretPlace('the phrase, a BIP-39 phrase of English words'),
    path: z
      .string()
      .regex(/^m(\/\d{1,10}'?){1,10}$/, { error: "a derivation path such as m/44'/60'/0'/0/0" })
      .refine((path) => path.match(/\d+/g)?.every((index) => Number(index) <= LARGEST_INDEX) === true, {
        error: `a derivation path whose indices are at most ${LARGEST_INDEX}`,
      })
      .default("m/44'/60'/0'/0/0")
      .describe('BIP-32 derivation path'),
  })
  .refine(isOnePlace, onePlaceError);

/** A key derived from a mnemonic phrase (BIP-39, 2013; BIP-32, 2012; BIP-44, 2014). */
export const mnemonic = defineSigner<z.infer<typeof config>>({
  summary: 'key derived from a mnemonic phrase (BIP-39, BIP-44 path)',
  config,
  sample: { variable: 'BALLAST_MNEMONIC', path: "m/44'/60'/0'/0/0" },
  async open({ path, ...place }, secrets) {
    const phrase = (await secretFrom(place, secrets)).toLowerCase().split(/\s+/).join(' ');
    return localSigner(await derive(phrase, path, placeOf(place)), placeOf(place));
  },
});

/** The library's own errors are not passed on: they quote the phrase. */
async function derive(phrase: string, path: string, place: string): Promise<string> {
  const { HDNodeWallet, Mnemonic } = await import('ethers');
  if (!Mnemonic.isValidMnemonic(phrase)) throw new MnemonicInvalidError(place);
  return HDNodeWallet.fromPhrase(phrase, '', path).privateKey;
}
