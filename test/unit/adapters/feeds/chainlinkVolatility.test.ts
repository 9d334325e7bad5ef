import { parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { chainlinkVolatility } from '../../../../src/adapters/feeds/chainlinkVolatility.ts';
import { irregularEwmaVolatility } from '../../../../src/core/volatility/irregular.ts';
import type { Memory } from '../../../../src/ports/protocol.ts';
import { contextAt } from '../../../support/readContext.ts';
import { nowSeconds } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

// Written out again here: what the plug-in calls is checked against the published interface.
const abi = parseAbi([
  'function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)',
  'function getRoundData(uint80) view returns (uint80, int256, uint256, uint256, uint80)',
  'function phaseAggregators(uint16) view returns (address)',
  'function latestRound() view returns (uint256)',
]);
const feed = `0x${'e1'.repeat(20)}` as const;
const oldAggregator = `0x${'a1'.repeat(20)}` as const;
const settings = { feed, rounds: 30, halfLifeSeconds: 20_000, heartbeatSeconds: 3_600 };

interface Round {
  readonly phase: number;
  readonly round: number;
  readonly answer: bigint;
  readonly at: number;
}

const idOf = ({ phase, round }: Pick<Round, 'phase' | 'round'>) => (BigInt(phase) << 64n) | BigInt(round);

/** A feed with these rounds; asking for any other round near them reverts. */
function feedWith(rounds: readonly Round[]): TableChain {
  const chain = new TableChain();
  const answerOf = (round: Round) => {
    const time = BigInt(round.at);
    return [idOf(round), round.answer, time, time, idOf(round)] as const;
  };
  const phases = [...new Set(rounds.map(({ phase }) => phase))];
  for (const phase of phases) {
    for (let round = 0; round < 120; round++)
      chain.revert(abi, feed, 'getRoundData', [idOf({ phase, round })]);
  }
  for (const round of rounds) chain.set(abi, feed, 'getRoundData', [idOf(round)], answerOf(round));
  return chain.set(abi, feed, 'latestRoundData', [], answerOf(rounds.at(-1)!));
}

/** Rounds of one phase, oldest first, alternating by one per cent, ending `ago` seconds before the block. */
function alternating(phase: number, first: number, count: number, ago = 60): Round[] {
  return Array.from({ length: count }, (_, k) => ({
    phase,
    round: first + k,
    answer: 3_000_00000000n + (k % 2 === 0 ? 0n : 30_00000000n),
    at: nowSeconds - ago - (count - 1 - k) * 900 - (k % 3),
  }));
}

const run = (chain: TableChain, memory?: Memory, more = {}) => {
  const { value, rounds, calls } = chain.run(
    chainlinkVolatility.read({ ...settings, ...more }, contextAt({ memory })),
  );
  return { reading: value.value, memory: value.memory, rounds, calls };
};

const expectedOf = (rounds: readonly Round[]) =>
  irregularEwmaVolatility(
    rounds.map(({ answer, at }) => ({ timestampSeconds: at, price: Number(answer) })),
    { halfLifeSeconds: 20_000, maxGapSeconds: 5_400 },
  );

describe('a feed’s rounds as a volatility', () => {
  it('are the newest ones, each move over the time that it took', () => {
    const rounds = alternating(3, 11, 60);
    const { reading, rounds: took } = run(feedWith(rounds));
    expect(took).toBe(2);
    expect(reading.fault).toBeNull();
    expect(reading.volatility).toBe(expectedOf(rounds.slice(-30)));
    expect(reading.observedAtSeconds).toBe(rounds.at(-1)?.at);
    expect(reading.staleAfterSeconds).toBe(5_400);
  });

  it('leave out the move over a hole in the feed’s own time', () => {
    const rounds = alternating(3, 1, 60);
    const broken = rounds.map((round, k) => ({
      ...round,
      answer: k < 45 ? round.answer : round.answer * 2n,
      at: k < 45 ? round.at - 20_000 : round.at,
    }));
    const { reading } = run(feedWith(broken));
    expect(reading.volatility).toBe(expectedOf(broken.slice(-30)));
    expect(reading.volatility).toBeLessThan(1.2 * run(feedWith(rounds)).reading.volatility);
  });

  it('go on in the aggregator before, counted in the phase before', () => {
    const before = alternating(2, 1, 100, 60 + 10 * 900 + 5);
    const now = alternating(3, 1, 10);
    const chain = feedWith([...before, ...now])
      .set(abi, feed, 'phaseAggregators', [2], oldAggregator)
      .set(abi, oldAggregator, 'latestRound', [], 100n);
    const first = run(chain);
    expect(first.rounds).toBe(5);
    expect(first.reading.volatility).toBe(expectedOf([...before, ...now].slice(-30)));
    expect(run(chain, first.memory)).toMatchObject({ rounds: 1, reading: first.reading });
  });

  it('are followed when the aggregator changed since they were remembered', () => {
    const before = alternating(2, 1, 60, 4_000);
    const { memory } = run(feedWith(before.slice(0, 58)));
    const now = [{ phase: 3, round: 1, answer: 3_100_00000000n, at: nowSeconds - 10 }];
    const chain = feedWith([...before, ...now])
      .set(abi, feed, 'phaseAggregators', [2], oldAggregator)
      .set(abi, oldAggregator, 'latestRound', [], 60n);
    const { reading } = run(chain, JSON.parse(JSON.stringify(memory)));
    expect(reading.volatility).toBe(expectedOf([...before, ...now].slice(-30)));
  });

  it('are asked for once: what is remembered is not asked for again, but for the last, which a reorg may replace', () => {
    const rounds = alternating(3, 1, 60);
    const first = run(feedWith(rounds.slice(0, 58)));
    const next = run(feedWith(rounds), JSON.parse(JSON.stringify(first.memory)));
    expect(next).toMatchObject({ rounds: 1, calls: 7 });
    expect(next.reading).toEqual(run(feedWith(rounds)).reading);
    const reorged = rounds.map((round, k) => (k === 57 ? { ...round, answer: 2_900_00000000n } : round));
    expect(run(feedWith(reorged), first.memory).reading).toEqual(run(feedWith(reorged)).reading);
  });

  it('that were missed while nobody looked take one more round of calls', () => {
    const rounds = alternating(3, 1, 60);
    const { memory } = run(feedWith(rounds.slice(0, 40)));
    const next = run(feedWith(rounds), memory);
    expect(next.rounds).toBe(2);
    expect(next.reading).toEqual(run(feedWith(rounds)).reading);
  });

  it.each([
    ['no answer at all', new TableChain().revert(abi, feed, 'latestRoundData', []), /has no answer/],
    [
      'too few rounds',
      feedWith(alternating(1, 1, 15)),
      /too short: observations is 14, expected at least 20/,
    ],
    [
      'a round without a price',
      feedWith(alternating(3, 1, 30).map((round, k) => (k === 20 ? { ...round, answer: 0n } : round))),
      /round 55340232221128654869 answers 0, which is no price/,
    ],
  ])('are a fault with %s', (_, chain, words) => {
    expect(run(chain).reading).toMatchObject({ volatility: 0, fault: expect.stringMatching(words) });
  });
});
