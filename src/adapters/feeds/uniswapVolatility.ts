import { z } from 'zod';
import { uniswapV3PoolAbi } from '../../../abis/uniswapV3Pool.ts';
import { all, type Read } from '../../core/read.ts';
import type { VaultTerms, VolatilityReading } from '../../core/snapshot.ts';
import { sameAddress } from '../../core/units.ts';
import { estimateVolatility } from '../../core/volatility/estimate.ts';
import type { PriceObservation } from '../../core/volatility/observations.ts';
import { resampledReturns } from '../../core/volatility/resample.ts';
import { defineVolatilityFeed } from '../../ports/feed.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call, tryCall } from '../chain/index.ts';
import { methodSchema } from './internal/method.ts';
import { faulty, readingOf } from './internal/reading.ts';

const MOST_INTERVALS = 2_000;
/** Moments asked for in one call: each takes up to 50,000 gas to find among the pool's observations. */
const MOMENTS_PER_CALL = 100;
/** The price of one tick up. */
const LOG_TICK = Math.log(1.0001);

const config = z
  .strictObject({
    pool: addressSchema.describe('a Uniswap v3 pool that trades base'),
    windowSeconds: z.number().int().positive().describe('how far back; the pool has to remember it'),
    intervalSeconds: z
      .number()
      .int()
      .min(60)
      .describe('one return each; 300 or more, since with twelve-second blocks 60 reads 1 % high'),
    method: methodSchema,
    maxStillSeconds: z
      .number()
      .int()
      .positive()
      .default(3_600)
      .describe('a price that stood still for longer is no price: the move after it is no return'),
  })
  .refine(({ windowSeconds, intervalSeconds }) => isSensible(windowSeconds / intervalSeconds), {
    error: `a window of 1 to ${MOST_INTERVALS} intervals`,
    path: ['windowSeconds'],
  });
type UniswapVolatilityConfig = z.infer<typeof config>;

function isSensible(intervals: number): boolean {
  return intervals >= 1 && intervals <= MOST_INTERVALS;
}

/** What the pool said about its past. */
interface PoolPast {
  /** One for each end of an interval, oldest first; null where the pool's memory does not reach back. */
  readonly tickCumulatives: readonly bigint[] | null;
  /** Observations that the pool keeps at most. */
  readonly cardinality: number;
  /** 1 where the tick is the logarithm of the price of base, -1 where it is that of its inverse; null for another pair. */
  readonly sign: 1 | -1 | null;
}

/**
 * Volatility from the memory of a Uniswap v3 pool, in one round and without any memory of our own: the cumulative ticks at
 * the ends of even intervals give the mean log price of each, their differences are the returns. The means move less than
 * prices do, and the estimate puts that right. The ends lie at multiples of the interval, so that the answer changes once
 * an interval.
 *
 * Its bias: a pool's price follows the market only when the gap is wider than its fee, which smooths what is smaller; and
 * whoever moves the pool for whole intervals moves this number.
 */
export const uniswapVolatility = defineVolatilityFeed<UniswapVolatilityConfig>({
  summary: "a Uniswap v3 pool's own memory of its ticks: no source outside the chain",
  verified: 'contracts',
  config,
  sample: {
    pool: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
    windowSeconds: 7_200,
    intervalSeconds: 300,
    method: { kind: 'realized' },
    maxStillSeconds: 3_600,
  },
  *read(settings, { vault, block }) {
    const ends = endsOfIntervals(settings, block.timestampSeconds);
    const past = yield* readPast(settings, vault, ends, block.timestampSeconds);
    return { value: readingFrom(settings, vault, ends, past), memory: undefined };
  },
});

/** The last multiple of the interval at or before now, and those before it: one more than there are intervals. */
function endsOfIntervals(
  { windowSeconds, intervalSeconds }: UniswapVolatilityConfig,
  nowSeconds: number,
): readonly number[] {
  const last = Math.floor(nowSeconds / intervalSeconds) * intervalSeconds;
  const intervals = Math.floor(windowSeconds / intervalSeconds);
  return Array.from({ length: intervals + 1 }, (_, index) => last - (intervals - index) * intervalSeconds);
}

function* readPast(
  { pool }: UniswapVolatilityConfig,
  { base }: VaultTerms,
  ends: readonly number[],
  nowSeconds: number,
): Read<PoolPast> {
  const chunks: number[][] = [];
  for (let at = 0; at < ends.length; at += MOMENTS_PER_CALL) {
    chunks.push(ends.slice(at, at + MOMENTS_PER_CALL).map((end) => nowSeconds - end));
  }
  const [token0, token1, slot0, observed] = yield* all([
    call(uniswapV3PoolAbi, pool, 'token0', []),
    call(uniswapV3PoolAbi, pool, 'token1', []),
    call(uniswapV3PoolAbi, pool, 'slot0', []),
    all(chunks.map((secondsAgos) => tryCall(uniswapV3PoolAbi, pool, 'observe', [secondsAgos]))),
  ]);
  const answers = observed.flatMap((answer) => (answer === null ? [] : [answer[0]]));
  return {
    tickCumulatives: answers.length === chunks.length ? answers.flat() : null,
    cardinality: slot0[3],
    sign: sameAddress(token0, base.address) ? 1 : sameAddress(token1, base.address) ? -1 : null,
  };
}

function readingFrom(
  settings: UniswapVolatilityConfig,
  { base }: VaultTerms,
  ends: readonly number[],
  { tickCumulatives, cardinality, sign }: PoolPast,
): VolatilityReading {
  const { pool, windowSeconds, intervalSeconds, maxStillSeconds, method } = settings;
  const source = `uniswapVolatility ${pool}`;
  const newest = ends.at(-1)!;
  if (sign === null) return faulty(source, newest, `the pool does not trade ${base.symbol}`);
  if (tickCumulatives === null) {
    const words = `the pool remembers less than ${windowSeconds} s (it keeps ${cardinality} observations, at most one a block)`;
    return faulty(
      source,
      newest,
      `${words}: call its increaseObservationCardinalityNext, wait, or ask for a shorter window`,
    );
  }
  const moves = withoutMixtures(meanPrices(tickCumulatives, ends, sign), maxStillSeconds);
  const last = moves.at(-1)!;
  const observedAtSeconds = last.timestampSeconds;
  return readingOf(
    { source, observedAtSeconds, staleAfterSeconds: maxStillSeconds + intervalSeconds },
    () => {
      const prices = observedAtSeconds < newest ? [...moves, { ...last, timestampSeconds: newest }] : moves;
      const { logReturns } = resampledReturns(prices, { intervalSeconds, maxAgeSeconds: maxStillSeconds });
      return estimateVolatility({ logReturns, intervalSeconds, areOfMeans: true }, method);
    },
  );
}

/**
 * Leaves out the first mean after a price stood still for too long: its interval holds some of the old price and some of
 * the new, so that the step from it to the next one would be a part of the move that is to be no return.
 */
function withoutMixtures(
  means: readonly PriceObservation[],
  maxStillSeconds: number,
): readonly PriceObservation[] {
  return means.filter(
    ({ timestampSeconds }, index) =>
      index === 0 || timestampSeconds - means[index - 1]!.timestampSeconds <= maxStillSeconds,
  );
}

/** The mean price of each interval at its end, up to a factor; only the first of those in a row that are the same. */
function meanPrices(
  tickCumulatives: readonly bigint[],
  ends: readonly number[],
  sign: 1 | -1,
): readonly PriceObservation[] {
  const ticks = tickCumulatives
    .slice(1)
    .map(
      (cumulative, index) => Number(cumulative - tickCumulatives[index]!) / (ends[index + 1]! - ends[index]!),
    );
  const first = ticks[0] ?? 0;
  return ticks.flatMap((tick, index) =>
    index > 0 && tick === ticks[index - 1]
      ? []
      : [{ timestampSeconds: ends[index + 1]!, price: Math.exp(sign * LOG_TICK * (tick - first)) }],
  );
}
