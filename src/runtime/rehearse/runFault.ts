import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey } from 'viem/accounts';
import type { ReasonCode } from '../../core/decision.ts';
import { messageOf } from '../../core/errors.ts';
import { startDevRelay } from '../../devnet/relay/index.ts';
import type { OrderHistory } from '../../ports/store.ts';
import { type RandomStream, randomStream } from '../../sim/random.ts';
import { plugin } from '../bind.ts';
import { registry } from '../registry.ts';
import { hedgesOf } from './chainRecord.ts';
import type { KeeperPool } from './keeperProcess.ts';
import { KeeperSeat } from './keeperSeat.ts';
import type { VaultTick } from './messages.ts';
import { startFaultProxy } from './nodeProxy.ts';
import type { Fault, FaultActs, NextBlock, Scene } from './scene.ts';
import { ownConfig, REHEARSAL_FINALITY_BLOCKS, REHEARSAL_KEYS, type Stage } from './stage.ts';
import { judge, signedBytes } from './verdict.ts';

/** Largest move of the price from one block to the next, as a share. */
const MOST_STEP = 0.012;
/** Blocks in which everything has to be well again. */
const MOST_RECOVERY_BLOCKS = 30;
const MOST_ORDERS = 1_000;
const NODE_SECONDS = 20;
/** Where the node fails, nobody waits long for it. */
const IMPATIENT_NODE_SECONDS = 0.4;
const RELAY_SECONDS = 0.6;

/** What one run of one fault came to. */
export interface FaultRun {
  readonly fault: string;
  readonly seed: number;
  /** Whether what the fault is about happened. */
  readonly wasReached: boolean;
  readonly hedges: number;
  readonly doubleHedges: number;
  readonly lostOrders: number;
  /** From the end of the fault until nothing was open and nothing to do; null where that never came. */
  readonly blocksToRecover: number | null;
  /** Everything that is not as it must be; empty where all is well. */
  readonly findings: readonly string[];
  /** How each vault stood at the first and at the last look. */
  readonly first: readonly VaultTick[];
  readonly last: readonly VaultTick[];
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

/** Whether nothing is open and nothing to do. */
export function isAtRest(vaults: readonly VaultTick[], restingCodes: ReadonlySet<ReasonCode>): boolean {
  const rests = ({ kind, code, open }: VaultTick) =>
    open === 0 && (kind === 'hold' ? restingCodes.has(code) : kind === 'halt' && restingCodes.has(code));
  return vaults.length > 0 && vaults.every(rests);
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
  for (let block = 0; block < (fault.prelude ?? 0); block += 1) await stage.build({});
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

/** The blocks of one run, one after the other. */
class Course {
  readonly #scene: Scene;
  readonly #acts: FaultActs;
  readonly #market: RandomStream;
  readonly #restingCodes: ReadonlySet<ReasonCode>;
  #price: number | null;
  #block = 0;
  #first: readonly VaultTick[] = [];
  #last: readonly VaultTick[] = [];
  #troubleAt = 0;
  #restedAt: number | null = null;
  #wasReached = false;

  constructor(scene: Scene, acts: FaultActs, market: RandomStream, restingCodes: ReadonlySet<ReasonCode>) {
    this.#scene = scene;
    this.#acts = acts;
    this.#market = market;
    this.#restingCodes = restingCodes;
    this.#price = scene.stage.startPrice;
  }

  wasReached(): boolean {
    return this.#wasReached;
  }

  async run({
    blocks,
    family,
    untilFinal,
  }: Fault): Promise<Pick<FaultRun, 'blocksToRecover' | 'first' | 'last'>> {
    const isOneShot = family === 'kill' || family === 'reorg' || family === 'calm';
    for (let block = 0; block < blocks; block += 1) await this.#step(this.#acts, block, isOneShot);
    await this.#acts.heal?.();
    if (!isOneShot) this.#trouble();
    await this.#rest();
    if (untilFinal === true) await this.#finish();
    const { blocksToRecover } = this.#recovery();
    return { blocksToRecover, first: this.#first, last: this.#last };
  }

  /** Blocks without a fault until all is well, and the market stands still. */
  async #rest(): Promise<void> {
    for (let block = 0; block < MOST_RECOVERY_BLOCKS; block += 1) {
      await this.#step({}, block, true);
      if (isAtRest(this.#last, this.#restingCodes)) return;
    }
  }

  /** Lets every outcome become final, and the keeper see it. */
  async #finish(): Promise<void> {
    for (let block = 0; block < REHEARSAL_FINALITY_BLOCKS; block += 1) await this.#build();
    await this.#rest();
  }

  async #step(acts: FaultActs, block: number, isOneShot: boolean): Promise<void> {
    const { seat } = this.#scene;
    const { deaths } = seat;
    await acts.beforeBlock?.(block);
    if (acts === this.#acts) this.#movePrice();
    await this.#build();
    await acts.beforeTick?.(block);
    const { timestampSeconds } = await this.#scene.stage.node.head();
    const vaults = (await seat.tick(timestampSeconds)) ?? [];
    await acts.afterTick?.(block, vaults);
    if (this.#first.length === 0) this.#first = vaults;
    this.#last = vaults;
    const wasReached = this.#acts.wasReached?.() ?? true;
    if (isOneShot && (seat.deaths > deaths || (wasReached && !this.#wasReached))) this.#trouble();
    this.#wasReached ||= wasReached;
    if (this.#restedAt === null && isAtRest(vaults, this.#restingCodes)) this.#restedAt = this.#block;
    this.#block += 1;
  }

  #trouble(): void {
    this.#troubleAt = this.#block;
    this.#restedAt = null;
  }

  #recovery(): { readonly blocksToRecover: number | null } {
    const isWell = isAtRest(this.#last, this.#restingCodes) && this.#restedAt !== null;
    return { blocksToRecover: isWell ? (this.#restedAt as number) - this.#troubleAt : null };
  }

  #movePrice(): void {
    if (this.#price !== null) this.#price *= 1 + (this.#market.uniform() * 2 - 1) * MOST_STEP;
  }

  async #build(): Promise<void> {
    const { stage, next } = this.#scene;
    const { rawTransactions, baseFeeWei, laterSeconds } = next;
    const filled: NextBlock = { rawTransactions: [...rawTransactions] };
    next.rawTransactions.length = 0;
    delete next.baseFeeWei;
    delete next.laterSeconds;
    const later =
      laterSeconds === undefined
        ? {}
        : { timestampSeconds: (await stage.node.head()).timestampSeconds + Math.ceil(laterSeconds) };
    await stage.build({
      ...filled,
      ...later,
      ...(baseFeeWei === undefined ? {} : { baseFeeWei }),
      ...(this.#price === null ? {} : { price: this.#price }),
    });
  }
}
