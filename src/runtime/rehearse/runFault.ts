import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey } from 'viem/accounts';
import type { ReasonCode } from '../../core/decision.ts';
import { messageOf } from '../../core/errors.ts';
import { startDevRelay } from '../../devnet/relay/index.ts';
import type { OrderHistory } from '../../ports/store.ts';
import { randomStream } from '../../sim/random.ts';
import { plugin } from '../bind.ts';
import { registry } from '../registry.ts';
import { hedgesOf } from './chainRecord.ts';
import { Course, type CourseLooks, isAtRest } from './course.ts';
import type { KeeperPool } from './keeperProcess.ts';
import { KeeperSeat } from './keeperSeat.ts';
import type { VaultTick } from './messages.ts';
import { startFaultProxy } from './nodeProxy.ts';
import type { Fault, Scene } from './scene.ts';
import { ownConfig, REHEARSAL_KEYS, type Stage } from './stage.ts';
import { judge, signedBytes } from './verdict.ts';

const MOST_ORDERS = 1_000;
const NODE_SECONDS = 20;
/** Where the node fails, nobody waits long for it. */
const IMPATIENT_NODE_SECONDS = 0.4;
const RELAY_SECONDS = 0.6;

/** What one run of one fault came to. */
export interface FaultRun extends CourseLooks {
  readonly fault: string;
  readonly seed: number;
  /** Whether what the fault is about happened. */
  readonly wasReached: boolean;
  readonly hedges: number;
  readonly doubleHedges: number;
  readonly lostOrders: number;
  /** Everything that is not as it must be; empty where all is well. */
  readonly findings: readonly string[];
}

/** What runs of a matrix share. */
export interface RunTools {
  readonly stage: Stage;
  readonly pool: KeeperPool;
  /** Base given to vaults before each run, so that there is something to hedge; by vault. */
  readonly gifts: ReadonlyMap<string, number>;
  /** Holds in which a vault may be left. */
  readonly restingCodes: ReadonlySet<ReasonCode>;
}

/** Lets a fault happen once, on a chain that is taken back afterwards, and holds what is left against what must be. */
export async function runFault(fault: Fault, seed: number, tools: RunTools): Promise<FaultRun> {
  const ends: (() => Promise<unknown>)[] = [];
  try {
    ends.unshift(await tools.stage.snapshot());
    return await play(fault, seed, tools, (end) => ends.unshift(end));
  } catch (error) {
    const findings = [`the run itself failed: ${messageOf(error)}`];
    return { ...nothing, fault: fault.name, seed, findings };
  } finally {
    for (const end of ends) await end();
  }
}

/**
 * Blocks that a run begins with, as many as any of its reorgs and forks go deep: after the runs before it were taken back the
 * states of older blocks may be gone.
 */
const BLOCKS_BELOW = 6;

const nothing = {
  wasReached: false,
  hedges: 0,
  doubleHedges: 0,
  lostOrders: 0,
  blocksToRecover: null,
  first: [],
  last: [],
};

async function play(
  fault: Fault,
  seed: number,
  { stage, pool, gifts, restingCodes }: RunTools,
  atEnd: (end: () => Promise<unknown>) => void,
): Promise<FaultRun> {
  const folder = await mkdtemp(join(tmpdir(), 'ballast-rehearsal-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const relay = await startDevRelay({ rpcUrl: stage.node.url });
  atEnd(() => relay.stop());
  const removePool = stage.addPrivatePool(relay.pool);
  atEnd(async () => removePool());
  const node = await startFaultProxy(stage.node.url);
  atEnd(() => node.stop());
  for (const { vault, account } of stage.accounts) await stage.give(account, vault, gifts.get(vault) ?? 0);
  const blocksBefore = BLOCKS_BELOW + (fault.prelude ?? 0);
  for (let block = 0; block < blocksBefore; block += 1) await stage.build({});
  const { number: startNumber, baseFeeWei } = await stage.node.head();

  const random = randomStream(seed, fault.name);
  const journalPath = join(folder, 'journal.sqlite');
  const failing = fault.family === 'node' || fault.family === 'mixed';
  const { submission } = stage.config;
  const asked = { ...stage.config, submission: fault.submission?.(submission) ?? submission };
  const config = ownConfig(asked, {
    rpcUrl: node.url,
    relayUrl: relay.url,
    journalPath,
    nodeTimeoutSeconds: failing ? IMPATIENT_NODE_SECONDS : NODE_SECONDS,
    relayTimeoutSeconds: RELAY_SECONDS,
    relayKind: fault.relayKind ?? 'flashbots',
  });
  const keys = {
    [REHEARSAL_KEYS.keeper]: stage.keeperKey,
    [REHEARSAL_KEYS.identity]: generatePrivateKey(),
  };
  const seat = new KeeperSeat(pool, config, keys, fault.fuses?.(random, stage.accounts.length) ?? []);
  atEnd(() => seat.close());
  const scene: Scene = {
    stage,
    relay,
    node,
    seat,
    random,
    next: { rawTransactions: [] },
    baseFeeWei,
    journalPath,
    signedBytes: async () => signedBytes(await readOrders(journalPath, stage)),
    hedges: () => hedgesOf(stage, startNumber + 1n),
    atEnd,
  };
  const course = new Course(scene, fault.begin(scene), randomStream(seed, 'market'), restingCodes);
  const looks = await course.run(fault);
  await seat.close();
  const orders = await readOrders(journalPath, stage);
  const events = await scene.hedges();
  const { doubleHedges, lostOrders, findings } = judge(orders, events);
  return {
    fault: fault.name,
    seed,
    wasReached: course.wasReached(),
    hedges: events.length,
    doubleHedges,
    lostOrders,
    ...looks,
    findings: [...findings, ...restlessness(looks.last, restingCodes, seat)],
  };
}

/** What is left undone when a run ends. */
function restlessness(
  last: readonly VaultTick[],
  restingCodes: ReadonlySet<ReasonCode>,
  { stuck, lastRefusal }: KeeperSeat,
): readonly string[] {
  const none = last.length === 0 ? [`no keeper could look in the end: ${lastRefusal}`] : [];
  const restless = last
    .filter((tick) => !isAtRest([tick], restingCodes))
    .map(({ vault, kind, code, why, open }) => `${vault} ends with ${kind} ${code}, ${open} open: ${why}`);
  return [...none, ...restless, ...(stuck === 0 ? [] : [`a keeper gave no answer ${stuck} times`])];
}

/** Every order in a journal, newest first; none where there is no journal. */
async function readOrders(path: string, { accounts }: Stage): Promise<readonly OrderHistory[]> {
  const kind = plugin(registry.stores, { kind: 'sqlite', config: null });
  const store = await kind.open({ path, readOnly: true }).catch(() => null);
  if (store === null) return [];
  try {
    const all = await Promise.all(accounts.map(({ vault }) => store.orders(vault, MOST_ORDERS)));
    return all.flat();
  } finally {
    await store.close();
  }
}
