import type { Patience } from '../core/gas/patience.ts';
import type { BoundPolicy } from '../core/policy.ts';
import type { Read } from '../core/read.ts';
import type { SequencerState } from '../core/risk/breakers/readBreakers.ts';
import type { CalendarEvent } from '../core/risk/eventCalendar.ts';
import type { Limits } from '../core/risk/limits.ts';
import type { Obstacle } from '../core/risk/obstacle.ts';
import type { BlockFacts, ToxicityReading, VaultTerms } from '../core/snapshot.ts';
import { type Address, type Hash, type Hex, sameAddress } from '../core/units.ts';
import type { BoundAccount } from '../ports/account.ts';
import type { Alert, Clock, Log, Metrics } from '../ports/ambient.ts';
import type { Chain } from '../ports/chain.ts';
import type { BoundPriceFeed, BoundVolatilityFeed } from '../ports/feed.ts';
import type { BoundProtocol } from '../ports/protocol.ts';
import type { Relay } from '../ports/relay.ts';
import type { Signer } from '../ports/signer.ts';
import type { Store } from '../ports/store.ts';
import type { BoundVenue } from '../ports/venue.ts';
import type { Notes } from './notes.ts';

/**
 * One implementation of every port: live, shadow, fork or simulated. The engine is the same in all of them; what differs
 * is who answers.
 */
export interface World {
  readonly chain: Chain;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly alert: Alert;
  /** Which of them are given a transaction is for its ladder to say; all of them where there is none. */
  readonly relays: readonly Relay[];
  /** The keeper's keys, one nonce lane each; none where nothing can be signed: orders are then filled on paper. */
  readonly signers: readonly Signer[];
  /** Keccak-256, for the hash under which the chain will know a signed transaction. */
  readonly keccak256: (bytes: Hex) => Hash;
  /** The engine's own, from tick to tick; empty in a new world. */
  readonly notes: Notes;
  /** Once aborted, nothing new is signed and nothing is sent again; what is on its way is still followed. */
  readonly stop: AbortSignal | null;
  /** Once aborted, nothing new is decided; what is on its way goes on: handed out again, up its ladder. Absent = never. */
  readonly finishing?: AbortSignal;
  /** Leave to place orders, where somebody has to give it; absent where nobody has to. */
  readonly permission?: Permission;
  /** How far the head's time may be from the clock's; absent or null where the two have nothing to do with each other. */
  readonly maxSkewSeconds?: number | null;
  /** Why what was found is too old to act on, null while it is not; a tick sets it for itself. Must answer at once and never throw. */
  readonly tardiness?: () => string | null;
}

/** Leave to place orders: asked anew before each step that cannot be undone, so that taking it away works at once. */
export interface Permission {
  /**
   * Why nothing new may be signed or handed out now; null where it may. Must answer at once and never throw.
   *
   * @param vault null = for what serves all vaults alike, such as filling a nonce
   */
  refusal(vault: string | null): string | null;
}

/** Why nothing new may be signed or handed out for a vault now, in the terms of a decision; null where it may. */
export function barOf(
  world: Pick<World, 'stop' | 'permission' | 'tardiness'>,
  vault: string | null,
): Obstacle | null {
  if (world.stop?.aborted === true) {
    return { code: 'stopping', why: 'the keeper was told to stop: nothing new is placed' };
  }
  const why = world.permission?.refusal(vault) ?? null;
  if (why !== null) return { code: 'notArmed', why };
  const tardiness = world.tardiness?.() ?? null;
  return tardiness === null ? null : { code: 'chainFault', why: tardiness };
}

/** Why nothing new may be decided for a vault now, whatever may become of what is on its way; null where it may. */
export function barOfNew(
  world: Pick<World, 'stop' | 'permission' | 'tardiness' | 'finishing'>,
  vault: string,
): Obstacle | null {
  if (world.finishing?.aborted !== true) return barOf(world, vault);
  return { code: 'stopping', why: 'the keeper only follows what it sent: nothing new is placed' };
}

/** One step of the ladder that an order climbs while no block takes it. */
export interface LadderRung {
  /** Names of the relays that are given the bytes; null = every relay that the rung may use. */
  readonly relays: readonly string[] | null;
  /** Blocks that this rung waits before the next one begins. */
  readonly blocks: number;
  /** Of the going tip; 10,000 = as it is. */
  readonly tipMultiplierBps: number;
  /** Whether relays that show transactions to the public mempool may be used. */
  readonly publicMempool: boolean;
}

/** How orders of a vault are priced, bounded in time and followed. */
export interface SubmissionSettings {
  /** Blocks after the head in which an order may be included, where there is no ladder. */
  readonly windowBlocks: number;
  /** What is tried one after the other, with the same nonce and sequence; every relay for the whole window where absent. */
  readonly ladder?: readonly LadderRung[];
  /** Expected seconds from block to block; together with the window it gives the deadline. */
  readonly blockSeconds: number;
  /** Blocks on top of a block after which it is taken to stay. */
  readonly finalityBlocks: number;
  /** `finalized`: what the chain itself calls final, instead of a number of blocks. */
  readonly finality?: 'blocks' | 'finalized';
  /** What a transaction that the journal does not know does to its lane: reported and worked around, or a halt. */
  readonly foreignTransactions?: 'heal' | 'halt';
  /** Blocks that passed an order over before it counts as stuck; 2 unless given. */
  readonly stuckAfterBlocks?: number;
  /** When a quiet drift waits for a cheaper block; never where absent. */
  readonly patience?: Patience;
  /** Added to the gas that the simulation used. */
  readonly gasLimitMarginBps: number;
  /** An order that would have to offer more waits. */
  readonly maxFeePerGasWei: bigint;
  /** Least tip, whatever recent blocks paid. */
  readonly minTipWei: bigint;
}

/** Settings that suit mainnet: five blocks of twelve seconds, two epochs to finality. */
export const defaultSubmission: SubmissionSettings = {
  windowBlocks: 5,
  blockSeconds: 12,
  finalityBlocks: 64,
  gasLimitMarginBps: 2_500,
  maxFeePerGasWei: 200_000_000_000n,
  minTipWei: 100_000_000n,
};

/** A vault with every plug-in bound to its config: all that a tick needs to know about it. */
export interface VaultSetup {
  readonly terms: VaultTerms;
  readonly protocols: readonly BoundProtocol[];
  readonly account: BoundAccount;
  readonly venues: readonly BoundVenue[];
  readonly priceFeeds: readonly BoundPriceFeed[];
  /** The quote token in the currency it is meant to be worth 1 of; absent where nothing watches it. */
  readonly quotePegFeed?: BoundPriceFeed;
  /** An L2's sequencer; absent where none is watched. */
  readonly readSequencer?: (block: BlockFacts) => Read<SequencerState>;
  /** In order of preference: the first that can be used is priced with. */
  readonly volatilityFeeds: readonly BoundVolatilityFeed[];
  readonly policy: BoundPolicy;
  readonly limits: Limits;
  /** Toxicity of order flow at a block, where swaps are looked at; null where there were too few. */
  readonly toxicityAt?: (block: BlockFacts) => ToxicityReading | null;
  /** Dated events that are known; absent where no calendar is kept. Must answer at once and never throw. */
  readonly calendar?: () => readonly CalendarEvent[];
  /** What a whole native token costs in quote: `base` where base is its wrapped form, otherwise a number. */
  readonly nativePrice: 'base' | number;
  /** Whose rights are read and simulated where the world has no signer; null = nobody's in particular. */
  readonly keeper: Address | null;
  readonly submission: SubmissionSettings;
}

/** The addresses that orders of a vault are signed with, or would be; empty where there are none. */
export function keepersOf(world: World, vault: VaultSetup): readonly Address[] {
  if (world.signers.length > 0) return world.signers.map(({ address }) => address);
  return vault.keeper === null ? [] : [vault.keeper];
}

/** The key of a world with an address; null where the world does not hold it. */
export function signerOf(world: World, address: Address): Signer | null {
  return world.signers.find((signer) => sameAddress(signer.address, address)) ?? null;
}
