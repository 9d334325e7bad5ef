import type { CorruptHead, DecisionHead, OrderHistory, Store } from '../../ports/store.ts';

/** From and to, Unix seconds; the end is not part of it. */
export interface Period {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** What a journal has of a vault in a period, oldest first. */
export interface PeriodRows {
  readonly heads: readonly DecisionHead[];
  readonly corrupt: readonly CorruptHead[];
  readonly orders: readonly OrderHistory[];
}

const PAGE = 500;
/** Orders looked back on. */
const MOST_ORDERS = 20_000;

/** When a decision was made, by its block where that is known. */
export function decidedAt({ facts, recordedAtSeconds }: DecisionHead): number {
  return facts?.block.timestampSeconds ?? recordedAtSeconds;
}

/**
 * Reads a period by pages of the small parts of decisions, newest first, until it is left.
 *
 * @throws JournalError
 */
export async function readPeriod(store: Store, vault: string, period: Period): Promise<PeriodRows> {
  const heads: DecisionHead[] = [];
  const corrupt: CorruptHead[] = [];
  for await (const head of newestFirst(store, vault)) {
    if ('corrupt' in head) {
      corrupt.push(head);
      continue;
    }
    const at = decidedAt(head);
    if (at < period.fromSeconds) break;
    if (at < period.toSeconds) heads.push(head);
  }
  const orders = (await store.orders(vault, MOST_ORDERS)).filter(
    ({ record: { decidedAtSeconds: at } }) => at >= period.fromSeconds && at < period.toSeconds,
  );
  return { heads: heads.toReversed(), corrupt, orders: orders.toReversed() };
}

async function* newestFirst(store: Store, vault: string): AsyncGenerator<DecisionHead | CorruptHead> {
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const page = await pageOf(store, vault, before);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    before = Number(last.id.slice(2));
  }
}

/** A store without pages gives its newest decisions whole; there are no more than one page of it then. */
async function pageOf(
  store: Store,
  vault: string,
  before: number,
): Promise<readonly (DecisionHead | CorruptHead)[]> {
  if (store.decisionHeads !== undefined) {
    return store.decisionHeads(vault, { before, limit: PAGE, withFacts: true });
  }
  const found = await store.decisions(vault, MOST_ORDERS);
  return found
    .filter(({ id }) => Number(id.slice(2)) < before)
    .slice(0, PAGE)
    .map(({ snapshot, ...rest }) => ({
      ...rest,
      facts: snapshot && {
        block: snapshot.chain.block,
        volatility: snapshot.observed.volatility,
        nativePriceQuote: snapshot.native.priceQuote,
      },
    }));
}
