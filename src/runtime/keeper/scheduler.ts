import { Cron } from 'croner';
import PQueue from 'p-queue';
import { messageOf } from '../../core/errors.ts';
import type { Clock, Log } from '../../ports/ambient.ts';
import type { Schedule } from '../config/parts.ts';

/** What the scheduler runs, and when. */
export interface SchedulerOptions {
  readonly schedule: Schedule;
  /** What may not run twice at a time: one vault, or a fleet whose vaults are read together. */
  readonly lanes: readonly string[];
  /** One run of one lane; must end on its own and see to its own time limits. */
  readonly run: (lane: string) => Promise<void>;
  /** Height of the newest block: watched when the schedule is every block. */
  readonly headNumber: () => Promise<bigint>;
  /**
   * Announces that there may be a new head, and gives what ends that. The head is looked at then at once; looking at it
   * every so often goes on all the same, since announcements may stop without a word.
   */
  readonly onHead?: (wake: () => void) => () => void;
  /** How often the head is looked at. */
  readonly pollSeconds: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a scheduler did. */
export interface SchedulerCounts {
  readonly started: number;
  /** Turns that came while the lane was still busy: not made up for later. */
  readonly skipped: number;
  readonly failed: number;
}

/** A schedule at work. */
export interface Scheduler {
  counts(): SchedulerCounts;
  /** Starts no more runs and resolves when those under way have ended. */
  stop(): Promise<void>;
  /** Resolves when the scheduler has stopped. */
  readonly stopped: Promise<void>;
}

/** Starts a run of every lane now and at each turn of the schedule, never two of one lane at a time. */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { lanes, run, log } = options;
  const queues = new Map(lanes.map((lane) => [lane, new PQueue({ concurrency: 1 })]));
  const counts = { started: 0, skipped: 0, failed: 0 };
  const ending = new AbortController();

  const turn = () => {
    for (const [lane, queue] of queues) {
      if (queue.pending > 0 || queue.size > 0) {
        counts.skipped += 1;
        log.debug({ lane }, 'turn skipped: the last run has not ended');
        continue;
      }
      counts.started += 1;
      void queue.add(async () => {
        try {
          await run(lane);
        } catch (error) {
          counts.failed += 1;
          log.error({ lane, error: messageOf(error) }, 'run failed');
        }
      });
    }
  };

  const loop = async () => {
    for await (const _ of turns(options, ending.signal)) turn();
    await Promise.all([...queues.values()].map((queue) => queue.onIdle()));
  };
  const stopped = loop();
  return {
    counts: () => ({ ...counts }),
    stop: () => {
      ending.abort();
      return stopped;
    },
    stopped,
  };
}

/** One element per turn, until the signal aborts. */
async function* turns(options: SchedulerOptions, signal: AbortSignal): AsyncGenerator<void> {
  const { schedule, clock } = options;
  if (schedule.kind === 'block') return yield* blocks(options, signal);
  const cron =
    schedule.kind === 'cron'
      ? new Cron(schedule.expression, { timezone: schedule.timeZone, paused: true })
      : null;
  while (!signal.aborted) {
    if (cron === null) yield;
    const now = clock.nowSeconds();
    const next = schedule.kind === 'interval' ? now + schedule.seconds : nextTurn(cron, now);
    const most = schedule.kind === 'interval' ? schedule.seconds : Number.POSITIVE_INFINITY;
    await sleepUntil(next, most, clock, signal);
    if (cron !== null && !signal.aborted) yield;
  }
}

/** One element per new height; a head that cannot be had counts as none, the run itself reports it. */
async function* blocks(options: SchedulerOptions, signal: AbortSignal): AsyncGenerator<void> {
  const { headNumber, clock, log, pollSeconds } = options;
  const bell = new Bell();
  const end = options.onHead?.(() => bell.ring());
  let last: bigint | null = null;
  let soon = 0;
  try {
    while (!signal.aborted) {
      // Taken before looking: what is announced meanwhile may be newer than what is found.
      const rung = bell.next();
      try {
        const head = await headNumber();
        if (head !== last) {
          last = head;
          soon = 0;
          yield;
        }
      } catch (error) {
        log.warn({ error: messageOf(error) }, 'no head from the node; trying again');
      }
      const share = soon > 0 ? SOON : 1;
      soon = Math.max(0, soon - 1);
      await clock.sleep(pollSeconds * 1000 * share, AbortSignal.any([signal, rung]));
      if (rung.aborted) soon = LOOKS_SOON;
    }
  } finally {
    end?.();
  }
}

/** An announced head may not be agreed on yet: so many looks at a share of the usual wait follow. */
const LOOKS_SOON = 4;
const SOON = 1 / 8;

/** Lets one side wait for the other's next ring. */
class Bell {
  #ring = new AbortController();

  /** Aborts at the next ring. */
  next(): AbortSignal {
    return this.#ring.signal;
  }

  ring(): void {
    const ringing = this.#ring;
    this.#ring = new AbortController();
    ringing.abort();
  }
}

function nextTurn(cron: Cron | null, nowSeconds: number): number {
  const next = cron?.nextRun(new Date(nowSeconds * 1000));
  return next ? next.getTime() / 1000 : Number.POSITIVE_INFINITY;
}

/**
 * Timers overflow beyond 24 days, and a clock may be set: sleeps in short steps and looks again, and where the clock is set
 * back sleeps no longer than so many seconds all the same.
 */
async function sleepUntil(
  atSeconds: number,
  mostSeconds: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let slept = 0; ; ) {
    const left = Math.min(atSeconds - clock.nowSeconds(), mostSeconds - slept);
    if (left <= 0 || signal.aborted) return;
    const step = Math.min(left, 60);
    await clock.sleep(step * 1000, signal);
    slept += step;
  }
}
