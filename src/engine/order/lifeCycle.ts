import type { OrderState } from './orderState.ts';

/** The life of an order in the words that people use of it. */
export type LifeCycle =
  | 'decided'
  | 'signed'
  | 'submitted'
  /** Every relay that was asked will certainly not pass it on. It is still followed: a relay may be wrong. */
  | 'refused'
  /** Its nonce went to something more urgent. */
  | 'replaced'
  | 'reorgedOut'
  | 'included'
  | 'reverted'
  | 'expired'
  /** Nothing of it left the keeper. */
  | 'abandoned'
  | 'paper'
  | 'final';

/** Where an order is in its life. What may follow what is held by the state itself: see `applyEvent`. */
export function lifeCycleOf(state: OrderState): LifeCycle {
  if (state.status === 'filled') return 'included';
  if (state.status !== 'submitted') return state.status;
  const answers = Object.values(state.answers);
  if (answers.length > 0)
    return answers.every(({ status }) => status === 'refused') ? 'refused' : 'submitted';
  return state.wasReorged ? 'reorgedOut' : 'submitted';
}
