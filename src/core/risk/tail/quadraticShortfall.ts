import { requireAboveZero, requireSeries } from '../../statistics/require.ts';

/**
 * Quadratic shortfall of equally likely outcomes: the least, over all levels w, of w + lambda times the mean square of the
 * losses beyond w (the optimised certainty equivalent of a quadratic utility; A. Ben-Tal and M. Teboulle, 2007). Exact:
 * the least is where the mean loss beyond w is 1 / (2 lambda), and that mean is linear between neighbouring losses.
 *
 * @param profits profit or loss of each outcome, losses below zero
 * @param options.lambda weight of squares, in one over the unit of the profits
 * @returns in the same unit, losses above zero
 * @throws InvalidInputError when there is no outcome, one is not finite, or lambda is not above 0
 */
export function quadraticShortfall(
  profits: readonly number[],
  { lambda }: { readonly lambda: number },
): number {
  requireSeries('profits', profits, 1);
  requireAboveZero('lambda', lambda);
  const n = profits.length;
  const losses = profits.map((profit) => 0 - profit).sort((a, b) => b - a);
  const worst = losses[0]!;
  // Measured from the worst loss, so that large levels cost no digits.
  const below = losses.map((loss) => loss - worst);
  let count = 0;
  let sum = 0;
  let level = 0;
  do {
    sum += below[count]!;
    count += 1;
    level = (sum - n / (2 * lambda)) / count;
  } while (count < n && level < below[count]!);
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (below[i]! - level) ** 2;
  return worst + level + (lambda * squares) / n;
}
