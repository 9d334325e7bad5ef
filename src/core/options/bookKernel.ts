/**
 * Prices a block of options at a time, out of and into columns of its own: fill the first `count` of each input, run,
 * read the outputs. What it leaves alone (too little time or volatility, far tails, impossible numbers) has outputs of 0
 * and is listed, for the caller to price one by one.
 */
export interface BookKernel {
  /** Most options in one block. */
  readonly capacity: number;
  /** In the order of `INPUT_COLUMNS`; type is 1 for a call and -1 for a put. */
  readonly inputs: readonly Float64Array[];
  /** In the order of `ALL_GREEKS`, per option of size 1. */
  readonly outputs: readonly Float64Array[];
  /** Sums of size times each output over the last block. */
  readonly totals: Float64Array;
  /** Positions in the last block of what was left alone, ascending. */
  readonly left: Int32Array;
  /** Prices the first `count` options, all greeks or only the first ones; gives how many options were left alone. */
  readonly run: (count: number, all: boolean) => number;
}
