import { InvalidInputError } from '../errors.ts';
import type { OptionType } from '../options/blackScholes.ts';
import type { Exposure } from '../position.ts';

/** One leg of a Panoptic position: liquidity lent or borrowed, less the token that it was made of. */
export interface PanopticLegInput {
  /** A call moves base, a put moves quote. */
  readonly type: OptionType;
  /** Base units of the leg, negative when it was sold. */
  readonly size: number;
  /** Middle of the range, quote per base. */
  readonly strike: number;
  /** Upper end of the range over the strike, and strike over the lower end: 1.0001^(half of its width in ticks). */
  readonly rangeRatio: number;
  /** Price when the leg was opened, quote per base: what stood in the money then was added or taken out. */
  readonly mintPrice: number;
  /** Quote per base. */
  readonly spot: number;
}

/** Liquidity that is worth one base below its range and one strike in quote above it. */
function liquidityOf(strike: number, rangeRatio: number, price: number) {
  const [lower, upper] = [strike / rangeRatio, strike * rangeRatio];
  if (price <= lower) return { value: price, delta: 1, gamma: 0 };
  if (price >= upper) return { value: strike, delta: 0, gamma: 0 };
  const root = Math.sqrt(strike * rangeRatio * price);
  const width = rangeRatio - 1;
  return {
    value: (2 * root - price - strike) / width,
    delta: (root / price - 1) / width,
    gamma: -root / (2 * price * price * width),
  };
}

/**
 * Exposure of a Panoptic leg, streamed premium apart (G. Lambert and J. Kristensen, "Panoptic: the perpetual,
 * oracle-free options protocol", 2022). A sold call is its liquidity less `size` base, a sold put its liquidity less `size`
 * x strike quote, each plus what it lacked of that when it was opened; a bought leg is the opposite. It has no expiry and
 * the protocol no volatility, so vega and theta are 0.
 *
 * @throws InvalidInputError when the size is not finite, a price is not finite and above 0, or the range ratio not above 1
 */
export function panopticLegExposure(input: PanopticLegInput): Exposure {
  const { type, size, strike, rangeRatio, mintPrice, spot } = input;
  if (!Number.isFinite(size)) throw new InvalidInputError('size', size, 'a finite number of base units');
  for (const [field, price] of Object.entries({ strike, mintPrice, spot })) {
    if (!(price > 0 && Number.isFinite(price))) {
      throw new InvalidInputError(field, price, 'a finite number above 0');
    }
  }
  if (!(rangeRatio > 1 && Number.isFinite(rangeRatio))) {
    throw new InvalidInputError('rangeRatio', rangeRatio, 'a finite number above 1');
  }
  const now = liquidityOf(strike, rangeRatio, spot);
  const atMint = liquidityOf(strike, rangeRatio, mintPrice);
  // What the seller owes of the token moved: all of it, less what was added at the start, is what liquidity was worth.
  const owedBase = type === 'call' ? atMint.value / mintPrice : 0;
  const owedQuote = type === 'call' ? 0 : atMint.value;
  return {
    delta: -size * (now.delta - owedBase) + 0,
    gamma: -size * now.gamma + 0,
    vega: 0,
    theta: 0,
    valueQuote: -size * (now.value - owedBase * spot - owedQuote) + 0,
  };
}
