import { InvalidInputError } from '../errors.ts';
import { normalCdf } from '../math/normal.ts';
import { logGamma } from '../statistics/gamma.ts';
import { requireSeries } from '../statistics/require.ts';

/** E|z|^(4/3) of a standard normal z. */
const FOUR_THIRDS_MOMENT = 2 ** (2 / 3) * Math.exp(logGamma(7 / 6) - logGamma(1 / 2));

/** What squared returns hold beyond the diffusion. */
export interface JumpTest {
  /** Mean squared return: the variance per period, jumps included. */
  readonly realizedVariance: number;
  /** Variance per period of the diffusion alone. */
  readonly bipowerVariance: number;
  /** Share of the variance that jumps make, never below 0. */
  readonly jumpShare: number;
  /** Standard normal where nothing jumps; large and positive where something does. */
  readonly statistic: number;
  /** Chance of a statistic at least this large without jumps. */
  readonly pValue: number;
}

/**
 * Variance per period of the diffusion that returns come from: pi / 2 times the mean product of neighbouring absolute
 * returns, in which a lone jump meets a small factor (O. Barndorff-Nielsen and N. Shephard, 2004).
 *
 * @throws InvalidInputError when there are fewer than two returns or one is not finite
 */
export function bipowerVariance(returns: readonly number[]): number {
  requireSeries('returns', returns, 2);
  let sum = 0;
  for (let t = 1; t < returns.length; t++) sum += Math.abs(returns[t]! * returns[t - 1]!);
  return (0.5 * Math.PI * sum) / (returns.length - 1);
}

/**
 * Bipower variance of the `window` returns before each return; for the first ones, of the first `window` returns.
 *
 * @throws InvalidInputError when a return is not finite, or a window holds no two neighbours that both move
 */
export function localBipowerVariances(returns: readonly number[], window: number): number[] {
  requireSeries('returns', returns, window);
  const products = returns.map((value, t) => (t === 0 ? 0 : Math.abs(value * returns[t - 1]!)));
  const cumulative = [0];
  for (const product of products) cumulative.push(cumulative.at(-1)! + product);
  return returns.map((_, t) => {
    const end = Math.max(t, window);
    // A window of returns has one product fewer: that of its first return looks out of it.
    const sum = cumulative[end]! - cumulative[end - window + 1]!;
    if (!(sum > 0)) {
      throw new InvalidInputError('returns', `still over ${window} before ${t}`, 'returns that mostly vary');
    }
    return (0.5 * Math.PI * sum) / (window - 1);
  });
}

/**
 * Tests equally spaced returns for jumps: the ratio of bipower to realised variance, studentised by tripower quarticity
 * (O. Barndorff-Nielsen and N. Shephard, 2006; X. Huang and G. Tauchen, 2005).
 *
 * @throws InvalidInputError when there are fewer than 10 returns, one is not finite, or hardly any differs from zero
 */
export function testForJumps(returns: readonly number[]): JumpTest {
  requireSeries('returns', returns, 10);
  const n = returns.length;
  const diffusion = bipowerVariance(returns);
  if (diffusion === 0) {
    throw new InvalidInputError('returns', 'zero in one of every two neighbours', 'returns that mostly vary');
  }
  let squares = 0;
  for (const value of returns) squares += value * value;
  const total = squares / n;
  let tripower = 0;
  for (let t = 2; t < n; t++) {
    tripower += Math.abs(returns[t]! * returns[t - 1]! * returns[t - 2]!) ** (4 / 3);
  }
  const quarticity = tripower / (n - 2) / FOUR_THIRDS_MOMENT ** 3;
  const spread = (Math.PI ** 2 / 4 + Math.PI - 5) * Math.max(1, quarticity / diffusion ** 2);
  const statistic = (1 - diffusion / total) / Math.sqrt(spread / n);
  return {
    realizedVariance: total,
    bipowerVariance: diffusion,
    jumpShare: Math.max(0, 1 - diffusion / total),
    statistic,
    pValue: normalCdf(-statistic),
  };
}
