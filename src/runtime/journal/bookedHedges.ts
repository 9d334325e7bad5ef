import type { Side } from '../../core/decision.ts';
import { type Hash, toWhole } from '../../core/units.ts';
import { orderState } from '../../engine/order/orderState.ts';
import type { Fill } from '../../ports/account.ts';
import type { OrderHistory, Store, StoredDecision } from '../../ports/store.ts';
import { bookHedge } from '../demo/fills.ts';

const WEI_DECIMALS = 18;
const NO_HASH: Hash = `0x${'00'.repeat(32)}`;

/** What an order did and cost, against the fair price that it was decided on; whole tokens, quote. */
export interface JournaledHedge {
  readonly orderId: string;
  readonly decisionId: string;
  /** When it was decided, by the keeper's clock. */
  readonly atSeconds: number;
  /** Last block before its effect can be seen in a snapshot: effects show after it. */
  readonly afterBlock: bigint;
  readonly side: Side;
  /** Base traded, above 0; 0 where the order failed on chain. */
  readonly base: number;
  readonly fairPrice: number;
  readonly feeQuote: number;
  /** Negative where the pools gave a better price than the fair one. */
  readonly impactQuote: number;
  /** Fee and impact as the pools of its own block had them, of what was filled: what did not come from waiting. */
  readonly plannedQuote: number;
  readonly gasQuote: number;
}

/**
 * What an order of the journal cost; null where nothing came of it or nothing is known yet, or its decision is gone.
 *
 * @throws JournalError, JournalCorruptError
 */
export async function journaledHedge(
  store: Pick<Store, 'decision'>,
  history: OrderHistory,
): Promise<JournaledHedge | null> {
  const state = orderState(history);
  const outcome = state.status === 'final' ? state.outcome : state;
  if (outcome.status !== 'filled' && outcome.status !== 'paper' && outcome.status !== 'reverted') return null;
  const decided = await store.decision(history.record.decisionId);
  if (decided === null || decided.snapshot === null || decided.decision.numbers.spot === null) return null;
  if (outcome.status === 'filled') return filledHedge(history, outcome.fill, decided);
  if (outcome.status === 'paper') {
    const { baseRaw, quoteRaw, blockNumber } = outcome.paper;
    const fill = paperFill(history, baseRaw, quoteRaw, blockNumber);
    return { ...filledHedge(history, fill, decided), gasQuote: history.record.plannedGasQuote };
  }
  return failedHedge(history, outcome.revert.gasPaidWei, outcome.revert.blockNumber, decided);
}

/** A fill on paper shows from the block after the one it was decided on. */
function paperFill({ record }: OrderHistory, baseRaw: bigint, quoteRaw: bigint, blockNumber: bigint): Fill {
  return {
    transactionHash: NO_HASH,
    blockHash: NO_HASH,
    blockNumber: blockNumber + 1n,
    side: record.order.side,
    baseRaw,
    quoteRaw,
    gasUsed: 0n,
    gasPaidWei: 0n,
  };
}

function filledHedge(history: OrderHistory, fill: Fill, decided: StoredDecision): JournaledHedge {
  const { hedge, feeQuote } = bookHedge(history, fill, decided);
  return {
    orderId: history.record.id,
    decisionId: history.record.decisionId,
    atSeconds: decided.recordedAtSeconds,
    afterBlock: fill.blockNumber - 1n,
    side: hedge.side,
    base: hedge.amountBase,
    fairPrice: decided.decision.numbers.spot ?? 0,
    feeQuote,
    impactQuote: hedge.costQuote - feeQuote,
    plannedQuote: plannedCost(history, fill, decided) ?? hedge.costQuote,
    gasQuote: hedge.gasQuote,
  };
}

function plannedCost({ record }: OrderHistory, fill: Fill, { decision }: StoredDecision): number | null {
  const { cost } = decision.numbers;
  const share = Number(fill.baseRaw) / Number(record.order.baseRaw);
  return cost === null ? null : (cost.feeQuote + cost.impactQuote) * share;
}

function failedHedge(
  { record }: OrderHistory,
  gasPaidWei: bigint,
  blockNumber: bigint,
  decided: StoredDecision,
): JournaledHedge {
  return {
    orderId: record.id,
    decisionId: record.decisionId,
    atSeconds: decided.recordedAtSeconds,
    afterBlock: blockNumber - 1n,
    side: record.order.side,
    base: 0,
    fairPrice: decided.decision.numbers.spot ?? 0,
    feeQuote: 0,
    impactQuote: 0,
    plannedQuote: 0,
    gasQuote: toWhole(gasPaidWei, WEI_DECIMALS) * (decided.snapshot?.native.priceQuote ?? 0),
  };
}
