/** Where one side trades, counted in its own direction: positive net delta for a side that sells. */
export interface SideLevels {
  /** Beyond it a trade is worth its cost. */
  readonly act: number;
  /** Where a trade from `act` ends. */
  readonly target: number;
  /** Where a trade from `x`, at or beyond `act`, ends. */
  targetFrom(x: number): number;
}

/** A level of the stationary problem and one of the last trade as one: squares add up where both keep away from 0. */
function combined(stationary: number, lastTrade: number): number {
  return Math.min(stationary, 0) + Math.hypot(Math.max(stationary, 0), Math.max(lastTrade, 0));
}

/** How far one of both problems is beyond its own level where the whole is beyond its by 1, so that squares still add up. */
function shareOf(level: number, other: number): number {
  const [own, both] = [Math.max(level, 0), combined(Math.max(level, 0), other)];
  return both > 0 ? own / both : Math.SQRT1_2;
}

/**
 * The levels of a book that ends: U = sqrt(Ue^2 + U0^2), u = sqrt(ue^2 + u0^2) of the stationary problem (e) and of one
 * trade or none until the end (0). A side that gains on the last trade keeps its stationary levels.
 */
export function combinedLevels(stationary: SideLevels, lastTrade: SideLevels): SideLevels {
  const act = combined(stationary.act, lastTrade.act);
  if (act === Number.POSITIVE_INFINITY) return { act, target: act, targetFrom: () => act };
  return {
    act,
    target: combined(stationary.target, lastTrade.target),
    targetFrom: (x) => {
      const beyond = Math.max(x - act, 0);
      const first = stationary.act + beyond * shareOf(stationary.act, lastTrade.act);
      const last = lastTrade.act + beyond * shareOf(lastTrade.act, stationary.act);
      return combined(stationary.targetFrom(first), lastTrade.targetFrom(last));
    },
  };
}
