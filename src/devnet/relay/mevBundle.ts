import { keccak256 } from 'viem';
import type { Hash, Hex } from '../../core/units.ts';
import * as read from './params.ts';
import { HINTS } from './protect.ts';
import { bundleHash } from './transaction.ts';

/** One item of a bundle's body. */
export type MevBody =
  | {
      readonly kind: 'tx';
      readonly raw: Hex;
      readonly hash: Hash;
      readonly canRevert: boolean;
      readonly path: string;
    }
  | { readonly kind: 'hash'; readonly hash: Hash; readonly path: string }
  | { readonly kind: 'bundle'; readonly body: readonly MevBody[] };

/** A bundle of MEV-Share, version v0.1, after every check. */
export interface MevBundle {
  readonly block: bigint;
  readonly maxBlock: bigint;
  readonly body: readonly MevBody[];
}

const VERSIONS = ['v0.1', 'beta-1'];
const MAX_DEPTH = 5;
const MEMBERS = ['version', 'inclusion', 'body', 'validity', 'privacy', 'metadata'];

/** Reads a bundle and all bundles in it. @throws RelayRefusalError naming the parameter */
export function readMevBundle(bundle: read.Param, depth = 1): MevBundle {
  if (depth > MAX_DEPTH) throw read.mismatch(bundle, `bundles in bundles at most ${MAX_DEPTH} deep`);
  read.onlyMembers(bundle, MEMBERS);
  read.readOneOf(read.member(bundle, 'version'), VERSIONS);
  const inclusion = read.member(bundle, 'inclusion');
  read.onlyMembers(inclusion, ['block', 'maxBlock']);
  const block = read.readHexBlockNumber(read.member(inclusion, 'block'));
  const maxBlock = read.optional(read.member(inclusion, 'maxBlock'), read.readHexBlockNumber) ?? block;
  const items = read.items(read.member(bundle, 'body'));
  if (items.length === 0) throw read.mismatch(read.member(bundle, 'body'), 'at least one item');
  checkValidity(read.member(bundle, 'validity'), items.length);
  checkPrivacy(read.member(bundle, 'privacy'));
  return { block, maxBlock, body: items.map((item) => readItem(item, depth)) };
}

function readItem(item: read.Param, depth: number): MevBody {
  const [tx, hash, inner] = ['tx', 'hash', 'bundle'].map((name) => read.member(item, name)) as [
    read.Param,
    read.Param,
    read.Param,
  ];
  if ([tx, hash, inner].filter(({ value }) => value !== undefined).length !== 1)
    throw read.mismatch(item, 'exactly one of tx, hash and bundle');
  if (hash.value !== undefined) return { kind: 'hash', hash: read.readHash(hash), path: hash.path };
  if (inner.value !== undefined) return { kind: 'bundle', body: readMevBundle(inner, depth + 1).body };
  read.onlyMembers(item, ['tx', 'canRevert', 'revertMode']);
  const raw = read.readBytes(tx);
  const canRevert = read.optional(read.member(item, 'canRevert'), read.readBoolean) ?? false;
  return { kind: 'tx', raw, hash: keccak256(raw), canRevert, path: tx.path };
}

/** Shares of what a bundle brings in: each at most all of it, and all of them together, too. */
function checkValidity(validity: read.Param, length: number): void {
  if (validity.value === undefined || validity.value === null) return;
  read.onlyMembers(validity, ['refund', 'refundConfig']);
  const shares = (name: string) => read.optional(read.member(validity, name), read.items) ?? [];
  const percents = (params: readonly read.Param[]) =>
    params.reduce((sum, param) => sum + read.readPercent(read.member(param, 'percent'), 0, 100), 0);
  for (const refund of shares('refund')) {
    const index = read.member(refund, 'bodyIdx');
    if (read.readInteger(index) >= length) throw read.mismatch(index, `below ${length}`);
  }
  for (const share of shares('refundConfig')) read.readAddress(read.member(share, 'address'));
  for (const name of ['refund', 'refundConfig']) {
    const sum = percents(shares(name));
    if (sum > 100)
      throw read.mismatch({ value: sum, path: `${validity.path}.${name}` }, 'at most 100 percent');
  }
}

function checkPrivacy(privacy: read.Param): void {
  if (privacy.value === undefined || privacy.value === null) return;
  read.onlyMembers(privacy, ['hints', 'builders']);
  for (const hint of read.optional(read.member(privacy, 'hints'), read.items) ?? [])
    read.readOneOf(hint, HINTS);
  read.optional(read.member(privacy, 'builders'), read.readNames);
}

/**
 * The hash under which MEV-Share knows a bundle: of one item, that item's; of several, keccak of their hashes in a row
 * (Flashbots, mev-share-node, mevshare/bundle_validation.go).
 */
export function mevBundleHash(body: readonly MevBody[]): Hash {
  const hashes = body.map((item) => (item.kind === 'bundle' ? mevBundleHash(item.body) : item.hash));
  const [only, ...others] = hashes;
  return only !== undefined && others.length === 0 ? only : bundleHash(hashes);
}
