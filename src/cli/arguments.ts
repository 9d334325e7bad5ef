import { InvalidArgumentError } from 'commander';
import { CHECKSUM_EXPECTED, hasSoundChecksum } from '../runtime/config/checksums.ts';

/** A whole number at or above 0. @throws InvalidArgumentError for anything else */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('Expected a whole number.');
  return number;
}

/** A number above 0. @throws InvalidArgumentError for anything else */
export function positiveNumber(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}

/** An address of an account. @throws InvalidArgumentError for anything else, and for a wrong checksum */
export function addressArgument(text: string): `0x${string}` {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text))
    throw new InvalidArgumentError('Expected 0x and 40 hexadecimal digits.');
  const address = text as `0x${string}`;
  if (!hasSoundChecksum(address))
    throw new InvalidArgumentError(
      `Its checksum (EIP-55, its capitals) is wrong. Expected ${CHECKSUM_EXPECTED}.`,
    );
  return address;
}

/** Numbers above 0 with commas between them. @throws InvalidArgumentError for anything else */
export function positiveNumbers(text: string): readonly number[] {
  return text.split(',').map((part) => positiveNumber(part.trim()));
}

/** The address of an HTTP endpoint. @throws InvalidArgumentError for anything else */
export function endpointArgument(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('Expected an address such as http://127.0.0.1:8545.');
}

/** A finite number. @throws InvalidArgumentError for anything else */
export function anyNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Expected a number.');
  return number;
}

/** A number at or above 0. @throws InvalidArgumentError for anything else */
export function nonNegativeNumber(text: string): number {
  const number = anyNumber(text);
  if (number < 0) throw new InvalidArgumentError('Expected a number at or above 0.');
  return number;
}

/** A port; 0 stands for any free one. @throws InvalidArgumentError for anything else */
export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('Expected a port, 0 to 65535.');
  return port;
}
