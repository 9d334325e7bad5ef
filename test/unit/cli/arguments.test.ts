import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { addressArgument } from '../../../src/cli/arguments.ts';

const COPIED = '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640';

describe('an address on the command line', () => {
  it.each([
    ['as it was copied', COPIED],
    ['all in small letters', COPIED.toLowerCase()],
    ['all in capitals', `0x${COPIED.slice(2).toUpperCase()}`],
  ])('is taken %s', (_, address) => {
    expect(addressArgument(address)).toBe(address);
  });

  it.each([
    ['a mistyped digit', `${COPIED.slice(0, -1)}1`],
    ['a digit too few', COPIED.slice(0, -1)],
    ['a name', 'vitalik.eth'],
  ])('is refused with %s', (_, address) => {
    expect(() => addressArgument(address)).toThrow(InvalidArgumentError);
  });
});
