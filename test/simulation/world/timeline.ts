import type { RandomStream } from '../../../src/sim/random.ts';

interface Entry {
  readonly atSeconds: number;
  readonly tieBreak: number;
  readonly run: () => void;
}

const isBefore = (a: Entry, b: Entry) =>
  a.atSeconds < b.atSeconds || (a.atSeconds === b.atSeconds && a.tieBreak < b.tieBreak);

/**
 * Virtual time and one queue of what is to happen in it. Entries of the same time run in an order that only the seed
 * knows, since no order may be relied on.
 */
export class Timeline {
  /** Unix seconds, with fraction. */
  nowSeconds: number;
  readonly #random: RandomStream;
  /** Latest first, so that the next one is taken from the end. */
  readonly #entries: Entry[] = [];

  constructor(startSeconds: number, random: RandomStream) {
    this.nowSeconds = startSeconds;
    this.#random = random;
  }

  /** Has something happen after so many seconds; gives what calls it off. */
  after(seconds: number, run: () => void): () => void {
    const entry = { atSeconds: this.nowSeconds + seconds, tieBreak: this.#random.uniform(), run };
    let index = this.#entries.length;
    while (index > 0 && isBefore(this.#entries[index - 1] as Entry, entry)) index -= 1;
    this.#entries.splice(index, 0, entry);
    return () => {
      const place = this.#entries.indexOf(entry);
      if (place >= 0) this.#entries.splice(place, 1);
    };
  }

  /** Moves time to the next entry and runs it; false where there is none. */
  step(): boolean {
    const next = this.#entries.pop();
    if (next === undefined) return false;
    this.nowSeconds = next.atSeconds;
    next.run();
    return true;
  }
}
