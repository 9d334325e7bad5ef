import type { BlockFacts } from '../../core/snapshot.ts';
import type { Relay } from '../../ports/relay.ts';
import type { OrderRecord } from '../../ports/store.ts';
import type { OrderState } from '../order/orderState.ts';
import type { LadderRung, SubmissionSettings } from '../world.ts';

/** The rungs that an order climbs: one with every relay for the whole window, where the settings name none. */
export function ladderOf({ ladder, windowBlocks }: SubmissionSettings): readonly LadderRung[] {
  if (ladder !== undefined && ladder.length > 0) return ladder;
  return [{ relays: null, blocks: windowBlocks, tipMultiplierBps: 10_000, publicMempool: true }];
}

/** Blocks in which an order may be included: all rungs together. */
export function windowBlocksOf(submission: SubmissionSettings): number {
  return ladderOf(submission).reduce((sum, { blocks }) => sum + blocks, 0);
}

/** A rung with its place on the ladder. */
export interface PlacedRung extends LadderRung {
  readonly index: number;
}

/**
 * The rung on which an order stands when a block is the next one; null beyond the last rung.
 *
 * @param firstBlock the first that the order could be in
 */
export function rungAt(
  ladder: readonly LadderRung[],
  firstBlock: bigint,
  nextBlock: bigint,
): PlacedRung | null {
  let begins = firstBlock;
  for (const [index, rung] of ladder.entries()) {
    const ends = begins + BigInt(rung.blocks);
    if (nextBlock < ends) return { ...rung, index };
    begins = ends;
  }
  return null;
}

/** Relays that a rung hands bytes to. */
export function relaysOf(rung: LadderRung, relays: readonly Relay[]): readonly Relay[] {
  return relays.filter(
    ({ name, isPrivate }) =>
      (rung.relays === null || rung.relays.includes(name)) && (isPrivate || rung.publicMempool),
  );
}

/** What the ladder says about an order that may still execute. */
export type LadderStep =
  /** Nothing more is handed out: the chain settles it. */
  | { readonly kind: 'wait' }
  /** The newest bytes go to the relays of the rung that have not taken them. */
  | { readonly kind: 'deliver'; readonly rung: PlacedRung }
  /** A new attempt is signed for the rung first: same nonce, same sequence, outbidding what is out. */
  | { readonly kind: 'climb'; readonly rung: PlacedRung };

/**
 * What is next for an order. Pure: a function of what the journal holds and of the head, so that a keeper that died goes
 * on where it was. It never leads to a second trade: every attempt has the nonce and the sequence of the first.
 */
export function ladderStep(
  { order }: OrderRecord,
  state: OrderState,
  submission: SubmissionSettings,
  head: BlockFacts,
): LadderStep {
  if (state.status !== 'signed' && state.status !== 'submitted') return { kind: 'wait' };
  const { attempts, attempt } = state;
  const next = head.number + 1n;
  if (next > attempt.lastBlock || head.timestampSeconds >= order.deadlineSeconds) return { kind: 'wait' };
  const rung = rungAt(ladderOf(submission), attempts[0]?.firstBlock ?? next, next);
  if (rung === null) return { kind: 'wait' };
  return { kind: rung.index > (attempt.rung ?? 0) ? 'climb' : 'deliver', rung };
}
