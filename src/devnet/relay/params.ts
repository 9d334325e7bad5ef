import type { Address, Hash, Hex } from '../../core/units.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';

/** Bounds that the Flashbots relay documents for one bundle. */
const MAX_BUNDLE_TRANSACTIONS = 100;
const MAX_BUNDLE_BYTES = 300_000;
const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const HASH = /^0x[0-9a-fA-F]{64}$/;

/** A parameter with the path that names it in errors. */
export interface Param {
  readonly value: unknown;
  readonly path: string;
}

/** The n-th positional parameter. @throws RelayRefusalError when params is no array, or longer than `most` */
export function positional(params: unknown, index: number, most: number): Param {
  if (!Array.isArray(params)) throw mismatch({ value: params, path: 'params' }, 'an array');
  if (params.length > most)
    throw mismatch({ value: params.length, path: 'params.length' }, `at most ${most}`);
  return { value: params[index], path: `params[${index}]` };
}

/** A member of an object parameter; undefined where absent. @throws RelayRefusalError when the parent is no object */
export function member(parent: Param, name: string): Param {
  const { value, path } = parent;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw mismatch(parent, 'an object');
  return {
    value: Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined,
    path: `${path}.${name}`,
  };
}

/** Refuses members that are not known, so that a misspelt one is found. @throws RelayRefusalError naming the first */
export function onlyMembers(parent: Param, known: readonly string[]): void {
  member(parent, '');
  const unknown = Object.keys(parent.value as object).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw mismatch({ value: unknown, path: `${parent.path}: a member` }, `one of ${known.join(', ')}`);
}

/** The items of an array parameter. @throws RelayRefusalError when it is none, or longer than a bundle may be */
export function items(param: Param): readonly Param[] {
  return readArray(param, MAX_BUNDLE_TRANSACTIONS);
}

/** A string of 1 to 200 characters. */
export function readText(param: Param): string {
  const { value } = param;
  if (typeof value !== 'string' || value === '' || value.length > 200)
    throw mismatch(param, 'a string of 1 to 200 characters');
  return value;
}

/** True or false. */
export function readBoolean(param: Param): boolean {
  if (typeof param.value !== 'boolean') throw mismatch(param, 'true or false');
  return param.value;
}

/** A whole number of percent within bounds, as a JSON number. */
export function readPercent(param: Param, least: number, most: number): number {
  const { value } = param;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw mismatch(param, `a whole number from ${least} to ${most}`);
  return value;
}

/** One of a few names. */
export function readOneOf(param: Param, names: readonly string[]): string {
  const { value } = param;
  if (typeof value !== 'string' || !names.includes(value))
    throw mismatch(param, `one of ${names.join(', ')}`);
  return value;
}

/** A block number that must be written in hex, as an endpoint documents it. */
export function readHexBlockNumber(param: Param): bigint {
  if (typeof param.value !== 'string') throw mismatch(param, 'a block number in hex');
  return readBlockNumber(param);
}

/** Reads a parameter that may be absent or null. */
export function optional<T>(param: Param, read: (param: Param) => T): T | null {
  return param.value === undefined || param.value === null ? null : read(param);
}

/** Non-empty 0x-prefixed bytes. */
export function readBytes(param: Param): Hex {
  const { value } = param;
  if (
    typeof value !== 'string' ||
    value.length < 4 ||
    value.length % 2 !== 0 ||
    !/^0x[0-9a-fA-F]*$/.test(value)
  ) {
    throw mismatch(param, '0x-prefixed bytes');
  }
  return value.toLowerCase() as Hex;
}

/** A 32-byte hash. */
export function readHash(param: Param): Hash {
  if (typeof param.value !== 'string' || !HASH.test(param.value)) throw mismatch(param, 'a 32-byte hash');
  return param.value.toLowerCase() as Hash;
}

/** A 20-byte address. */
export function readAddress(param: Param): Address {
  if (typeof param.value !== 'string' || !ADDRESS.test(param.value)) throw mismatch(param, 'an address');
  return param.value as Address;
}

/** A non-negative integer below 2^53, as a JSON number or as hex: clients send block numbers both ways. */
export function readInteger(param: Param): number {
  const { value } = param;
  const isHex = typeof value === 'string' && /^0x[0-9a-fA-F]{1,14}$/.test(value);
  const number = typeof value === 'number' || isHex ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < 0)
    throw mismatch(param, 'a non-negative integer, as hex or number');
  return number;
}

/** The same as a block number. */
export function readBlockNumber(param: Param): bigint {
  return BigInt(readInteger(param));
}

/** A block number or one of the tags. */
export function readBlockTag(param: Param): bigint | 'latest' {
  if (param.value === 'latest' || param.value === 'pending') return 'latest';
  return readBlockNumber(param);
}

/** A UUID of any version, lower case. */
export function readUuid(param: Param): string {
  if (typeof param.value !== 'string' || !UUID.test(param.value)) throw mismatch(param, 'a UUID');
  return param.value.toLowerCase();
}

/** Raw transactions of a bundle, within the documented bounds. */
export function readBundleTransactions(param: Param): readonly Hex[] {
  const items = readArray(param, MAX_BUNDLE_TRANSACTIONS);
  if (items.length === 0) throw mismatch(param, 'at least one transaction');
  const raws = items.map(readBytes);
  const bytes = raws.reduce((sum, raw) => sum + raw.length / 2 - 1, 0);
  if (bytes > MAX_BUNDLE_BYTES)
    throw mismatch({ value: bytes, path: `bytes of ${param.path}` }, `at most ${MAX_BUNDLE_BYTES}`);
  return raws;
}

/** Hashes of transactions of a bundle. */
export function readHashes(param: Param): readonly Hash[] {
  return readArray(param, MAX_BUNDLE_TRANSACTIONS).map(readHash);
}

/** A few names, as strings. */
export function readNames(param: Param): readonly string[] {
  return readArray(param, MAX_BUNDLE_TRANSACTIONS).map((item) => {
    if (typeof item.value !== 'string') throw mismatch(item, 'a string');
    return item.value;
  });
}

function readArray(param: Param, most: number): readonly Param[] {
  if (!Array.isArray(param.value)) throw mismatch(param, 'an array');
  if (param.value.length > most)
    throw mismatch({ value: param.value.length, path: `${param.path}.length` }, `at most ${most}`);
  return param.value.map((value, index) => ({ value, path: `${param.path}[${index}]` }));
}

/** The refusal of a parameter that is not what is expected. */
export function mismatch(param: Param, expected: string): RelayRefusalError {
  return new RelayRefusalError(
    RPC_CODE.invalidParams,
    `${param.path} is ${brief(param.value)}, expected ${expected}`,
  );
}

/** A foreign value for a message: its type where it is no plain value, never more than a few characters. */
function brief(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
