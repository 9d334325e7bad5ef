import { describe, expect, it } from 'vitest';
import { defaultRelayPolicy, guardRelay, type RelayPolicy } from '../../../../src/engine/relay/relayGuard.ts';
import type { Clock } from '../../../../src/ports/ambient.ts';
import type { Relay, RelayAnswer, Submission } from '../../../../src/ports/relay.ts';

const submission = (digit = '1'): Submission => ({
  rawTransaction: '0x02aa',
  transactionHash: `0x${digit.repeat(64)}`,
  firstBlock: 1n,
  lastBlock: 5n,
});
const accepted: RelayAnswer = { status: 'accepted', detail: 'accepted' };
const refused: RelayAnswer = { status: 'refused', detail: 'no' };
const fault: RelayAnswer = { status: 'unknown', detail: 'HTTP 500', isRelayFault: true };

/** Time that passes only while somebody sleeps: the earliest sleeper wakes when nothing else is to be done. */
function simulatedClock(): Clock {
  let now = 1_000;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const turn = () =>
    setImmediate(() => {
      sleepers.sort((a, b) => a.at - b.at);
      const next = sleepers.shift();
      if (next === undefined) return;
      now = Math.max(now, next.at);
      next.wake();
    });
  return {
    nowSeconds: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const sleeper = { at: now + milliseconds / 1_000, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          const at = sleepers.indexOf(sleeper);
          if (at >= 0) sleepers.splice(at, 1);
          resolve();
        });
        turn();
      }),
  };
}

/** A relay that answers in this way, one answer after the other, the last one for ever. */
function scripted(...answers: readonly (RelayAnswer | 'hangs' | 'throws')[]) {
  let asked = 0;
  const relay: Relay = {
    name: 'scripted',
    isPrivate: true,
    isLoopback: true,
    submit: () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer === 'throws') throw new Error('a bug of the plug-in');
      return answer === 'hangs' ? new Promise(() => {}) : Promise.resolve(answer as RelayAnswer);
    },
  };
  return { relay, asked: () => asked };
}

const policy = (wish: Partial<RelayPolicy> = {}): RelayPolicy => ({ ...defaultRelayPolicy, ...wish });
const once: RelayPolicy['retry'] = { retries: 0, firstDelaySeconds: 0, maxDelaySeconds: 0 };

describe('a guarded relay', () => {
  describe('with leave that can be taken back', () => {
    const leave = (word: { refusal: string | null }, digit = '1'): Submission => ({
      ...submission(digit),
      refusal: () => word.refusal,
    });

    it('asks for it again before every try: what was disarmed while it waited is not sent again', async () => {
      const word: { refusal: string | null } = { refusal: null };
      const { relay, asked } = scripted(fault);
      const disarming = {
        ...relay,
        submit: (one: Submission) => {
          word.refusal = 'north was disarmed';
          return relay.submit(one);
        },
      };
      const guarded = guardRelay(disarming, policy(), simulatedClock());
      expect(await guarded.submit(leave(word))).toEqual(fault);
      expect(asked()).toBe(1);
      expect(await guarded.submit(leave(word, '2'))).toEqual({
        status: 'refused',
        detail: 'not sent: north was disarmed',
      });
      expect(asked()).toBe(1);
    });

    it('does not send what was disarmed while it waited for its turn', async () => {
      const clock = simulatedClock();
      const word: { refusal: string | null } = { refusal: null };
      const { relay, asked } = scripted(accepted);
      const guarded = guardRelay(relay, policy({ rateLimit: { perMinute: 20, burst: 1 } }), clock);
      await guarded.submit(leave(word, '1'));
      const waiting = guarded.submit(leave(word, '2'));
      word.refusal = 'north was disarmed';
      expect((await waiting).status).toBe('refused');
      expect(asked()).toBe(1);
    });

    it('keeps the one look at a relay that was left alone for what may leave', async () => {
      const clock = simulatedClock();
      const { relay, asked } = scripted(fault, accepted);
      const breaker = { failuresToOpen: 1, coolDownSeconds: 15, maxCoolDownSeconds: 60 };
      const guarded = guardRelay(relay, policy({ retry: once, breaker }), clock);
      await guarded.submit(submission('1'));
      await clock.sleep(15_000);
      await guarded.submit(leave({ refusal: 'north was disarmed' }, '2'));
      expect((await guarded.submit(submission('3'))).status).toBe('accepted');
      expect(asked()).toBe(2);
    });
  });

  it('is waited for no longer than it may take, where the clock is set back meanwhile', async () => {
    const clock = simulatedClock();
    let skewSeconds = 0;
    const skewed: Clock = { ...clock, nowSeconds: () => clock.nowSeconds() + skewSeconds };
    const { relay } = scripted(fault, 'hangs');
    const setBack: Relay = {
      ...relay,
      submit: (one) => {
        skewSeconds = -3_600;
        return relay.submit(one);
      },
    };
    await guardRelay(setBack, policy(), skewed).submit(submission());
    expect(clock.nowSeconds() - 1_000).toBeLessThan(3 * defaultRelayPolicy.timeoutSeconds);
  });

  it('passes on what the relay is and what it can, and nothing that it cannot', () => {
    const { relay } = scripted(accepted);
    const guarded = guardRelay(relay, policy(), simulatedClock());
    expect(guarded).toMatchObject({ name: 'scripted', isPrivate: true, isLoopback: true });
    expect([guarded.simulate, guarded.cancel, guarded.advise]).toEqual([undefined, undefined, undefined]);
  });

  it('hands over once where the relay accepts or refuses', async () => {
    for (const answer of [accepted, refused]) {
      const { relay, asked } = scripted(answer);
      expect(await guardRelay(relay, policy(), simulatedClock()).submit(submission())).toEqual(answer);
      expect(asked()).toBe(1);
    }
  });

  it('hands the same bytes over again where the relay is at fault, so many times', async () => {
    const lucky = scripted(fault, 'throws', accepted);
    expect((await guardRelay(lucky.relay, policy(), simulatedClock()).submit(submission())).status).toBe(
      'accepted',
    );
    const unlucky = scripted(fault);
    const answer = await guardRelay(unlucky.relay, policy(), simulatedClock()).submit(submission());
    expect(answer.status).toBe('unknown');
    expect(unlucky.asked()).toBe(3);
  });

  it('stays unknown where a later try is refused: the first may have arrived', async () => {
    const { relay } = scripted(fault, refused);
    const answer = await guardRelay(relay, policy(), simulatedClock()).submit(submission());
    expect(answer.status).toBe('unknown');
    expect(answer.detail).toMatch(/earlier try may have arrived: HTTP 500/);
  });

  it('gives up on a relay that hangs, in time, and without another try that could not be answered', async () => {
    const clock = simulatedClock();
    const { relay, asked } = scripted('hangs');
    const answer = await guardRelay(relay, policy(), clock).submit(submission());
    expect(answer).toMatchObject({ status: 'unknown', isRelayFault: true });
    expect(clock.nowSeconds() - 1_000).toBeCloseTo(5, 6);
    expect(asked()).toBe(1);
  });

  it('leaves a relay alone that fails, says that nothing was sent, and looks again after the cool-down', async () => {
    const clock = simulatedClock();
    const { relay, asked } = scripted(fault, fault, fault, accepted);
    const breaker = { failuresToOpen: 3, coolDownSeconds: 15, maxCoolDownSeconds: 60 };
    const guarded = guardRelay(relay, policy({ retry: once, breaker }), clock);
    for (const digit of ['1', '2', '3']) await guarded.submit(submission(digit));
    expect(guarded.gate().breaker.status).toBe('open');
    const held = await guarded.submit(submission('4'));
    expect(held).toMatchObject({ status: 'refused', heldBack: 'breakerOpen' });
    expect(held.detail).toMatch(/^not sent/);
    expect(asked()).toBe(3);
    await clock.sleep(15_000);
    expect((await guarded.submit(submission('4'))).status).toBe('accepted');
    expect(guarded.gate().breaker.status).toBe('closed');
  });

  it('does not call bytes unsent that the relay may have from before', async () => {
    const { relay, asked } = scripted(fault);
    const breaker = { failuresToOpen: 1, coolDownSeconds: 15, maxCoolDownSeconds: 60 };
    const guarded = guardRelay(relay, policy({ retry: once, breaker }), simulatedClock());
    await guarded.submit(submission('1'));
    expect(await guarded.submit(submission('1'))).toMatchObject({
      status: 'unknown',
      heldBack: 'breakerOpen',
    });
    expect((await guarded.submit(submission('2'))).status).toBe('refused');
    expect(asked()).toBe(1);
  });

  it('lets one look through at a time', async () => {
    const clock = simulatedClock();
    const { relay, asked } = scripted(fault, 'hangs');
    const breaker = { failuresToOpen: 1, coolDownSeconds: 15, maxCoolDownSeconds: 60 };
    const guarded = guardRelay(relay, policy({ retry: once, breaker }), clock);
    await guarded.submit(submission('1'));
    await clock.sleep(15_000);
    const answers = await Promise.all(['2', '3', '4'].map((digit) => guarded.submit(submission(digit))));
    expect(answers.map(({ heldBack }) => heldBack)).toEqual([undefined, 'breakerOpen', 'breakerOpen']);
    expect(asked()).toBe(2);
  });

  it('waits for the rate limit where that is in time, and says where it is not', async () => {
    const clock = simulatedClock();
    const { relay, asked } = scripted(accepted);
    const rateLimit = { perMinute: 20, burst: 1 };
    const guarded = guardRelay(relay, policy({ rateLimit }), clock);
    await guarded.submit(submission('1'));
    expect((await guarded.submit(submission('2'))).status).toBe('accepted');
    expect(clock.nowSeconds() - 1_000).toBeCloseTo(3, 3);
    const slow = guardRelay(relay, policy({ rateLimit: { perMinute: 1, burst: 1 } }), clock);
    await slow.submit(submission('3'));
    const held = await slow.submit(submission('4'));
    expect(held).toMatchObject({ status: 'refused', heldBack: 'rateLimit' });
    expect(asked()).toBe(3);
  });

  it('never throws, and never waits without end, for what the relay can do beside submitting', async () => {
    const hangs = () => new Promise<never>(() => {});
    const throws = () => Promise.reject(new Error('a bug of the plug-in'));
    for (const ask of [hangs, throws]) {
      const relay: Relay = { ...scripted(accepted).relay, simulate: ask, cancel: ask, advise: ask };
      const guarded = guardRelay(relay, policy(), simulatedClock());
      for (const asked of [guarded.simulate, guarded.cancel, guarded.advise]) {
        expect((await asked?.(submission()))?.status).toBe('unknown');
      }
    }
  });
});
