import { checksumAddress } from 'viem';
import type { Address } from '../../core/units.ts';
import type { ConfigIssue } from '../errors.ts';
import { type Path, renderPath, type Source } from './source.ts';

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** Why an address is refused whose capitals are wrong, and what is taken. */
export const CHECKSUM_EXPECTED = 'an address as it was copied, or all in small letters';

/** Whether an address's capitals are its checksum (EIP-55), or it has none: all letters small, or all capitals. */
export function hasSoundChecksum(address: Address): boolean {
  const digits = address.slice(2);
  if (digits === digits.toLowerCase() || digits === digits.toUpperCase()) return true;
  return checksumAddress(address) === address;
}

/**
 * Addresses anywhere in a config whose capitals say that a digit of them was mistyped. What was meant is not guessed: it
 * would bless the mistyped one.
 */
export function wrongChecksums(source: Source): readonly ConfigIssue[] {
  return addressesIn(source.data, []).flatMap(([path, address]) => {
    if (hasSoundChecksum(address)) return [];
    const variables = source.variablesAt(path).map((name) => `\${${name}}`);
    return [
      {
        line: source.lineOf(path),
        path: renderPath(path),
        found:
          variables.length > 0
            ? `the value of ${variables.join(' ')}, an address with a wrong checksum`
            : `${address}, whose checksum (EIP-55, its capitals) is wrong`,
        expected: CHECKSUM_EXPECTED,
        action: 'copy the address again: a digit may be wrong',
      },
    ];
  });
}

function addressesIn(data: unknown, path: Path): readonly (readonly [Path, Address])[] {
  if (typeof data === 'string') return ADDRESS.test(data) ? [[path, data as Address]] : [];
  if (Array.isArray(data)) return data.flatMap((item, index) => addressesIn(item, [...path, index]));
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => addressesIn(value, [...path, key]));
}
