import type { Position } from '../position.ts';
import type { PaperWithdrawal } from '../snapshot.ts';

/**
 * Positions as they would be had liquidity been withdrawn on chain that was withdrawn on paper: without it, and without the
 * fees that went with it.
 */
export function withoutWithdrawn(
  positions: readonly Position[],
  withdrawn: readonly PaperWithdrawal[] = [],
): readonly Position[] {
  if (withdrawn.length === 0) return positions;
  const taken = new Map(withdrawn.map(({ tokenId, liquidity }) => [tokenId, liquidity]));
  const touched = new Set(
    positions.flatMap((position) =>
      position.kind === 'liquidity' && position.nft !== undefined && taken.has(position.nft.id)
        ? [`${position.label} uncollected`]
        : [],
    ),
  );
  return positions.flatMap((position): readonly Position[] => {
    if (position.kind === 'spot') return touched.has(position.label) ? [] : [position];
    if (position.kind !== 'liquidity' || position.nft === undefined) return [position];
    const gone = taken.get(position.nft.id);
    if (gone === undefined) return [position];
    if (position.liquidity <= gone) return [];
    const nft = { ...position.nft, uncollectedBaseRaw: 0n, uncollectedQuoteRaw: 0n };
    return [{ ...position, liquidity: position.liquidity - gone, nft }];
  });
}
