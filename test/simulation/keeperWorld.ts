import { emptyNotes } from '../../src/engine/notes.ts';
import { defaultRelayPolicy, guardRelay, type RelayPolicy } from '../../src/engine/relay/relayGuard.ts';
import type { World } from '../../src/engine/world.ts';
import type { Clock } from '../../src/ports/ambient.ts';
import type { Submission } from '../../src/ports/relay.ts';
import type { OrderEvent } from '../../src/ports/store.ts';
import type { SignedContent } from '../support/orderCall.ts';
import type { Workload } from './workload.ts';
import { type Bytes, hashOfBytes } from './world/bytes.ts';
import { type NodeMood, type NodeWatch, type SimulatedNode, simulatedChain } from './world/node.ts';
import { type BuilderPool, type RelayFate, simulatedRelay } from './world/relay.ts';
import { simulatedSigner } from './world/signer.ts';
import type { SimulatedProcess } from './world/simulatedProcess.ts';
import { type SimulatedDisk, simulatedStore } from './world/store.ts';
import type { Timeline } from './world/timeline.ts';

/** What a keeper's ports are made of, and who watches them. */
export interface KeeperParts {
  readonly process: SimulatedProcess;
  readonly workload: Workload;
  readonly ledgerPorts: {
    readonly node: SimulatedNode;
    readonly mood: NodeMood;
    readonly pool: BuilderPool;
    readonly disk: SimulatedDisk;
  };
  readonly bytes: Bytes;
  readonly timeline: Timeline;
  /** How wrong the keeper's clock is. */
  readonly skewSeconds: () => number;
  readonly stop: AbortSignal;
  readonly isDisarmed: () => boolean;
  readonly fateOfRelay: () => RelayFate;
  readonly nodeWatch: NodeWatch;
  readonly onAsk: () => (content: SignedContent) => void;
  readonly onEvent: (orderId: string, event: OrderEvent) => void;
  readonly onAlert: (severity: string, title: string) => void;
  readonly onSubmit: (relay: string, submission: Submission) => void;
}

const quiet = () => {};

/** A guard that a simulation meets every side of: few failures open its breaker, and few hand-overs fill its minute. */
const policy: RelayPolicy = {
  ...defaultRelayPolicy,
  rateLimit: { perMinute: 6, burst: 2 },
  breaker: { failuresToOpen: 2, coolDownSeconds: 15, maxCoolDownSeconds: 60 },
};

function clockOf(timeline: Timeline, skewSeconds: () => number): Clock {
  return {
    nowSeconds: () => timeline.nowSeconds + skewSeconds(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const cancel = timeline.after(milliseconds / 1_000, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          resolve();
        });
      }),
  };
}

/** The world of one process of a keeper: every port goes through the process, which may die at any call. */
export function keeperWorld(parts: KeeperParts): World {
  const { process, workload, bytes, timeline, stop } = parts;
  const { node, mood, pool, disk } = parts.ledgerPorts;
  const clock = clockOf(timeline, parts.skewSeconds);
  const relays = Array.from({ length: workload.relayCount }, (_, index) => {
    const relay = simulatedRelay(`relay-${index}`, bytes, pool, process, parts.fateOfRelay, parts.onSubmit);
    return workload.guarded ? guardRelay(relay, policy, clock) : relay;
  });
  return {
    chain: simulatedChain(node, mood, process, parts.nodeWatch),
    store: simulatedStore(disk, process, parts.onEvent),
    clock,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    metrics: { count: quiet, gauge: quiet },
    alert: { send: parts.onAlert },
    relays,
    signers: workload.keepers.map((address) => simulatedSigner(address, bytes, process, parts.onAsk)),
    keccak256: hashOfBytes,
    notes: emptyNotes(),
    stop,
    maxSkewSeconds: workload.maxSkewSeconds,
    permission: { refusal: () => (parts.isDisarmed() ? 'disarmed' : null) },
  };
}
