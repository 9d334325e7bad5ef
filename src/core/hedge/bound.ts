import type { Ratio } from '../math/ratio.ts';
import type { Side } from '../side.ts';
import type { PriceReading } from '../snapshot.ts';
import { BPS, max, min, mulDivDown, mulDivUp } from '../units.ts';

/** The worst price that the oracle allows: below it for a sale, above it for a purchase, by `maxSlippageBps`; quoteRaw / baseRaw. */
export function oracleBound(side: Side, oracle: PriceReading, maxSlippageBps: number): Ratio {
  const slippage = BigInt(maxSlippageBps);
  const factor = side === 'sell' ? BPS - slippage : BPS + slippage;
  return { numerator: oracle.numerator * factor, denominator: oracle.denominator * BPS };
}

/** What an order is held to: the amounts that both the oracle and the pools' own arithmetic put on it. */
export interface LimitTerms {
  readonly side: Side;
  readonly baseRaw: bigint;
  /** What the pools' arithmetic promises for `baseRaw`. */
  readonly expectedQuoteRaw: bigint;
  /** Worst acceptable price, quoteRaw / baseRaw. */
  readonly bound: Ratio;
  readonly quoteToleranceBps: number;
}

/**
 * The quote limit of an order: the tighter of the oracle's bound and the pools' own promise less a tolerance. For a
 * sale the least received, rounded up; for a purchase the most paid, rounded down: always against the trade.
 */
export function quoteLimit(terms: LimitTerms): bigint {
  const { side, baseRaw, expectedQuoteRaw, bound } = terms;
  const tolerance = BigInt(terms.quoteToleranceBps);
  if (side === 'sell') {
    const byOracle = mulDivUp(baseRaw, bound.numerator, bound.denominator);
    return max(byOracle, mulDivUp(expectedQuoteRaw, BPS - tolerance, BPS));
  }
  const byOracle = mulDivDown(baseRaw, bound.numerator, bound.denominator);
  return min(byOracle, mulDivDown(expectedQuoteRaw, BPS + tolerance, BPS));
}
