import type { Clock } from '../../ports/ambient.ts';
import type { Relay, RelayAnswer, Submission } from '../../ports/relay.ts';
import { attempt } from '../faults.ts';
import { afterAnswer, askGate, type GatePolicy, openGate, type RelayGate } from './relayGate.ts';
import { combinedAnswer, isWorthRetrying, type RetryPolicy, retryDelaySeconds } from './relayRetry.ts';

/** How one relay is dealt with. */
export interface RelayPolicy extends GatePolicy {
  /** Longest that handing over may take, waiting and retries included. */
  readonly timeoutSeconds: number;
  readonly retry: RetryPolicy;
}

/** A policy that suits a relay on mainnet: over well within a slot, and left alone for about one when it fails. */
export const defaultRelayPolicy: RelayPolicy = {
  timeoutSeconds: 5,
  retry: { retries: 2, firstDelaySeconds: 0.25, maxDelaySeconds: 2 },
  rateLimit: { perMinute: 120, burst: 20 },
  breaker: { failuresToOpen: 5, coolDownSeconds: 15, maxCoolDownSeconds: 240 },
};

/** A relay with its guard in front. */
export interface GuardedRelay extends Relay {
  /** Where its gate stands. */
  gate(): RelayGate;
}

/** Hashes that are remembered as handed over; the oldest are forgotten, their windows are long past. */
const MAX_REMEMBERED = 512;

/**
 * A relay that is asked no more often than it wants, no longer than it may take, again where that is of use, and not at
 * all while it does not answer. What was not handed over says so in `heldBack` and is `refused`: the relay cannot pass
 * on what it never got. Bytes that it may have from before are `unknown` even then. A submission that must not leave any
 * more is not handed over again, whatever it waited for.
 */
export function guardRelay(relay: Relay, policy: RelayPolicy, clock: Clock): GuardedRelay {
  const guard = new Guard(relay, policy, clock);
  const { simulate, cancel, advise } = relay;
  const within = <T>(asked: () => Promise<T>, otherwise: (detail: string) => T) =>
    bounded(asked, policy.timeoutSeconds, clock, otherwise);
  const unknown = (detail: string) => ({ status: 'unknown' as const, detail });
  return {
    name: relay.name,
    isPrivate: relay.isPrivate,
    isLoopback: relay.isLoopback,
    gate: () => guard.gate,
    submit: (submission) => guard.handOver(submission),
    ...(simulate && { simulate: (submission) => within(() => simulate(submission), unknown) }),
    ...(advise && { advise: (submission) => within(() => advise(submission), unknown) }),
    ...(cancel && {
      cancel: (submission) => guard.tryUntilAnswered(submission, () => cancel(submission)),
    }),
  };
}

class Guard {
  gate: RelayGate;
  readonly #relay: Relay;
  readonly #policy: RelayPolicy;
  readonly #clock: Clock;
  readonly #handedOver = new Set<string>();

  constructor(relay: Relay, policy: RelayPolicy, clock: Clock) {
    this.#relay = relay;
    this.#policy = policy;
    this.#clock = clock;
    this.gate = openGate(policy, clock.nowSeconds());
  }

  async handOver(submission: Submission): Promise<RelayAnswer> {
    const { transactionHash } = submission;
    const mayHaveIt = this.#handedOver.has(transactionHash);
    const answer = await this.tryUntilAnswered(submission, () => {
      this.#remember(transactionHash);
      return this.#relay.submit(submission);
    });
    if (answer.status !== 'refused') return answer;
    if (mayHaveIt)
      return { ...answer, status: 'unknown', detail: `${answer.detail}; it may have it from before` };
    this.#handedOver.delete(transactionHash);
    return answer;
  }

  /** Tries until there is an answer that another try would not better, within the time and the number of tries. */
  async tryUntilAnswered(
    { transactionHash, refusal = mayLeave }: Submission,
    ask: () => Promise<RelayAnswer>,
  ): Promise<RelayAnswer> {
    const { retry, timeoutSeconds, rateLimit } = this.#policy;
    const untilSeconds = this.#clock.nowSeconds() + timeoutSeconds;
    let combined: RelayAnswer | null = null;
    for (let tries = 0; tries <= retry.retries; tries += 1) {
      if (tries > 0) {
        const delay = retryDelaySeconds(retry, tries, `${this.#relay.name}:${transactionHash}`);
        if (this.#clock.nowSeconds() + delay >= untilSeconds) break;
        await this.#clock.sleep(delay * 1_000);
      }
      let held = this.#atGate(untilSeconds, refusal);
      while (typeof held === 'number') {
        const isLater = await this.#hasWaited(held);
        held = isLater ? this.#atGate(untilSeconds, refusal) : tooOften(rateLimit.perMinute);
      }
      if (held !== null) return combined ?? held;
      const answer: RelayAnswer = await this.#askOnce(ask, untilSeconds);
      combined = combinedAnswer(combined, answer);
      if (!isWorthRetrying(answer)) break;
    }
    return combined as RelayAnswer;
  }

  /**
   * Null where it goes through now, seconds to wait where it is too early, and an answer where nothing goes through in time.
   * Leave is asked for first, so that the one look at a relay that was left alone is never taken by what must not leave; and
   * nothing is waited for between here and the asking, so that leave cannot be taken back in between.
   */
  #atGate(untilSeconds: number, refusal: () => string | null): RelayAnswer | number | null {
    const why = refusal();
    if (why !== null) return { status: 'refused', detail: `not sent: ${why}` };
    const now = this.#clock.nowSeconds();
    const { gate, verdict } = askGate(this.#policy, this.gate, now);
    this.gate = gate;
    if (verdict.kind === 'pass') return null;
    if (verdict.kind === 'blocked') return leftAlone(verdict.untilSeconds, now);
    const isInTime = now + verdict.seconds < untilSeconds;
    return isInTime ? verdict.seconds : tooOften(this.#policy.rateLimit.perMinute);
  }

  /** Waits; false where the clock stood still or went back meanwhile, which brings nobody through. */
  async #hasWaited(seconds: number): Promise<boolean> {
    const before = this.#clock.nowSeconds();
    await this.#clock.sleep(Math.max(1, Math.ceil(seconds * 1_000)));
    return this.#clock.nowSeconds() > before;
  }

  async #askOnce(ask: () => Promise<RelayAnswer>, untilSeconds: number): Promise<RelayAnswer> {
    // A clock that is set back would make it longer than it may ever take.
    const left = Math.min(
      this.#policy.timeoutSeconds,
      Math.max(0.001, untilSeconds - this.#clock.nowSeconds()),
    );
    const answer = await bounded(ask, left, this.#clock, (detail) => ({
      status: 'unknown' as const,
      detail,
      isRelayFault: true as const,
    }));
    this.gate = afterAnswer(this.#policy, this.gate, answer, this.#clock.nowSeconds());
    return answer;
  }

  #remember(transactionHash: string): void {
    this.#handedOver.add(transactionHash);
    for (const oldest of this.#handedOver) {
      if (this.#handedOver.size <= MAX_REMEMBERED) return;
      this.#handedOver.delete(oldest);
    }
  }
}

function leftAlone(untilSeconds: number | null, nowSeconds: number): RelayAnswer {
  const until =
    untilSeconds === null
      ? 'until it has answered a look'
      : `for another ${Math.ceil(untilSeconds - nowSeconds)} s`;
  return {
    status: 'refused',
    detail: `not sent: the relay does not answer and is left alone ${until}`,
    heldBack: 'breakerOpen',
  };
}

/** Nobody can take leave back. */
const mayLeave = () => null;

function tooOften(perMinute: number): RelayAnswer {
  return {
    status: 'refused',
    detail: `not sent: more than ${perMinute} hand-overs a minute`,
    heldBack: 'rateLimit',
  };
}

/** What is asked, or what stands for no answer when it throws or takes too long. Never throws. */
async function bounded<T>(
  ask: () => Promise<T>,
  seconds: number,
  clock: Clock,
  otherwise: (detail: string) => T,
): Promise<T> {
  const waiting = new AbortController();
  const tooLate = clock
    .sleep(seconds * 1_000, waiting.signal)
    .then(() => otherwise(`no answer within ${Number(seconds.toFixed(3))} s`));
  const asked = attempt(ask).then((outcome) =>
    outcome.ok ? outcome.value : otherwise(outcome.error.message),
  );
  const answer = await Promise.race([asked, tooLate]);
  waiting.abort();
  return answer;
}
