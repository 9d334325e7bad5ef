import type { Decision, DecisionNumbers, PlannedDecision, ReasonCode } from '../core/decision.ts';
import {
  BallastError,
  BlockGoneError,
  ChainUnavailableError,
  type ErrorFacts,
  JournalCorruptError,
  JournalError,
  messageOf,
} from '../core/errors.ts';
import type { Outcome } from '../ports/chain.ts';

const nothingKnown: DecisionNumbers = { spot: null, exposure: null, netDelta: null, band: null, cost: null };

/** The signer could not sign: a remote one is away, or refuses. */
export class SignerError extends BallastError {
  constructor(cause: unknown) {
    super('SIGNER', `the signer did not sign: ${messageOf(cause)}`, {
      action: 'check the signer; nothing was sent',
      retryable: true,
      cause,
    });
  }
}

/** What was final is not in the chain: it went back further than it may, or the journal is of another chain. */
export class FinalityBrokenError extends BallastError {
  constructor(what: string, facts: ErrorFacts) {
    super('FINALITY_BROKEN', `${what} was final, but the chain does not know of it`, {
      facts,
      action: 'check that the endpoint serves the chain that this journal was written on; nothing was sent',
    });
  }
}

/** Where a final outcome was booked, another block is final by now: the transaction may be in it or not. */
export class FinalBlockReplacedError extends BallastError {
  constructor(orderId: string, facts: ErrorFacts) {
    super('FINAL_BLOCK_REPLACED', `the block that made order ${orderId} final was replaced by another`, {
      facts,
      action:
        'look up on the chain what became of the newest orders, then ballast resume --reason "…"; nothing was sent',
    });
  }
}

/** A second order is said to have filled with a sequence that the module executes once: one of the two receipts is wrong. */
export class SecondFillError extends BallastError {
  constructor(orderId: string, filledBefore: string, sequence: bigint) {
    super('SECOND_FILL', `order ${orderId} is said to have filled, but ${filledBefore} had its sequence`, {
      facts: { order: orderId, filledBefore, sequence },
      action: 'ask another node for both receipts; nothing was booked and nothing was sent',
    });
  }
}

/** Anything thrown, as a Ballast error: a plug-in's own bug ends its vault's tick, not the keeper. */
export function faultOf(thrown: unknown): BallastError {
  if (thrown instanceof BallastError) return thrown;
  return new BallastError('UNEXPECTED', `unexpected fault: ${messageOf(thrown)}`, { cause: thrown });
}

/** Runs something that may throw and gives its outcome as a value. */
export async function attempt<T>(run: () => Promise<T> | T): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await run() };
  } catch (thrown) {
    return { ok: false, error: faultOf(thrown) };
  }
}

/**
 * What several things that run side by side came to, once all of them have ended: nothing goes on unseen behind the first
 * that failed.
 *
 * @throws the error of the first that failed
 */
export async function allEnded<T>(running: readonly Promise<T>[]): Promise<readonly T[]> {
  const ended = await Promise.allSettled(running);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** The reason under which a fault halts a vault. */
function haltCodeOf(error: BallastError): ReasonCode {
  if (error instanceof JournalError || error instanceof JournalCorruptError) return 'journalFault';
  if (error instanceof FinalBlockReplacedError) return 'finalityBroken';
  const isOfChain = [ChainUnavailableError, BlockGoneError, FinalityBrokenError, SecondFillError].some(
    (kind) => error instanceof kind,
  );
  if (isOfChain) return 'chainFault';
  return error instanceof SignerError ? 'signerFault' : 'dataFault';
}

/** The decision of a tick that a fault stopped. */
export function haltOn(error: BallastError, numbers: DecisionNumbers = nothingKnown): Decision {
  const why = error.action === undefined ? error.message : `${error.message}: ${error.action}`;
  return { kind: 'halt', code: haltCodeOf(error), why, warnings: [], numbers };
}

/** A hedge that something outside the decision stands in the way of, with the numbers it was decided on. */
export function withheld(
  decision: PlannedDecision,
  kind: 'hold' | 'halt',
  code: ReasonCode,
  why: string,
): Decision {
  const { warnings, numbers, precautions } = decision;
  return { kind, code, why, warnings, numbers, ...(precautions === undefined ? {} : { precautions }) };
}
