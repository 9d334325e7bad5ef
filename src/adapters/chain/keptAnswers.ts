import type { Call, CallResult } from '../../core/read.ts';
import type { Address, Hex } from '../../core/units.ts';
import type { Answer } from './round.ts';

/** The last answer to every call of late. */
export interface KeptAnswers {
  /**
   * The answers of a round, each the very object that it was last time where it says the same: what was made of it then
   * need not be made again.
   */
  unchanged(calls: readonly Call[], answers: readonly Answer[]): readonly Answer[];
  /** Answers so far that were the first to their call, or said something else than the one before. */
  changed(): number;
}

/** Some thousand pools' ticks; when more was asked, all is forgotten and kept anew. */
const MOST_KEPT = 100_000;

/** Starts with nothing kept. */
export function keepAnswers(most: number = MOST_KEPT): KeptAnswers {
  const contracts = new Map<Address, Map<Hex, CallResult>>();
  let kept = 0;
  let changed = 0;

  function unchangedOr(call: Call, answer: CallResult): CallResult {
    let ofContract = contracts.get(call.to);
    if (ofContract === undefined) {
      ofContract = new Map();
      contracts.set(call.to, ofContract);
    }
    const before = ofContract.get(call.data);
    if (before === answer) return answer;
    if (before !== undefined && before.ok === answer.ok && before.data === answer.data) return before;
    if (before === undefined) kept += 1;
    changed += 1;
    ofContract.set(call.data, answer);
    return answer;
  }

  return {
    unchanged(calls, answers) {
      if (kept > most) {
        contracts.clear();
        kept = 0;
      }
      return answers.map((answer, index) =>
        answer instanceof Error ? answer : unchangedOr(calls[index]!, answer),
      );
    },
    changed: () => changed,
  };
}
