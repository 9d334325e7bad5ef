import { z } from 'zod';
import { positionManagerAbi } from '../../../abis/positionManager.ts';
import { BallastError } from '../../core/errors.ts';
import type { Position } from '../../core/position.ts';
import { all, type Read } from '../../core/read.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call, tryCall } from '../chain/index.ts';
import {
  readV4PositionState,
  readV4PositionTerms,
  type V4Place,
  type V4PositionState,
  type V4PositionTerms,
  v4PositionTermsSchema,
} from './internal/v4PositionNft.ts';

const config = z.strictObject({
  positionManager: addressSchema
    .default('0xbD216513d74C8cf14cf4747E6AaA6420FF64ee9e')
    .describe("Uniswap v4's PositionManager"),
  stateView: addressSchema
    .default('0x7fFE42C4a5DEeA5b0feC41C94C136Cf115597227')
    .describe('Uniswap’s own reader of pools; that of mainnet unless given'),
  ids: z
    .array(z.int().positive())
    .refine((ids) => new Set(ids).size === ids.length, { error: 'each id once' })
    .default([])
    .describe('the position NFTs that the account holds: the manager cannot list them'),
  scanFrom: z
    .int()
    .positive()
    .optional()
    .describe('where ids are missing, every one from this on is looked at, once'),
  native: z
    .enum(['base', 'quote', 'ignore'])
    .optional()
    .describe("what the chain's own coin in a pool counts as; needed once a position is in such a pool"),
});
type PositionConfig = z.infer<typeof config>;

const memorySchema = z.object({
  positionManager: addressSchema,
  /** Ids below it were looked at while the balance fitted. */
  nextId: z.int().positive(),
  positions: z.array(v4PositionTermsSchema),
});
type NftMemory = z.infer<typeof memorySchema>;

/** Ids looked at in one read: a request of a megabyte. */
const MOST_SCANNED = 5_000;

/** An account owns more v4 positions than could be found. */
export class UnknownPositionsError extends BallastError {
  constructor(account: Address, owned: bigint, found: readonly string[]) {
    const message = `the account holds ${owned} Uniswap v4 positions, ${found.length} are known`;
    super('POSITION_LIST_INCOMPLETE', message, {
      facts: { account, owned, found: found.join(' ') },
      action: 'name the others by `ids`, or where to look for them by `scanFrom`',
    });
  }
}

/**
 * Uniswap v4 liquidity that the account holds as NFTs of a PositionManager, with its fees as locked tokens; pools of the
 * chain's own coin too. Proved on `@uniswap/v4-periphery` 1.0.3. The manager does not list an owner's NFTs, so that ids come
 * from the config, from a scan, and from what was minted since the last read; their number must be the account's balance.
 * Positions of other pairs are skipped. Not covered: liquidity that the account holds at the PoolManager without the
 * manager's NFT, pools whose hook may take from what is withdrawn (refused), what subscribers pay.
 *
 * @throws UnknownPositionsError when the account owns NFTs that were not found
 * @throws InvalidInputError when a pool is of the chain's own coin and `native` does not say what that counts as
 */
export const uniswapV4Position = defineProtocol<PositionConfig>({
  summary: "the account's Uniswap v4 positions and their fees, in pools of native coin too",
  verified: 'contracts',
  config,
  sample: {
    positionManager: '0xbD216513d74C8cf14cf4747E6AaA6420FF64ee9e',
    stateView: '0x7fFE42C4a5DEeA5b0feC41C94C136Cf115597227',
    ids: [],
    scanFrom: 1,
    native: 'base',
  },
  counts: ({ positionManager }) => [positionManager],
  *read(settings, { vault, memory }) {
    const { positionManager: manager, stateView, native, ids, scanFrom } = settings;
    const place: V4Place = {
      positionManager: manager,
      stateView,
      native,
      base: vault.base.address,
      quote: vault.quote.address,
    };
    const seen = memoryOf(memory, manager);
    const named = ids.map(BigInt).filter((id) => !seen?.positions.some((terms) => terms.id === String(id)));
    const [balance, nextId, seenStates, namedOwned] = yield* all([
      call(positionManagerAbi, manager, 'balanceOf', [vault.account]),
      call(positionManagerAbi, manager, 'nextTokenId', []),
      all((seen?.positions ?? []).map((terms) => readOwned(terms, place, vault.account))),
      readOwnedAmong(named, manager, vault.account),
    ]);
    const kept = seenStates.filter((one) => one !== null);
    const missing = Number(balance) - kept.length - namedOwned.length;
    const from = seen?.nextId ?? scanFrom;
    const known = new Set([...kept.map(({ terms }) => terms.id), ...namedOwned.map(String)]);
    const scanned =
      missing > 0 && from !== undefined
        ? yield* readOwnedAmong(unknownIds(from, nextId, known), manager, vault.account)
        : [];
    const found = yield* all([...namedOwned, ...scanned].map((id) => discover(id, place)));
    const owned = [...kept, ...found];
    if (owned.length !== Number(balance))
      throw new UnknownPositionsError(
        vault.account,
        balance,
        owned.map(({ terms }) => terms.id),
      );
    const isRecent = seen !== null && missing <= 0 && Number(nextId) - seen.nextId < MOST_SCANNED / 2;
    const next: NftMemory = {
      positionManager: manager,
      // Others' mints alone do not make a new memory, lest the journal keep one for each.
      nextId: isRecent ? seen.nextId : Number(nextId),
      positions: owned.map(({ terms }) => terms),
    };
    return { value: owned.flatMap(positionsOf), memory: next };
  },
});

interface OwnedPosition {
  readonly terms: V4PositionTerms;
  readonly state: V4PositionState;
}

function memoryOf(memory: Memory, manager: Address): NftMemory | null {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.positionManager, manager) ? found.data : null;
}

/** The newest first: what an account lacks was minted lately. */
function unknownIds(from: number, nextId: bigint, known: ReadonlySet<string>): readonly bigint[] {
  const count = Math.max(0, Math.min(Number(nextId) - from, MOST_SCANNED));
  return Array.from({ length: count }, (_, index) => nextId - 1n - BigInt(index)).filter(
    (id) => !known.has(String(id)),
  );
}

function* readOwnedAmong(
  ids: readonly bigint[],
  manager: Address,
  account: Address,
): Read<readonly bigint[]> {
  const owners = yield* all(ids.map((id) => tryCall(positionManagerAbi, manager, 'ownerOf', [id])));
  return ids.filter((_, index) => sameAddress(owners[index] ?? '', account));
}

/** A position that was owned before; null where it is no longer. */
function* readOwned(terms: V4PositionTerms, place: V4Place, account: Address): Read<OwnedPosition | null> {
  const [[owned], state] = yield* all([
    readOwnedAmong([BigInt(terms.id)], place.positionManager, account),
    readV4PositionState(terms, place),
  ]);
  return owned === undefined ? null : { terms, state };
}

function* discover(id: bigint, place: V4Place): Read<OwnedPosition> {
  const terms = yield* readV4PositionTerms(id, place);
  return { terms, state: yield* readV4PositionState(terms, place) };
}

function positionsOf({ terms, state }: OwnedPosition): readonly Position[] {
  const { id, pool, baseIsToken0, tickLower, tickUpper } = terms;
  const { liquidity, owed0Raw, owed1Raw } = state;
  if (pool === null) return [];
  const label = `uniswap v4 #${id}`;
  const fee = (asset: 'base' | 'quote', amountRaw: bigint): readonly Position[] =>
    amountRaw === 0n ? [] : [{ kind: 'spot', label: `${label} fees`, asset, amountRaw, locked: true }];
  return [
    ...(liquidity > 0n
      ? [{ kind: 'liquidity', label, pool, baseIsToken0, tickLower, tickUpper, liquidity } as const]
      : []),
    ...fee('base', baseIsToken0 ? owed0Raw : owed1Raw),
    ...fee('quote', baseIsToken0 ? owed1Raw : owed0Raw),
  ];
}
