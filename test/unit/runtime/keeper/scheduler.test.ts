import { describe, expect, it } from 'vitest';
import type { Clock, Log } from '../../../../src/ports/ambient.ts';
import { type SchedulerOptions, startScheduler } from '../../../../src/runtime/keeper/scheduler.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A clock that stands still until it is told to go on. */
function fakeClock(startSeconds = 0) {
  let now = startSeconds;
  let sleepers: { at: number; wake: () => void }[] = [];
  const clock: Clock = {
    nowSeconds: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((wake) => {
        const done = () => {
          signal?.removeEventListener('abort', done);
          wake();
        };
        signal?.addEventListener('abort', done);
        sleepers.push({ at: now + milliseconds / 1000, wake: done });
      }),
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    settle,
    async advance(seconds: number) {
      for (let step = 0; step < seconds; step++) {
        now += 1;
        const due = sleepers.filter((sleeper) => sleeper.at <= now);
        sleepers = sleepers.filter((sleeper) => sleeper.at > now);
        for (const { wake } of due) wake();
        await settle();
      }
    },
  };
}

/** Runs that end only when told to. */
function heldRuns() {
  const open: { lane: string; end: () => void }[] = [];
  let most = 0;
  return {
    run: (lane: string) =>
      new Promise<void>((resolve) => {
        open.push({ lane, end: resolve });
        most = Math.max(most, open.filter((one) => one.lane === lane).length);
      }),
    open,
    mostOfOneLane: () => most,
    endAll: () => {
      for (const { end } of open.splice(0)) end();
    },
  };
}

const options = (time: ReturnType<typeof fakeClock>, more: Partial<SchedulerOptions>): SchedulerOptions => ({
  schedule: { kind: 'interval', seconds: 10 },
  lanes: ['a'],
  run: async () => {},
  headNumber: async () => 1n,
  pollSeconds: 1,
  clock: time.clock,
  log: silent,
  ...more,
});

describe('scheduler', () => {
  it('runs at once, then every interval', async () => {
    const time = fakeClock();
    const ran: number[] = [];
    const run = async () => void ran.push(time.clock.nowSeconds());
    const scheduler = startScheduler(options(time, { run }));
    await time.settle();
    await time.advance(25);
    await scheduler.stop();
    expect(ran).toEqual([0, 10, 20]);
  });

  it('misses no interval because the clock was set back', async () => {
    const time = fakeClock(10_000);
    let skewSeconds = 0;
    const clock: Clock = { ...time.clock, nowSeconds: () => time.clock.nowSeconds() + skewSeconds };
    let runs = 0;
    const run = async () => {
      runs += 1;
    };
    const scheduler = startScheduler(options(time, { clock, run }));
    await time.settle();
    skewSeconds = -3_600;
    await time.advance(20);
    expect(runs).toBe(3);
    const stopping = scheduler.stop();
    await time.advance(60);
    await stopping;
  });

  it('never runs a lane twice at a time: turns that come too early are skipped and counted', async () => {
    const time = fakeClock();
    const held = heldRuns();
    const scheduler = startScheduler(options(time, { run: held.run }));
    await time.settle();
    await time.advance(35);
    expect(held.open).toHaveLength(1);
    expect(scheduler.counts()).toEqual({ started: 1, skipped: 3, failed: 0 });
    held.endAll();
    await time.advance(10);
    expect(scheduler.counts().started).toBe(2);
    held.endAll();
    await scheduler.stop();
    expect(held.mostOfOneLane()).toBe(1);
  });

  it('a slow lane does not hold up another', async () => {
    const time = fakeClock();
    const ran: string[] = [];
    const run = (lane: string) =>
      lane === 'slow' ? new Promise<void>(() => {}) : Promise.resolve(void ran.push(lane));
    startScheduler(options(time, { run, lanes: ['slow', 'fast'] }));
    await time.settle();
    await time.advance(20);
    expect(ran).toEqual(['fast', 'fast', 'fast']);
  });

  it('looks once per block, however often the head is polled, and outlives a node that is away', async () => {
    const time = fakeClock();
    let runs = 0;
    const headNumber = async () => {
      const now = time.clock.nowSeconds();
      if (now === 5) throw new Error('away');
      return BigInt(Math.floor(now / 12));
    };
    const scheduler = startScheduler(
      options(time, {
        schedule: { kind: 'block' },
        headNumber,
        run: async () => {
          runs += 1;
        },
      }),
    );
    await time.settle();
    await time.advance(30);
    await scheduler.stop();
    expect(runs).toBe(3);
  });

  it('follows cron in its time zone', async () => {
    const time = fakeClock(Date.UTC(2026, 0, 1, 11, 58, 30) / 1000);
    const ran: string[] = [];
    const run = async () =>
      void ran.push(new Date(time.clock.nowSeconds() * 1000).toISOString().slice(11, 16));
    const schedule = { kind: 'cron', expression: '*/5 12 * * *', timeZone: 'UTC' } as const;
    const scheduler = startScheduler(options(time, { schedule, run }));
    await time.settle();
    await time.advance(11 * 60);
    await scheduler.stop();
    expect(ran).toEqual(['12:00', '12:05']);
  });

  it('a run that fails is counted and the next one comes all the same', async () => {
    const time = fakeClock();
    const scheduler = startScheduler(options(time, { run: () => Promise.reject(new Error('no')) }));
    await time.settle();
    await time.advance(10);
    await scheduler.stop();
    expect(scheduler.counts()).toEqual({ started: 2, skipped: 0, failed: 2 });
  });

  it('stopping starts nothing more and waits for what is under way', async () => {
    const time = fakeClock();
    const held = heldRuns();
    const scheduler = startScheduler(options(time, { run: held.run }));
    await time.settle();
    let hasStopped = false;
    const stopping = scheduler.stop().then(() => {
      hasStopped = true;
    });
    await time.advance(20);
    expect(hasStopped).toBe(false);
    expect(scheduler.counts().started).toBe(1);
    held.endAll();
    await stopping;
    expect(hasStopped).toBe(true);
  });
});

describe('a schedule of blocks with announced heads', () => {
  /** Announcements by hand. */
  function announcer() {
    const listeners = new Set<() => void>();
    return {
      listeners,
      onHead: (wake: () => void) => {
        listeners.add(wake);
        return () => listeners.delete(wake);
      },
      announce: () => {
        for (const wake of listeners) wake();
      },
    };
  }
  const blocks = { schedule: { kind: 'block' }, pollSeconds: 8 } as const;

  it('runs as soon as one is announced, without waiting for the next look', async () => {
    const time = fakeClock();
    const heads = announcer();
    let head = 1n;
    let runs = 0;
    const run = async () => {
      runs += 1;
    };
    const { onHead } = heads;
    const scheduler = startScheduler(options(time, { ...blocks, run, onHead, headNumber: async () => head }));
    await time.settle();
    expect(runs).toBe(1);
    head = 2n;
    heads.announce();
    await time.settle();
    await time.settle();
    expect(runs).toBe(2);
    await scheduler.stop();
    expect(heads.listeners.size).toBe(0);
  });

  it('finds every block by looking where announcements fall silent', async () => {
    const time = fakeClock();
    const heads = announcer();
    let head = 1n;
    let runs = 0;
    const run = async () => {
      runs += 1;
    };
    const { onHead } = heads;
    const scheduler = startScheduler(options(time, { ...blocks, run, onHead, headNumber: async () => head }));
    await time.settle();
    for (let block = 0; block < 5; block += 1) {
      head += 1n;
      await time.advance(8);
    }
    expect(runs).toBe(6);
    await scheduler.stop();
  });

  it('looks again soon for a head that was announced and is not agreed on yet', async () => {
    const time = fakeClock();
    const heads = announcer();
    let head = 1n;
    let runs = 0;
    const run = async () => {
      runs += 1;
    };
    const { onHead } = heads;
    const scheduler = startScheduler(options(time, { ...blocks, run, onHead, headNumber: async () => head }));
    await time.settle();
    heads.announce();
    await time.settle();
    await time.settle();
    head = 2n;
    await time.advance(1);
    expect(runs).toBe(2);
    await scheduler.stop();
  });
});
