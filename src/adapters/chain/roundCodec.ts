import type { Call, CallResult } from '../../core/read.ts';
import type { Hex } from '../../core/units.ts';
import { type AggregateAnswer, decodeAggregate3 } from './aggregateAnswer.ts';
import { encodeAggregate3 } from './multicall.ts';

/** Calls of a round as calldata of `aggregate3`, and the results in its answer. */
export interface RoundCodec {
  encode(calls: readonly Call[]): Hex;
  /**
   * @param answer `0x` and digits, ASCII
   * @throws CorruptDataError when it is not one to these calls
   */
  decode(calls: readonly Call[], answer: Buffer): readonly CallResult[];
}

/** A round that was asked before. */
interface KeptRound {
  calls: readonly Call[];
  readonly data: Hex;
  answer: AggregateAnswer | null;
}

/**
 * Keeps the last `kept` rounds with their newest answers: in steady state every block asks the same calls, and nearly all of
 * them say the same again. Comparing is cheaper than encoding and decoding.
 */
export function keepRounds(kept: number): RoundCodec {
  const rounds: KeptRound[] = [];
  return {
    encode(calls) {
      const found = rounds.find((round) => sameCalls(round.calls, calls));
      if (found !== undefined) {
        found.calls = calls;
        return found.data;
      }
      const data = encodeAggregate3(calls);
      rounds.unshift({ calls, data, answer: null });
      rounds.length = Math.min(rounds.length, kept);
      return data;
    },
    decode(calls, digits) {
      const round = rounds.find((one) => one.calls === calls);
      const answer = decodeAggregate3(digits, calls.length, round?.answer ?? null);
      if (round !== undefined) round.answer = answer;
      return answer.results;
    },
  };
}

function sameCalls(some: readonly Call[], others: readonly Call[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ to, data }, index) => {
      const other = others[index] as Call;
      return data === other.data && to === other.to;
    })
  );
}
