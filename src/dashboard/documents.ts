import type { Band, CostEstimate, Decision, Explanation, SwapLeg, Warning } from '../core/decision.ts';
import type { ExecutionReport } from '../core/execution/summary.ts';
import type { InstrumentUse } from '../core/hedge/instruments.ts';
import type { MeasuredExposure } from '../core/position.ts';
import type { MarginStanding } from '../core/risk/marginStanding.ts';
import type { JournalProfit } from '../runtime/journal/journalProfit.ts';
import type { KeeperNote } from '../runtime/keeper/keeperNote.ts';
import type { VaultState } from '../runtime/status.ts';
import type { RowKind } from './history/decisionColumns.ts';

/** Which banner stands over every page; `unknown` where no keeper said what it is. */
export type Mode = KeeperNote['mode'] | 'unknown';

/** How the keeper is, as far as its journal tells. */
export type KeeperState = 'running' | 'silent' | 'stopped' | 'never';

/** What every page shows around itself, and the fleet. */
export interface StateDocument {
  readonly nowSeconds: number;
  readonly version: string;
  readonly mode: Mode;
  readonly keeper: {
    readonly state: KeeperState;
    readonly lastDecisionAtSeconds: number | null;
    /** Between two decisions, as scheduled; null where nothing is. */
    readonly expectedSeconds: number | null;
    readonly note: KeeperNote | null;
  };
  /** The newest block that was decided on. */
  readonly head: { readonly blockNumber: string; readonly atSeconds: number } | null;
  /** Why the journal cannot be read now. */
  readonly fault: string | null;
  readonly isComplete: boolean;
  readonly decisions: number;
  /** Worst first. */
  readonly vaults: readonly VaultRow[];
}

/** Symbols of a vault's tokens. */
export interface Units {
  readonly base: string;
  readonly quote: string;
}

/** A vault in one line; what it says is what `ballast status` says. */
export interface VaultRow {
  readonly name: string;
  readonly policy: string | null;
  readonly units: Units | null;
  readonly state: VaultState;
  /** What halts it until somebody resumes it; null where nothing does. */
  readonly halt: { readonly code: string; readonly why: string } | null;
  readonly netDelta: number | null;
  readonly shareOfAct: number | null;
  readonly band: Band | null;
  /** Where an open hedge would leave it; null where none is open. */
  readonly netDeltaAfter: number | null;
  readonly valueQuote: number | null;
  readonly spot: number | null;
  readonly openOrders: readonly { readonly id: string; readonly status: string }[];
  readonly lastHedge: { readonly orderId: string; readonly atSeconds: number } | null;
  readonly decision: {
    readonly id: string;
    readonly kind: Decision['kind'];
    readonly code: string;
    readonly why: string;
    readonly atSeconds: number;
    readonly blockNumber: string;
  } | null;
  /** Why the journal gave no status. */
  readonly fault: string | null;
}

/** A position with what it adds to the vault. */
export interface PositionRow {
  readonly label: string;
  readonly kind: string;
  readonly size: string;
  readonly delta: number | null;
  readonly gamma: number | null;
  readonly valueQuote: number | null;
  readonly fault: string | null;
}

/** What trading costs as sizes grow, bps of notional, fee and impact, on one pool or on all together. */
export interface DepthLine {
  readonly name: string;
  readonly bps: readonly (number | null)[];
}

/** The depth of a vault's pools at its newest block, with the order that is next. */
export interface DepthDocument {
  /** Base units. */
  readonly sizes: readonly number[];
  readonly sell: readonly DepthLine[];
  readonly buy: readonly DepthLine[];
  /** What would bring net delta back to its target now, and whether it is decided. */
  readonly next: {
    readonly side: 'sell' | 'buy';
    readonly base: number;
    readonly bps: number | null;
    readonly isDecided: boolean;
  } | null;
}

/** A vault beside its row: what its newest decision looked at. */
export interface VaultDocument {
  readonly row: VaultRow;
  readonly warnings: readonly Warning[];
  readonly exposure: MeasuredExposure | null;
  readonly explanation: Explanation | null;
  readonly cost: CostEstimate | null;
  readonly volatility: { readonly value: number; readonly source: string; readonly atSeconds: number } | null;
  readonly prices: readonly {
    readonly source: string;
    readonly price: number;
    readonly atSeconds: number;
    readonly fault: string | null;
  }[];
  /** How near to liquidation it is on each lending market that it owes to; null where the newest decision has no snapshot. */
  readonly margin: readonly MarginStanding[] | null;
  readonly limits: readonly { readonly name: string; readonly value: string }[];
  /** Null where the newest decision has no snapshot. */
  readonly positions: readonly PositionRow[] | null;
  readonly depth: DepthDocument | null;
  readonly execution: ExecutionReport;
  readonly range: {
    readonly fromSeconds: number;
    readonly toSeconds: number;
    readonly decisions: number;
  } | null;
}

/** Hedges on a chart. */
export interface HedgeRow {
  readonly orderId: string;
  readonly timestampSeconds: number;
  readonly side: 'sell' | 'buy';
  readonly base: number;
  readonly fairPrice: number;
  readonly cost: number;
}

/** What a vault's history came to: takes longer to know than everything else of it. */
export interface VaultMoney {
  readonly profit: JournalProfit | null;
  /** Decisions that profit and loss is taken apart over. */
  readonly profitDecisions: number;
  readonly hedges: readonly HedgeRow[];
  /** Cost so far, quote; own and that of a fixed band on the same path. */
  readonly cost: {
    readonly atSeconds: readonly number[];
    readonly own: readonly number[];
    readonly fixedBand: readonly (number | null)[];
    /** Base; null where the vault never had a band. */
    readonly halfWidth: number | null;
    readonly fixedBandHedges: number;
    /** Hedges of the fixed band that no pool could take, or whose block was not read: left out. */
    readonly unpriced: number;
  };
}

/** One decision with all that can be said of it. */
export interface DecisionDocument {
  readonly id: string;
  readonly vault: string;
  readonly kind: RowKind;
  /** Why the row cannot be believed; everything else is then null. */
  readonly corrupt: string | null;
  readonly policy: string | null;
  readonly units: Units | null;
  readonly atSeconds: number | null;
  readonly blockNumber: string | null;
  readonly code: string;
  readonly why: string;
  readonly warnings: readonly Warning[];
  readonly netDelta: number | null;
  readonly netDeltaAfter: number | null;
  /** Net delta as a share of the level on its side; null where not known. */
  readonly shareOfAct: number | null;
  readonly band: Band | null;
  readonly cost: CostEstimate | null;
  readonly explanation: Explanation | null;
  readonly inputs: readonly {
    readonly name: string;
    readonly value: string;
    readonly source: string;
    readonly atSeconds: number | null;
  }[];
  readonly orderId: string | null;
  /** Stress, breakers and events that were looked at; null where none is set for the vault. */
  readonly precautions: {
    readonly level: string;
    readonly rows: readonly { readonly name: string; readonly use: number | null; readonly text: string }[];
  } | null;
  /** What a trade is done with beside swaps; empty where everything is owned. */
  readonly instruments: readonly InstrumentUse[];
}

/** A step of an order's life. */
export interface TimelineStep {
  readonly kind: string;
  readonly tone: 'done' | 'good' | 'bad' | 'unknown' | 'waiting';
  readonly title: string;
  readonly detail: string;
  readonly atSeconds: number | null;
}

/** What one relay was asked and said. */
export interface RelayLine {
  readonly relay: string;
  readonly status: string;
  readonly detail: string;
  readonly transactionHash: string;
  readonly afterSeconds: number;
}

/** One order from decision to finality. */
export interface OrderDocument {
  readonly id: string;
  readonly vault: string;
  readonly units: Units | null;
  readonly status: string;
  readonly decisionId: string;
  readonly side: 'sell' | 'buy';
  readonly timeline: readonly TimelineStep[];
  readonly relays: readonly RelayLine[];
  /** Plan against fill: amounts are text in whole tokens. */
  readonly comparison: readonly { readonly name: string; readonly plan: string; readonly fill: string }[];
  readonly legs: readonly {
    readonly venue: SwapLeg['venue'];
    readonly pool: string;
    readonly base: number;
    readonly share: number;
    readonly via: string | null;
  }[];
  /** Withdrawals of liquidity and steps on a lending market in the same transaction, in the order in which they happen. */
  readonly lending: readonly {
    readonly when: 'before the swaps' | 'after the swaps';
    readonly kind: string;
    readonly amount: string;
    readonly pool: string;
  }[];
  readonly instruments: readonly InstrumentUse[];
  readonly transactionHash: string | null;
  readonly deadlineSeconds: number;
}

/** An order in a list. */
export interface OrderRow {
  readonly id: string;
  readonly vault: string;
  readonly side: 'sell' | 'buy';
  readonly base: number;
  readonly status: string;
  readonly atSeconds: number;
}
