import { InvalidInputError } from '../errors.ts';
import { PARAMETER_ORDER } from './garchLikelihood.ts';
import type { GarchModel, GarchParameters } from './garchModel.ts';

/**
 * The size of returns: dividing by it makes a fit the same whether they come as fractions, per cent or basis points.
 *
 * @throws InvalidInputError when returns do not vary, or are too large to square
 */
export function returnScale(returns: readonly number[], hasMean: boolean): number {
  const first = returns[0]!;
  let isConstant = true;
  let sum = 0;
  for (const value of returns) {
    sum += value;
    isConstant &&= value === first;
  }
  if (isConstant && (hasMean || first === 0)) {
    throw new InvalidInputError('returns', `${first} throughout`, 'returns that vary');
  }
  const centre = hasMean ? sum / returns.length : 0;
  let squares = 0;
  for (const value of returns) squares += (value - centre) ** 2;
  const scale = Math.sqrt(squares / returns.length);
  if (!Number.isFinite(scale) || !(scale > 1e-150)) {
    throw new InvalidInputError('returns', `of size ${scale}`, 'returns whose squares a double can hold');
  }
  return scale;
}

/** Parameters of the returns from those of the returns divided by `scale`. */
export function parametersAt(theta: Float64Array, model: GarchModel, scale: number): GarchParameters {
  const [mu, omega, alpha, beta, gamma] = theta as unknown as [number, number, number, number, number];
  return {
    mu: mu * scale,
    omega: model === 'egarch' ? omega + (1 - beta) * 2 * Math.log(scale) : omega * scale * scale,
    alpha,
    beta,
    gamma,
  };
}

/** Positions in `PARAMETER_ORDER` that are fitted. */
export function freeParameters(model: GarchModel, hasMean: boolean): number[] {
  return [...(hasMean ? [0] : []), 1, 2, 3, ...(model === 'garch' ? [] : [4])];
}

/** Derivatives of the parameters of the returns with respect to those of the returns divided by `scale`. */
export function parameterUnits(free: readonly number[], model: GarchModel, scale: number): number[][] {
  const unit: Readonly<Record<string, number>> = {
    mu: scale,
    omega: model === 'egarch' ? 1 : scale * scale,
  };
  return free.map((i) =>
    free.map((j) => {
      const [name, other] = [PARAMETER_ORDER[i]!, PARAMETER_ORDER[j]!];
      if (model === 'egarch' && name === 'omega' && other === 'beta') return -2 * Math.log(scale);
      return i === j ? (unit[name] ?? 1) : 0;
    }),
  );
}
