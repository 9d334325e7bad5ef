import { healthScore, type RelayHealth, relayHealths, unseenHealth } from '../engine/relay/relayHealth.ts';
import type { Store } from '../ports/store.ts';

/** Orders of each vault that relays are judged by. */
const JUDGED_ORDERS = 500;

/** How a relay did with the orders that it accepted. */
export interface RelayScore {
  readonly name: string;
  /** The chance that what it accepts lands in its window; 0.5 where nothing is known. */
  readonly score: number;
  /** Orders that this is known from, older ones counting less. */
  readonly orders: number;
}

/** What the journal says about every relay that its orders name. @throws JournalError */
export async function readRelayHealths(
  store: Store,
  vaults: readonly string[],
): Promise<ReadonlyMap<string, RelayHealth>> {
  const orders = await Promise.all(vaults.map((vault) => store.orders(vault, JUDGED_ORDERS)));
  return relayHealths(orders.flat());
}

/** The score of each of these relays, best first. */
export function relayScores(
  names: readonly string[],
  healths: ReadonlyMap<string, RelayHealth>,
  nowSeconds: number,
): readonly RelayScore[] {
  const scores = names.map((name): RelayScore => {
    const health = healths.get(name) ?? unseenHealth;
    const score = healthScore(health, nowSeconds);
    return { name, score, orders: health.included + health.missed };
  });
  return scores.toSorted((a, b) => b.score - a.score);
}
