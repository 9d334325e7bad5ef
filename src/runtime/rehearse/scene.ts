import type { Hex } from '../../core/units.ts';
import type { DevRelay } from '../../devnet/relay/index.ts';
import type { SubmissionSettings } from '../../engine/world.ts';
import type { RandomStream } from '../../sim/random.ts';
import type { HedgeEvent } from './chainRecord.ts';
import type { Fuse } from './journalWrites.ts';
import type { KeeperSeat } from './keeperSeat.ts';
import type { VaultTick } from './messages.ts';
import type { FaultProxy } from './nodeProxy.ts';
import type { RelayStandIn, Stage } from './stage.ts';

/** What the next block is to hold beside the market; faults fill it in, each block empties it. */
export interface NextBlock {
  rawTransactions: Hex[];
  /** Of this block only; the stage's own where absent. */
  baseFeeWei?: bigint;
  /** How much later than usual the block is, seconds. */
  laterSeconds?: number;
}

/** Everything that a fault may lay hands on during one run. */
export interface Scene {
  readonly stage: Stage;
  readonly relay: DevRelay;
  readonly node: FaultProxy;
  readonly seat: KeeperSeat;
  /** Draws of this fault in this run. */
  readonly random: RandomStream;
  readonly next: NextBlock;
  /** Base fee of the stage when the run began. */
  readonly baseFeeWei: bigint;
  readonly journalPath: string;
  /** The newest signed bytes of every order in the journal that is not final, oldest first. */
  signedBytes(): Promise<readonly Hex[]>;
  /** Hedges that are in the chain now. */
  hedges(): Promise<readonly HedgeEvent[]>;
  /** Runs at the end of the run, whatever happens. */
  atEnd(end: () => Promise<unknown>): void;
}

/** What a fault does along one run. Blocks are counted from 0, from the first on which it acts. */
export interface FaultActs {
  /** Before a block is built. */
  beforeBlock?(block: number): Promise<void> | void;
  /** Between a block and the keeper's look at it. */
  beforeTick?(block: number): Promise<void> | void;
  /** Once the keeper has looked; nothing is told where none could. */
  afterTick?(block: number, vaults: readonly VaultTick[]): Promise<void> | void;
  /** Ends it: all is well from here on. */
  heal?(): Promise<void> | void;
  /** Whether what it is about has happened; always where absent. */
  wasReached?(): boolean;
}

/** One thing that goes wrong. */
export interface Fault {
  /** `relay-drop`: how it is called on the command line. */
  readonly name: string;
  readonly family: FaultFamily;
  /** What it is, in a few words. */
  readonly words: string;
  /** Blocks on which it acts. */
  readonly blocks: number;
  /** Points at which the keeper dies, one for each of its starts. */
  readonly fuses?: (random: RandomStream, vaults: number) => readonly Fuse[];
  /** Blocks that are built before it begins, so that there is something to take back. */
  readonly prelude?: number;
  /** What of the submission it needs otherwise than configured. */
  readonly submission?: (settings: SubmissionSettings) => SubmissionSettings;
  /** @default flashbots */
  readonly relayKind?: RelayStandIn;
  /** Whether outcomes have to become final before the run ends. */
  readonly untilFinal?: boolean;
  begin(scene: Scene): FaultActs;
}

/** Kinds of fault, in the order of the table. */
export const FAULT_FAMILIES = [
  'calm',
  'kill',
  'reorg',
  'relay',
  'node',
  'gas',
  'nonce',
  'clock',
  'disk',
  'mixed',
] as const;

/** A kind of fault. */
export type FaultFamily = (typeof FAULT_FAMILIES)[number];
