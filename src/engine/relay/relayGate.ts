import type { RelayAnswer } from '../../ports/relay.ts';
import {
  afterBreakerEvent,
  type Breaker,
  type BreakerPolicy,
  closedBreaker,
  isPassable,
} from './relayBreaker.ts';
import { fullBucket, type RateLimit, type TokenBucket, takeToken } from './relayRateLimit.ts';

/** What bounds the traffic to one relay. */
export interface GatePolicy {
  readonly rateLimit: RateLimit;
  readonly breaker: BreakerPolicy;
}

/** Where one relay stands: what may still be sent, and whether it answers. */
export interface RelayGate {
  readonly bucket: TokenBucket;
  readonly breaker: Breaker;
}

/** What is to be done with what wants to go through. */
export type GateVerdict =
  | { readonly kind: 'pass' }
  /** Too early by the rate limit. */
  | { readonly kind: 'wait'; readonly seconds: number }
  /** The relay is left alone; null: until a look that is on its way comes back. */
  | { readonly kind: 'blocked'; readonly untilSeconds: number | null };

/** A gate that nothing went through yet. */
export function openGate(policy: GatePolicy, nowSeconds: number): RelayGate {
  return { bucket: fullBucket(policy.rateLimit, nowSeconds), breaker: closedBreaker };
}

/** What may go through now; passing takes a token, and is the one look where the breaker was open. Pure. */
export function askGate(
  policy: GatePolicy,
  gate: RelayGate,
  nowSeconds: number,
): { readonly gate: RelayGate; readonly verdict: GateVerdict } {
  const { breaker } = gate;
  if (!isPassable(breaker, nowSeconds)) {
    const untilSeconds = breaker.status === 'open' ? breaker.untilSeconds : null;
    return { gate, verdict: { kind: 'blocked', untilSeconds } };
  }
  const { bucket, waitSeconds } = takeToken(policy.rateLimit, gate.bucket, nowSeconds);
  if (waitSeconds > 0) return { gate: { ...gate, bucket }, verdict: { kind: 'wait', seconds: waitSeconds } };
  const asked = afterBreakerEvent(policy.breaker, breaker, 'asked', nowSeconds);
  return { gate: { bucket, breaker: asked }, verdict: { kind: 'pass' } };
}

/** What an answer to what went through does to the gate. Pure. */
export function afterAnswer(
  policy: GatePolicy,
  gate: RelayGate,
  answer: RelayAnswer,
  nowSeconds: number,
): RelayGate {
  const event = answer.isRelayFault === true ? 'failed' : 'answered';
  return { ...gate, breaker: afterBreakerEvent(policy.breaker, gate.breaker, event, nowSeconds) };
}
