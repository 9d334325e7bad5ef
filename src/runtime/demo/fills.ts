import { CorruptDataError } from '../../core/errors.ts';
import { toWhole } from '../../core/units.ts';
import type { Fill } from '../../ports/account.ts';
import type { OrderHistory, StoredDecision } from '../../ports/store.ts';
import type { DemoHedge } from './report.ts';

const WEI_PER_NATIVE = 1e18;

/** A hedge with the part of its cost that the report does not show hedge by hedge. */
export interface BookedHedge {
  readonly hedge: DemoHedge;
  /** What of its cost is pool fee. */
  readonly feeQuote: number;
}

/**
 * A fill measured against the fair price on which it was decided.
 *
 * @throws CorruptDataError when the journal does not hold the decision behind the order
 */
export function bookHedge(
  { record, events }: OrderHistory,
  fill: Fill,
  decided: StoredDecision | null,
): BookedHedge {
  const spot = decided?.decision.numbers.spot ?? null;
  if (decided === null || decided.snapshot === null || spot === null) {
    throw new CorruptDataError(`decision of ${record.id}`, 'missing', 'a decision with its snapshot');
  }
  const { vault, native } = decided.snapshot;
  const amountBase = toWhole(fill.baseRaw, vault.base.decimals);
  const quote = toWhole(fill.quoteRaw, vault.quote.decimals);
  const notional = amountBase * spot;
  const costQuote = fill.side === 'sell' ? notional - quote : quote - notional;
  // An order of lending steps alone has no size.
  const filledShare = record.order.baseRaw === 0n ? 0 : Number(fill.baseRaw) / Number(record.order.baseRaw);
  return {
    feeQuote: (decided.decision.numbers.cost?.feeQuote ?? 0) * filledShare,
    hedge: {
      block: Number(fill.blockNumber),
      side: fill.side,
      amountBase,
      legs: record.order.legs.map(({ pool, baseRaw }) => ({
        pool,
        amountBase: toWhole(baseRaw, vault.base.decimals) * filledShare,
      })),
      txHash: fill.transactionHash,
      relay: acceptedBy(events),
      slippageBps: (costQuote / notional) * 10_000,
      costQuote,
      gasQuote: (Number(fill.gasPaidWei) / WEI_PER_NATIVE) * native.priceQuote,
    },
  };
}

/** The relays that took the order. */
function acceptedBy(events: OrderHistory['events']): string {
  const names = events.flatMap(({ event }) =>
    event.kind === 'answered' && event.answer.status === 'accepted' ? [event.relay] : [],
  );
  return [...new Set(names)].join(', ');
}
