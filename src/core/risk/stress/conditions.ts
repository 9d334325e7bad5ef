/** How trading is worse than now, beside where the price and the volatility went. */
export interface StressCondition {
  readonly name: string;
  /** Gas costs this many times as much. */
  readonly gasFactor: number;
  /** Pools are this many times as thin. */
  readonly depthDivisor: number;
  /** The quote token in the currency it is meant to be worth 1 of. */
  readonly quotePegPrice: number;
  /** The oracle still says the price of before: an order farther from it than the bound allows waits a heartbeat. */
  readonly isOracleLate: boolean;
  /** The pool that takes most is gone. */
  readonly isLargestVenueGone: boolean;
}

const calm: Omit<StressCondition, 'name'> = {
  gasFactor: 1,
  depthDivisor: 1,
  quotePegPrice: 1,
  isOracleLate: false,
  isLargestVenueGone: false,
};

/** How bad the conditions are that a vault is tried under. */
export interface ConditionSizes {
  readonly gasFactor: number;
  readonly depthDivisor: number;
  readonly quotePegPrice: number;
}

/** Gas of a panic, pools of a crash, a dollar token on a bad weekend. */
export const conditionSizes: ConditionSizes = { gasFactor: 20, depthDivisor: 5, quotePegPrice: 0.97 };

/** Trading as it is now, each thing that may go wrong alone, and gas and depth together as they are in a crash. */
export function stressConditions(sizes: ConditionSizes = conditionSizes): readonly StressCondition[] {
  const { gasFactor, depthDivisor, quotePegPrice } = sizes;
  return [
    { ...calm, name: 'as it is' },
    { ...calm, name: `gas x ${gasFactor}`, gasFactor },
    { ...calm, name: `depth / ${depthDivisor}`, depthDivisor },
    { ...calm, name: 'oracle late', isOracleLate: true },
    { ...calm, name: `quote at ${quotePegPrice}`, quotePegPrice },
    { ...calm, name: 'largest pool gone', isLargestVenueGone: true },
    { ...calm, name: 'crash: gas and depth', gasFactor, depthDivisor },
  ];
}
