import { publicKeyToAddress } from 'viem/accounts';
import { z } from 'zod';
import { CorruptDataError } from '../../../core/errors.ts';
import { type Address, sameAddress } from '../../../core/units.ts';
import { decodeBase64 } from './base64.ts';
import { parsePublicKey } from './der.ts';
import { SigningMismatchError, SigningServiceError } from './errors.ts';

/** Bytes as JSON carries them; longer than any key or signature is not looked at. */
export const base64 = z
  .string()
  .max(4_096)
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
  .transform((text) => decodeBase64(text));

/**
 * Holds a service's public key against the address that the config expects of it.
 *
 * @param subjectPublicKeyInfo in DER
 * @returns the address with its checksum
 * @throws SigningServiceError where it is no secp256k1 key, SigningMismatchError where it is another one
 */
export function provenAddress(service: string, subjectPublicKeyInfo: Uint8Array, expected: Address): Address {
  const found = publicKeyToAddress(inService(service, () => parsePublicKey(subjectPublicKeyInfo)));
  if (!sameAddress(found, expected)) throw new SigningMismatchError(service, 'key', found, expected);
  return found;
}

/** Decodes what a service answered; what cannot be decoded is the service's fault and named as such. */
export function inService<T>(service: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof CorruptDataError)) throw error;
    throw new SigningServiceError(service, error.message, false);
  }
}
