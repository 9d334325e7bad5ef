import { JournalCorruptError } from '../core/errors.ts';
import type { Fill } from '../ports/account.ts';
import type { RelayAnswer } from '../ports/relay.ts';
import type { OrderEvent, OrderHistory, SignedAttempt } from '../ports/store.ts';

type EventOf<K extends OrderEvent['kind']> = Extract<OrderEvent, { kind: K }>;

/** Succeeded in a canonical block. */
export interface FilledState {
  readonly status: 'filled';
  readonly attempt: SignedAttempt;
  readonly fill: Fill;
}

/** Failed in a canonical block: gas spent, nothing traded. */
export interface RevertedState {
  readonly status: 'reverted';
  readonly attempt: SignedAttempt;
  readonly revert: EventOf<'reverted'>;
}

/** Can no longer execute, as long as the block that shows it stays in the chain. */
export interface ExpiredState {
  readonly status: 'expired';
  readonly attempt: SignedAttempt;
  readonly expiry: EventOf<'expired'>;
}

/** Where an order stands: the fold of its events. */
export type OrderState =
  /** Decided and journaled; nothing is signed. */
  | { readonly status: 'decided' }
  /** Signed and journaled; no relay has answered, one may have received it. */
  | { readonly status: 'signed'; readonly attempt: SignedAttempt }
  /** Relays have answered (the last answer of each), or it was mined and came back by a reorg (no answers). */
  | {
      readonly status: 'submitted';
      readonly attempt: SignedAttempt;
      readonly answers: Readonly<Record<string, RelayAnswer>>;
    }
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

/** The states in which each event may happen; anything else is a damaged journal. */
const legalFrom: { readonly [K in OrderEvent['kind']]: readonly Status[] } = {
  signed: ['decided'],
  answered: ['signed', 'submitted', 'filled', 'reverted', 'expired'],
  filled: ['signed', 'submitted', 'expired'],
  reverted: ['signed', 'submitted', 'expired'],
  reorged: ['filled', 'reverted', 'expired'],
  expired: ['signed', 'submitted'],
  abandoned: ['decided'],
  paper: ['decided', 'submitted'],
  final: ['filled', 'reverted', 'expired'],
};

/** A late answer is kept in the journal, but an outcome of the chain outranks what a relay says. */
function answered(state: OrderState, event: EventOf<'answered'>): OrderState {
  if (state.status !== 'signed' && state.status !== 'submitted') return state;
  const earlier = state.status === 'submitted' ? state.answers : {};
  return {
    status: 'submitted',
    attempt: state.attempt,
    answers: { ...earlier, [event.relay]: event.answer },
  };
}

function next(state: OrderState, event: OrderEvent, attempt: SignedAttempt | null): OrderState | null {
  if (event.kind === 'signed') return { status: 'signed', attempt: event.attempt };
  if (event.kind === 'abandoned') return { status: 'abandoned', why: event.why };
  if (event.kind === 'paper') return { status: 'paper', paper: event };
  if (event.kind === 'final') {
    const isOutcome = state.status === 'filled' || state.status === 'reverted' || state.status === 'expired';
    return isOutcome ? { status: 'final', outcome: state } : null;
  }
  if (attempt === null) return null;
  if (event.kind === 'reorged') return { status: 'submitted', attempt, answers: {} };
  if (event.kind === 'expired') return { status: 'expired', attempt, expiry: event };
  const hash = event.kind === 'filled' ? event.fill.transactionHash : event.transactionHash;
  if (hash !== attempt.transactionHash) return null;
  if (event.kind === 'answered') return answered(state, event);
  if (event.kind === 'filled') return { status: 'filled', attempt, fill: event.fill };
  return { status: 'reverted', attempt, revert: event };
}

/** The signed transaction of an order, null where nothing was signed. */
export function attemptOf(state: OrderState): SignedAttempt | null {
  if (state.status === 'final') return state.outcome.attempt;
  return 'attempt' in state ? state.attempt : null;
}

/**
 * One more event.
 *
 * @throws JournalCorruptError when the event cannot follow the state
 */
export function applyEvent(orderId: string, state: OrderState, event: OrderEvent): OrderState {
  const after = legalFrom[event.kind]?.includes(state.status) ? next(state, event, attemptOf(state)) : null;
  if (after !== null) return after;
  throw new JournalCorruptError(`order ${orderId} was ${state.status} when it is said to be ${event.kind}`, {
    facts: { order: orderId, state: state.status, event: event.kind },
  });
}

/**
 * Where an order stands, from everything that happened to it.
 *
 * @throws JournalCorruptError when an event cannot follow the one before it
 */
export function orderState(history: OrderHistory): OrderState {
  return history.events.reduce<OrderState>(
    (state, { event }) => applyEvent(history.record.id, state, event),
    { status: 'decided' },
  );
}

/** Whether an order may still execute: its bytes exist, and neither an outcome nor an end is known. */
export function isLive(state: OrderState): boolean {
  return state.status === 'signed' || state.status === 'submitted';
}

/** Whether nothing can happen to an order any more. */
export function isSettled(state: OrderState): boolean {
  return state.status === 'abandoned' || state.status === 'paper' || state.status === 'final';
}
