import * as accounts from '../adapters/accounts/index.ts';
import * as alerts from '../adapters/alerts/index.ts';
import * as feeds from '../adapters/feeds/index.ts';
import * as protocols from '../adapters/protocols/index.ts';
import * as relays from '../adapters/relays/index.ts';
import * as signers from '../adapters/signers/index.ts';
import * as stores from '../adapters/stores/index.ts';
import * as venues from '../adapters/venues/index.ts';
import type { Policy } from '../core/policy.ts';
import * as policies from '../policies/index.ts';
import type { Account } from '../ports/account.ts';
import type { AlertKind } from '../ports/alertChannel.ts';
import type { Feed } from '../ports/feed.ts';
import type { Protocol } from '../ports/protocol.ts';
import type { RelayKind } from '../ports/relay.ts';
import type { SignerKind } from '../ports/signer.ts';
import type { StoreKind } from '../ports/store.ts';
import type { Venue } from '../ports/venue.ts';

type Family<T> = Readonly<Record<string, T>>;

/** Every plug-in by family and kind; the kind is the name under which its folder exports it. */
export interface Registry {
  readonly accounts: Family<Account>;
  readonly alerts: Family<AlertKind>;
  readonly feeds: Family<Feed>;
  readonly policies: Family<Policy>;
  readonly protocols: Family<Protocol>;
  readonly relays: Family<RelayKind>;
  readonly signers: Family<SignerKind>;
  readonly stores: Family<StoreKind>;
  readonly venues: Family<Venue>;
}

/** The plug-ins that come with Ballast. */
export const registry: Registry = {
  accounts,
  alerts,
  feeds,
  policies,
  protocols,
  relays,
  signers,
  stores,
  venues,
};
