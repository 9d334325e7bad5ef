import type { Address, Hex } from './units.ts';

/** One contract call, described and not yet made. */
export interface Call {
  readonly to: Address;
  readonly data: Hex;
}

/** What the chain answered to one {@link Call}; a revert is an answer too. */
export type CallResult =
  | { readonly ok: true; readonly data: Hex }
  /** `data` is the revert data, `0x` where there was none. */
  | { readonly ok: false; readonly data: Hex };

/**
 * A read as a value: a generator that yields the calls of one round and is given their results, in order, until it
 * returns what it read. It does no I/O itself, so one scheduler can merge the rounds of many reads, and a test can
 * answer them from a table.
 */
export type Read<T> = Generator<readonly Call[], T, readonly CallResult[]>;

/** One of many reads, which waits for the answers to its calls. */
export interface PendingRead<T> {
  readonly read: Read<T>;
  /** Its place among the reads. */
  readonly index: number;
  readonly calls: readonly Call[];
}

/** What {@link all} gives back: the results of its reads, in their order. */
export type AllResults<R extends readonly Read<unknown>[]> = {
  -readonly [K in keyof R]: R[K] extends Read<infer T> ? T : never;
};

/**
 * Runs many reads side by side: each round holds the calls of every read that is still going, so the whole takes as
 * many rounds as its longest part.
 *
 * @example const [decimals, symbol] = yield* all([readDecimals(token), readSymbol(token)]);
 */
export function* all<const R extends readonly Read<unknown>[]>(reads: R): Read<AllResults<R>> {
  const results: unknown[] = new Array(reads.length);
  let running: PendingRead<unknown>[] = [];
  for (const [index, read] of reads.entries()) {
    const { done, value } = read.next();
    if (done) results[index] = value;
    else running.push({ read, index, calls: value });
  }
  while (running.length > 0) {
    const answers = yield running.flatMap(({ calls }) => calls);
    const still: PendingRead<unknown>[] = [];
    let taken = 0;
    for (const { read, index, calls } of running) {
      const { done, value } = read.next(answers.slice(taken, taken + calls.length));
      taken += calls.length;
      if (done) results[index] = value;
      else still.push({ read, index, calls: value });
    }
    running = still;
  }
  return results as AllResults<R>;
}

/** A read that needs no round. */
// biome-ignore lint/correctness/useYield: a read without rounds is still a read
export function* known<T>(value: T): Read<T> {
  return value;
}
