/** A feed's last answer, or a price that its reporters observe. */
export interface FeedObservation {
  /** 8 decimals for USD feeds; only ratios matter here. */
  readonly answer: bigint;
  readonly timeSeconds: number;
}

/** When a feed reports again. */
export interface FeedRule {
  readonly deviationBps: number;
  readonly heartbeatSeconds: number;
}

/** Chainlink's parameters for ETH/USD on mainnet. */
export const ethUsdFeedRule: FeedRule = { deviationBps: 50, heartbeatSeconds: 3_600 };

/** Chainlink's parameters for USDC/USD and USDT/USD on mainnet. */
export const dollarFeedRule: FeedRule = { deviationBps: 25, heartbeatSeconds: 86_400 };

/**
 * Whether the reporters start a new round on what they observe: the price is away from the last answer by the deviation
 * or more, or the heartbeat has passed since. What they decide at one block stands on chain in the next at the earliest;
 * that delay is the caller's to keep.
 */
export function feedReports(last: FeedObservation, observed: FeedObservation, rule: FeedRule): boolean {
  const moved = observed.answer > last.answer ? observed.answer - last.answer : last.answer - observed.answer;
  if (moved * 10_000n >= last.answer * BigInt(rule.deviationBps)) return true;
  return observed.timeSeconds - last.timeSeconds >= rule.heartbeatSeconds;
}
