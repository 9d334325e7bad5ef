/** Prices at moments, in columns of equal length. */
export interface PricePath {
  /** Unix seconds, rising. */
  readonly timestampSeconds: Float64Array;
  /** Quote per base. */
  readonly price: Float64Array;
  /** 1 where the step from the one before is a hole in a recording: no return may be taken over it. */
  readonly afterGap: Uint8Array;
}

/** The moments of a simulated path. */
export interface PathGrid {
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** Steps, so one price more than that. */
  readonly steps: number;
}

/**
 * Lays prices on a grid from their log returns.
 *
 * @param logReturn called once for every step, in order
 */
export function pathOf(grid: PathGrid, startPrice: number, logReturn: (step: number) => number): PricePath {
  const { startSeconds, stepSeconds, steps } = grid;
  const timestampSeconds = new Float64Array(steps + 1);
  const price = new Float64Array(steps + 1);
  let logPrice = Math.log(startPrice);
  timestampSeconds[0] = startSeconds;
  price[0] = startPrice;
  for (let step = 1; step <= steps; step += 1) {
    logPrice += logReturn(step);
    timestampSeconds[step] = startSeconds + step * stepSeconds;
    price[step] = Math.exp(logPrice);
  }
  return { timestampSeconds, price, afterGap: new Uint8Array(steps + 1) };
}
