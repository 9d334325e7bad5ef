import type { ProfitParts } from '../sim/backtest/result.ts';
import type { CostSeries, ReportSeries } from './document.ts';

/** What a vault's orders cost against the fair price that they were decided at, quote. */
export interface PeriodCost {
  readonly hedges: number;
  /** Orders that failed on chain: gas spent, nothing traded. */
  readonly failed: number;
  readonly turnoverQuote: number;
  readonly feeQuote: number;
  /** Negative where pools gave a better price than the fair one. */
  readonly impactQuote: number;
  readonly gasQuote: number;
  readonly totalQuote: number;
  /** Of turnover; null where nothing was traded. */
  readonly bps: number | null;
}

/** How far from neutral a vault was, over the decisions that know. */
export interface PeriodRisk {
  readonly decisions: number;
  readonly meanAbsoluteBase: number;
  readonly largestBase: number;
  /** When it was largest, Unix seconds. */
  readonly largestAtSeconds: number;
  /** Share of decisions beyond the band; null where there was none. */
  readonly beyondShare: number | null;
  /** What net delta made or lost as the price moved, from one decision to the next: standard deviation per day, quote. */
  readonly errorPerDayQuote: number | null;
}

/** One hedge of the period. */
export interface PeriodHedge {
  readonly orderId: string;
  readonly decisionId: string;
  readonly atSeconds: number;
  readonly side: 'sell' | 'buy';
  readonly base: number;
  readonly fairPrice: number;
  readonly costQuote: number;
}

/** What a policy would have done on the vault's own path. */
export interface OtherPolicy {
  readonly name: string;
  readonly parameters: string;
  readonly hedges: number;
  readonly turnoverQuote: number;
  readonly costQuote: number;
  /** Hedges that were wanted and that limits, funds or pools did not allow at all. */
  readonly heldBack: number;
  /** Standard deviation of what net delta made or lost, per day, quote; null where there are too few steps. */
  readonly errorPerDayQuote: number | null;
}

/** What orders cost so far, by part, at each of them; quote. */
export interface PeriodCosts extends CostSeries {
  readonly timestampSeconds: readonly number[];
}

/** A value, or why there is none. */
export type OrWhy<T> = T | { readonly missing: string };

/** One vault over a period, from its journal. */
export interface PeriodReport {
  readonly schema: 1;
  readonly vault: string;
  readonly policy: string;
  readonly units: { readonly base: string; readonly quote: string };
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** First and last decision within; null where there is none. */
  readonly span: { readonly fromSeconds: number; readonly toSeconds: number } | null;
  readonly decisions: {
    readonly all: number;
    readonly hedge: number;
    readonly hold: number;
    readonly reduce: number;
    readonly halt: number;
    /** Rows that fail their checksum: left out of everything else. */
    readonly corrupt: number;
  };
  readonly notTraded: readonly { readonly code: string; readonly steps: number }[];
  readonly cost: PeriodCost;
  readonly risk: OrWhy<PeriodRisk>;
  readonly profit: OrWhy<{ readonly parts: ProfitParts; readonly steps: number }>;
  readonly hedges: readonly PeriodHedge[];
  /** For drawing: thinned to what a screen can show. */
  readonly series: ReportSeries;
  /** For drawing. */
  readonly costs: PeriodCosts;
  readonly openOrders: readonly string[];
  readonly halts: readonly {
    readonly code: string;
    readonly atSeconds: number;
    readonly why: string;
    readonly id: string;
  }[];
  readonly others: OrWhy<{
    readonly policies: readonly OtherPolicy[];
    /** Decisions that they were tried on, of so many. */
    readonly steps: number;
    readonly of: number;
  }>;
  /** What the figures do not know, in sentences. */
  readonly notes: readonly string[];
}
