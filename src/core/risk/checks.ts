import { ownedBy } from '../hedge/paperLending.ts';
import type { Snapshot } from '../snapshot.ts';
import { brokenLimit } from './haltLimits.ts';
import type { Limits } from './limits.ts';
import type { Obstacle } from './obstacle.ts';

/** The account's own rules: what stands in the way of any order at all. */
export function guardObstacle(snapshot: Snapshot): Obstacle | null {
  const { guard } = snapshot.chain;
  if (!guard.enabled) {
    return {
      code: 'moduleNotEnabled',
      why: `the HedgeModule is not enabled on the vault's account: run ballast mandate`,
    };
  }
  if (guard.paused)
    return { code: 'paused', why: 'the mandate is paused on chain: its avatar can unpause it' };
  if (!guard.keeperAllowed) {
    return {
      code: 'keeperNotAllowed',
      why: `the signer is not a keeper of the vault's mandate: run ballast mandate`,
    };
  }
  return null;
}

/** What must hold whatever the policy wants: the record of the past and the possibility of what was read. */
export function historyObstacle(snapshot: Snapshot, limits: Limits): Obstacle | null {
  const { consecutiveFailures, keptHalt } = snapshot.history;
  if (keptHalt !== undefined) return { code: keptHalt.code, why: keptHalt.why };
  if (consecutiveFailures >= limits.maxConsecutiveFailures) {
    const why = `${consecutiveFailures} orders in a row failed on chain: find out why, then ballast resume --reason "…"`;
    return { code: 'failures', why };
  }
  const broken = brokenLimit(snapshot, limits.halts ?? null);
  if (broken !== null) return broken;
  const { priceQuote } = snapshot.native;
  if (!(priceQuote > 0 && priceQuote < Number.POSITIVE_INFINITY)) {
    const why = `${priceQuote} is no price of gas money: correct nativePrice in the config`;
    return { code: 'dataFault', why };
  }
  const owned = ownedBy(snapshot);
  if (owned.baseRaw < 0n || owned.quoteRaw < 0n) {
    return {
      code: 'dataFault',
      why: 'paper fills sold or spent more than the vault owns: start a new shadow journal',
    };
  }
  return null;
}
