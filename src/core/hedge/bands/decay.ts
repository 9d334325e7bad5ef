/** What is left after a decay of exponent `decay`, and its repeated integrals. */
export interface Decay {
  /** exp(-decay). */
  readonly left: number;
  /** (1 - exp(-decay)) / decay. */
  readonly first: number;
  readonly second: number;
  readonly third: number;
  readonly fourth: number;
}

/** Below this the series is exact to the last bit within its terms; above it the recursion loses nothing that matters. */
const SERIES_BELOW = 1;
const SERIES_TERMS = 17;

/**
 * The functions phi_k(-z) = sum over j of (-z)^j / (j + k)!, for k = 0 to 4, by which a linear differential equation with
 * a polynomial source is solved exactly, without drift (z = 0) and with any (M. Hochbruck, A. Ostermann, 2010).
 *
 * @param decay z, at or above 0
 */
export function decayOver(decay: number): Decay {
  const left = Math.exp(-decay);
  if (decay < SERIES_BELOW) {
    const fourth = seriesOfFourth(decay);
    const third = 1 / 6 - decay * fourth;
    const second = 1 / 2 - decay * third;
    return { left, first: 1 - decay * second, second, third, fourth };
  }
  const first = (1 - left) / decay;
  const second = (1 - first) / decay;
  const third = (1 / 2 - second) / decay;
  return { left, first, second, third, fourth: (1 / 6 - third) / decay };
}

function seriesOfFourth(decay: number): number {
  let sum = 1;
  for (let j = SERIES_TERMS; j >= 1; j--) sum = 1 - (decay / (j + 4)) * sum;
  return sum / 24;
}
