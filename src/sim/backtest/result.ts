import type { Side } from '../../core/decision.ts';

/** Where a vault's profit and loss came from, quote; the parts add up to `total`. */
export interface ProfitParts {
  readonly theta: number;
  readonly gamma: number;
  readonly vega: number;
  /** What the hedge earned or lost as the price moved, free of cost. */
  readonly hedge: number;
  readonly swapFee: number;
  readonly impact: number;
  readonly gas: number;
  /** Price moves between decision and fill. */
  readonly timing: number;
  /** What the greeks of a step do not explain: higher orders, jumps, expiry inside a step. */
  readonly unexplained: number;
  readonly total: number;
}

/** What trading cost against the fair price at decision, quote; failed attempts are in `gas`, market drift is not in it. */
export interface TradingCost {
  readonly fee: number;
  readonly impact: number;
  readonly gas: number;
  readonly total: number;
}

/** One hedge of a backtest. */
export interface BacktestHedge {
  readonly step: number;
  readonly timestampSeconds: number;
  readonly side: Side;
  /** Whole base, above 0. */
  readonly base: number;
  /** Quote per base. */
  readonly fairPrice: number;
  readonly cost: TradingCost;
}

/** From one writing of options to its expiry. */
export interface OptionRound {
  readonly openedAtSeconds: number;
  readonly expirySeconds: number;
  readonly premiumQuote: number;
  readonly hedgingCostQuote: number;
  /** Realised volatility at which premium and hedging cancel, per year. */
  readonly breakEvenVolatility: number | null;
  readonly realizedVolatility: number | null;
  /** Hedging took more than the premium earned. */
  readonly overBudget: boolean;
}

/** Options that are open when a run ends: what they earn and cost is in no round. */
export interface OpenOption {
  readonly type: 'call' | 'put';
  readonly strike: number;
  readonly expirySeconds: number;
  /** Base units; negative = written. */
  readonly sizeBase: number;
  /** Taken in when they were opened, quote; negative = paid. */
  readonly premiumQuote: number;
  /** At the last step's mark, quote; negative = owed. */
  readonly valueQuote: number;
}

/**
 * How risky a run was; sums over an hour of net delta x price change, quote. Where steps are longer, an hour's share of them:
 * variance grows with time.
 */
export interface RiskFigures {
  /** Standard deviation of the hourly sums, less that of the same vault hedged to zero at every step free of cost. */
  readonly hedgingError: number;
  readonly standardDeviation: number;
  /** Loss, positive, that 99 % of the hours stay within. */
  readonly valueAtRisk99: number;
  /** Mean loss, positive, of the worst 1 % of the hours. */
  readonly expectedShortfall99: number;
  readonly maxDrawdown: number;
}

/** A run in columns, one row per step, for charts. */
export interface BacktestSeries {
  readonly timestampSeconds: Float64Array;
  readonly spot: Float64Array;
  readonly netDelta: Float64Array;
  /** Levels of the band, NaN where the policy has none. */
  readonly sellAct: Float64Array;
  readonly buyAct: Float64Array;
  /** Value of the vault with all costs, quote. */
  readonly value: Float64Array;
  /** Cost so far, quote. */
  readonly cost: Float64Array;
}

/** How often the oracle bound alone would have refused a hedge. */
export interface RefusalRate {
  readonly maxSlippageBps: number;
  readonly refused: number;
  readonly of: number;
}

/** What a policy did on a path, and what it cost. */
export interface BacktestResult {
  readonly policy: string;
  readonly path: string;
  readonly vault: string;
  readonly steps: number;
  readonly years: number;
  readonly hedges: readonly BacktestHedge[];
  readonly hedgesPerDay: number;
  /** Traded notional over the run, quote. */
  readonly turnoverQuote: number;
  readonly profit: ProfitParts;
  readonly cost: TradingCost;
  readonly risk: RiskFigures;
  /** Steps without a hedge, by reason code. */
  readonly notTraded: Readonly<Record<string, number>>;
  readonly rounds: readonly OptionRound[];
  /** Absent where a run did not list them. */
  readonly openAtEnd?: readonly OpenOption[];
  readonly refusals: readonly RefusalRate[];
  readonly series: BacktestSeries;
  /** Hourly sums of net delta x price change, quote, of steps where those are longer: what error bars are made of. */
  readonly hourlyError: Float64Array;
}
