import type { VaultTerms } from '../../../core/snapshot.ts';
import type { Address } from '../../../core/units.ts';
import type { HeldSeries, Series } from './opynSeries.ts';
import type { GammaVault } from './opynVaults.ts';

/** All that a book is made of, where every series of it was met before. */
export interface BookSource {
  readonly holder: {
    readonly controller: Address;
    readonly account: Address;
    readonly otokens: readonly Address[];
  };
  readonly vault: VaultTerms;
  readonly vaults: readonly GammaVault[];
  readonly held: readonly HeldSeries[];
}

/** Books as they were last made, each with what was remembered then. */
export interface KnownBooks<M extends object, B> {
  /** The book that was made of the same before; null where something differs. */
  find(remembered: M, source: BookSource, nowSeconds: number): B | null;
  /** Keeps a book for the blocks to come, where time alone does not change it before the next expiry. */
  keep(remembered: M, source: BookSource, book: B, nowSeconds: number): void;
}

interface KnownBook<B> {
  readonly source: BookSource;
  /** From then on a series may settle, or be forgotten. */
  readonly untilSeconds: number;
  readonly book: B;
}

/**
 * Starts with no book known. At most blocks nothing of a book changes, and an answer of the chain that stays the same stays the
 * same object, so that telling takes no more than looking at it.
 */
export function knownBooks<M extends object, B>(): KnownBooks<M, B> {
  const books = new WeakMap<M, KnownBook<B>>();
  return {
    find(remembered, source, nowSeconds) {
      const known = books.get(remembered);
      return known !== undefined && nowSeconds < known.untilSeconds && isSame(known.source, source)
        ? known.book
        : null;
    },
    keep(remembered, source, book, nowSeconds) {
      const untilSeconds = Math.min(...source.held.map(({ series }) => changesAt(series)));
      if (nowSeconds < untilSeconds) books.set(remembered, { source, untilSeconds, book });
    },
  };
}

function isSame(before: BookSource, source: BookSource): boolean {
  return (
    before.vault === source.vault &&
    before.holder.controller === source.holder.controller &&
    before.holder.account === source.holder.account &&
    before.holder.otokens === source.holder.otokens &&
    before.vaults.length === source.vaults.length &&
    before.vaults.every((vault, index) => vault === source.vaults[index]) &&
    before.held.length === source.held.length &&
    before.held.every(({ balanceRaw }, index) => balanceRaw === source.held[index]?.balanceRaw)
  );
}

function changesAt({ settlementPrice, expirySeconds }: Series): number {
  return settlementPrice === null ? expirySeconds : Number.POSITIVE_INFINITY;
}
