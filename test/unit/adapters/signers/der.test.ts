import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import {
  CURVE_ORDER,
  parsePublicKey,
  parseSignature,
} from '../../../../src/adapters/signers/internal/der.ts';
import { lowS } from '../../../../src/adapters/signers/internal/digestSigner.ts';
import { derOf } from '../../../support/keyServices.ts';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
const bytes32 = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('signatures in DER', () => {
  it('are read as OpenSSL writes them: the numbers verify in the other encoding', () => {
    const { privateKey, publicKey } = pair();
    for (let index = 0; index < 200; index += 1) {
      const data = Buffer.from(`message ${index}`);
      const der = sign('sha256', data, { key: privateKey, dsaEncoding: 'der' });
      const { r, s } = parseSignature(der);
      const plain = Buffer.concat([bytes32(r), bytes32(s)]);
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, plain)).toBe(true);
      const low = lowS({ r, s });
      const mirrored = Buffer.concat([bytes32(low.r), bytes32(low.s)]);
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, mirrored)).toBe(true);
      expect(low.s <= CURVE_ORDER / 2n).toBe(true);
    }
  });

  it('come back as any two numbers of the group', () => {
    const scalar = fc.oneof(fc.bigInt(1n, CURVE_ORDER - 1n), fc.bigInt(1n, 300n));
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        expect(parseSignature(derOf(r, s))).toEqual({ r, s });
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['another tag', '31 06 02 01 01 02 01 01'],
    ['a length beyond the end', '30 07 02 01 01 02 01 01'],
    ['bytes behind the end', '30 06 02 01 01 02 01 01 00'],
    ['a third number', '30 09 02 01 01 02 01 01 02 01 01'],
    ['one number', '30 03 02 01 01'],
    ['a negative number', '30 06 02 01 81 02 01 01'],
    ['a padded number', '30 07 02 02 00 01 02 01 01'],
    ['an empty number', '30 05 02 00 02 01 01'],
    ['zero', '30 06 02 01 00 02 01 01'],
    ['a length in the long form without need', '30 81 06 02 01 01 02 01 01'],
    ['an indefinite length', '30 80 02 01 01 02 01 01 00 00'],
    ['a number of the order itself', Buffer.from(derOf(1n, CURVE_ORDER)).toString('hex')],
  ])('are refused: %s', (_, text) => {
    expect(() => parseSignature(hex(text))).toThrow(/signature/);
  });

  it('never throw anything but their own error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          parseSignature(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'CORRUPT_DATA' });
        }
      }),
    );
  });
});

describe('public keys in SubjectPublicKeyInfo', () => {
  it('are read as OpenSSL writes them', () => {
    for (let index = 0; index < 20; index += 1) {
      const { privateKey, publicKey } = pair();
      const { d } = privateKey.export({ format: 'jwk' }) as { d: string };
      const account = privateKeyToAccount(`0x${Buffer.from(d, 'base64url').toString('hex')}`);
      expect(parsePublicKey(publicKey.export({ type: 'spki', format: 'der' }))).toBe(account.publicKey);
    }
  });

  const good = pair().publicKey.export({ type: 'spki', format: 'der' });
  const changed = (at: number, byte: number) => Uint8Array.from(good).with(at, byte);

  it.each([
    ['of another curve', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['of another kind', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['of a twisted curve', generateKeyPairSync('ed25519')],
  ])('are refused: %s', (_, { publicKey }) => {
    expect(() => parsePublicKey(publicKey.export({ type: 'spki', format: 'der' }))).toThrow(/public key/);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['cut off', good.subarray(0, -1)],
    ['longer than they say', Uint8Array.from([...good, 0])],
    ['a point beside the curve', changed(good.length - 1, (good.at(-1) ?? 0) ^ 1)],
    ['a compressed form', changed(23, 2)],
  ])('are refused: %s', (_, bytes) => {
    expect(() => parsePublicKey(bytes)).toThrow(/public key/);
  });
});
