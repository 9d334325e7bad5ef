import { parseAbi } from 'viem';
import { z } from 'zod';
import { all, type Read } from '../../../core/read.ts';
import { type Address, sameAddress } from '../../../core/units.ts';
import type { Memory, Remembered } from '../../../ports/protocol.ts';
import { tryCall } from '../../chain/index.ts';

const proxyAbi = parseAbi([
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
  'function getRoundData(uint80 roundId) view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
  'function phaseAggregators(uint16 phaseId) view returns (address)',
]);
const aggregatorAbi = parseAbi(['function latestRound() view returns (uint256)']);

/** A proxy's round id is the phase above these bits and the round of that phase's aggregator in them. */
const ROUND_BITS = 64n;
const ROUND_MASK = (1n << ROUND_BITS) - 1n;
/**
 * Rounds around the newest known one that are asked for beside the latest: a few after it, so that a steady state is one
 * round, and itself with the one before, which a reorg may have replaced.
 */
const LOOK_AHEAD = 4;
const LOOK_BACK = 1;
/** How many aggregators back a history is followed. */
const MOST_PHASES = 3;

/** One answer of a feed. */
export interface FeedRound {
  /** As the proxy counts. */
  readonly id: bigint;
  readonly answerRaw: bigint;
  readonly updatedAtSeconds: number;
}

const memorySchema = z.object({
  feed: z.string(),
  rounds: z.array(z.tuple([z.string().regex(/^\d+$/), z.string().regex(/^-?\d+$/), z.number().int()])),
});

/**
 * The newest rounds of a Chainlink feed through its proxy, across a change of the aggregator behind it. With nothing
 * remembered it takes two rounds of calls, and three more for each aggregator that it has to go back; after that one, as
 * long as no more than four answers came since.
 *
 * @param count how many, at most
 * @returns by time, oldest first; null where the feed has no answer at all
 */
export function* readFeedRounds(
  feed: Address,
  count: number,
  memory: Memory,
): Read<Remembered<readonly FeedRound[] | null>> {
  const before = rememberedRounds(memory, feed);
  const known = before.at(-1)?.id ?? null;
  const [latest, near] = yield* all([
    tryCall(proxyAbi, feed, 'latestRoundData', []),
    readRounds(feed, known === null ? [] : range(known - BigInt(LOOK_BACK), known + BigInt(LOOK_AHEAD))),
  ]);
  if (latest === null) return { value: null, memory };
  const found = new Map([...before, ...near, ...finished([latest])].map((round) => [round.id, round]));
  const missing = (id: bigint) => id > (known ?? 0n) && !found.has(id);
  let [phase, top] = [latest[0] >> ROUND_BITS, latest[0] & ROUND_MASK];
  let wanted = BigInt(count);
  for (let phases = 1; ; phases++) {
    const lowest = top > wanted ? top - wanted + 1n : 1n;
    const ids = range(withPhase(phase, lowest), withPhase(phase, top));
    for (const round of yield* readRounds(feed, ids.filter(missing))) found.set(round.id, round);
    wanted -= BigInt(ids.length);
    const isKnownBefore = known !== null && phase <= known >> ROUND_BITS;
    if (wanted <= 0n || phase <= 1n || phases === MOST_PHASES || isKnownBefore) break;
    phase -= 1n;
    top = yield* lastRoundOf(feed, phase);
  }
  const rounds = inOrder([...found.values()], latest[0]).slice(-count);
  return { value: rounds, memory: remembered(feed, rounds) };
}

function withPhase(phase: bigint, round: bigint): bigint {
  return (phase << ROUND_BITS) | round;
}

type RoundAnswer = readonly [bigint, bigint, bigint, bigint, bigint];

/** Rounds that exist and were answered. */
function finished(answers: readonly (RoundAnswer | null)[]): readonly FeedRound[] {
  return answers.flatMap((answer) => {
    if (answer === null || answer[3] === 0n) return [];
    const [id, answerRaw, , updatedAt] = answer;
    return [{ id, answerRaw, updatedAtSeconds: Number(updatedAt) }];
  });
}

/** Those of the rounds that exist; no round of calls for none. */
function* readRounds(feed: Address, ids: readonly bigint[]): Read<readonly FeedRound[]> {
  const answers = yield* all(ids.map((id) => tryCall(proxyAbi, feed, 'getRoundData', [id])));
  return finished(answers);
}

/** The last round of a phase whose aggregator was replaced, 0 where it cannot be told. */
function* lastRoundOf(feed: Address, phase: bigint): Read<bigint> {
  const aggregator = yield* tryCall(proxyAbi, feed, 'phaseAggregators', [Number(phase)]);
  if (aggregator === null || BigInt(aggregator) === 0n) return 0n;
  return (yield* tryCall(aggregatorAbi, aggregator, 'latestRound', [])) ?? 0n;
}

function range(from: bigint, to: bigint): readonly bigint[] {
  return Array.from({ length: Math.max(0, Number(to - from) + 1) }, (_, index) => from + BigInt(index));
}

/** By time; where two aggregators overlap in time, what came later in the proxy's own count stays. */
function inOrder(rounds: readonly FeedRound[], latest: bigint): readonly FeedRound[] {
  const byId = rounds.filter(({ id }) => id <= latest).sort((a, b) => (a.id < b.id ? -1 : 1));
  const kept: FeedRound[] = [];
  for (const round of byId.reverse()) {
    const after = kept.at(-1);
    if (after === undefined || round.updatedAtSeconds < after.updatedAtSeconds) kept.push(round);
  }
  return kept.reverse();
}

function rememberedRounds(memory: Memory, feed: Address): readonly FeedRound[] {
  const parsed = memorySchema.safeParse(memory);
  if (!parsed.success || !sameAddress(parsed.data.feed, feed)) return [];
  return parsed.data.rounds.map(([id, answer, updatedAtSeconds]) => ({
    id: BigInt(id),
    answerRaw: BigInt(answer),
    updatedAtSeconds,
  }));
}

function remembered(feed: Address, rounds: readonly FeedRound[]): z.infer<typeof memorySchema> {
  return {
    feed,
    rounds: rounds.map(({ id, answerRaw, updatedAtSeconds }) => [
      String(id),
      String(answerRaw),
      updatedAtSeconds,
    ]),
  };
}
