import { baseReserve, healthFactorAt, type LendingAccount, type LendingReserve } from '../margin.ts';
import type { Holdings, PaperLending, Snapshot } from '../snapshot.ts';
import { max, sameAddress } from '../units.ts';

/** What is owned and free, fills on paper included: their swaps, and what their lending steps brought or took. */
export function ownedBy({ chain: { holdings }, history: { paper } }: Snapshot): Holdings {
  const { lending: lent } = paper;
  const brought = (owed = 0n, supplied = 0n) => owed - supplied;
  return {
    baseRaw: holdings.baseRaw + paper.baseRaw + brought(lent?.baseDebtRaw, lent?.baseSuppliedRaw),
    quoteRaw: holdings.quoteRaw + paper.quoteRaw + brought(lent?.quoteDebtRaw, lent?.quoteSuppliedRaw),
  };
}

/** What a vault has at its lending markets, the one of its mandate first and with what was lent and borrowed there on paper. */
export function lendingAccounts({ chain, history }: Snapshot): readonly LendingAccount[] {
  const accounts = chain.margin?.lending ?? [];
  const pool = chain.guard.lending?.pool;
  const own = pool && accounts.find((account) => sameAddress(account.pool, pool));
  if (!own) return accounts;
  const { lending } = history.paper;
  const first = lending === undefined ? own : withPaper(own, lending);
  return [first, ...accounts.filter((account) => account !== own)];
}

/** The account on the market that the mandate lends on, with what paper did there; absent where there is none. */
export function mandateAccount(snapshot: Snapshot): LendingAccount | undefined {
  const pool = snapshot.chain.guard.lending?.pool;
  const [first] = lendingAccounts(snapshot);
  return pool !== undefined && first !== undefined && sameAddress(first.pool, pool) ? first : undefined;
}

function withPaper(account: LendingAccount, lent: PaperLending): LendingAccount {
  const base = baseReserve(account);
  const quote = account.reserves.find(({ asset }) => asset === 'quote');
  const reserves = account.reserves.map((reserve) => {
    if (reserve === base) return changedBy(reserve, lent.baseSuppliedRaw, lent.baseDebtRaw);
    if (reserve === quote) return changedBy(reserve, lent.quoteSuppliedRaw, lent.quoteDebtRaw);
    return reserve;
  });
  const after = { ...account, reserves };
  return { ...after, healthFactor: healthFactorAt(after) };
}

/** The chain's own part may shrink meanwhile: less than nothing is never there. */
function changedBy(reserve: LendingReserve, supplied: bigint, owed: bigint): LendingReserve {
  const suppliedRaw = max(0n, reserve.suppliedRaw + supplied);
  // What is supplied where nothing was backs the debt from then on.
  const isCollateral = reserve.isCollateral || (reserve.suppliedRaw === 0n && suppliedRaw > 0n);
  return { ...reserve, suppliedRaw, debtRaw: max(0n, reserve.debtRaw + owed), isCollateral };
}
