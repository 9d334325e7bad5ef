import { erc20Abi } from '../../../abis/erc20.ts';
import { uniswapV3PoolAbi } from '../../../abis/uniswapV3Pool.ts';
import { call } from '../../adapters/chain/index.ts';
import { assertConsistentPool } from '../../core/amm/poolCheck.ts';
import { ALL_TICKS, type RecordedPool, type RecordedTick } from '../../core/amm/recordedPool.ts';
import { CorruptDataError } from '../../core/errors.ts';
import { all, type Read } from '../../core/read.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import type { Address, Token } from '../../core/units.ts';
import type { Chain, Outcome } from '../../ports/chain.ts';

/** How far a recording is: what is being read, how much of it is there, and how much there is. */
export type RecordProgress = (what: 'tick words' | 'ticks', done: number, total: number) => void;

/** Calls between two reports of progress: a few batches in parallel. */
const CALLS_AT_ONCE = 4_000;
const TICKS_PER_WORD = 256;

/** Everything of a pool but its ticks. */
type PoolFrame = Omit<RecordedPool, 'pool' | 'chainId' | 'block' | 'blockHash'> & {
  readonly pool: Omit<RecordedPool['pool'], 'ticks'>;
};

/** What a pool is asked for by one number, a word's position or a tick's index. */
interface Question {
  readonly pool: Address;
  readonly at: number;
}

/**
 * Reads whole Uniswap v3 pools, every initialised tick over the full range, at one block. Each pool has an outcome of its
 * own; what is read is checked before it is given back: the price belongs to its tick, the net liquidities of all ticks
 * cancel out, and those up to the price add up to the active liquidity.
 */
export async function recordPools(
  chain: Pick<Chain, 'chainId' | 'read'>,
  pools: readonly Address[],
  at: BlockFacts,
  progress: RecordProgress,
): Promise<readonly Outcome<RecordedPool>[]> {
  const frames = await chain.read(
    pools.map((pool) => readFrame(pool)),
    at,
  );
  const known = frames.flatMap((frame) => (frame.ok ? [frame.value] : []));
  const wordQuestions = known.flatMap(({ pool }) =>
    wordPositions(pool.tickSpacing).map((position) => ({ pool: pool.address, at: position })),
  );
  const words = await askAll(chain, at, wordQuestions, readWord, (done, total) =>
    progress('tick words', done, total),
  );
  const tickQuestions = known.flatMap(({ pool }) =>
    wordPositions(pool.tickSpacing).flatMap((position) => {
      const word = words.get(keyOf({ pool: pool.address, at: position }));
      return word?.ok ? ticksOf(position, word.value, pool) : [];
    }),
  );
  const ticks = await askAll(chain, at, tickQuestions, readTick, (done, total) =>
    progress('ticks', done, total),
  );
  return frames.map((frame) => {
    if (!frame.ok) return frame;
    const { address } = frame.value.pool;
    const ofPool = <T>(answers: ReadonlyMap<string, Outcome<T>>) =>
      [...answers].flatMap(([key, answer]) => (key.startsWith(`${address} `) ? [answer] : []));
    return assembled(frame.value, ofPool(words), ofPool(ticks), chain.chainId, at);
  });
}

/** A pool put together from its parts, or the first fault among them. */
function assembled(
  frame: PoolFrame,
  words: readonly Outcome<unknown>[],
  ticks: readonly Outcome<RecordedTick>[],
  chainId: number,
  at: BlockFacts,
): Outcome<RecordedPool> {
  const fault = [...words, ...ticks].find((answer) => !answer.ok);
  if (fault !== undefined && !fault.ok) return fault;
  const pool = { ...frame.pool, ticks: ticks.flatMap((tick) => (tick.ok ? [tick.value] : [])) };
  try {
    assertConsistentPool(pool);
  } catch (error) {
    if (error instanceof CorruptDataError) return { ok: false, error };
    throw error;
  }
  return { ok: true, value: { ...frame, chainId, block: at.number, blockHash: at.hash, pool } };
}

const keyOf = ({ pool, at }: Question) => `${pool} ${at}`;

/** Asks a question of each of many places, some thousands at a time, in order. */
async function askAll<T>(
  chain: Pick<Chain, 'chainId' | 'read'>,
  at: BlockFacts,
  questions: readonly Question[],
  readOf: (question: Question) => Read<T>,
  progress: (done: number, total: number) => void,
): Promise<ReadonlyMap<string, Outcome<T>>> {
  const answers = new Map<string, Outcome<T>>();
  for (let done = 0; done < questions.length; done += CALLS_AT_ONCE) {
    progress(done, questions.length);
    const some = questions.slice(done, done + CALLS_AT_ONCE);
    const outcomes = await chain.read(some.map(readOf), at);
    outcomes.forEach((outcome, index) => {
      answers.set(keyOf(some[index]!), outcome);
    });
  }
  return answers;
}

/** Every word of a pool's tick bitmap, ascending. */
function wordPositions(tickSpacing: number): readonly number[] {
  const wordOf = (tick: number) => Math.floor(Math.trunc(tick / tickSpacing) / TICKS_PER_WORD);
  const lowest = wordOf(ALL_TICKS.lower);
  return Array.from({ length: wordOf(ALL_TICKS.upper) - lowest + 1 }, (_, index) => lowest + index);
}

function ticksOf(
  position: number,
  word: bigint,
  { address, tickSpacing }: PoolFrame['pool'],
): readonly Question[] {
  return Array.from({ length: TICKS_PER_WORD }, (_, bit) => bit)
    .filter((bit) => ((word >> BigInt(bit)) & 1n) === 1n)
    .map((bit) => ({ pool: address, at: (position * TICKS_PER_WORD + bit) * tickSpacing }));
}

function* readWord({ pool, at }: Question): Read<bigint> {
  return yield* call(uniswapV3PoolAbi, pool, 'tickBitmap', [at]);
}

function* readTick({ pool, at }: Question): Read<RecordedTick> {
  const [liquidityGross, liquidityNet] = yield* call(uniswapV3PoolAbi, pool, 'ticks', [at]);
  return { index: at, liquidityNet, liquidityGross };
}

function* readFrame(pool: Address): Read<PoolFrame> {
  const [token0, token1, feePips, tickSpacing, [sqrtPriceX96, tick], liquidity] = yield* all([
    call(uniswapV3PoolAbi, pool, 'token0', []),
    call(uniswapV3PoolAbi, pool, 'token1', []),
    call(uniswapV3PoolAbi, pool, 'fee', []),
    call(uniswapV3PoolAbi, pool, 'tickSpacing', []),
    call(uniswapV3PoolAbi, pool, 'slot0', []),
    call(uniswapV3PoolAbi, pool, 'liquidity', []),
  ]);
  if (sqrtPriceX96 === 0n)
    throw new CorruptDataError('pool', 'no price', 'an initialised pool', { facts: { pool } });
  if (tickSpacing < 1) throw new CorruptDataError('tickSpacing', tickSpacing, 'above 0', { facts: { pool } });
  const [named0, named1, balance0Raw, balance1Raw] = yield* all([
    readToken(token0),
    readToken(token1),
    call(erc20Abi, token0, 'balanceOf', [pool]),
    call(erc20Abi, token1, 'balanceOf', [pool]),
  ]);
  return {
    token0: named0,
    token1: named1,
    balance0Raw,
    balance1Raw,
    pool: {
      kind: 'concentrated',
      venue: 'uniswapV3',
      address: pool,
      token0,
      token1,
      feePips,
      tickSpacing,
      sqrtPriceX96,
      tick,
      liquidity,
      knownTicks: ALL_TICKS,
    },
  };
}

function* readToken(address: Address): Read<Token> {
  const [symbol, decimals] = yield* all([
    call(erc20Abi, address, 'symbol', []),
    call(erc20Abi, address, 'decimals', []),
  ]);
  return { address, symbol, decimals };
}
