import { parseAbi } from 'viem';
import { CorruptDataError } from '../../../core/errors.ts';
import { all, type Read } from '../../../core/read.ts';
import type { Address } from '../../../core/units.ts';
import { call, tryCall } from '../../chain/index.ts';

/** ERC-721 with enumeration: who owns one owns what it stands for. */
export const enumerableNftAbi = parseAbi([
  'function balanceOf(address owner) view returns (uint256)',
  'function tokenOfOwnerByIndex(address owner, uint256 index) view returns (uint256)',
]);

/** More NFTs than one account can sensibly hold: a balance above it is not believed. */
const MOST_NFTS = 10_000n;

/**
 * Ids of an owner's NFTs; one round when their number is at most `expected`.
 *
 * @throws CorruptDataError (in the read) when balance and ids do not fit
 */
export function* readOwnedNfts(nft: Address, owner: Address, expected: number): Read<readonly bigint[]> {
  const indexes = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from) }, (_, at) => BigInt(from + at));
  const [balance, first] = yield* all([
    call(enumerableNftAbi, nft, 'balanceOf', [owner]),
    all(indexes(0, expected).map((at) => tryCall(enumerableNftAbi, nft, 'tokenOfOwnerByIndex', [owner, at]))),
  ]);
  if (balance > MOST_NFTS) throw new CorruptDataError('position NFTs', balance, `at most ${MOST_NFTS}`);
  const rest = yield* all(
    indexes(expected, Number(balance)).map((at) =>
      call(enumerableNftAbi, nft, 'tokenOfOwnerByIndex', [owner, at]),
    ),
  );
  const ids = [...first.filter((id) => id !== null), ...rest];
  if (ids.length !== Number(balance))
    throw new CorruptDataError('position NFTs', ids.length, `${balance}, the balance`);
  return ids;
}
