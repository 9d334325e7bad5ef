/**
 * From a new head on the websocket to the bundle handed over, for a vault with 100 options and four pools on anvil:
 * `npx tsx bench/latency.ts`. Our own time is all but waiting for the node and signing. Waiting is the time in which at least
 * one answer had not come in full: making requests, decoding answers and waiting for the journal's disk are our own, the last
 * of them also told apart. Beside it the usual way: ethers asks one thing after the other, v3-sdk quotes a 5 % grid; it is given every static fact for free.
 */
import { generatePrivateKey } from 'viem/accounts';
import type { ConcentratedPool } from '../src/core/amm/pool.ts';
import { type TickResult, tickFleet } from '../src/engine/tick.ts';
import type { Signer, SignerKind } from '../src/ports/signer.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { registry } from '../src/runtime/registry.ts';
import type { OpenWorld, WorldTools } from '../src/runtime/worlds/tools.ts';
import { type LatencyVault, startLatencyVault } from './support/latencyVault.ts';
import { requestSpans } from './support/requestSpans.ts';
import { covered, type Span, type Stopwatch, stopwatch } from './support/stopwatch.ts';
import { openUsualWay } from './support/usualWay.ts';

const OPTIONS = 100;
/** Ticks before the first that counts, forty minutes of blocks: a keeper runs for days, its code is compiled. */
const WARM_UP = 200;
const PEER_WARM_UP = 10;
const SAMPLES = 31;
/** Milliseconds at the median. */
const OWN_TARGET = 5;
const MOST_WAIT_MS = 10_000;
const STAGES = ['head', 'journal', 'read', 'nonce, balance, tip', 'simulate', 'sign'] as const;

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** Spans in which a request of the chain adapter was under way, in every sample. */
const { spans: requests, end: endRequestSpans } = requestSpans();

interface Sample {
  readonly total: number;
  readonly rpc: number;
  readonly signing: number;
  readonly own: number;
  /** Own time without waiting for the disk under the journal. */
  readonly computing: number;
  readonly rounds: number;
  readonly stages: ReadonlyMap<string, number>;
  readonly pools: readonly ConcentratedPool[];
}

function toolsOf(vault: LatencyVault, watch: Stopwatch, onHandOver: () => void): WorldTools {
  const keys: Readonly<Record<string, string>> = {
    KEEPER: vault.devnet.accounts.keeper.privateKey,
    IDENTITY: identity,
  };
  const environment = (name: string) => keys[name];
  const { env } = registry.signers;
  if (env === undefined) throw new Error('no signer called env');
  const signers = {
    ...registry.signers,
    env: {
      ...env,
      open: async (...args: Parameters<SignerKind['open']>): Promise<Signer> =>
        watch.watch(await env.open(...args), {
          signTransaction: 'sign',
          signMessage: 'sign',
          signMessageBytes: 'sign',
        }),
    },
  };
  return {
    registry: { ...registry, signers },
    environment,
    secrets: { environment, readFile: () => Promise.reject(new Error('no file')) },
    clock: systemClock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    fetch: (...args) => {
      onHandOver();
      return fetch(...args);
    },
    stop: null,
  };
}
const identity = generatePrivateKey();

/** The same world with its ports timed. */
function timed(open: OpenWorld, watch: Stopwatch): OpenWorld['world'] {
  const { world } = open;
  const facts = 'nonce, balance, tip';
  return {
    ...world,
    chain: watch.watch(world.chain, {
      head: 'head',
      read: 'read',
      confirmedNonce: facts,
      balanceWei: facts,
      suggestedTipWei: facts,
      recentBaseFeesWei: facts,
      simulate: 'simulate',
    }),
    store: watch.watch(world.store, {
      recordDecision: 'journal',
      appendEvent: 'journal',
      remember: 'journal',
      recallMany: 'journal',
      unsettledOrders: 'journal',
      unsettledOrdersOfSigner: 'journal',
    }),
  };
}

/** Waits for the next head that the websocket announces. */
function nextHead({ world: { chain } }: OpenWorld): Promise<void> {
  const { onHead } = chain;
  if (onHead === undefined) throw new Error('the chain announces no heads');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no head announced')), MOST_WAIT_MS);
    const stop = onHead(() => {
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
}

/** Follows the heads from here on: the subscription has to stand before there is something to announce. */
async function followHeads(vault: LatencyVault, open: OpenWorld): Promise<void> {
  open.world.chain.onHead?.(() => {});
  const announced = nextHead(open).then(() => true);
  for (let isFollowing = false; !isFollowing; ) {
    await systemClock.sleep(100);
    await vault.devnet.node.request('evm_mine');
    isFollowing = await Promise.race([announced, systemClock.sleep(20).then(() => false)]);
  }
}

/** A tick that is not measured, of the same world: what it learns of its ports is known to the next. */
async function look({ open, world }: Keeper): Promise<TickResult> {
  const [result] = await tickFleet(world, open.vaults);
  if (result === undefined) throw new Error('the world has no vault');
  return result;
}

/**
 * One tick that hedges, of a keeper that has run for a while and looks at every block: the hedge before is final, and the two
 * blocks before were looked at too. Afterwards the hedge is settled, and the vault in its band.
 */
async function measure(keeper: Keeper, vault: LatencyVault): Promise<Sample> {
  const { open, watch, world } = keeper;
  await look(keeper);
  await vault.devnet.mineBlock();
  const looked = await look(keeper);
  if (looked.decision.kind !== 'hold') throw new Error(`not in the band: ${looked.decision.why}`);
  // What settling announced has long come by then.
  await systemClock.sleep(50);
  const announced = nextHead(open);
  await vault.unbalance();
  await announced;
  const counters = () =>
    (open.world.chain as unknown as { counters(): { rounds: number } }).counters().rounds;
  const before = counters();
  watch.spans.length = 0;
  requests.length = 0;
  keeper.handedOver = 0;
  const from = performance.now();
  const [result] = await tickFleet(world, open.vaults);
  const { handedOver } = keeper;
  if (!result?.order || !result.snapshot || handedOver === 0)
    throw new Error(`no bundle handed over: ${result?.decision.code} ${result?.decision.why}`);
  const within = (spans: readonly Span[]) => covered(spans, from, handedOver);
  const of = (stage: string) => watch.spans.filter((span) => span.stage === stage);
  const [signs, journal] = [of('sign'), of('journal')];
  const total = handedOver - from;
  const pools = result.snapshot.chain.pools.flatMap((pool) => ('ticks' in pool ? [pool] : []));
  await vault.settle();
  return {
    total,
    rpc: within(requests),
    signing: within(signs),
    own: total - within([...requests, ...signs]),
    computing: total - within([...requests, ...signs, ...journal]),
    rounds: counters() - before,
    stages: new Map(STAGES.map((stage) => [stage, within(of(stage))])),
    pools,
  };
}

/** A live world that stays open, as a keeper's does. */
interface Keeper {
  readonly open: OpenWorld;
  readonly watch: Stopwatch;
  /** The same world with its ports timed. */
  readonly world: OpenWorld['world'];
  /** When something was handed to a relay since it was set to 0. */
  handedOver: number;
}

async function openKeeper(vault: LatencyVault): Promise<Keeper> {
  const watch = stopwatch();
  const tools = toolsOf(vault, watch, () => {
    keeper.handedOver ||= performance.now();
  });
  const open = await vault.open(tools);
  const keeper: Keeper = { open, watch, world: timed(open, watch), handedOver: 0 };
  return keeper;
}

const vault = await startLatencyVault(OPTIONS);
try {
  const keeper = await openKeeper(vault);
  // What it holds at first is far from what it needs.
  await look(keeper);
  await vault.settle();
  await followHeads(vault, keeper.open);
  const { pools } = await measure(keeper, vault);
  const usual = openUsualWay(vault, pools);
  const samples: Sample[] = [];
  const theirs: { total: number; own: number }[] = [];
  for (let sample = -WARM_UP; sample < SAMPLES; sample++) {
    const ours = await measure(keeper, vault);
    if (sample < -PEER_WARM_UP) continue;
    const peer = await usual.run();
    if (sample < 0) continue;
    samples.push(ours);
    theirs.push(peer);
  }
  usual.close();
  await keeper.open.close();
  const line = (name: string, value: number, more = '') =>
    console.log(`${name.padEnd(44)}${value.toFixed(2).padStart(9)}${more}`);
  console.log(`${OPTIONS} options, 4 pools: new head to bundle handed over, ms, median of ${SAMPLES}\n`);
  for (const stage of STAGES) line(`  ${stage}`, median(samples.map(({ stages }) => stages.get(stage) ?? 0)));
  line('waiting for the node', median(samples.map(({ rpc }) => rpc)));
  line('signing', median(samples.map(({ signing }) => signing)));
  const own = median(samples.map((one) => one.own));
  const total = median(samples.map((one) => one.total));
  line('our own time', own, `   target ${OWN_TARGET}${own > OWN_TARGET ? '  missed' : ''}`);
  line('  of that without the journal', median(samples.map(({ computing }) => computing)));
  line('in all', total);
  line('rounds of reads', median(samples.map(({ rounds }) => rounds)));
  console.log();
  const peerTotal = median(theirs.map((one) => one.total));
  const peerOwn = median(theirs.map((one) => one.own));
  line('the usual way, in all', peerTotal, `   ${(peerTotal / total).toFixed(1)}x ours`);
  line('the usual way, its own time', peerOwn, `   ${(peerOwn / own).toFixed(1)}x ours`);
  if (own > OWN_TARGET) process.exitCode = 1;
} finally {
  endRequestSpans();
  await vault.stop();
}
