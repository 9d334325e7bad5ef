import type { BreakerLimits } from './breakers/readBreakers.ts';
import type { HaltLimits } from './haltLimits.ts';
import type { SliceLimits } from './slice.ts';
import type { StressLimits } from './stress/stressLimits.ts';

/** What a vault's operator allows, beside what the chain's own guard enforces. */
export interface Limits {
  /** Worst price against the oracle, either side. */
  readonly maxSlippageBps: number;
  /** Worst price against what the pools' own arithmetic promised at the snapshot. */
  readonly quoteToleranceBps: number;
  /** Oracle and pools further apart than this halt the vault. */
  readonly maxDivergenceBps: number;
  /** Trades smaller than this are not worth a transaction, quote units. */
  readonly minTradeQuote: number;
  /** A larger trade is cut to this, quote units. */
  readonly maxTradeQuote: number;
  /** Below this share of its size an order reverts instead of filling in part. */
  readonly minFillBps: number;
  /** Least time between two hedges of one vault. */
  readonly minSpacingSeconds: number;
  /** A hedge whose gas costs more than this waits, quote units. */
  readonly maxGasQuote: number;
  /** A hedge that would bring a day's gas above this waits, quote units; absent or null = no such limit. */
  readonly maxGasPerDayQuote?: number | null;
  /** Orders in a row that failed on chain, after which the vault halts. */
  readonly maxConsecutiveFailures: number;
  /** What stops the vault until somebody resumes it; absent or null = nothing beside failures in a row. */
  readonly halts?: HaltLimits | null;
  /** Cuts an order that is large for its pools to its first slice; absent or null = orders are never sliced. */
  readonly slice?: SliceLimits | null | undefined;
  /** Circuit breakers; absent or null = none beside what always halts. */
  readonly breakers?: BreakerLimits | null;
  /** What the vault is tried against before each decision; absent or null = it is not. */
  readonly stress?: StressLimits | null;
  /** False = no base is borrowed for a hedge, whatever the mandate allows; absent = as far as that allows. */
  readonly mayBorrow?: boolean;
  /** Gas that a one-leg hedge is counted with before it is simulated, and what each further leg adds. */
  readonly gasUnits: {
    readonly firstLeg: number;
    readonly furtherLeg: number;
    /** What a lending step adds; 250,000 where left out. */
    readonly lendingStep?: number;
  };
}

/** Limits that suit a vault of some hundred thousand quote on mainnet; a config overrides them one by one. */
export const defaultLimits: Limits = {
  maxSlippageBps: 100,
  quoteToleranceBps: 20,
  maxDivergenceBps: 150,
  minTradeQuote: 100,
  maxTradeQuote: 1_000_000,
  minFillBps: 5_000,
  minSpacingSeconds: 0,
  maxGasQuote: 100,
  maxConsecutiveFailures: 3,
  gasUnits: { firstLeg: 190_000, furtherLeg: 110_000 },
};
