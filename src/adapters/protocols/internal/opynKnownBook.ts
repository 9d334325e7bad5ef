import type { VaultTerms } from '../../../core/snapshot.ts';
import type { OpynBook, OpynHolder, OpynMemory } from './opynBook.ts';
import type { HeldSeries, Series } from './opynSeries.ts';
import type { GammaVault } from './opynVaults.ts';

/** All that a book is made of, where every series of it was met before. */
export interface BookSource {
  readonly holder: OpynHolder;
  readonly vault: VaultTerms;
  readonly vaults: readonly GammaVault[];
  readonly held: readonly HeldSeries[];
}

interface KnownBook {
  readonly source: BookSource;
  /** From then on a series may settle, or be forgotten. */
  readonly untilSeconds: number;
  readonly book: OpynBook;
}

/** The book that was last made with each memory: at most blocks nothing of it changes. */
const knownBooks = new WeakMap<OpynMemory, KnownBook>();

/**
 * The book that was made of the same before; null where something differs. An answer of the chain that stays the same stays
 * the same object, so that telling takes no more than looking at it.
 */
export function knownBook(remembered: OpynMemory, source: BookSource, nowSeconds: number): OpynBook | null {
  const known = knownBooks.get(remembered);
  if (known === undefined || nowSeconds >= known.untilSeconds) return null;
  const before = known.source;
  const isSame =
    before.vault === source.vault &&
    before.holder.controller === source.holder.controller &&
    before.holder.account === source.holder.account &&
    before.holder.otokens === source.holder.otokens &&
    before.vaults.length === source.vaults.length &&
    before.vaults.every((vault, index) => vault === source.vaults[index]) &&
    before.held.every(({ balanceRaw }, index) => balanceRaw === source.held[index]?.balanceRaw);
  return isSame ? known.book : null;
}

/** Keeps a book for the blocks to come, where time alone does not change it before the next expiry. */
export function keepBook(remembered: OpynMemory, source: BookSource, book: OpynBook, nowSeconds: number) {
  const untilSeconds = Math.min(...source.held.map(({ series }) => changesAt(series)));
  if (nowSeconds < untilSeconds) knownBooks.set(remembered, { source, untilSeconds, book });
}

function changesAt({ settlementPrice, expirySeconds }: Series): number {
  return settlementPrice === null ? expirySeconds : Number.POSITIVE_INFINITY;
}
