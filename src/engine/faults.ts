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

/** The reason under which a fault halts a vault. */
export function haltCodeOf(error: BallastError): ReasonCode {
  if (error instanceof JournalError || error instanceof JournalCorruptError) return 'journalFault';
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
