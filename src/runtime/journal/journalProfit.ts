import type { DecisionHead } from '../../ports/store.ts';
import { type PricedFill, ProfitLedger } from '../../sim/backtest/profit.ts';
import type { ProfitParts } from '../../sim/backtest/result.ts';
import type { JournaledHedge } from './bookedHedges.ts';

export type { ProfitParts } from '../../sim/backtest/result.ts';

/** Where a vault's profit and loss came from over some decisions, quote. */
export interface JournalProfit {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Steps between decisions that both know a price and an exposure. */
  readonly steps: number;
  readonly parts: ProfitParts;
}

interface Moment {
  readonly atSeconds: number;
  readonly blockNumber: bigint;
  readonly spot: number;
  readonly volatility: number;
  readonly exposure: NonNullable<DecisionHead['decision']['numbers']['exposure']>;
}

/**
 * Takes profit and loss apart from one decision to the next, as a backtest does from step to step. What was paid in or taken
 * out is `unexplained`, with higher orders and expiries.
 *
 * @param heads of one vault with their facts, oldest first
 * @param hedges of the same vault
 * @returns null where fewer than two decisions know a price and an exposure
 */
export function journalProfit(
  heads: readonly DecisionHead[],
  hedges: readonly JournaledHedge[],
): JournalProfit | null {
  const moments = heads.flatMap(momentOf);
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined || moments.length < 2) return null;
  const ledger = new ProfitLedger();
  const waiting = hedges
    .filter(({ afterBlock }) => afterBlock >= first.blockNumber && afterBlock < last.blockNumber)
    .sort((a, b) => Number(a.afterBlock - b.afterBlock));
  let next = 0;
  for (const [index, moment] of moments.slice(1).entries()) {
    const before = moments[index]!;
    const landed: JournaledHedge[] = [];
    while (next < waiting.length && waiting[next]!.afterBlock < moment.blockNumber)
      landed.push(waiting[next++]!);
    ledger.book({
      exposure: before.exposure,
      spot: before.spot,
      nextSpot: moment.spot,
      volatility: before.volatility,
      nextVolatility: moment.volatility,
      seconds: moment.atSeconds - before.atSeconds,
      valueChange: moment.exposure.valueQuote - before.exposure.valueQuote,
      fills: landed.filter(({ base }) => base > 0).map(pricedFill),
      gas: landed.reduce((sum, { gasQuote }) => sum + gasQuote, 0),
    });
  }
  return {
    fromSeconds: first.atSeconds,
    toSeconds: last.atSeconds,
    steps: moments.length - 1,
    parts: ledger.parts,
  };
}

function momentOf({ decision, facts, blockNumber }: DecisionHead): readonly Moment[] {
  const { spot, exposure } = decision.numbers;
  if (facts === null || spot === null || exposure === null) return [];
  const { block, volatility } = facts;
  return [
    {
      atSeconds: block.timestampSeconds,
      blockNumber,
      spot,
      exposure,
      volatility: volatility.volatility,
    },
  ];
}

function pricedFill({ side, base, fairPrice, feeQuote, impactQuote }: JournaledHedge): PricedFill {
  return {
    signedBase: side === 'buy' ? base : -base,
    fairAtDecision: fairPrice,
    cost: { fee: feeQuote, impact: impactQuote, gas: 0, total: feeQuote + impactQuote },
    timing: 0,
  };
}
