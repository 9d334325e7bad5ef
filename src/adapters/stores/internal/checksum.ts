import { createHash } from 'node:crypto';
import { encodeJournaled } from './canonicalJson.ts';

/** SHA-256 of a text, hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Checksum over a row's columns, whatever their order. */
export function checksumOf(columns: Readonly<Record<string, unknown>>): string {
  return sha256(encodeJournaled(columns));
}
