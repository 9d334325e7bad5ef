import type { DayFacts, VaultTerms } from '../../core/snapshot.ts';
import { toWhole } from '../../core/units.ts';
import type { Store } from '../../ports/store.ts';
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

/** An order with the fair price that it was decided at; null where nobody knows it, or it need not be known. */
export interface PricedOrder extends TrackedOrder {
  readonly spot: number | null;
}

/**
 * What some orders did, against the fair prices that they were decided at. Fills on paper count as turnover and lose nothing,
 * since they have the plan's own price; so do orders of lending steps alone, which trade nothing.
 *
 * @param orders newest first
 * @param sinceSeconds chain time from which gas counts, by when orders were decided
 */
export function dayFactsOf(
  orders: readonly PricedOrder[],
  vault: VaultTerms,
  sinceSeconds: number,
): DayFacts {
  let turnoverQuote = 0;
  let shortfallQuote = 0;
  let worstSlippageBps: number | null = null;
  for (const { record, state, spot } of orders) {
    const moved = movedBy(state, vault);
    if (moved === null) continue;
    turnoverQuote += moved.quote;
    if (!moved.isOnChain || spot === null || record.order.baseRaw === 0n) continue;
    const fairQuote = moved.base * spot;
    const shortfall = record.order.side === 'sell' ? fairQuote - moved.quote : moved.quote - fairQuote;
    shortfallQuote += shortfall;
    const bps = fairQuote === 0 ? 0 : (shortfall / fairQuote) * BPS;
    worstSlippageBps = worstSlippageBps === null ? bps : Math.max(worstSlippageBps, bps);
  }
  return { turnoverQuote, shortfallQuote, gasPaidWei: gasPaidAmong(orders, sinceSeconds), worstSlippageBps };
}

/**
 * {@link dayFactsOf} a vault's orders since a time, as its journal has them.
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
  const priced: PricedOrder[] = [];
  for (const tracked of await ordersSince(newest, sinceSeconds, afterOrder)) {
    const isFilled = movedBy(tracked.state, vault)?.isOnChain === true;
    const decided = isFilled ? await store.decision(tracked.record.decisionId) : null;
    priced.push({ ...tracked, spot: decided?.decision.numbers.spot ?? null });
  }
  return dayFactsOf(priced, vault, sinceSeconds);
}
