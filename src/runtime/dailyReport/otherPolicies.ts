import { decide } from '../../core/decide.ts';
import type { BoundPolicy } from '../../core/policy.ts';
import type { Limits } from '../../core/risk/limits.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { max, toRawDown, toWhole } from '../../core/units.ts';
import type { StoredDecision } from '../../ports/store.ts';
import type { OtherPolicy } from '../../report/periodReport.ts';
import type { JournaledHedge } from '../journal/bookedHedges.ts';
import { errorPerDay, type PathStep } from './risk.ts';

/** A policy to be tried, as it is called in the report; null for one that never hedges. */
export interface TriedPolicy {
  readonly name: string;
  readonly parameters: string;
  readonly policy: BoundPolicy | null;
}

/** Follows one policy along a vault's own path. */
export interface Follower {
  take(stored: StoredDecision): void;
  result(): OtherPolicy;
}

/**
 * Follows a policy through the snapshots of a vault: the vault's own hedges are put back, those of the policy take their place,
 * each filled at once and whole at its plan. Pools stay as they were: the vault's own trades had long been arbitraged away.
 *
 * @param own hedges of the vault, which its snapshots hold
 */
export function followPolicy(tried: TriedPolicy, own: readonly JournaledHedge[], limits: Limits): Follower {
  const landing = own.toSorted((a, b) => Number(a.afterBlock - b.afterBlock));
  const steps: PathStep[] = [];
  let [next, offsetBase, offsetQuote] = [0, 0, 0];
  let [hedges, turnoverQuote, costQuote, heldBack] = [0, 0, 0, 0];
  return {
    take({ snapshot, blockNumber, decision: then }) {
      while (next < landing.length && landing[next]!.afterBlock < blockNumber) {
        const { side, base, fairPrice } = landing[next++]!;
        offsetBase -= side === 'buy' ? base : -base;
        offsetQuote += side === 'buy' ? base * fairPrice : -base * fairPrice;
      }
      const { spot, netDelta } = then.numbers;
      if (snapshot === null || spot === null || netDelta === null) return;
      let after = netDelta + offsetBase;
      if (tried.policy !== null) {
        const now = decide(shifted(snapshot, offsetBase, offsetQuote), tried.policy, limits);
        if (now.kind === 'hedge') {
          const { side, baseRaw, expectedQuoteRaw } = now.plan;
          const traded = toWhole(baseRaw, snapshot.vault.base.decimals);
          const paid = toWhole(expectedQuoteRaw, snapshot.vault.quote.decimals);
          const sign = side === 'buy' ? 1 : -1;
          offsetBase += sign * traded;
          offsetQuote -= sign * paid;
          after += sign * traded;
          hedges += 1;
          turnoverQuote += paid;
          costQuote += now.numbers.cost?.totalQuote ?? 0;
        } else if (now.kind === 'hold' && now.warnings.length > 0) {
          heldBack += 1;
        }
      }
      steps.push({ atSeconds: snapshot.chain.block.timestampSeconds, spot, netDelta: after });
    },
    result: () => ({
      name: tried.name,
      parameters: tried.parameters,
      hedges,
      turnoverQuote,
      costQuote,
      heldBack,
      errorPerDayQuote: errorPerDay(steps),
    }),
  };
}

/** The snapshot of a vault that owned so much more, or less, of base and quote. */
function shifted(snapshot: Snapshot, offsetBase: number, offsetQuote: number): Snapshot {
  if (offsetBase === 0 && offsetQuote === 0) return snapshot;
  const { vault, chain } = snapshot;
  const raw = (amount: number, decimals: number) =>
    amount < 0 ? -toRawDown(-amount, decimals) : toRawDown(amount, decimals);
  const baseRaw = raw(offsetBase, vault.base.decimals);
  const quoteRaw = raw(offsetQuote, vault.quote.decimals);
  const spot = (asset: 'base' | 'quote', amountRaw: bigint) =>
    ({ kind: 'spot', label: 'hedges of another policy', asset, amountRaw, locked: false }) as const;
  return {
    ...snapshot,
    chain: {
      ...chain,
      positions: [...chain.positions, spot('base', baseRaw), spot('quote', quoteRaw)],
      holdings: {
        baseRaw: max(0n, chain.holdings.baseRaw + baseRaw),
        quoteRaw: max(0n, chain.holdings.quoteRaw + quoteRaw),
      },
    },
  };
}
