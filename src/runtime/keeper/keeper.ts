import { windowBlocksOf } from '../../engine/submit/ladder.ts';
import { type TickResult, tickFleet } from '../../engine/tick.ts';
import type { Schedule } from '../config/parts.ts';
import type { OpenWorld } from '../worlds/tools.ts';
import { type SchedulerCounts, startScheduler } from './scheduler.ts';

/** Bounds of looking at the head between two blocks, as a share of the expected block time. */
const POLLS_PER_BLOCK = 8;
const LEAST_POLL_SECONDS = 0.1;
const MOST_POLL_SECONDS = 3;

/** What the keeper runs with. */
export interface KeeperOptions {
  readonly open: OpenWorld;
  readonly schedule: Schedule;
  /** Done before every run: carries into the world what was said from outside meanwhile. Must not throw. */
  readonly before?: () => Promise<void>;
  /** Told after every run, one result per vault. */
  readonly onResults: (results: readonly TickResult[]) => void;
  /** One run, and then only what it sent, up its ladder to its deadline. */
  readonly once: boolean;
  /** Asks for the end: no new order, what is open is looked at one last time. */
  readonly stop: AbortSignal;
}

/** What a keeper leaves behind. */
export interface KeeperEnd {
  /** The last results, with the orders that are still open. */
  readonly last: readonly TickResult[];
  readonly counts: SchedulerCounts;
}

/** Keeps the vaults of a world: runs ticks as scheduled until told to stop. The vaults are read together, as one lane. */
export async function keep(options: KeeperOptions): Promise<KeeperEnd> {
  return options.once ? runOnce(options) : runScheduled(options);
}

async function runScheduled({ open, schedule, before, onResults, stop }: KeeperOptions): Promise<KeeperEnd> {
  const { world, vaults } = open;
  let last: readonly TickResult[] = [];
  const run = async () => {
    await before?.();
    last = await tickFleet(world, vaults);
    onResults(last);
  };
  const scheduler = startScheduler({
    schedule,
    lanes: ['fleet'],
    run,
    headNumber: async () => (await world.chain.head()).number,
    ...(world.chain.onHead === undefined
      ? {}
      : { onHead: (wake) => world.chain.onHead?.(wake) ?? (() => {}) }),
    pollSeconds: pollSeconds(open),
    clock: world.clock,
    log: world.log,
  });
  await aborted(stop);
  await scheduler.stop();
  if (last.some((result) => result.open.length > 0)) await run();
  return { last, counts: scheduler.counts() };
}

/**
 * After the one run nothing new is decided; what was sent is handed out again and climbs its ladder, until it is settled or
 * its deadline has passed, for at most twice as long as that should take.
 */
async function runOnce({ open, before, onResults, stop }: KeeperOptions): Promise<KeeperEnd> {
  const { vaults } = open;
  const following = { ...open.world, finishing: AbortSignal.abort() };
  await before?.();
  let last = await tickFleet(open.world, vaults);
  onResults(last);
  let started = 1;
  // The deadline is a block after the window; the block that shows that it has passed comes later still.
  const window = Math.max(...vaults.map((vault) => windowBlocksOf(vault.submission))) + 2;
  let head = last[0]?.block?.number ?? 0n;
  const patienceSeconds = window * blockSeconds(open) * 2;
  const givesUpAt = open.world.clock.nowSeconds() + patienceSeconds;
  while (isOpen(last) && !stop.aborted && open.world.clock.nowSeconds() < givesUpAt) {
    await open.world.clock.sleep(pollSeconds(open) * 1000, stop);
    // What is on its way is followed to its end, whatever a node does meanwhile.
    const next = await open.world.chain.head().then(
      ({ number }) => number,
      () => head,
    );
    if (next === head) continue;
    head = next;
    last = await tickFleet(following, vaults);
    started += 1;
    onResults(last);
  }
  return { last, counts: { started, skipped: 0, failed: 0 } };
}

const isOpen = (results: readonly TickResult[]) => results.some((result) => result.open.length > 0);

function blockSeconds({ vaults }: OpenWorld): number {
  return Math.max(...vaults.map((vault) => vault.submission.blockSeconds));
}

function pollSeconds(open: OpenWorld): number {
  return Math.min(MOST_POLL_SECONDS, Math.max(LEAST_POLL_SECONDS, blockSeconds(open) / POLLS_PER_BLOCK));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
