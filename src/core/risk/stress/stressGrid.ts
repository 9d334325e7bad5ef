import { InvalidInputError } from '../../errors.ts';
import { totalExposure } from '../../exposure/exposure.ts';
import type { Exposure, MarketView, Position } from '../../position.ts';
import { requireAtLeastZero, requireFinite } from '../../statistics/require.ts';

/** How far the market is moved, one axis each; 0 on an axis is the market as it is. */
export interface StressAxes {
  /** Share of the price, above -1: -0.2 = a fifth down. */
  readonly priceChanges: readonly number[];
  /** Added to the volatility: 0.25 = 25 points up; it stays at or above 0. */
  readonly volatilityChanges: readonly number[];
  /** Seconds from now. */
  readonly secondsAhead: readonly number[];
}

/** What is neutral, as a vault says it. */
export interface Neutral {
  readonly targetDelta: number;
  /** For `base`, value / price is neutral in addition. */
  readonly numeraire: 'quote' | 'base';
}

/** The vault in one changed market. */
export interface StressCell {
  readonly priceChange: number;
  readonly volatilityChange: number;
  readonly secondsAhead: number;
  /** Quote per base. */
  readonly spot: number;
  readonly volatility: number;
  /** Value there less value here, quote units. */
  readonly valueChange: number;
  /** Delta less what is neutral there, base units. */
  readonly netDelta: number;
}

/** Every combination of the axes. */
export interface StressGrid {
  /** Time outermost, then volatility, then price, each in the order of its axis. */
  readonly cells: readonly StressCell[];
  /** The cell that loses most. */
  readonly worst: StressCell;
}

const MOST_CELLS = 100_000;

/**
 * What positions would be worth, and how far from neutral, in every combination of price, volatility and time: each priced
 * anew, so that nothing is lost to an expansion. Nobody trades on the way: it is what a jump does before a hedge.
 *
 * Options past their expiry in a cell are what settling at that cell's price would make them, with no volatility left.
 *
 * @example
 * stressGrid(positions, view, { targetDelta: 0, numeraire: 'quote' }, {
 *   priceChanges: [-0.3, 0, 0.3], volatilityChanges: [0, 0.4], secondsAhead: [0, 86_400],
 * })
 * @throws InvalidInputError when an axis is empty, a price change is not above -1, a time is below 0, a number is not
 * finite, there are more than 100,000 cells, or a position or the market is impossible
 */
export function stressGrid(
  positions: readonly Position[],
  view: MarketView,
  neutral: Neutral,
  axes: StressAxes,
): StressGrid {
  requireAxes(axes);
  const here = totalExposure(positions, view).valueQuote;
  const cells = axes.secondsAhead.flatMap((secondsAhead) =>
    axes.volatilityChanges.flatMap((volatilityChange) =>
      axes.priceChanges.map((priceChange): StressCell => {
        const spot = view.spot * (1 + priceChange);
        const volatility = Math.max(0, view.volatility + volatilityChange);
        const nowSeconds = view.nowSeconds + secondsAhead;
        const there = totalExposure(positions, { ...view, spot, volatility, nowSeconds });
        return {
          priceChange,
          volatilityChange,
          secondsAhead,
          spot,
          volatility,
          valueChange: there.valueQuote - here,
          netDelta: netDelta(there, spot, neutral),
        };
      }),
    ),
  );
  const worst = cells.reduce((least, cell) => (cell.valueChange < least.valueChange ? cell : least));
  return { cells, worst };
}

function netDelta(
  { delta, valueQuote }: Exposure,
  spot: number,
  { targetDelta, numeraire }: Neutral,
): number {
  return delta - targetDelta - (numeraire === 'base' ? valueQuote / spot : 0);
}

function requireAxes({ priceChanges, volatilityChanges, secondsAhead }: StressAxes): void {
  const sizes = { priceChanges, volatilityChanges, secondsAhead };
  for (const [axis, values] of Object.entries(sizes)) {
    if (values.length === 0) throw new InvalidInputError(axis, 'empty', 'at least one value');
  }
  const cells = priceChanges.length * volatilityChanges.length * secondsAhead.length;
  if (cells > MOST_CELLS) throw new InvalidInputError('cells', cells, `at most ${MOST_CELLS}`);
  for (const change of priceChanges) {
    if (!(change > -1 && Number.isFinite(change)))
      throw new InvalidInputError('priceChanges', change, 'above -1');
  }
  for (const change of volatilityChanges) requireFinite('volatilityChanges', change);
  for (const seconds of secondsAhead) requireAtLeastZero('secondsAhead', seconds);
}
