import type { BoundPolicy } from '../core/policy.ts';
import type { Limits } from '../core/risk/limits.ts';
import type { VaultTerms } from '../core/snapshot.ts';
import type { Address, Hash, Hex } from '../core/units.ts';
import type { BoundAccount } from '../ports/account.ts';
import type { Alert, Clock, Log, Metrics } from '../ports/ambient.ts';
import type { Chain } from '../ports/chain.ts';
import type { BoundPriceFeed, BoundVolatilityFeed } from '../ports/feed.ts';
import type { BoundProtocol } from '../ports/protocol.ts';
import type { Relay } from '../ports/relay.ts';
import type { Signer } from '../ports/signer.ts';
import type { Store } from '../ports/store.ts';
import type { BoundVenue } from '../ports/venue.ts';

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
  /** All of them are given every transaction. */
  readonly relays: readonly Relay[];
  /** Null where nothing can be signed: orders are then filled on paper. */
  readonly signer: Signer | null;
  /** Keccak-256, for the hash under which the chain will know a signed transaction. */
  readonly keccak256: (bytes: Hex) => Hash;
  /** Once aborted, nothing new is signed and nothing is sent again; what is on its way is still followed. */
  readonly stop: AbortSignal | null;
}

/** How orders of a vault are priced, bounded in time and followed. */
export interface SubmissionSettings {
  /** Blocks after the head in which an order may be included. */
  readonly windowBlocks: number;
  /** Expected seconds from block to block; together with the window it gives the deadline. */
  readonly blockSeconds: number;
  /** Blocks on top of a block after which it is taken to stay. */
  readonly finalityBlocks: number;
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
  /** In order of preference: the first that can be used is priced with. */
  readonly volatilityFeeds: readonly BoundVolatilityFeed[];
  readonly policy: BoundPolicy;
  readonly limits: Limits;
  /** What a whole native token costs in quote: `base` where base is its wrapped form, otherwise a number. */
  readonly nativePrice: 'base' | number;
  /** Whose rights are read and simulated where the world has no signer; null = nobody's in particular. */
  readonly keeper: Address | null;
  readonly submission: SubmissionSettings;
}

/** The address that orders of a world are signed with, or would be; null where there is none. */
export function keeperOf(world: World, vault: VaultSetup): Address | null {
  return world.signer?.address ?? vault.keeper;
}
