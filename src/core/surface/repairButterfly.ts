import { requireAboveZero } from '../statistics/require.ts';
import { sviFromSsvi } from './ssvi.ts';
import { requireSvi, type SviParameters } from './svi.ts';
import { sviButterflyArbitrage } from './sviButterfly.ts';
import { sviBetween } from './sviCoordinates.ts';
import { type SviJumpWings, sviJumpWings } from './sviJumpWings.ts';

const HALVINGS = 30;

/**
 * The guaranteed repair in jump wings: level, skew and put slope stay, the call slope becomes p + 2 psi and the lowest
 * variance 4 v p c / (p + c)^2 (J. Gatheral and A. Jacquier, 2014, section 5.1). The result is an SSVI smile; it has no
 * butterfly arbitrage where it keeps their theorem 4.2.
 */
export function ssviJumpWings(jumpWings: SviJumpWings): SviJumpWings {
  const { variance, skew, putSlope } = jumpWings;
  const callSlope = putSlope + 2 * skew;
  const minimumVariance = (4 * variance * putSlope * callSlope) / (putSlope + callSlope) ** 2;
  return { variance, skew, putSlope, callSlope, minimumVariance };
}

/**
 * The smile itself when it has no butterfly arbitrage; otherwise the nearest to it that is proved to have none, on the
 * way to the guaranteed repair `ssviJumpWings`, at-the-forward variance kept by that end of the way.
 *
 * @throws InvalidInputError as `requireSvi`, when years is not above 0, or when the variance at the forward is 0
 */
export function repairButterfly(parameters: SviParameters, years: number): SviParameters {
  requireSvi(parameters);
  requireAboveZero('years', years);
  if (sviButterflyArbitrage(parameters) === undefined) return parameters;
  const safe = safeSmile(parameters, years);
  return nearestOnTheWay(parameters, safe, (smile) => sviButterflyArbitrage(smile) === undefined);
}

/**
 * The smile nearest to `from` on the way to `safe` that passes, by bisection; `safe` itself must pass.
 */
export function nearestOnTheWay(
  from: SviParameters,
  safe: SviParameters,
  passes: (smile: SviParameters) => boolean,
): SviParameters {
  let failing = 0;
  let passing = 1;
  let best = safe;
  for (let i = 0; i < HALVINGS && passing - failing > 1e-6; i++) {
    const middle = (failing + passing) / 2;
    const smile = sviBetween(from, safe, middle);
    if (passes(smile)) {
      passing = middle;
      best = smile;
    } else failing = middle;
  }
  return best;
}

/** A smile without arbitrage and with the same variance at the forward: the guaranteed repair, flattened until it is one. */
function safeSmile(parameters: SviParameters, years: number): SviParameters {
  const wings = sviJumpWings(parameters, years);
  const theta = wings.variance * years;
  for (let scale = 1; scale > 1e-3; scale /= 2) {
    // A put slope too small for the skew would turn the call wing down.
    const put = Math.max(scale * wings.putSlope, -2.2 * scale * wings.skew, 1e-4);
    const { callSlope: call } = ssviJumpWings({ ...wings, skew: scale * wings.skew, putSlope: put });
    // The jump wings of the repair are those of this SSVI smile, which also exists where its minimum is at the forward.
    const smile = sviFromSsvi({
      theta,
      rho: (call - put) / (call + put),
      phi: (call + put) / Math.sqrt(theta),
    });
    if (sviButterflyArbitrage(smile) === undefined) return smile;
  }
  return { a: theta, b: 0, rho: 0, m: 0, sigma: parameters.sigma };
}
