import { nextVariance } from '../../src/core/volatility/garchFilter.ts';
import { type GarchSpecification, unconditionalVariance } from '../../src/core/volatility/garchModel.ts';
import { normalSource, seededUniform } from './random.ts';

/** Returns of a known model with normal shocks, after a run-in that forgets where it started. */
export function simulatedReturns(specification: GarchSpecification, length: number, seed: number): number[] {
  const shock = normalSource(seededUniform(seed));
  const runIn = 500;
  let variance = unconditionalVariance(specification) ?? 1;
  const returns: number[] = [];
  for (let t = 0; t < runIn + length; t++) {
    const residual = Math.sqrt(variance) * shock();
    if (t >= runIn) returns.push(specification.parameters.mu + residual);
    variance = nextVariance(specification, variance, residual);
  }
  return returns;
}
