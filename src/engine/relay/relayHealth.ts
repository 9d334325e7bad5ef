import type { Relay } from '../../ports/relay.ts';
import type { OrderEvent, OrderHistory } from '../../ports/store.ts';

/** How fast what a relay did is forgotten, in seconds until it counts half. */
export const HEALTH_HALF_LIFE_SECONDS = 7 * 86_400;

/** What was seen of a relay: orders that it accepted, each counting less the older it is. */
export interface RelayHealth {
  /** In a block within the window that the relay was given. */
  readonly included: number;
  /** Over without having been in one. */
  readonly missed: number;
  /** When the two counts were right, in Unix seconds. */
  readonly atSeconds: number;
}

/** One order that a relay had accepted, and how it ended. */
export interface InclusionSeen {
  readonly relay: string;
  readonly wasIncluded: boolean;
  readonly atSeconds: number;
}

/** A relay of which nothing was seen. */
export const unseenHealth: RelayHealth = { included: 0, missed: 0, atSeconds: 0 };

const decay = (seconds: number) => 2 ** (-seconds / HEALTH_HALF_LIFE_SECONDS);

/** One more order. The order in which they are told does not matter, only when each happened. */
export function afterInclusion(
  health: RelayHealth,
  { wasIncluded, atSeconds }: Pick<InclusionSeen, 'wasIncluded' | 'atSeconds'>,
): RelayHealth {
  const newest = Math.max(health.atSeconds, atSeconds);
  const kept = decay(newest - health.atSeconds);
  const weight = decay(newest - atSeconds);
  return {
    included: health.included * kept + (wasIncluded ? weight : 0),
    missed: health.missed * kept + (wasIncluded ? 0 : weight),
    atSeconds: newest,
  };
}

/**
 * The chance that what this relay accepts lands in its window, by the rule of succession (Laplace, 1814): 0.5 where
 * nothing is known, and back towards it as what was seen grows old, so that a relay that failed is tried again.
 */
export function healthScore({ included, missed, atSeconds }: RelayHealth, nowSeconds: number): number {
  const kept = decay(Math.max(0, nowSeconds - atSeconds));
  return (included * kept + 1) / ((included + missed) * kept + 2);
}

/**
 * What an order says about the relays that accepted it, as the journal has it: included where the chain has the accepted
 * bytes within their window, missed where the deadline passed first. An order that gave way to another transaction says
 * nothing, and one that a reorg took back nothing yet.
 */
export function inclusionsOf({ events }: OrderHistory): readonly InclusionSeen[] {
  const accepted = new Map<string, Set<string>>();
  const windows = new Map<string, { readonly firstBlock: bigint; readonly lastBlock: bigint }>();
  let newest = '';
  let seen: readonly InclusionSeen[] = [];
  const judge = (hash: string, wasIncluded: boolean, atSeconds: number) =>
    [...(accepted.get(hash) ?? [])].map((relay): InclusionSeen => ({ relay, wasIncluded, atSeconds }));
  for (const { event, recordedAtSeconds } of events) {
    if (event.kind === 'signed') {
      newest = event.attempt.transactionHash;
      windows.set(newest, event.attempt);
    }
    if (event.kind === 'answered' && event.answer.status === 'accepted') {
      const relays = accepted.get(event.transactionHash) ?? new Set();
      accepted.set(event.transactionHash, relays.add(event.relay));
    }
    if (event.kind === 'reorged') seen = [];
    const mined = minedBy(event);
    if (mined !== null) {
      const window = windows.get(mined.hash);
      const isWithin =
        window !== undefined && mined.block >= window.firstBlock && mined.block <= window.lastBlock;
      seen = judge(mined.hash, isWithin, recordedAtSeconds);
    }
    if (event.kind === 'expired') {
      seen = event.why === 'deadline' ? judge(newest, false, recordedAtSeconds) : [];
    }
  }
  return seen;
}

function minedBy(event: OrderEvent): { readonly hash: string; readonly block: bigint } | null {
  if (event.kind === 'filled') return { hash: event.fill.transactionHash, block: event.fill.blockNumber };
  if (event.kind === 'reverted') return { hash: event.transactionHash, block: event.blockNumber };
  return null;
}

/** What the journal's orders say about every relay they name: what a keeper starts with. */
export function relayHealths(histories: readonly OrderHistory[]): ReadonlyMap<string, RelayHealth> {
  const healths = new Map<string, RelayHealth>();
  for (const seen of histories.flatMap(inclusionsOf)) {
    healths.set(seen.relay, afterInclusion(healths.get(seen.relay) ?? unseenHealth, seen));
  }
  return healths;
}

/** Relays with the best score first; those of one score stay in the order in which the config names them. */
export function byHealth(
  relays: readonly Relay[],
  healths: ReadonlyMap<string, RelayHealth>,
  nowSeconds: number,
): readonly Relay[] {
  const score = ({ name }: Relay) => healthScore(healths.get(name) ?? unseenHealth, nowSeconds);
  return relays.toSorted((a, b) => score(b) - score(a));
}
