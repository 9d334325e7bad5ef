import { describe, expect, it } from 'vitest';
import { fastLzLength } from '../../../support/fastLz.ts';

/** Transaction 0x8eb9dd4e…b594 of OP Mainnet, signed, as op-geth's own test has it. */
const contractCall = Uint8Array.from(
  Buffer.from(
    '02f901550a758302df1483be21b88304743f94f80e51afb613d764fa61751affd3313c190a86bb870151bd62fd12adb8' +
      'e41ef24f3f0000000000000000000000000000000000000000000000000000000000000000' +
      '6e000000000000000000000000af88d065e77c8cc2239327c5edb3a432268e5831000000000000000000000000000000' +
      '000000000000000000000000000003c1e50000000000000000000000' +
      '00000000000000000000000000000000000000000000000000000000' +
      '000000000000000000000000000000000000000000000000a0000000' +
      '00000000000000000000000000000000000000000000000000000000' +
      '148c89ed219d02f1a5be012c689b4f5b731827bebe00000000000000' +
      '0000000000c001a033fd89cb37c31b2cba46b6466e040c61fc9b2a36' +
      '75a7f5f493ebd5ad77c497f8a07cdf65680e238392693019b4092f61' +
      '0222e71b7cec06449cb922b93b6a12744e',
    'hex',
  ),
);

describe('the length after FastLZ', () => {
  it.each([
    ['nothing', new Uint8Array(), 0],
    ['a thousand zeros', new Uint8Array(1000), 21],
    ['a thousand ones', new Uint8Array(1000).fill(1), 21],
    ['a contract call', contractCall, 202],
  ])('of %s is op-geth’s: %#', (_, bytes, length) => {
    expect(fastLzLength(bytes)).toBe(length);
  });

  it('of what does not repeat is one byte more for every 32', () => {
    for (const count of [1, 12, 13, 31, 32, 33, 64, 200]) {
      const bytes = Uint8Array.from({ length: count }, (_, index) => index);
      expect(fastLzLength(bytes)).toBe(count + Math.ceil(count / 32));
    }
  });
});
