import { BallastError } from '../../core/errors.ts';
import type { Call, CallResult, PendingRead, Read } from '../../core/read.ts';
import type { Outcome } from '../../ports/chain.ts';
import { ReadFailedError, ReadUnboundedError } from './errors.ts';
import type { Answer } from './round.ts';

/** Asks for the distinct calls of one round and gives their answers in order. */
export type AskRound = (calls: readonly Call[]) => Promise<readonly Answer[]>;

/** No sensible read needs more rounds; one that does is at fault. */
const mostRounds = 64;

/**
 * Runs many reads together. Each round asks once for the distinct calls of all reads that are still going, so the whole
 * takes as many rounds as its longest read, however many reads there are. A read that throws, or one of whose calls the
 * node refuses, gets an error of its own and disturbs no other; a round that fails as a whole fails the reads in it.
 *
 * @param onRound told the number of distinct calls of each round that is asked
 */
export async function runReads<T>(
  reads: readonly Read<T>[],
  ask: AskRound,
  onRound: (calls: number) => void,
): Promise<readonly Outcome<T>[]> {
  const outcomes: Outcome<T>[] = new Array(reads.length);
  /** Lets a read go on with the answers to what it asked last; puts it among `still` where it asks for more. */
  const advance = (
    read: Read<T>,
    index: number,
    answers: readonly Answer[] | null,
    still: PendingRead<T>[],
  ): void => {
    try {
      const { done, value } = answers === null ? read.next() : read.next(unlessRefused(answers));
      if (done) outcomes[index] = { ok: true, value };
      else still.push({ read, index, calls: value });
    } catch (error) {
      outcomes[index] = failed(error);
    }
  };
  let running: PendingRead<T>[] = [];
  for (const [index, read] of reads.entries()) advance(read, index, null, running);
  for (let rounds = 0; running.length > 0; rounds++) {
    if (rounds === mostRounds) return failAll(outcomes, running, new ReadUnboundedError(mostRounds));
    const { calls, positions } = distinct(running);
    let answers: readonly Answer[] = [];
    if (calls.length > 0) {
      onRound(calls.length);
      try {
        answers = await ask(calls);
      } catch (error) {
        return failAll(outcomes, running, error);
      }
    }
    let taken = 0;
    const still: PendingRead<T>[] = [];
    for (const { read, index, calls: own } of running) {
      const results = own.map(() => answers[positions[taken++]!]!);
      advance(read, index, results, still);
    }
    running = still;
  }
  return outcomes;
}

/** @throws BallastError where the node refuses one of the calls */
function unlessRefused(answers: readonly Answer[]): readonly CallResult[] {
  for (const answer of answers) if (answer instanceof BallastError) throw answer;
  return answers as readonly CallResult[];
}

/** The distinct calls of a round, and for every call in order which of them it is. */
function distinct(running: readonly PendingRead<unknown>[]): {
  calls: readonly Call[];
  positions: readonly number[];
} {
  const places = new Map<string, Map<string, number>>();
  const placesOf = new Map<string, Map<string, number>>();
  const calls: Call[] = [];
  const positions: number[] = [];
  for (const { calls: own } of running) {
    for (const call of own) {
      let ofTarget = placesOf.get(call.to);
      if (ofTarget === undefined) {
        // One contract may be written in several cases; looking that up once per spelling keeps it cheap.
        const target = call.to.toLowerCase();
        ofTarget = places.get(target) ?? new Map();
        places.set(target, ofTarget);
        placesOf.set(call.to, ofTarget);
      }
      let place = ofTarget.get(call.data);
      if (place === undefined) {
        place = calls.push(call) - 1;
        ofTarget.set(call.data, place);
      }
      positions.push(place);
    }
  }
  return { calls, positions };
}

function failAll<T>(
  outcomes: Outcome<T>[],
  running: readonly PendingRead<T>[],
  error: unknown,
): readonly Outcome<T>[] {
  for (const { index } of running) outcomes[index] = failed(error);
  return outcomes;
}

function failed(error: unknown): { readonly ok: false; readonly error: BallastError } {
  return { ok: false, error: error instanceof BallastError ? error : new ReadFailedError(error) };
}
