import type { Decision } from '../core/decision.ts';
import type { BallastError } from '../core/errors.ts';
import type { Outcome } from '../ports/chain.ts';
import type { Assessment } from './assess.ts';
import type { Conclusion } from './conclude.ts';
import { allEnded, attempt, haltOn } from './faults.ts';
import type { TrackedOrder } from './order/tracked.ts';
import type { ChainView } from './read/chainView.ts';
import { deliver, deliverFirst } from './submit/deliver.ts';
import { barOf, type VaultSetup, type World } from './world.ts';

/** What a vault came to, its new order on the way to the relays. */
export interface Sent {
  readonly conclusion: Conclusion;
  /** The new order with the relays' answers; null where there is none. Never rejects. */
  readonly order: Promise<Outcome<TrackedOrder | null>>;
}

/** A vault's orders after everybody was asked. */
export interface HandedOut {
  /** What was decided; a halt where a relay's answer could not be journaled. */
  readonly decision: Decision;
  /** The new one; null where none was placed. */
  readonly order: TrackedOrder | null;
  /** Those from before. */
  readonly open: readonly TrackedOrder[];
}

/** Hands out the order that a vault has just placed: nothing else that a tick does is for it to wait for. */
export function send(world: World, vault: VaultSetup, view: ChainView, conclusion: Conclusion): Sent {
  const { placed } = conclusion;
  const stops = barOf(world, vault.terms.name) !== null;
  const order = attempt(async () =>
    placed === null || stops ? placed : deliverFirst(world, vault, placed, view.head),
  );
  return { conclusion, order };
}

/**
 * Hands out what is open and not yet accepted, and waits for what was sent. Never throws: an answer that could not be
 * journaled is a halt.
 *
 * @param lost ids of orders that lost their nonce in this tick
 */
export async function handOut(
  world: World,
  vault: VaultSetup,
  view: ChainView,
  { live, next }: Assessment,
  { conclusion, order: sent }: Sent,
  lost: ReadonlySet<string>,
): Promise<HandedOut> {
  const { decision, placed } = conclusion;
  const again = async (tracked: TrackedOrder) => {
    const mayGo = !lost.has(tracked.record.id) && barOf(world, vault.terms.name) === null;
    return mayGo && next?.tracked === tracked ? deliver(world, tracked, next.step.rung, view.head) : tracked;
  };
  const [order, open] = await Promise.all([sent, attempt(() => allEnded(live.map(again)))]);
  if (!order.ok) return { decision: unanswered(order.error, decision), order: placed, open: live };
  if (!open.ok) return { decision: unanswered(open.error, decision), order: placed, open: live };
  return { decision, order: order.value, open: open.value };
}

function unanswered(error: BallastError, decision: Decision): Decision {
  const halt = haltOn(error, decision.numbers);
  return { ...halt, why: `what was handed out is in the journal, a relay's answer is not: ${error.message}` };
}
