import type { Band } from '../decision.ts';
import { signed } from '../report/format.ts';
import type { Obstacle } from '../risk/obstacle.ts';

/** A trade as it would leave net delta, base units, all signed. */
export interface Movement {
  readonly netDelta: number;
  /** Where the policy wants it. */
  readonly target: number;
  /** What a full fill changes it by, own liquidity included. */
  readonly moved: number;
  /** Base that is traded for it, unsigned. */
  readonly traded: number;
  /** Beyond it on the other side no trade ends; null where the policy has none. */
  readonly band: Band | null;
}

/** Of what is traded or held, whichever is larger: less than this is how numbers round. */
const ROUNDING = 1e-9;
/** A trade of which less than this stays, the vault's own liquidity taking back the rest, costs twenty times its worth. */
const LEAST_KEPT = 0.05;

/**
 * Why a trade is not made that would leave net delta no nearer to its target, or beyond the band on the other side: whatever
 * asked for it, one of its numbers is wrong, and a hedge of the wrong sign doubles the risk that it was to take away. Nor
 * is one of which next to nothing stays. Null where a trade does what it is for.
 */
export function wrongWay({ netDelta, target, moved, traded, band }: Movement): Obstacle | null {
  const wanted = target - netDelta;
  const after = netDelta + moved;
  // As a share of what is wanted, since beside a large net delta a small trade is lost in rounding.
  const share = moved / wanted;
  if (!(share > 0 && share < 2)) {
    const why = `net delta would go from ${signed(netDelta)} to ${signed(after)}, no nearer to its target of ${signed(target)}: the order is refused`;
    return { code: 'wrongWay', why };
  }
  if (Math.abs(moved) < LEAST_KEPT * traded) {
    const why = `of ${signed(traded).slice(1)} traded, ${signed(Math.abs(moved)).slice(1)} would stay: the rest comes back to the vault's own liquidity`;
    return { code: 'wrongWay', why };
  }
  if (band === null) return null;
  const slack = ROUNDING * Math.max(Math.abs(wanted), Math.abs(netDelta));
  const level = wanted < 0 ? band.buy.act : band.sell.act;
  const isPast = wanted < 0 ? after < level - slack : after > level + slack;
  if (!isPast) return null;
  const why = `net delta would go from ${signed(netDelta)} to ${signed(after)}, past ${signed(level)} on the other side of its band: the order is refused`;
  return { code: 'wrongWay', why };
}
