import type { VaultMoney } from '../documents.ts';
import type { VaultHistory } from '../history/vaultHistory.ts';
import type { JournalWatch } from '../journalWatch.ts';
import type { PagedStore } from '../source.ts';
import { type PricedHedges, vaultMoney } from './money.ts';

/** What a vault's history came to is made again at most so often: it reads a day of decisions. */
const FRESH_MILLISECONDS = 10_000;

interface Kept {
  readonly version: number;
  readonly madeAt: number;
  readonly money: Promise<VaultMoney>;
}

/** Gives what vaults' histories came to, made again where there is something new and not more often than needed. */
export function moneyKeeper(
  store: PagedStore,
  watch: JournalWatch,
): (history: VaultHistory) => Promise<VaultMoney> {
  const kept = new Map<string, Kept>();
  const priced = new Map<string, PricedHedges>();
  return (history) => {
    const known = kept.get(history.vault);
    const { version } = history;
    if (known !== undefined) {
      const isFresh = performance.now() - known.madeAt < FRESH_MILLISECONDS;
      if (known.version === version || isFresh) return known.money;
    }
    const prices = priced.get(history.vault) ?? new Map<string, number | null>();
    priced.set(history.vault, prices);
    const money = vaultMoney(store, watch, history, prices);
    money.catch(() => kept.delete(history.vault));
    kept.set(history.vault, { version, madeAt: performance.now(), money });
    return money;
  };
}
