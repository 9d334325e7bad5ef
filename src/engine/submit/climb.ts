import { max } from '../../core/units.ts';
import type { PricedTransaction } from '../../ports/signer.ts';
import { attempt as outcomeOf } from '../faults.ts';
import { append, type TrackedOrder } from '../order/tracked.ts';
import type { ChainView } from '../read/chainView.ts';
import { barOf, signerOf, type VaultSetup, type World } from '../world.ts';
import { gasLimitFor, highestBaseFee, replacementFees, rungTip } from './fees.ts';
import type { PlacedRung } from './ladder.ts';
import { attemptOn, signedBytes } from './place.ts';

/** The order's own transaction again, to outbid what was signed before; null where that cannot or need not be. */
async function priceClimb(
  world: World,
  vault: VaultSetup,
  { record, state }: TrackedOrder,
  rung: PlacedRung,
  view: ChainView,
): Promise<PricedTransaction | null> {
  if (state.status !== 'signed' && state.status !== 'submitted') return null;
  const { attempt } = state;
  if ((await view.confirmedNonce(record.signer)) > attempt.nonce) return null;
  const { submission } = vault;
  const suggestedWei = await view.suggestedTipWei();
  const tipWei = rungTip(max(suggestedWei, submission.minTipWei), rung.tipMultiplierBps);
  const blocksLeft = Number(attempt.lastBlock - view.head.number);
  const baseFeeWei = highestBaseFee(view.head.baseFeePerGasWei, blocksLeft);
  const fees = replacementFees(baseFeeWei, tipWei, attempt, submission.maxFeePerGasWei);
  if (fees === null) return null;
  const { from, to, data, valueWei } = vault.account.encode(vault.terms, record.order, record.signer);
  const simulation = await world.chain.simulate({ from, to, data, valueWei }, view.head);
  if (!simulation.ok) return null;
  const gasLimit = gasLimitFor(simulation.gasUsed, submission.gasLimitMarginBps);
  if ((await view.balanceWei(from)) < gasLimit * fees.maxFeePerGasWei + valueWei) return null;
  return { chainId: record.chainId, nonce: attempt.nonce, to, data, valueWei, gasLimit, ...fees };
}

/**
 * Signs the attempt of an order's next rung and journals it: the same order with the same nonce, higher fees. Where it
 * cannot be afforded, would fail at the head, or cannot be signed, the order stays as it is, and what was signed before is
 * handed to the rung's relays. Never throws.
 */
export async function climb(
  world: World,
  vault: VaultSetup,
  tracked: TrackedOrder,
  rung: PlacedRung,
  view: ChainView,
): Promise<TrackedOrder> {
  const { record, state } = tracked;
  const signer = signerOf(world, record.signer);
  if (signer === null || (state.status !== 'signed' && state.status !== 'submitted')) return tracked;
  const climbed = await outcomeOf(async () => {
    const transaction = await priceClimb(world, vault, tracked, rung, view);
    if (transaction === null || barOf(world, vault.terms.name) !== null) return tracked;
    const rawTransaction = await signedBytes(signer, transaction);
    const { lastBlock } = state.attempt;
    const attempt = {
      ...attemptOn(world, view.head, transaction, rawTransaction),
      lastBlock,
      rung: rung.index,
    };
    return append(world, tracked, { kind: 'signed', attempt });
  });
  if (climbed.ok) return climbed.value;
  world.log.warn({ order: record.id, error: climbed.error.message }, 'the next rung was not signed');
  return tracked;
}
