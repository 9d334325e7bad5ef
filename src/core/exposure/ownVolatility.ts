import type { OptionPosition } from '../position.ts';

/**
 * The volatility that an option is priced at: its own market's where it has one, otherwise the vault's.
 *
 * @param volatility the vault's, annualised
 */
export function volatilityOf({ impliedVolatility }: OptionPosition, volatility: number): number {
  return impliedVolatility ?? volatility;
}

/** A volatility after the vault's has moved, by as much and in the same direction, never below 0. */
export function movedVolatility(own: number, from: number, to: number): number {
  return Math.max(0, own + to - from);
}
