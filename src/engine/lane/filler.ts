import { max } from '../../core/units.ts';
import type { FillerEvent, FillerHistory, FillerRecord } from '../../ports/store.ts';
import { allEnded } from '../faults.ts';
import { append } from '../order/tracked.ts';
import type { ChainView } from '../read/chainView.ts';
import { ask, submissionOf } from '../submit/deliver.ts';
import { feesFor, gasLimitFor, highestBaseFee, replacementFees } from '../submit/fees.ts';
import { ladderOf, relaysOf, windowBlocksOf } from '../submit/ladder.ts';
import { attemptOn, signedBytes } from '../submit/place.ts';
import { barOf, type SubmissionSettings, signerOf, type World } from '../world.ts';
import { rememberConsumer, rememberUsed } from './laneMemory.ts';
import { type FillerPlan, isOutbid, type Lane } from './nonceLane.ts';

/** Who has not said that it took a filler, and may still. */
async function deliverFiller(
  world: World,
  { record, events }: FillerHistory,
  submission: SubmissionSettings,
  view: ChainView,
): Promise<void> {
  const { attempt } = record;
  const [rung] = ladderOf(submission);
  if (view.head.number >= attempt.lastBlock || rung === undefined) return;
  const accepted = new Set(
    events.flatMap(({ event }) =>
      event.kind === 'answered' && event.answer.status === 'accepted' ? [event.relay] : [],
    ),
  );
  const relays = relaysOf({ ...rung, relays: null }, world.relays).filter(({ name }) => !accepted.has(name));
  const { transactionHash } = attempt;
  const bytes = submissionOf(world, null, attempt, view.head);
  await allEnded(
    relays.map(async (relay) => {
      const answer = await ask(relay, bytes);
      const event: FillerEvent = { kind: 'answered', transactionHash, relay: relay.name, answer };
      await world.store.appendFillerEvent(record.id, event, world.clock.nowSeconds());
    }),
  );
}

/**
 * Signs a transfer of nothing to the key itself, for a nonce that later transactions wait for; tells the orders that it is
 * sent against, journals it, and hands it out. Null where it cannot be afforded or must not be signed.
 *
 * @throws JournalError, SignerError, ChainUnavailableError
 */
export async function fillNonce(
  world: World,
  lane: Lane,
  plan: FillerPlan,
  submission: SubmissionSettings,
  view: ChainView,
): Promise<FillerHistory | null> {
  const { chainId } = world.chain;
  const signer = signerOf(world, lane.signer);
  if (signer === null) return null;
  const windowBlocks = windowBlocksOf(submission);
  const baseFeeWei = highestBaseFee(view.head.baseFeePerGasWei, windowBlocks);
  const tipWei = max(await view.suggestedTipWei(), submission.minTipWei);
  const capWei = submission.maxFeePerGasWei;
  const fees =
    plan.why === 'stuck' && plan.outbid !== null
      ? replacementFees(baseFeeWei, tipWei, plan.outbid, capWei)
      : feesFor(baseFeeWei, tipWei, plan.outbid, capWei);
  if (fees === null) return null;
  const intent = { from: lane.signer, to: lane.signer, data: '0x', valueWei: 0n } as const;
  const simulation = await world.chain.simulate(intent, view.head);
  if (!simulation.ok) return null;
  const gasLimit = gasLimitFor(simulation.gasUsed, submission.gasLimitMarginBps);
  if ((await view.balanceWei(lane.signer)) < gasLimit * fees.maxFeePerGasWei) return null;
  const { to, data, valueWei } = intent;
  const transaction = { chainId, nonce: plan.nonce, to, data, valueWei, gasLimit, ...fees };
  const attemptNumber = lane.fillers.filter(({ record }) => record.attempt.nonce === plan.nonce).length + 1;
  const id = `${chainId}:${lane.signer.toLowerCase()}:${plan.nonce}.${attemptNumber}`;
  if (barOf(world, null) !== null) return null;
  const rawTransaction = await signedBytes(signer, transaction);
  for (const replaced of plan.replaces) await append(world, replaced, { kind: 'replaced', by: id });
  const lastBlock = view.head.number + BigInt(windowBlocks);
  const attempt = { ...attemptOn(world, view.head, transaction, rawTransaction), lastBlock };
  const { number: signedAtBlock } = view.head;
  const record: FillerRecord = { id, chainId, signer: lane.signer, why: plan.why, signedAtBlock, attempt };
  await world.store.recordFiller(record);
  const filler = { record, events: [] };
  const facts = { signer: lane.signer, nonce: plan.nonce, transaction: attempt.transactionHash };
  const what = `a nonce is filled with a transaction that does nothing: ${plan.why}`;
  world.alert.send('warning', what, facts, { rule: 'filler', subject: lane.signer });
  if (barOf(world, null) === null) await deliverFiller(world, filler, submission, view);
  return filler;
}

/**
 * Goes on with the fillers of a lane: closes those whose nonce is used for good, hands the others to relays that have not
 * taken them, unless an order has outbid them.
 *
 * @throws JournalError
 */
export async function followFillers(
  world: World,
  lane: Lane,
  submission: SubmissionSettings,
  view: ChainView,
): Promise<void> {
  if (lane.fillers.length === 0) return;
  const { finalityBlocks, finality = 'blocks' } = submission;
  const depth = await view.finalityDepth(finalityBlocks, finality);
  for (const filler of lane.fillers) {
    const { record } = filler;
    const { nonce, transactionHash } = record.attempt;
    if (lane.confirmedNonce <= nonce) {
      if (barOf(world, null) === null && !isOutbid(lane, filler))
        await deliverFiller(world, filler, submission, view);
      continue;
    }
    if (view.head.number < BigInt(depth) || !(await view.usedBelow(lane.signer, nonce, depth))) continue;
    const key = { chainId: record.chainId, signer: lane.signer };
    const isOwn = (await view.standingReceipt(transactionHash)) !== null;
    await (isOwn ? rememberConsumer : rememberUsed)(world.store, key, nonce);
    const event: FillerEvent = { kind: 'closed', blockNumber: view.head.number };
    await world.store.appendFillerEvent(record.id, event, world.clock.nowSeconds());
  }
}
