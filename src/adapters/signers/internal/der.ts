import { CorruptDataError } from '../../../core/errors.ts';
import type { Hex } from '../../../core/units.ts';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;

/** AlgorithmIdentifier of a secp256k1 key: id-ecPublicKey 1.2.840.10045.2.1, secp256k1 1.3.132.0.10 (SEC 2, 2010). */
const SECP256K1_ALGORITHM = '301006072a8648ce3d020106052b8104000a';

/** Order of the group and the field's prime (SEC 2, 2010). */
export const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const FIELD_PRIME = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

interface Element {
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

/** Reads one element of definite length, in DER's only form for it. */
function element(bytes: Uint8Array, tag: number, what: string): Element {
  const [found, first] = bytes;
  if (found !== tag) throw new CorruptDataError(what, `DER tag ${found ?? 'none'}`, `DER tag ${tag}`);
  if (first === undefined) throw new CorruptDataError(what, 'no DER length', 'a length');
  const isLong = first === 0x81;
  const length = isLong ? (bytes[2] ?? -1) : first;
  const start = isLong ? 3 : 2;
  const isShortest = isLong ? length >= 0x80 : length < 0x80;
  if (!isShortest || bytes.length < start + length) {
    throw new CorruptDataError(what, `DER length ${length} in ${bytes.length} bytes`, 'a length that fits');
  }
  return { content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

function noMore(rest: Uint8Array, what: string): void {
  if (rest.length > 0) throw new CorruptDataError(what, `${rest.length} bytes behind its end`, 'nothing');
}

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const numberOf = (bytes: Uint8Array) => BigInt(`0x${hexOf(bytes)}`);

function scalar(content: Uint8Array, what: string): bigint {
  const [first = 0x80, second = 0x80] = content;
  const isNegative = first >= 0x80;
  const isPadded = content.length > 1 && first === 0 && second < 0x80;
  if (isNegative || isPadded) {
    throw new CorruptDataError(what, 'an integer that is negative, padded or empty', 'a positive integer');
  }
  const value = numberOf(content);
  if (value === 0n || value >= CURVE_ORDER) {
    throw new CorruptDataError(what, 'a number outside the group', 'above zero and below the curve order');
  }
  return value;
}

/** The two numbers of an ECDSA signature. */
export interface SignatureNumbers {
  readonly r: bigint;
  readonly s: bigint;
}

/**
 * Reads an ECDSA signature as key services give it: SEQUENCE of INTEGER r and s in DER (RFC 3279 2.2.3, 2002).
 *
 * @throws CorruptDataError where it is none, or a number lies outside the group
 */
export function parseSignature(bytes: Uint8Array): SignatureNumbers {
  const what = 'signature';
  const outer = element(bytes, SEQUENCE, what);
  noMore(outer.rest, what);
  const r = element(outer.content, INTEGER, what);
  const s = element(r.rest, INTEGER, what);
  noMore(s.rest, what);
  return { r: scalar(r.content, what), s: scalar(s.content, what) };
}

/**
 * Reads a secp256k1 public key out of a SubjectPublicKeyInfo (RFC 5480, 2009), uncompressed.
 *
 * @returns 65 bytes: 04, x, y
 * @throws CorruptDataError where it is none, of another curve, or no point of it
 */
export function parsePublicKey(bytes: Uint8Array): Hex {
  const what = 'public key';
  const outer = element(bytes, SEQUENCE, what);
  noMore(outer.rest, what);
  const algorithm = element(outer.content, SEQUENCE, what);
  const found = hexOf(outer.content.subarray(0, outer.content.length - algorithm.rest.length));
  if (found !== SECP256K1_ALGORITHM) {
    throw new CorruptDataError(
      what,
      `the algorithm ${found.slice(0, 64)}`,
      'an elliptic curve key on secp256k1',
    );
  }
  const bits = element(algorithm.rest, BIT_STRING, what);
  noMore(bits.rest, what);
  const [unused, form] = bits.content;
  if (unused !== 0 || form !== 4 || bits.content.length !== 66) {
    throw new CorruptDataError(
      what,
      `${bits.content.length} bytes of form ${form}`,
      '65 bytes, uncompressed',
    );
  }
  const x = numberOf(bits.content.subarray(2, 34));
  const y = numberOf(bits.content.subarray(34, 66));
  const isOnCurve = x < FIELD_PRIME && y < FIELD_PRIME && (y * y - x * x * x - 7n) % FIELD_PRIME === 0n;
  if (!isOnCurve) throw new CorruptDataError(what, 'a point beside the curve', 'a point of secp256k1');
  return `0x${hexOf(bits.content.subarray(1))}`;
}
