import { toWhole } from '../../core/units.ts';
import type { TrackedOrder } from '../../engine/order/tracked.ts';
import type { TickResult } from '../../engine/tick.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { OrderHistory } from '../../ports/store.ts';
import { count, orUnknown, quote, signed } from './numbers.ts';
import { shortReason } from './reasons.ts';
import type { Style } from './style.ts';
import { labelled, pad } from './table.ts';

/** `vault#418.1` as people call it: `#418`, and `#418.2` from the second attempt on. */
export function orderName(id: string): string {
  return id.slice(id.indexOf('#')).replace(/\.1$/, '');
}

/** What relays answered: `accepted by 2 of 3 relays`, with the words of those that did not. */
export function relayWords({ state }: TrackedOrder): string {
  if (state.status === 'paper') return 'on paper, nothing sent';
  if (state.status !== 'submitted') return state.status;
  const answers = Object.entries(state.answers);
  const accepted = answers.filter(([, answer]) => answer.status === 'accepted').length;
  const others = answers
    .filter(([, answer]) => answer.status !== 'accepted')
    .map(([name, answer]) => `${name} ${answer.status}: ${answer.detail}`);
  return [
    `accepted by ${accepted} of ${answers.length} relay${answers.length === 1 ? '' : 's'}`,
    ...others,
  ].join('; ');
}

/** What the decision was, in one line without time and vault. */
export function decisionWords({ decision, order, open }: TickResult, style: Style): string {
  const net = orUnknown(decision.numbers.netDelta, signed);
  if (decision.kind === 'halt')
    return `${style.red('HALT')}   ${net}  ${shortReason(decision)}: ${decision.why}`;
  if (decision.kind === 'hold') {
    const waiting =
      decision.code === 'orderOpen' ? `  ${open.map(({ record }) => orderName(record.id)).join(' ')}` : '';
    return `hold   ${net}  ${shortReason(decision)}${waiting}`;
  }
  const after = `${net}→${signed(decision.netDeltaAfter)}`;
  const kind = pad(decision.kind, 6, 'left');
  return `${kind} ${after}  ${order === null ? 'not sent' : `${orderName(order.record.id)}  ${relayWords(order)}`}`;
}

/** Warnings of a decision, one line each: partial hedges, what could not be done. */
export function warningLines({ decision }: TickResult, style: Style): readonly string[] {
  return decision.warnings.map((warning) => `${style.yellow('warn')}   ${warning.text}`);
}

/** What became of an order, one line; null for what nobody needs to read. */
export function settledWords(
  history: OrderHistory,
  eventIndex: number,
  vault: VaultSetup,
  style: Style,
): string | null {
  const { record, events } = history;
  const event = events[eventIndex]?.event;
  const name = orderName(record.id);
  const { quote: token } = vault.terms;
  const inQuote = (raw: bigint) => quote(toWhole(raw, token.decimals));
  switch (event?.kind) {
    case 'filled': {
      const blocks = event.fill.blockNumber - record.decidedAtBlock;
      const plan = inQuote(record.order.expectedQuoteRaw);
      const took = `${count(blocks)} block${blocks === 1n ? '' : 's'}`;
      if (record.order.baseRaw === 0n) return `${style.green('reduced')} ${name}  ${took}`;
      return `${style.green('filled')} ${name}  ${inQuote(event.fill.quoteRaw)} ${token.symbol} (plan ${plan})  ${took}`;
    }
    case 'reverted':
      return `${style.red('reverted')} ${name}  nothing traded, gas spent: ballast doctor`;
    case 'expired':
      return `${style.yellow('expired')} ${name}  ${EXPIRED[event.why]}`;
    case 'reorged':
      return `${style.yellow('reorged')} ${name}  its block left the chain; it may execute again`;
    case 'abandoned':
      return `${style.yellow('abandoned')} ${name}  ${event.why}`;
    default:
      return null;
  }
}

const EXPIRED = {
  deadline: 'no block took it in time; nothing traded',
  nonceUsed: 'another transaction used its nonce; nothing traded',
  sequenceUsed: 'another order used its sequence; nothing traded',
} as const;

/** A line of a running keeper: time, vault, words wrapped under themselves. */
export function keeperLine(
  time: string,
  vault: string,
  words: string,
  vaultWidth: number,
): readonly string[] {
  const head = `${time}  ${pad(vault, vaultWidth, 'left')}  `;
  return labelled(head, words, head.length);
}
