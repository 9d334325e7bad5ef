import { JournalCorruptError } from '../../core/errors.ts';
import type { Fill } from '../../ports/account.ts';
import type { RelayAnswer } from '../../ports/relay.ts';
import type { OrderEvent, OrderHistory, SignedAttempt } from '../../ports/store.ts';

type EventOf<K extends OrderEvent['kind']> = Extract<OrderEvent, { kind: K }>;

/** What every order has of which something was signed. */
export interface SignedOrder {
  /** Everything that was signed for it, oldest first: one nonce, one sequence, any of them may execute. */
  readonly attempts: readonly SignedAttempt[];
  /** The one in the block where there is an outcome; the newest otherwise. */
  readonly attempt: SignedAttempt;
  /** What its nonce was given to; null where the nonce is its own. */
  readonly replacedBy: string | null;
}

/** Succeeded in a canonical block. */
export interface FilledState extends SignedOrder {
  readonly status: 'filled';
  readonly fill: Fill;
}

/** Failed in a canonical block: gas spent, nothing traded. */
export interface RevertedState extends SignedOrder {
  readonly status: 'reverted';
  readonly revert: EventOf<'reverted'>;
}

/** Can no longer execute, as long as the block that shows it stays in the chain. */
export interface ExpiredState extends SignedOrder {
  readonly status: 'expired';
  readonly expiry: EventOf<'expired'>;
}

/** An order that may still execute. */
export type LiveState = SignedOrder &
  (
    | /** Signed and journaled; no relay has answered about the newest attempt, one may have received it. */
    { readonly status: 'signed' }
    /** Relays have answered about the newest attempt (the last answer of each). */
    | {
        readonly status: 'submitted';
        readonly answers: Readonly<Record<string, RelayAnswer>>;
        /** It was mined, or seen to have ended, and came back by a reorg. */
        readonly wasReorged: boolean;
      }
    /** Its nonce was given to something more urgent. */
    | { readonly status: 'replaced' }
  );

/** Where an order stands: the fold of its events. */
export type OrderState =
  /** Decided and journaled; nothing is signed. */
  | { readonly status: 'decided' }
  | LiveState
  | FilledState
  | RevertedState
  | ExpiredState
  /** Nothing was handed to anybody and nothing will be. */
  | { readonly status: 'abandoned'; readonly why: string }
  /** Filled on paper; no relay has passed anything on. */
  | { readonly status: 'paper'; readonly paper: EventOf<'paper'> }
  /** The outcome is older than any reorg: absorbing. */
  | { readonly status: 'final'; readonly outcome: FilledState | RevertedState | ExpiredState };

type Status = OrderState['status'];

const live = ['signed', 'submitted', 'replaced'] as const satisfies readonly Status[];
const ended = ['filled', 'reverted', 'expired'] as const satisfies readonly Status[];

/** The states in which each event may happen; anything else is a damaged journal. */
const legalFrom: { readonly [K in OrderEvent['kind']]: readonly Status[] } = {
  signed: ['decided', 'signed', 'submitted'],
  answered: [...live, ...ended],
  filled: [...live, 'expired'],
  reverted: [...live, 'expired'],
  replaced: ['signed', 'submitted'],
  reorged: ended,
  expired: live,
  abandoned: ['decided'],
  paper: ['decided', 'submitted'],
  final: ended,
};

const newest = (attempts: readonly SignedAttempt[]) => attempts.at(-1) as SignedAttempt;

/** A later attempt outbids the ones before it, so it has their nonce: another nonce would be another transaction. */
function signed(order: SignedOrder | null, attempt: SignedAttempt): OrderState | null {
  const attempts = order?.attempts ?? [];
  const isSame = attempts.every(
    ({ nonce, transactionHash }) => nonce === attempt.nonce && transactionHash !== attempt.transactionHash,
  );
  if (!isSame) return null;
  return { status: 'signed', attempts: [...attempts, attempt], attempt, replacedBy: null };
}

/** A late answer is kept in the journal, but an outcome of the chain outranks what a relay says. */
function answered(state: OrderState, order: SignedOrder, event: EventOf<'answered'>): OrderState {
  const isAboutNewest = order.attempt.transactionHash === event.transactionHash;
  if ((state.status !== 'signed' && state.status !== 'submitted') || !isAboutNewest) return state;
  const { answers, wasReorged } = state.status === 'submitted' ? state : { answers: {}, wasReorged: false };
  return {
    ...order,
    status: 'submitted',
    answers: { ...answers, [event.relay]: event.answer },
    wasReorged,
  };
}

function reorged({ attempts, replacedBy }: SignedOrder): OrderState {
  const order = { attempts, attempt: newest(attempts), replacedBy };
  if (replacedBy !== null) return { ...order, status: 'replaced' };
  return { ...order, status: 'submitted', answers: {}, wasReorged: true };
}

function next(state: OrderState, event: OrderEvent): OrderState | null {
  if (event.kind === 'abandoned') return { status: 'abandoned', why: event.why };
  if (event.kind === 'paper') return { status: 'paper', paper: event };
  if (event.kind === 'final') {
    const isOutcome = state.status === 'filled' || state.status === 'reverted' || state.status === 'expired';
    return isOutcome ? { status: 'final', outcome: state } : null;
  }
  const found = signedOrder(state);
  if (event.kind === 'signed') return signed(found, event.attempt);
  if (found === null) return null;
  const { attempts, attempt, replacedBy } = found;
  const order: SignedOrder = { attempts, attempt, replacedBy };
  if (event.kind === 'reorged') return reorged(order);
  if (event.kind === 'replaced') return { ...order, status: 'replaced', replacedBy: event.by };
  if (event.kind === 'expired') return { ...order, status: 'expired', expiry: event };
  const hash = event.kind === 'filled' ? event.fill.transactionHash : event.transactionHash;
  const meant = attempts.find(({ transactionHash }) => transactionHash === hash);
  if (meant === undefined) return null;
  if (event.kind === 'answered') return answered(state, order, event);
  if (event.kind === 'filled') return { ...order, attempt: meant, status: 'filled', fill: event.fill };
  return { ...order, attempt: meant, status: 'reverted', revert: event };
}

/** What was signed for an order; null where nothing was. */
export function signedOrder(state: OrderState): SignedOrder | null {
  if (state.status === 'final') return state.outcome;
  return 'attempts' in state ? state : null;
}

/** The transaction of an order: the one in the block, or the newest; null where nothing was signed. */
export function attemptOf(state: OrderState): SignedAttempt | null {
  return signedOrder(state)?.attempt ?? null;
}

/**
 * One more event.
 *
 * @throws JournalCorruptError when the event cannot follow the state
 */
export function applyEvent(orderId: string, state: OrderState, event: OrderEvent): OrderState {
  const after = legalFrom[event.kind]?.includes(state.status) ? next(state, event) : null;
  if (after !== null) return after;
  throw new JournalCorruptError(`order ${orderId} was ${state.status} when it is said to be ${event.kind}`, {
    facts: { order: orderId, state: state.status, event: event.kind },
  });
}

/** A history never changes once it is given out, and one tick asks about it many times. */
const folded = new WeakMap<OrderHistory, OrderState>();

/**
 * Where an order stands, from everything that happened to it.
 *
 * @throws JournalCorruptError when an event cannot follow the one before it
 */
export function orderState(history: OrderHistory): OrderState {
  const known = folded.get(history);
  if (known !== undefined) return known;
  const state = history.events.reduce<OrderState>(
    (before, { event }) => applyEvent(history.record.id, before, event),
    { status: 'decided' },
  );
  folded.set(history, state);
  return state;
}

/** Whether an order may still execute: its bytes exist, and neither an outcome nor an end is known. */
export function isLive(state: OrderState): state is LiveState {
  return (live as readonly Status[]).includes(state.status);
}

/** The fill of an order where it stands, final or not; null where it has none. */
export function filledState(state: OrderState): FilledState | null {
  const outcome = state.status === 'final' ? state.outcome : state;
  return outcome.status === 'filled' ? outcome : null;
}

/** Whether nothing can happen to an order any more. */
export function isSettled(state: OrderState): boolean {
  return state.status === 'abandoned' || state.status === 'paper' || state.status === 'final';
}
