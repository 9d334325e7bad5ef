import { markoutHorizons } from './markout.ts';
import type { Execution } from './record.ts';

/** Means over fills at one horizon, bps; null where none is known. */
export interface HorizonSummary {
  readonly horizonBlocks: number;
  readonly seen: number;
  /** Looks back that did not take place in time. */
  readonly missing: number;
  readonly markoutBps: number | null;
  readonly adverseSelectionBps: number | null;
  readonly impactDecayBps: number | null;
}

/** How well fills were carried out on the mean, each weighted the same; null where nothing is known. */
export interface ExecutionSummary {
  readonly fills: number;
  readonly slippageBps: number | null;
  readonly delayBlocks: number | null;
  readonly waitingMoveBps: number | null;
  /** Sums over all fills, quote; shortfall over those whose fair price at the fill is known. */
  readonly feeQuote: number;
  readonly plannedGasQuote: number;
  readonly paidGasQuote: number;
  readonly shortfallQuote: number;
  readonly markouts: readonly HorizonSummary[];
}

/** All fills together, by the relays that had accepted them, and by the venues that they were traded on. */
export interface ExecutionReport {
  readonly all: ExecutionSummary;
  readonly byRelay: Readonly<Record<string, ExecutionSummary>>;
  readonly byVenue: Readonly<Record<string, ExecutionSummary>>;
}

/**
 * Sums up fills. A fill counts for every relay that had accepted it, since which of them it landed through the chain does
 * not say, and for every venue that it was traded on.
 */
export function executionReport(executions: readonly Execution[]): ExecutionReport {
  return {
    all: summaryOf(executions),
    byRelay: grouped(executions, ({ record }) => record.relays),
    byVenue: grouped(executions, ({ record }) => record.pools.map(({ venue }) => venue)),
  };
}

function grouped(
  executions: readonly Execution[],
  namesOf: (execution: Execution) => readonly string[],
): Readonly<Record<string, ExecutionSummary>> {
  const names = [...new Set(executions.flatMap(namesOf))].sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      summaryOf(executions.filter((execution) => namesOf(execution).includes(name))),
    ]),
  );
}

function summaryOf(executions: readonly Execution[]): ExecutionSummary {
  const qualities = executions.map(({ quality }) => quality);
  return {
    fills: executions.length,
    slippageBps: mean(qualities.map(({ slippageBps }) => slippageBps)),
    delayBlocks: mean(qualities.map(({ delayBlocks }) => delayBlocks)),
    waitingMoveBps: mean(qualities.map(({ waitingMoveBps }) => waitingMoveBps)),
    feeQuote: sum(qualities.map(({ feeQuote }) => feeQuote)),
    plannedGasQuote: sum(qualities.map(({ plannedGasQuote }) => plannedGasQuote)),
    paidGasQuote: sum(qualities.map(({ paidGasQuote }) => paidGasQuote)),
    shortfallQuote: sum(qualities.map(({ shortfall }) => shortfall?.totalQuote ?? 0)),
    markouts: markoutHorizons.map((horizonBlocks) => horizonSummary(executions, horizonBlocks)),
  };
}

function horizonSummary(executions: readonly Execution[], horizonBlocks: number): HorizonSummary {
  const found = executions.flatMap(({ markouts }) =>
    markouts.filter((markout) => markout.horizonBlocks === horizonBlocks),
  );
  const seen = found.flatMap((one) => ('markout' in one ? [one.markout] : []));
  return {
    horizonBlocks,
    seen: seen.length,
    missing: found.length - seen.length,
    markoutBps: mean(seen.map(({ markoutBps }) => markoutBps)),
    adverseSelectionBps: mean(seen.map(({ adverseSelectionBps }) => adverseSelectionBps)),
    impactDecayBps: mean(seen.map(({ impactDecayBps }) => impactDecayBps)),
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known) / known.length;
}
