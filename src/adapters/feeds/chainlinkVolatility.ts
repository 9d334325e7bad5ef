import { z } from 'zod';
import type { BlockFacts, VolatilityReading } from '../../core/snapshot.ts';
import { estimateIrregularVolatility } from '../../core/volatility/estimate.ts';
import { defineVolatilityFeed } from '../../ports/feed.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { type FeedRound, readFeedRounds } from './internal/feedRounds.ts';
import { faulty, readingOf } from './internal/reading.ts';

/** Answers come some blocks after their heartbeat; beyond this share of it an answer is missing. */
const LATE = 1.5;

const config = z.strictObject({
  feed: addressSchema.describe('the proxy, not the aggregator behind it'),
  rounds: z.number().int().min(21).max(2_000).describe('answers to look at'),
  halfLifeSeconds: z.number().positive().describe('age at which a move weighs half'),
  heartbeatSeconds: z
    .number()
    .int()
    .positive()
    .describe('longest time between two answers, as the feed promises; a longer one is a hole'),
});
type ChainlinkVolatilityConfig = z.infer<typeof config>;

/**
 * Volatility from past rounds of a Chainlink feed: each move over the time that it took, the newest weighing most.
 *
 * Its bias: a feed answers when the price has moved by its deviation or the heartbeat is over. That moves are seen only
 * once they are large does not matter on average (their times are what varies, and the standard error knows it), but the
 * history always ends with a move: with n moves that count, the variance reads high by about 2 / (3 n). Where the market
 * is so calm that nearly all answers are heartbeats, the feed's own rounding and smoothing show.
 */
export const chainlinkVolatility = defineVolatilityFeed<ChainlinkVolatilityConfig>({
  summary: 'past rounds of a Chainlink feed; reads a little high, since its history ends with a move',
  verified: 'abi-only',
  config,
  sample: {
    feed: '0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419',
    rounds: 200,
    halfLifeSeconds: 43_200,
    heartbeatSeconds: 3_600,
  },
  *read(settings, { block, memory }) {
    const read = yield* readFeedRounds(settings.feed, settings.rounds, memory);
    return { value: readingFrom(settings, read.value, block), memory: read.memory };
  },
});

function readingFrom(
  { feed, halfLifeSeconds, heartbeatSeconds }: ChainlinkVolatilityConfig,
  rounds: readonly FeedRound[] | null,
  { timestampSeconds }: BlockFacts,
): VolatilityReading {
  const source = `chainlinkVolatility ${feed}`;
  const newest = rounds?.at(-1);
  if (rounds === null || newest === undefined)
    return faulty(source, timestampSeconds, 'the feed has no answer');
  const observedAtSeconds = newest.updatedAtSeconds;
  const impossible = rounds.find(({ answerRaw }) => answerRaw <= 0n);
  if (impossible !== undefined) {
    const words = `round ${impossible.id} answers ${impossible.answerRaw}, which is no price`;
    return faulty(source, observedAtSeconds, words);
  }
  const observations = rounds.map(({ answerRaw, updatedAtSeconds }) => ({
    timestampSeconds: updatedAtSeconds,
    price: Number(answerRaw),
  }));
  const maxGapSeconds = LATE * heartbeatSeconds;
  return readingOf({ source, observedAtSeconds, staleAfterSeconds: maxGapSeconds }, () =>
    estimateIrregularVolatility(observations, { halfLifeSeconds, maxGapSeconds }),
  );
}
