import fc from 'fast-check';
import type { SviParameters } from '../../src/core/surface/svi.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Raw SVI smiles of every shape, many of them with butterfly arbitrage. */
export const anySmile: fc.Arbitrary<SviParameters> = fc
  .record({
    lowest: number(1e-4, 0.3),
    b: number(0.005, 1.1),
    rho: number(-0.95, 0.95),
    m: number(-0.5, 0.5),
    sigma: number(0.01, 1),
  })
  .map(({ lowest, ...rest }) => ({
    ...rest,
    a: lowest - rest.b * rest.sigma * Math.sqrt(1 - rest.rho * rest.rho),
  }));

/** Smiles as a market shows them, one to six months out, nearly all without arbitrage. */
export const marketSmile: fc.Arbitrary<SviParameters> = fc
  .record({
    level: number(0.04, 0.2),
    share: number(0.55, 0.9),
    rho: number(-0.6, 0.4),
    m: number(-0.15, 0.15),
    sigma: number(0.1, 0.35),
  })
  .map(({ level, share, rho, m, sigma }) => {
    // The turn lies below the level by what the curve lifts it.
    const b = ((1 - share) * level) / sigma + 0.02;
    return { a: share * level, b, rho, m, sigma };
  });
