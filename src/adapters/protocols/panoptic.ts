import { z } from 'zod';
import { BallastError, CorruptDataError } from '../../core/errors.ts';
import type { PanopticLegPosition, Position } from '../../core/position.ts';
import { all, type Read } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { type Address, mulDivDown, sameAddress } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import { heldOrOwed, UnsupportedMarketError } from './internal/pairSides.ts';
import { collateralTrackerAbi, pairAbi, panopticPoolAbi } from './internal/panopticAbi.ts';
import { legPosition, type PairOfTokens } from './internal/panopticLegs.ts';
import { decodeLeftRight, decodeTokenId, type TokenAmounts } from './internal/panopticTokenId.ts';

const config = z.strictObject({
  pool: addressSchema.describe('the Panoptic pool, not the Uniswap pool under it'),
  tokenIds: z
    .array(z.string().regex(/^(\d{1,78}|0x[0-9a-fA-F]{1,64})$/, { error: 'a token id, decimal or 0x' }))
    .refine((ids) => new Set(ids.map(BigInt)).size === ids.length, { error: 'each token id once' })
    .describe('every position that the account has open in the pool: the pool keeps only their hash'),
});

const memorySchema = z.object({
  pool: addressSchema,
  uniswapPool: addressSchema,
  token0: addressSchema,
  token1: addressSchema,
  collateral0: addressSchema,
  collateral1: addressSchema,
  /** Named positions that were open last time. */
  open: z.array(z.string().regex(/^\d+$/)),
});
type Terms = Omit<z.infer<typeof memorySchema>, 'open'>;

const NOTHING: TokenAmounts = [0n, 0n];

/** The account has positions open in the pool that the config does not name. */
export class PositionListError extends BallastError {
  /** @param found how many of the named ones are open */
  constructor(pool: string, found: number, open: bigint) {
    super(
      'POSITION_LIST_INCOMPLETE',
      `the account has ${open} positions open in ${pool}, ${found} of them named`,
      {
        facts: { pool, found, open },
        action: 'list in tokenIds every position that is open: the pool itself holds no list of them',
      },
    );
  }
}

/**
 * Panoptic v1 options: each leg of each token id as the Uniswap liquidity that it lends or borrows, the collateral of the
 * account as locked tokens, premium that could be collected now as locked tokens and premium that is owed as debt. The pool
 * holds no list of positions, so the config names them; named ones that are closed do no harm, and one that is open and not
 * named is refused.
 *
 * Reads `panoptic-labs/panoptic-v1-core` at commit 0a333bc1283ac14c4eb2be59110c070b83eb0289. Not covered: Panoptic v2
 * (loans, Uniswap v4), commission on opening, what a forced exercise would cost.
 */
export const panoptic = defineProtocol<z.infer<typeof config>>({
  summary: 'Panoptic v1 options: legs of the token ids, collateral and premium',
  verified: 'abi-only',
  config,
  sample: {
    pool: '0xba11a57000000000000000000000000000000102',
    tokenIds: ['126779771903969089090817567677906'],
  },
  counts: ({ pool }) => [pool],
  *read({ pool, tokenIds }, { vault, memory }) {
    const remembered = memoryOf(memory, pool);
    const terms = remembered ?? { ...(yield* readTerms(pool)), open: [] };
    const pair = pairOf(terms, vault);
    const [count, states, seenPremium, collateral0, collateral1] = yield* all([
      call(panopticPoolAbi, pool, 'numberOfPositions', [vault.account]),
      all(tokenIds.map((id) => readPosition(pool, BigInt(id), vault.account))),
      readPremium(pool, terms.open, vault.account),
      readCollateral(terms.collateral0, vault.account),
      readCollateral(terms.collateral1, vault.account),
    ]);
    const positions = states.filter(({ positionSizeRaw }) => positionSizeRaw > 0n);
    if (BigInt(positions.length) !== count) throw new PositionListError(pool, positions.length, count);
    const open = positions.map(({ id }) => String(id));
    const isSame = open.join() === terms.open.join();
    const { earned, owed } = isSame ? seenPremium : yield* readPremium(pool, open, vault.account);
    const cash = (label: string, amountsRaw: TokenAmounts, sign: 1n | -1n) =>
      amountsRaw.flatMap((amountRaw, index) =>
        heldOrOwed(label, (index === 0) === pair.baseIsToken0 ? 'base' : 'quote', sign * amountRaw),
      );
    const value: readonly Position[] = [
      ...positions.flatMap((position) => legsOf(position, pair)),
      ...cash('panoptic premium earned', earned, 1n),
      ...cash('panoptic premium owed', owed, -1n),
      ...cash('panoptic collateral', [collateral0, collateral1], 1n),
    ];
    return { value, memory: { ...terms, open } };
  },
});

function memoryOf(memory: Memory, pool: Address) {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.pool, pool) ? found.data : null;
}

/** A position as the pool keeps it; of size 0 where it is not open. */
interface PositionState {
  readonly id: bigint;
  readonly positionSizeRaw: bigint;
}

function* readPosition(pool: Address, id: bigint, account: Address): Read<PositionState> {
  const data = yield* call(panopticPoolAbi, pool, 'positionData', [account, id]);
  const [, , , , , , positionSizeRaw] = data;
  return { id, positionSizeRaw };
}

/** What open positions have earned and could collect now, and what they owe. */
function* readPremium(pool: Address, open: readonly string[], account: Address) {
  if (open.length === 0) return { earned: NOTHING, owed: NOTHING };
  const args = [account, false, open.map(BigInt)] as const;
  const [earned, owed] = yield* call(panopticPoolAbi, pool, 'getAccumulatedFeesAndPositionsData', args);
  return { earned: decodeLeftRight(earned), owed: decodeLeftRight(owed) };
}

function* readTerms(pool: Address): Read<Terms> {
  const [uniswapPool, collateral0, collateral1] = yield* all([
    call(panopticPoolAbi, pool, 'univ3pool', []),
    call(panopticPoolAbi, pool, 'collateralToken0', []),
    call(panopticPoolAbi, pool, 'collateralToken1', []),
  ]);
  const [token0, token1] = yield* all([
    call(pairAbi, uniswapPool, 'token0', []),
    call(pairAbi, uniswapPool, 'token1', []),
  ]);
  return { pool, uniswapPool, token0, token1, collateral0, collateral1 };
}

function pairOf(
  { pool, uniswapPool, token0, token1 }: Terms,
  vault: VaultTerms,
): PairOfTokens & { uniswapPool: Address } {
  const { base, quote } = vault;
  const baseIsToken0 = sameAddress(token0, base.address);
  const other = baseIsToken0 ? token1 : token0;
  if (!sameAddress(other, quote.address) || !(baseIsToken0 || sameAddress(token1, base.address))) {
    throw new UnsupportedMarketError(`Panoptic pool ${pool}`, { token0, token1 }, vault);
  }
  return { baseIsToken0, baseDecimals: base.decimals, quoteDecimals: quote.decimals, uniswapPool };
}

/** What an account's shares of a collateral vault are worth, raw tokens. */
function* readCollateral(tracker: Address, account: Address): Read<bigint> {
  const [shares, supply, assets] = yield* all([
    call(collateralTrackerAbi, tracker, 'balanceOf', [account]),
    call(collateralTrackerAbi, tracker, 'totalSupply', []),
    call(collateralTrackerAbi, tracker, 'totalAssets', []),
  ]);
  if (shares > supply)
    throw new CorruptDataError(`collateral shares of ${account}`, shares, `at most ${supply}`);
  return shares === 0n ? 0n : mulDivDown(shares, assets, supply);
}

function legsOf(
  { id, ...position }: PositionState,
  pair: PairOfTokens & { readonly uniswapPool: Address },
): readonly PanopticLegPosition[] {
  const { legs, poolPattern, tickSpacing } = decodeTokenId(id);
  const first = BigInt(pair.uniswapPool) >> 112n;
  // Pools whose addresses begin alike get the next numbers.
  if (poolPattern < first || poolPattern > first + 255n) {
    throw new CorruptDataError(`pool of token id ${id}`, poolPattern, `${first}, from ${pair.uniswapPool}`);
  }
  return legs.map((leg, index) => legPosition({ leg, tickSpacing, ...position }, pair, index));
}
