import type { Address, Hex } from '../core/units.ts';
import type { ConfigSchema } from './config.ts';

/** An EIP-1559 transaction, complete. */
export interface PricedTransaction {
  readonly chainId: number;
  readonly nonce: number;
  readonly to: Address;
  readonly data: Hex;
  readonly valueWei: bigint;
  readonly gasLimit: bigint;
  readonly maxFeePerGasWei: bigint;
  readonly maxPriorityFeePerGasWei: bigint;
}

/** Holds a key and signs with it; the key never leaves. */
export interface Signer {
  readonly address: Address;
  /**
   * Signed, serialised bytes. A key in memory gives the same bytes for the same input (RFC 6979); a key service draws a
   * random number for each signature, so nobody may count on it: what was signed is journaled before anybody sees it, and
   * handed out again from there, never signed a second time.
   */
  signTransaction(transaction: PricedTransaction): Promise<Hex>;
  /** EIP-191 personal signature over the UTF-8 bytes of a string. */
  signMessage(message: string): Promise<Hex>;
  /** EIP-191 personal signature over bytes that need not be text, where the signer can. */
  readonly signMessageBytes?: (bytes: Hex) => Promise<Hex>;
}

/** Where secrets come from: a plug-in asks for them by name, so that a test can see which were asked for. */
export interface SecretSource {
  /** The value of an environment variable, undefined where it is not set. */
  environment(name: string): string | undefined;
  readFile(path: string): Promise<string>;
}

/** One kind of signer. */
export interface SignerKind<C = unknown> {
  readonly summary: string;
  readonly config: ConfigSchema<C>;
  /**
   * @param fetch reaches a signing service; the runtime's own where none is given
   * @throws BallastError when the key cannot be had, naming what is missing and never the secret
   */
  open(config: C, secrets: SecretSource, fetch?: typeof globalThis.fetch): Promise<Signer>;
  readonly sample: C;
}

/** Declares a signer plug-in; the export's name is its `kind` in the config. */
export function defineSigner<C>(signer: SignerKind<C>): SignerKind<C> {
  return signer;
}
