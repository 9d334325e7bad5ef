import { count } from '../../core/report/numbers.ts';
import { type OrderState, signedOrder } from '../../engine/order/orderState.ts';
import type { OrderEvent, OrderHistory } from '../../ports/store.ts';
import type { RelayLine, TimelineStep } from '../documents.ts';

const ANSWER_TONES = { accepted: 'done', refused: 'bad', unknown: 'unknown', withheld: 'done' } as const;

const EXPIRED = {
  deadline: 'no block took it in time; nothing traded',
  nonceUsed: 'another transaction used its nonce; nothing traded',
  sequenceUsed: 'another order used its sequence; nothing traded',
} as const;

/**
 * An order's life in steps, the ones still ahead included.
 *
 * @param decidedAtSeconds by the keeper's clock; that of the chain where null
 */
export function timelineOf(
  history: OrderHistory,
  state: OrderState,
  decidedAtSeconds: number | null,
): readonly TimelineStep[] {
  const { record, events } = history;
  const decided: TimelineStep = {
    kind: 'decided',
    tone: 'done',
    title: 'decided and journaled',
    detail: `${record.decisionId} at block ${count(record.decidedAtBlock)}`,
    atSeconds: decidedAtSeconds ?? record.decidedAtSeconds,
  };
  const steps = events.map(
    ({ event, recordedAtSeconds }): TimelineStep => ({
      kind: event.kind,
      atSeconds: recordedAtSeconds,
      ...wordsOf(event),
    }),
  );
  return [decided, ...steps, ...ahead(history, state)];
}

function wordsOf(event: OrderEvent): Pick<TimelineStep, 'tone' | 'title' | 'detail'> {
  switch (event.kind) {
    case 'signed': {
      const { nonce, firstBlock, lastBlock, rung } = event.attempt;
      const title = rung === undefined || rung === 0 ? 'signed' : `signed again, rung ${rung + 1}`;
      return {
        tone: 'done',
        title,
        detail: `nonce ${nonce}, blocks ${count(firstBlock)} to ${count(lastBlock)}`,
      };
    }
    case 'answered': {
      const { status, detail } = event.answer;
      return { tone: ANSWER_TONES[status], title: `${event.relay}: ${status}`, detail };
    }
    case 'filled':
      return { tone: 'good', title: 'included and filled', detail: `block ${count(event.fill.blockNumber)}` };
    case 'reverted':
      return {
        tone: 'bad',
        title: 'included and reverted',
        detail: `block ${count(event.blockNumber)}: nothing traded, gas spent`,
      };
    case 'replaced':
      return { tone: 'unknown', title: 'its nonce was given away', detail: `to ${event.by}` };
    case 'reorged':
      return { tone: 'unknown', title: 'its block left the chain', detail: 'it may execute again' };
    case 'expired':
      return { tone: 'bad', title: 'expired', detail: EXPIRED[event.why] };
    case 'abandoned':
      return { tone: 'bad', title: 'abandoned before it was sent', detail: event.why };
    case 'paper':
      return { tone: 'good', title: 'filled on paper', detail: 'shadow: nothing was sent' };
    case 'final':
      return { tone: 'good', title: 'final', detail: `block ${count(event.blockNumber)}` };
  }
}

/** What is still to come, and what settles it. */
function ahead({ record, events }: OrderHistory, state: OrderState): readonly TimelineStep[] {
  const waiting = (title: string, detail: string): readonly TimelineStep[] => [
    { kind: 'ahead', tone: 'waiting', title, detail, atSeconds: null },
  ];
  const last = signedOrder(state)?.attempt.lastBlock;
  const isUnknown = events.some(
    ({ event }) => event.kind === 'answered' && event.answer.status === 'unknown',
  );
  switch (state.status) {
    case 'decided':
      return waiting('to be signed', 'nothing has left this machine');
    case 'signed':
    case 'submitted':
    case 'replaced': {
      const until = last === undefined ? '' : `until block ${count(last)}; a final block past it settles it`;
      const deadline = new Date(record.order.deadlineSeconds * 1_000).toISOString().slice(11, 19);
      const words = isUnknown ? `${until}, latest ${deadline} UTC` : until;
      return waiting('to be included', words);
    }
    case 'filled':
    case 'reverted':
    case 'expired':
      return waiting('to be final', 'the chain may still take its block back');
    default:
      return [];
  }
}

/** What every relay was asked and said, in order. */
export function relayLines({ events }: OrderHistory): readonly RelayLine[] {
  let signedAt = events[0]?.recordedAtSeconds ?? 0;
  return events.flatMap(({ event, recordedAtSeconds }): readonly RelayLine[] => {
    if (event.kind === 'signed') signedAt = recordedAtSeconds;
    if (event.kind !== 'answered') return [];
    const { relay, transactionHash, answer } = event;
    const { status, detail } = answer;
    return [{ relay, status, detail, transactionHash, afterSeconds: recordedAtSeconds - signedAt }];
  });
}
