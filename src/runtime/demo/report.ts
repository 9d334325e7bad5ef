import { performanceOf } from '../../core/report/performance.ts';
import type { Address, Hash } from '../../core/units.ts';
import type { ValueParts } from './unhedged.ts';

/** One hedge as it landed. */
export interface DemoHedge {
  /** Block that it landed in. */
  readonly block: number;
  readonly side: 'sell' | 'buy';
  readonly amountBase: number;
  readonly legs: readonly { readonly pool: Address; readonly amountBase: number }[];
  readonly txHash: Hash;
  readonly relay: string;
  /** Fill against the fair price when it was decided, bps; positive = worse for the vault. */
  readonly slippageBps: number;
  /** The same in quote: pool fee and price impact, and what the market moved in between. */
  readonly costQuote: number;
  readonly gasQuote: number;
}

/** Something measured on the vault as it was kept, and on the same vault left alone. */
export interface Compared {
  readonly hedged: number;
  readonly unhedged: number;
}

/** What `demo --json` prints. */
export interface DemoReport {
  readonly blocks: number;
  readonly decisions: number;
  readonly hedges: readonly DemoHedge[];
  readonly netDelta: { readonly start: number; readonly end: number; readonly maxAbs: number };
  readonly pnl: Compared;
  readonly maxDrawdown: Compared;
  readonly stdDev: Compared;
  readonly publicMempoolSightings: number;
}

/** Where the end result came from, in quote; the five parts and `gas` add up to the hedged vault's result. */
export interface ResultParts extends ValueParts {
  /** What the hedges gained or lost by the price after them, before costs. */
  readonly hedges: number;
  /** Pool fees paid, negative. */
  readonly fees: number;
  /** Price impact, and what the market moved between decision and fill; negative = cost. */
  readonly impact: number;
  /** Negative. */
  readonly gas: number;
}

/** One block of the demo: what the vault was worth and what it decided. */
export interface DemoSeries {
  readonly netDeltas: readonly number[];
  /** Value in quote with hedges, gas paid so far taken off. */
  readonly hedgedValues: readonly number[];
  readonly unhedgedValues: readonly number[];
}

/** Sums the demo up. */
export function demoReport(
  series: DemoSeries,
  decisions: number,
  hedges: readonly DemoHedge[],
  publicMempoolSightings: number,
): DemoReport {
  const hedged = performanceOf(series.hedgedValues);
  const unhedged = performanceOf(series.unhedgedValues);
  const { netDeltas } = series;
  return {
    blocks: netDeltas.length,
    decisions,
    hedges,
    netDelta: {
      start: netDeltas[0] ?? 0,
      end: netDeltas.at(-1) ?? 0,
      maxAbs: Math.max(...netDeltas.map(Math.abs)),
    },
    pnl: { hedged: hedged.end, unhedged: unhedged.end },
    maxDrawdown: { hedged: hedged.maxDrawdown, unhedged: unhedged.maxDrawdown },
    stdDev: { hedged: hedged.stdDev, unhedged: unhedged.stdDev },
    publicMempoolSightings,
  };
}
