import { defaultLimits, type Limits } from '../risk/limits.ts';
import type { Snapshot } from '../snapshot.ts';
import { furtherLegQuote, gasQuote } from './cost.ts';
import { type HedgeCosts, hedgeCosts } from './hedgeCosts.ts';

/** Everything that costs of hedging depend on. */
interface Priced {
  readonly snapshot: Snapshot;
  readonly spot: number;
  readonly slippageBps: number;
  readonly gas: number;
  readonly furtherLeg: number;
  readonly costs: HedgeCosts;
}

/**
 * {@link hedgeCosts} for one decision: breakers, stress, policy and slices ask for the same curves, which cost more to
 * read than everything else that a decision does, and limits that are the same in what matters to them share one answer.
 *
 * @param isSameMarket whether two snapshots have the same oracle, pools and rules of the account; by default where they are one
 */
export function sharedCosts(
  isSameMarket: (one: Snapshot, other: Snapshot) => boolean = (one, other) => one === other,
): typeof hedgeCosts {
  const known: Priced[] = [];
  return (snapshot: Snapshot, spot: number, limits: Limits = defaultLimits): HedgeCosts => {
    const { native, chain } = snapshot;
    const slippageBps = Math.min(limits.maxSlippageBps, chain.guard.maxSlippageBps);
    const [gas, furtherLeg] = [gasQuote(1, native, limits), furtherLegQuote(native, limits)];
    const found = known.find(
      (priced) =>
        priced.spot === spot &&
        priced.slippageBps === slippageBps &&
        priced.gas === gas &&
        priced.furtherLeg === furtherLeg &&
        isSameMarket(priced.snapshot, snapshot),
    );
    if (found !== undefined) return found.costs;
    const costs = hedgeCosts(snapshot, spot, limits);
    known.push({ snapshot, spot, slippageBps, gas, furtherLeg, costs });
    return costs;
  };
}
