import { encodeJournaled } from '../../adapters/stores/internal/canonicalJson.ts';
import { decide } from '../../core/decide.ts';
import type { Decision, ReasonCode } from '../../core/decision.ts';
import type { BoundPolicy } from '../../core/policy.ts';
import type { Limits } from '../../core/risk/limits.ts';
import type { Store, StoredDecision } from '../../ports/store.ts';

/** Reasons of a hold or halt that the engine gave after a hedge was decided: what no snapshot shows. */
const OF_THE_ENGINE: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'orderOpen',
  'simulation',
  'fillMismatch',
  'stopping',
  'gasCap',
  'gasWait',
  'gasMoney',
  'foreignTransaction',
  'signerFault',
  'journalFault',
  'chainFault',
  'finalityBroken',
]);

/** What to decide again, and with what. */
export interface ReplayRequest {
  readonly vault: string;
  readonly policy: BoundPolicy;
  readonly limits: Limits;
  /** Unix seconds, this moment included. */
  readonly fromSeconds?: number;
  /** Unix seconds, this moment not included. */
  readonly toSeconds?: number;
  readonly onProgress?: (share: number) => void;
}

/** A decision that came out otherwise. */
export interface ChangedDecision {
  readonly id: string;
  readonly atSeconds: number;
  readonly blockNumber: bigint;
  readonly then: Decision;
  readonly now: Decision;
  /** What the hedges would cost now, less then, quote; a decision without a hedge costs nothing. */
  readonly costDifferenceQuote: number;
  /** Of the vault's base, for amounts of orders. */
  readonly baseDecimals: number;
}

/** What deciding again came to. */
export interface ReplayResult {
  readonly vault: string;
  readonly policy: string;
  /** Decisions that lead to the same thing being done, those that the engine had the last word on included. */
  readonly same: number;
  /** Of those, how many are the same to the byte, reasons and numbers included. */
  readonly identical: number;
  /** Of those, how many hedges were held back by the engine: an open order, a simulation, a key without money. */
  readonly heldByEngine: number;
  readonly changed: readonly ChangedDecision[];
  /** Blocks that could not be read: there is nothing to decide on. */
  readonly unread: number;
}

/**
 * Decides journaled snapshots again, oldest first, one by one: what a different decision would have led to is not followed,
 * as a backtest does. Two decisions are the same where the same is done: the same order, or none for the same kind of reason.
 *
 * @throws JournalError, JournalCorruptError where the journal cannot be read
 * @throws BallastError for snapshots that no market can produce
 */
export async function replayJournal(
  store: Pick<Store, 'decisions' | 'decision'>,
  request: ReplayRequest,
): Promise<ReplayResult> {
  const { vault, policy, limits, fromSeconds, toSeconds } = request;
  let [same, identical, heldByEngine, unread] = [0, 0, 0, 0];
  const changed: ChangedDecision[] = [];
  for await (const stored of oldestFirst(store, vault, request.onProgress)) {
    const { id, snapshot, decision: then, recordedAtSeconds, blockNumber } = stored;
    const atSeconds = snapshot?.chain.block.timestampSeconds ?? recordedAtSeconds;
    if (atSeconds < (fromSeconds ?? Number.NEGATIVE_INFINITY)) continue;
    if (atSeconds >= (toSeconds ?? Number.POSITIVE_INFINITY)) continue;
    if (snapshot === null) {
      unread += 1;
      continue;
    }
    const now = decide(snapshot, policy, limits);
    const isHeld = now.kind === 'hedge' && then.kind !== 'hedge' && OF_THE_ENGINE.has(then.code);
    if (isHeld || actionOf(then) === actionOf(now)) {
      same += 1;
      if (isHeld) heldByEngine += 1;
      else if (encodeJournaled(then) === encodeJournaled(now)) identical += 1;
      continue;
    }
    const costDifferenceQuote = costOf(now) - costOf(then);
    const baseDecimals = snapshot.vault.base.decimals;
    changed.push({ id, atSeconds, blockNumber, then, now, costDifferenceQuote, baseDecimals });
  }
  return { vault, policy: policy.kind, same, identical, heldByEngine, changed, unread };
}

/** What a decision does: the order it makes, or that it waits, or why it stops. */
function actionOf(decision: Decision): string {
  if ('plan' in decision) return encodeJournaled(decision.plan);
  return decision.kind === 'halt' ? `halt ${decision.code}` : 'hold';
}

function costOf(decision: Decision): number {
  return decision.kind === 'hedge' ? (decision.numbers.cost?.totalQuote ?? 0) : 0;
}

/** One after another by their ids, so that a journal of any length takes the memory of one decision. */
async function* oldestFirst(
  store: Pick<Store, 'decisions' | 'decision'>,
  vault: string,
  onProgress: ((share: number) => void) | undefined,
): AsyncGenerator<StoredDecision> {
  const [newest] = await store.decisions(vault, 1);
  const last = Number(newest?.id.replace(/^d-/, '') ?? 0);
  for (let number = 1; number <= last; number += 1) {
    const stored = await store.decision(`d-${number}`);
    if (stored?.vault === vault) yield stored;
    onProgress?.(number / last);
  }
}
