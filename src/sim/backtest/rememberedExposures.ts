import { exposureOf } from '../../core/exposure/exposure.ts';
import type { Exposure, MarketView, Position } from '../../core/position.ts';

/** A run looks at one book in three markets a step, and begins the next in the last of them. */
const REMEMBERED = 4;

interface Look {
  readonly spot: number;
  readonly volatility: number;
  readonly nowSeconds: number;
  readonly exposure: Exposure;
}

/**
 * The exposure of positions, remembered for the last few markets of each: what no hedge changes is priced once, however
 * many runs look at it. Balances, which every hedge changes, are not kept.
 *
 * @returns a function equal to `exposureOf`, for views that differ in spot, volatility and time alone
 */
export function rememberedExposures(): typeof exposureOf {
  const looks = new WeakMap<Position, Look[]>();
  return (position: Position, view: MarketView) => {
    if (position.kind === 'spot') return exposureOf(position, view);
    const { spot, volatility, nowSeconds } = view;
    const known = looks.get(position) ?? [];
    for (const look of known) {
      const isSame = look.spot === spot && look.nowSeconds === nowSeconds && look.volatility === volatility;
      if (isSame) return look.exposure;
    }
    const exposure = exposureOf(position, view);
    if (known.length === 0) looks.set(position, known);
    known.unshift({ spot, volatility, nowSeconds, exposure });
    if (known.length > REMEMBERED) known.pop();
    return exposure;
  };
}
