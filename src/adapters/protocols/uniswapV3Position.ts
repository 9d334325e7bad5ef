import { z } from 'zod';
import { CorruptDataError } from '../../core/errors.ts';
import type { Position, SpotPosition } from '../../core/position.ts';
import { all, type Read } from '../../core/read.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { readOwnedNfts } from './internal/ownedNfts.ts';
import {
  type NftPlace,
  type PositionState,
  type PositionTerms,
  positionTermsSchema,
  readPositionState,
  readPositionTerms,
} from './internal/positionNft.ts';

const config = z.strictObject({
  positionManager: addressSchema.describe('the NonfungiblePositionManager'),
  pools: z
    .array(addressSchema)
    .min(1)
    .optional()
    .describe('only positions in these pools; all of the pair unless given'),
});

const memorySchema = z.object({ positionManager: addressSchema, positions: z.array(positionTermsSchema) });
type NftMemory = z.infer<typeof memorySchema>;

/**
 * Uniswap v3 liquidity that the account holds as NFTs of a position manager, with its uncollected fees as locked
 * tokens. Positions of other pairs are skipped. The NFTs and what never changes of them are remembered; each read
 * checks the balance and every index, so that a new, sold or burnt NFT is noticed at once.
 */
export const uniswapV3Position = defineProtocol<z.infer<typeof config>>({
  summary: "the account's Uniswap v3 positions and their uncollected fees",
  verified: 'contracts',
  config,
  sample: { positionManager: '0xC36442b4a4522E871399CD717aBDD847Ab11FE88' },
  counts: ({ positionManager, pools }) =>
    pools?.map((pool) => `${positionManager}/${pool}`) ?? [positionManager],
  *read({ positionManager, pools }, { vault, memory }) {
    const place: NftPlace = {
      manager: positionManager,
      base: vault.base.address,
      quote: vault.quote.address,
    };
    const seen = memoryOf(memory, positionManager);
    const [ids, seenStates] = yield* all([
      readOwnedNfts(positionManager, vault.account, seen.length),
      all(seen.map((terms) => readPositionState(terms, positionManager))),
    ]);
    const unseen = ids.filter((id) => !seen.some((terms) => terms.id === String(id)));
    const found = yield* all(unseen.map((id) => discover(id, place)));
    const everything = [...seen.map((terms, index) => ({ terms, state: seenStates[index]! })), ...found];
    const owned = everything.filter(({ terms }) => ids.some((id) => String(id) === terms.id));
    const counted = owned.filter(
      ({ terms: { pool } }) => pool !== null && (pools?.some((one) => sameAddress(one, pool)) ?? true),
    );
    const next: NftMemory = { positionManager, positions: owned.map(({ terms }) => terms) };
    return {
      value: counted.flatMap(({ terms, state }) => positionsOf(terms, state, positionManager)),
      memory: next,
    };
  },
});

function memoryOf(memory: Memory, positionManager: Address): readonly PositionTerms[] {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.positionManager, positionManager)
    ? found.data.positions
    : [];
}

function* discover(id: bigint, place: NftPlace): Read<{ terms: PositionTerms; state: PositionState | null }> {
  const terms = yield* readPositionTerms(id, place);
  return { terms, state: yield* readPositionState(terms, place.manager) };
}

function positionsOf(
  terms: PositionTerms,
  state: PositionState | null,
  manager: Address,
): readonly Position[] {
  const { id, pool, baseIsToken0, tickLower, tickUpper } = terms;
  if (state === null || pool === null)
    throw new CorruptDataError(`position ${id}`, 'missing', 'a position that is owned');
  const label = `uniswap v3 #${id}`;
  const fee = (asset: 'base' | 'quote', amountRaw: bigint): SpotPosition[] =>
    amountRaw === 0n ? [] : [{ kind: 'spot', label: `${label} uncollected`, asset, amountRaw, locked: true }];
  const { liquidity, owed0Raw, owed1Raw } = state;
  const [uncollectedBaseRaw, uncollectedQuoteRaw] = baseIsToken0
    ? [owed0Raw, owed1Raw]
    : [owed1Raw, owed0Raw];
  const nft = { manager, id: BigInt(id), uncollectedBaseRaw, uncollectedQuoteRaw };
  return [
    ...(liquidity > 0n
      ? [{ kind: 'liquidity', label, pool, baseIsToken0, tickLower, tickUpper, liquidity, nft } as const]
      : []),
    ...fee('base', uncollectedBaseRaw),
    ...fee('quote', uncollectedQuoteRaw),
  ];
}
