import { havePassed } from '../../core/havePassed.ts';

/** When a relay that fails is left alone, and for how long. */
export interface BreakerPolicy {
  /** Failures in a row after which it is left alone. */
  readonly failuresToOpen: number;
  /** How long it is left alone the first time; twice as long after each look that failed. */
  readonly coolDownSeconds: number;
  readonly maxCoolDownSeconds: number;
}

/** Circuit breaker (Nygard, 2007): closed lets everything through, open nothing, half open one request as a look. */
export type Breaker =
  | { readonly status: 'closed'; readonly failures: number }
  | { readonly status: 'open'; readonly untilSeconds: number; readonly coolDownSeconds: number }
  | { readonly status: 'halfOpen'; readonly coolDownSeconds: number };

/** What happens to a breaker. */
export type BreakerEvent =
  /** Something wants to go through. */
  | 'asked'
  /** What went through was answered, whatever the answer. */
  | 'answered'
  /** What went through was not answered, or not as an answer. */
  | 'failed';

/** A breaker that has seen nothing. */
export const closedBreaker: Breaker = { status: 'closed', failures: 0 };

/** Whether something that wants to go through now may. While a look is on its way, nothing else may. */
export function isPassable(breaker: Breaker, nowSeconds: number): boolean {
  if (breaker.status === 'closed') return true;
  if (breaker.status === 'halfOpen') return false;
  const { untilSeconds, coolDownSeconds } = breaker;
  return havePassed(coolDownSeconds, untilSeconds - coolDownSeconds, nowSeconds);
}

/** One more event. An answer closes it, whenever it comes: the relay is there. */
export function afterBreakerEvent(
  policy: BreakerPolicy,
  breaker: Breaker,
  event: BreakerEvent,
  nowSeconds: number,
): Breaker {
  if (event === 'answered') return closedBreaker;
  if (event === 'asked') {
    const isLook = breaker.status === 'open' && isPassable(breaker, nowSeconds);
    return isLook ? { status: 'halfOpen', coolDownSeconds: breaker.coolDownSeconds } : breaker;
  }
  if (breaker.status === 'open') return breaker;
  if (breaker.status === 'halfOpen') {
    return opened(Math.min(policy.maxCoolDownSeconds, breaker.coolDownSeconds * 2), nowSeconds);
  }
  const failures = breaker.failures + 1;
  return failures < policy.failuresToOpen
    ? { status: 'closed', failures }
    : opened(policy.coolDownSeconds, nowSeconds);
}

function opened(coolDownSeconds: number, nowSeconds: number): Breaker {
  return { status: 'open', untilSeconds: nowSeconds + coolDownSeconds, coolDownSeconds };
}
