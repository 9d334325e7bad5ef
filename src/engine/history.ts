import type { HistoryFacts } from '../core/snapshot.ts';
import type { OrderHistory } from '../ports/store.ts';
import { type OrderState, orderState } from './orderState.ts';

type LastHedge = NonNullable<HistoryFacts['lastHedge']>;

function settledState(state: OrderState): OrderState {
  return state.status === 'final' ? state.outcome : state;
}

function hedgeOf({ record }: OrderHistory, state: OrderState): LastHedge | null {
  const timestampSeconds = record.decidedAtSeconds;
  if (state.status === 'filled') {
    const { side, baseRaw, blockNumber } = state.fill;
    return { blockNumber, timestampSeconds, side, baseRaw };
  }
  if (state.status === 'paper') {
    const { blockNumber } = state.paper;
    return { blockNumber, timestampSeconds, side: record.order.side, baseRaw: record.order.baseRaw };
  }
  return null;
}

/**
 * What a vault did before, as far as a decision needs it. `lastHedge` carries the chain time at which the hedge was
 * decided. Failures are reverts since the last hedge; an order that no block took cost nothing and is not one.
 *
 * @param recent newest first
 * @throws JournalCorruptError
 */
export function pastOf(
  recent: readonly OrderHistory[],
): Pick<HistoryFacts, 'lastHedge' | 'consecutiveFailures'> {
  let consecutiveFailures = 0;
  for (const history of recent) {
    const state = settledState(orderState(history));
    const lastHedge = hedgeOf(history, state);
    if (lastHedge !== null) return { lastHedge, consecutiveFailures };
    if (state.status === 'reverted') consecutiveFailures += 1;
  }
  return { lastHedge: null, consecutiveFailures };
}
