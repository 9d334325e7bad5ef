import type { DayFacts, VaultTerms } from '../core/snapshot.ts';
import { toWhole } from '../core/units.ts';
import type { Store } from '../ports/store.ts';
import { gasPaidAmong } from './history.ts';
import type { NewestOrders } from './newestOrders.ts';
import type { OrderState } from './orderState.ts';
import { type TrackedOrder, track } from './tracked.ts';

const firstPage = 16;
const BPS = 10_000;

/** What a fill moved, whole tokens. */
interface Moved {
  readonly base: number;
  readonly quote: number;
  readonly isOnChain: boolean;
}

function movedBy(now: OrderState, { base, quote }: VaultTerms): Moved | null {
  const state = now.status === 'final' ? now.outcome : now;
  const whole = (raw: { baseRaw: bigint; quoteRaw: bigint }) => {
    const size = (amount: bigint) => (amount < 0n ? -amount : amount);
    return {
      base: toWhole(size(raw.baseRaw), base.decimals),
      quote: toWhole(size(raw.quoteRaw), quote.decimals),
    };
  };
  if (state.status === 'filled') return { ...whole(state.fill), isOnChain: true };
  return state.status === 'paper' ? { ...whole(state.paper), isOnChain: false } : null;
}

/** Orders decided since a time and after an order, newest first. */
async function ordersSince(
  newest: NewestOrders,
  sinceSeconds: number,
  afterOrder: string | null,
): Promise<readonly TrackedOrder[]> {
  for (let limit = firstPage; ; limit *= 4) {
    const recent = (await newest(limit)).map(track);
    const end = recent.findIndex(
      ({ record }) => record.id === afterOrder || record.decidedAtSeconds < sinceSeconds,
    );
    if (end >= 0) return recent.slice(0, end);
    if (recent.length < limit) return recent;
  }
}

/**
 * What a vault's orders did since a time, against the fair prices that they were decided at. Fills on paper count as
 * turnover and lose nothing, since they have the plan's own price.
 *
 * @param sinceSeconds chain time from which orders count, by when they were decided
 * @param afterOrder the newest order that does not count any more; null where none is left out
 * @throws JournalError, JournalCorruptError
 */
export async function lastDayOf(
  store: Store,
  vault: VaultTerms,
  newest: NewestOrders,
  sinceSeconds: number,
  afterOrder: string | null,
): Promise<DayFacts> {
  const orders = await ordersSince(newest, sinceSeconds, afterOrder);
  let turnoverQuote = 0;
  let shortfallQuote = 0;
  let worstSlippageBps: number | null = null;
  for (const { record, state } of orders) {
    const moved = movedBy(state, vault);
    if (moved === null) continue;
    turnoverQuote += moved.quote;
    const decided = moved.isOnChain ? await store.decision(record.decisionId) : null;
    const spot = decided?.decision.numbers.spot ?? null;
    if (spot === null) continue;
    const fairQuote = moved.base * spot;
    const shortfall = record.order.side === 'sell' ? fairQuote - moved.quote : moved.quote - fairQuote;
    shortfallQuote += shortfall;
    const bps = fairQuote === 0 ? 0 : (shortfall / fairQuote) * BPS;
    worstSlippageBps = worstSlippageBps === null ? bps : Math.max(worstSlippageBps, bps);
  }
  return { turnoverQuote, shortfallQuote, gasPaidWei: gasPaidAmong(orders, sinceSeconds), worstSlippageBps };
}
