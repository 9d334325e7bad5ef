import { isLoopbackUrl } from '../../adapters/chain/loopback.ts';
import { AnvilNode } from '../node/node.ts';
import { buildBlock, type Loop, repeat } from './builder.ts';
import { createEntryStore } from './entryStore.ts';
import { DevRelayTargetError, RPC_CODE } from './errors.ts';
import { createLane } from './expressLane.ts';
import { createMisbehaviourQueue } from './misbehaviours.ts';
import { createPrivatePool } from './pool.ts';
import { createPublicWatch } from './publicWatch.ts';
import { answerRequest, errorBody } from './requests.ts';
import { startServer } from './server.ts';
import type { DevRelay, DevRelayLimits, DevRelayOptions } from './types.ts';

const LIMITS: DevRelayLimits = {
  maxBodyBytes: 1_048_576,
  maxStoredTransactions: 1_000,
  maxStoredBytes: 32 * 1_048_576,
  maxConnections: 1_024,
};
const NODE_TIMEOUT_MILLISECONDS = 10_000;
const WATCH_MILLISECONDS = 200;

/**
 * Starts a private relay over a local node. It takes signed bundles and private transactions in the formats of Flashbots
 * and MEV-Share at `/`, and what other endpoints take at paths of their own (`/protect`, `/mevblocker/…`, `/buildernet`,
 * `/titan`, `/rsync`, `/bloxroute`, `/sequencer`, `/timeboost`), keeps all of it away from the node's public pool, and
 * hands it to whoever builds blocks.
 *
 * @example
 * const relay = await startDevRelay({ rpcUrl: 'http://127.0.0.1:8545', buildEverySeconds: 2 });
 * // … send to relay.url …
 * await relay.stop();
 *
 * @throws DevRelayTargetError when the node is not on this machine, DevnetError when it does not answer
 */
export async function startDevRelay(options: DevRelayOptions): Promise<DevRelay> {
  if (!isLoopbackUrl(options.rpcUrl)) throw new DevRelayTargetError(hostOf(options.rpcUrl));
  const limits = { ...LIMITS, ...options.limits };
  const node = new AnvilNode(options.rpcUrl, NODE_TIMEOUT_MILLISECONDS);
  const chainId = Number(await node.request('eth_chainId'));
  const store = createEntryStore(limits);
  let includedTransactions = 0;
  const watch = createPublicWatch(
    node,
    (block) => store.book(block),
    () => {
      includedTransactions += 1;
    },
  );
  const pool = createPrivatePool(node, store, watch, chainId);
  const misbehaviours = createMisbehaviourQueue();
  const counts = { requests: 0, wrongSignatures: 0 };
  const status = () => ({
    ...counts,
    storedTransactions: store.transactionCount,
    includedTransactions,
    publicMempoolSightings: watch.sightings.length,
    failedLooks: watch.failedLooks,
  });
  const context = {
    methods: { node, chainId, store, watch, lane: createLane(options.expressLane ?? null) },
    control: { misbehaviours, status },
    counts,
  };
  await watch.look();
  if (options.buildEverySeconds !== undefined) await stopMining(node);
  const server = await startServer(
    limits,
    (request) => answerRequest(context, request),
    errorBody(RPC_CODE.limitExceeded, `the body is above ${limits.maxBodyBytes} bytes`),
  );
  const loops: Loop[] = [repeat(options.watchEveryMilliseconds ?? WATCH_MILLISECONDS, () => watch.look())];
  if (options.buildEverySeconds !== undefined) {
    loops.push(repeat(options.buildEverySeconds * 1_000, () => buildBlock(node, pool)));
  }
  return {
    url: server.url,
    pool,
    get publicMempoolSightings() {
      return watch.sightings.length;
    },
    async sightings() {
      await watch.look();
      return [...watch.sightings];
    },
    skips: () => [...pool.skips],
    status,
    misbehave: (misbehaviour, scope = {}) => misbehaviours.add(misbehaviour, scope),
    behave: () => misbehaviours.clear(),
    buildBlock: (timestampSeconds) => buildBlock(node, pool, timestampSeconds),
    async stop() {
      await Promise.all([...loops.map((loop) => loop.stop()), server.stop()]);
    },
  };
}

/** The host only: the rest of a URL may carry a token. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : 'what is no URL';
}

async function stopMining(node: AnvilNode): Promise<void> {
  await node.request('evm_setAutomine', [false]);
  await node.request('evm_setIntervalMining', [0]);
}
