import type { BlockFacts } from '../../core/snapshot.ts';
import { max } from '../../core/units.ts';
import type { Relay, RelayAnswer, Submission } from '../../ports/relay.ts';
import type { OrderEvent, SignedAttempt } from '../../ports/store.ts';
import { allEnded, attempt as outcomeOf } from '../faults.ts';
import { applyEvent, type OrderState } from '../order/orderState.ts';
import { paperFill } from '../order/paper.ts';
import { append, appendEvent, type TrackedOrder } from '../order/tracked.ts';
import { barOf, type LadderRung, signerOf, type VaultSetup, type World } from '../world.ts';
import { type LadderStep, ladderOf, ladderStep, relaysOf } from './ladder.ts';

/** One relay's answer; a relay that throws has not said anything certain. */
export async function ask(relay: Relay, submission: Submission): Promise<RelayAnswer> {
  const answer = await outcomeOf(() => relay.submit(submission));
  return answer.ok ? answer.value : { status: 'unknown', detail: answer.error.message };
}

/**
 * Signed bytes as relays are given them, with whose leave they have.
 *
 * @param vault null = for what serves all vaults alike
 */
export function submissionOf(
  world: World,
  vault: string | null,
  attempt: SignedAttempt,
  head: BlockFacts,
): Submission {
  const { rawTransaction, transactionHash, lastBlock } = attempt;
  const firstBlock = max(attempt.firstBlock, head.number + 1n);
  const refusal = () => barOf(world, vault)?.why ?? null;
  return { rawTransaction, transactionHash, firstBlock, lastBlock, refusal };
}

/** Relays that have not said that they took the transaction. */
function yetToAccept(relays: readonly Relay[], state: OrderState): readonly Relay[] {
  const answers = state.status === 'submitted' ? state.answers : {};
  return relays.filter(({ name }) => answers[name]?.status !== 'accepted');
}

/**
 * Hands the newest bytes of an order to every relay of its rung that has not accepted them, and journals each answer. The answers
 * decide nothing: what becomes of the order is for the chain to say.
 *
 * @throws JournalError when an answer cannot be journaled; the order stays open, as it must
 */
export async function deliver(
  world: World,
  tracked: TrackedOrder,
  rung: LadderRung,
  head: BlockFacts,
): Promise<TrackedOrder> {
  const { record } = tracked;
  let { state } = tracked;
  if (state.status !== 'signed' && state.status !== 'submitted') return tracked;
  const { attempt } = state;
  const submission = submissionOf(world, record.vault, attempt, head);
  const answered = await allEnded(
    yetToAccept(relaysOf(rung, world.relays), state).map(async (relay): Promise<OrderEvent> => {
      const answer = await ask(relay, submission);
      const event: OrderEvent = {
        kind: 'answered',
        transactionHash: attempt.transactionHash,
        relay: relay.name,
        answer,
      };
      await appendEvent(world, record, event);
      return event;
    }),
  );
  for (const event of answered) state = applyEvent(record.id, state, event);
  return { record, state };
}

/**
 * The first delivery of an order. Where every relay withheld it, nobody but this process has seen the bytes, and the
 * order is filled on paper.
 *
 * @throws JournalError
 */
export async function deliverFirst(
  world: World,
  vault: VaultSetup,
  tracked: TrackedOrder,
  head: BlockFacts,
): Promise<TrackedOrder> {
  const [rung] = ladderOf(vault.submission);
  if (rung === undefined) return tracked;
  const delivered = await deliver(world, tracked, rung, head);
  const { record, state } = delivered;
  const answers = state.status === 'submitted' ? Object.values(state.answers) : [];
  if (answers.length === 0 || answers.some(({ status }) => status !== 'withheld')) return delivered;
  return append(world, { record, state }, paperFill(record.order, head.number));
}

/**
 * Asks the relays that took an order's bytes to give them back, after its nonce went to something else. It saves them
 * from offering both; whether anybody heeds it decides nothing, so the answers are only logged.
 */
export async function takeBack(
  world: World,
  { record, state }: TrackedOrder,
  head: BlockFacts,
): Promise<void> {
  if (state.status !== 'submitted' || barOf(world, record.vault) !== null) return;
  const submission = submissionOf(world, record.vault, state.attempt, head);
  const accepted = world.relays.filter(({ name }) => state.answers[name]?.status === 'accepted');
  await Promise.all(
    accepted.map(async (relay) => {
      const asked = await outcomeOf(async () => relay.cancel?.(submission));
      const said = asked.ok ? asked.value : { status: 'unknown', detail: asked.error.message };
      if (said === undefined) return;
      world.log.info({ order: record.id, relay: relay.name, ...said }, 'asked to take back');
    }),
  );
}

/** An order that is still to be handed out, and the step of its ladder. */
export interface NextStep {
  readonly tracked: TrackedOrder;
  readonly step: Exclude<LadderStep, { kind: 'wait' }>;
}

/**
 * The order whose bytes may be handed out once more, or that may climb: by the key that signed it, while a block within
 * the window can still come and the vault's sequence has come to it. The same nonce cannot be used twice, so this is safe
 * after a crash, a lost answer or a reorg. An order that was decided on top of a fill which a reorg took back waits until
 * that fill is back; and where a reorg revived an order beside its replacement, neither is handed out again.
 *
 * @param live every order of the vault that may still execute
 * @param nextSequence the vault's next sequence at `head`
 */
export function nextStep(
  world: World,
  vault: VaultSetup,
  live: readonly TrackedOrder[],
  nextSequence: bigint,
  head: BlockFacts,
): NextStep | null {
  const [only, ...others] = live;
  if (only === undefined || others.length > 0 || barOf(world, vault.terms.name) !== null) return null;
  const { signer, order } = only.record;
  if (signerOf(world, signer) === null || order.sequence !== nextSequence) return null;
  const step = ladderStep(only.record, only.state, vault.submission, head);
  return step.kind === 'wait' ? null : { tracked: only, step };
}
