import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterBreakerEvent,
  type Breaker,
  type BreakerPolicy,
  closedBreaker,
  isPassable,
} from '../../../../src/engine/relay/relayBreaker.ts';
import { afterAnswer, askGate, type GatePolicy, openGate } from '../../../../src/engine/relay/relayGate.ts';
import { fullBucket, takeToken } from '../../../../src/engine/relay/relayRateLimit.ts';
import {
  combinedAnswer,
  isWorthRetrying,
  retryDelaySeconds,
} from '../../../../src/engine/relay/relayRetry.ts';
import type { RelayAnswer } from '../../../../src/ports/relay.ts';

const answer = (status: RelayAnswer['status'], more: Partial<RelayAnswer> = {}): RelayAnswer => ({
  status,
  detail: status,
  ...more,
});
const fault = answer('unknown', { isRelayFault: true });

describe('the rate limit', () => {
  const limits = fc.record({
    perMinute: fc.integer({ min: 1, max: 600 }),
    burst: fc.integer({ min: 1, max: 50 }),
  });
  const steps = fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { minLength: 1, maxLength: 200 });

  it('grants no more than the burst and what time has earned, in any stretch of time', () => {
    fc.assert(
      fc.property(limits, steps, (limit, pauses) => {
        let bucket = fullBucket(limit, 0);
        let now = 0;
        const granted: number[] = [];
        for (const pause of pauses) {
          now += pause;
          const taken = takeToken(limit, bucket, now);
          bucket = taken.bucket;
          if (taken.waitSeconds === 0) granted.push(now);
        }
        for (const [first, from] of granted.entries()) {
          const last = granted.at(-1) as number;
          const most = limit.burst + ((last - from) * limit.perMinute) / 60;
          expect(granted.length - first).toBeLessThanOrEqual(most + 1e-6);
        }
      }),
    );
  });

  it('grants what was waited for as long as it said', () => {
    fc.assert(
      fc.property(limits, fc.double({ min: 0, max: 1e9, noNaN: true }), (limit, start) => {
        let taken = takeToken(limit, { tokens: 0, atSeconds: start }, start);
        expect(taken.waitSeconds).toBeGreaterThan(0);
        taken = takeToken(limit, taken.bucket, start + taken.waitSeconds + 1e-6);
        expect(taken.waitSeconds).toBe(0);
      }),
    );
  });

  it('earns nothing from a clock that goes back', () => {
    const limit = { perMinute: 60, burst: 1 };
    const { bucket } = takeToken(limit, fullBucket(limit, 1_000), 1_000);
    expect(takeToken(limit, bucket, 10).waitSeconds).toBe(1);
  });
});

describe('the circuit breaker', () => {
  const policy: BreakerPolicy = { failuresToOpen: 3, coolDownSeconds: 10, maxCoolDownSeconds: 60 };
  const happens = (breaker: Breaker, event: Parameters<typeof afterBreakerEvent>[2], now: number) =>
    afterBreakerEvent(policy, breaker, event, now);
  const failing = (times: number, now: number) =>
    Array.from({ length: times }).reduce<Breaker>(
      (breaker) => happens(breaker, 'failed', now),
      closedBreaker,
    );

  it('opens at the third failure in a row, and not before', () => {
    expect(failing(2, 5)).toEqual({ status: 'closed', failures: 2 });
    expect(failing(3, 5)).toEqual({ status: 'open', untilSeconds: 15, coolDownSeconds: 10 });
  });

  it('forgets failures at an answer', () => {
    expect(happens(failing(2, 5), 'answered', 5)).toEqual(closedBreaker);
  });

  it('lets one look through after the cool-down, and nothing beside it', () => {
    const open = failing(3, 5);
    expect(isPassable(open, 14.9)).toBe(false);
    expect(isPassable(open, 15)).toBe(true);
    const looking = happens(open, 'asked', 15);
    expect(looking.status).toBe('halfOpen');
    expect(isPassable(looking, 1_000)).toBe(false);
  });

  it('does not wait for a cool-down that a clock began which was an hour ahead', () => {
    const open = failing(3, 3_600);
    expect(isPassable(open, 3_600 - 0.5)).toBe(false);
    expect(isPassable(open, 60)).toBe(true);
    expect(happens(happens(open, 'asked', 60), 'answered', 61)).toEqual(closedBreaker);
  });

  it('closes at a look that is answered; stays away twice as long after one that is not, up to the most', () => {
    let breaker = happens(failing(3, 0), 'asked', 10);
    expect(happens(breaker, 'answered', 11)).toEqual(closedBreaker);
    const coolDowns: number[] = [];
    for (let now = 11; coolDowns.length < 4; now += 1_000) {
      breaker = happens(breaker, 'failed', now);
      if (breaker.status === 'open') coolDowns.push(breaker.coolDownSeconds);
      breaker = happens(breaker, 'asked', now + 999);
    }
    expect(coolDowns).toEqual([20, 40, 60, 60]);
  });

  it('never lets anything through between opening and the end of the cool-down, whatever happens', () => {
    const moves = fc.array(
      fc.record({
        pause: fc.double({ min: 0, max: 20, noNaN: true }),
        event: fc.constantFrom('asked' as const, 'answered' as const, 'failed' as const),
      }),
      { maxLength: 100 },
    );
    fc.assert(
      fc.property(moves, (history) => {
        let breaker: Breaker = closedBreaker;
        let now = 0;
        let inARow = 0;
        for (const { pause, event } of history) {
          now += pause;
          const before = breaker;
          const isAllowed = event !== 'asked' || isPassable(breaker, now);
          if (!isAllowed) continue;
          breaker = happens(breaker, event, now);
          if (event === 'answered') inARow = 0;
          if (event === 'failed') inARow += 1;
          if (event === 'answered') expect(breaker.status).toBe('closed');
          if (inARow < policy.failuresToOpen) expect(breaker.status).toBe('closed');
          if (breaker.status === 'open' && before.status !== 'open') {
            expect(inARow).toBeGreaterThanOrEqual(policy.failuresToOpen);
            expect(isPassable(breaker, now + policy.coolDownSeconds - 0.001)).toBe(false);
            expect(breaker.untilSeconds - now).toBeLessThanOrEqual(policy.maxCoolDownSeconds + 1e-6);
          }
        }
      }),
    );
  });
});

describe('the gate', () => {
  const policy: GatePolicy = {
    rateLimit: { perMinute: 60, burst: 2 },
    breaker: { failuresToOpen: 1, coolDownSeconds: 10, maxCoolDownSeconds: 10 },
  };

  it('passes, asks to wait, and blocks while the relay is left alone', () => {
    let { gate, verdict } = askGate(policy, openGate(policy, 0), 0);
    expect(verdict).toEqual({ kind: 'pass' });
    ({ gate } = askGate(policy, gate, 0));
    ({ gate, verdict } = askGate(policy, gate, 0.5));
    expect(verdict).toEqual({ kind: 'wait', seconds: 0.5 });
    gate = afterAnswer(policy, gate, fault, 1);
    expect(askGate(policy, gate, 2).verdict).toEqual({ kind: 'blocked', untilSeconds: 11 });
    expect(askGate(policy, gate, 11).verdict).toEqual({ kind: 'pass' });
  });

  it('takes no token for what is blocked', () => {
    const gate = afterAnswer(policy, openGate(policy, 0), fault, 0);
    expect(askGate(policy, gate, 1).gate).toBe(gate);
  });

  it.each([answer('accepted'), answer('refused'), answer('unknown')])(
    'does not count an answer against the relay: $status',
    (given) => {
      expect(afterAnswer(policy, openGate(policy, 0), given, 0).breaker).toEqual(closedBreaker);
    },
  );
});

describe('trying again', () => {
  it('is of use only where the relay was at fault', () => {
    expect(isWorthRetrying(fault)).toBe(true);
    expect(isWorthRetrying(answer('refused', { isRelayFault: true }))).toBe(true);
    for (const status of ['accepted', 'refused', 'unknown', 'withheld'] as const) {
      expect(isWorthRetrying(answer(status))).toBe(false);
    }
  });

  it('waits at random below a ceiling that doubles, the same for the same order and relay', () => {
    const policy = { retries: 9, firstDelaySeconds: 0.25, maxDelaySeconds: 2 };
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 12 }), (seed, retry) => {
        const delay = retryDelaySeconds(policy, retry, seed);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(Math.min(2, 0.25 * 2 ** (retry - 1)));
        expect(retryDelaySeconds(policy, retry, seed)).toBe(delay);
      }),
    );
  });

  it('spreads over the whole ceiling', () => {
    const policy = { retries: 1, firstDelaySeconds: 1, maxDelaySeconds: 1 };
    const tenths = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index += 1) {
      const tenth = Math.floor(retryDelaySeconds(policy, 1, `0x${index.toString(16)}:relay`) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('never turns a try that may have arrived into a refusal', () => {
    expect(combinedAnswer(fault, answer('refused')).status).toBe('unknown');
    expect(combinedAnswer(answer('accepted'), answer('refused')).status).toBe('accepted');
    expect(combinedAnswer(answer('accepted'), fault).status).toBe('accepted');
    expect(combinedAnswer(answer('refused'), fault).status).toBe('unknown');
    expect(combinedAnswer(fault, answer('accepted')).status).toBe('accepted');
    expect(combinedAnswer(null, answer('refused')).status).toBe('refused');
  });
});
