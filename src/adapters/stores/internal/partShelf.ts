import type { Snapshot } from '../../../core/snapshot.ts';
import { encodeJournaled } from './canonicalJson.ts';
import { sha256 } from './checksum.ts';
import { splitSnapshot } from './snapshotParts.ts';

/** Hashes remembered at most; then all are forgotten and learnt anew. */
const MOST_KNOWN = 50_000;

/** The parts that snapshots are made of: what did not change from block to block is neither encoded nor written again. */
export class PartShelf {
  /** Hashes of parts that are in the journal for good. */
  readonly #stored = new Set<string>();
  /** The hash of an object that was a part before; nobody changes what a snapshot holds. */
  readonly #hashes = new WeakMap<object, string>();
  /** Text of what stands in lists: of a hundred positions one changes. */
  readonly #texts = new WeakMap<object, string>();
  readonly #prepared = new WeakMap<Snapshot, PreparedParts>();

  /** A snapshot as hashes, and what of it has to be written with them; made once of each. */
  prepare(snapshot: Snapshot): PreparedParts {
    const known = this.#prepared.get(snapshot);
    if (known !== undefined) return known;
    const prepared = this.#prepare(snapshot);
    this.#prepared.set(snapshot, prepared);
    return prepared;
  }

  #prepare(snapshot: Snapshot): PreparedParts {
    const { positions } = snapshot.chain;
    const fresh = new Map<string, string>();
    const put = (part: unknown) => {
      const isObject = typeof part === 'object' && part !== null;
      const known = isObject ? this.#hashes.get(part) : undefined;
      if (known !== undefined && this.#stored.has(known)) return known;
      const body = part === positions ? this.#listText(positions) : encodeJournaled(part);
      const hash = sha256(body);
      if (isObject) this.#hashes.set(part, hash);
      if (!this.#stored.has(hash)) fresh.set(hash, body);
      return hash;
    };
    return { manifest: encodeJournaled(splitSnapshot(snapshot, put)), fresh };
  }

  /** What of a snapshot is still to be written. */
  missing({ fresh }: PreparedParts): readonly { readonly hash: string; readonly body: string }[] {
    return [...fresh].flatMap(([hash, body]) => (this.#stored.has(hash) ? [] : [{ hash, body }]));
  }

  #listText(list: readonly object[]): string {
    const texts = list.map((item) => {
      const text = this.#texts.get(item) ?? encodeJournaled(item);
      this.#texts.set(item, text);
      return text;
    });
    return `[${texts.join(',')}]`;
  }

  /** Once the transaction that wrote them is durable. */
  written({ fresh }: PreparedParts): void {
    if (this.#stored.size > MOST_KNOWN) this.#stored.clear();
    for (const hash of fresh.keys()) this.#stored.add(hash);
  }
}

/** A snapshot in parts. */
export interface PreparedParts {
  /** Text of its manifest. */
  readonly manifest: string;
  /** Text by hash of the parts that were not in the journal then. */
  readonly fresh: ReadonlyMap<string, string>;
}
