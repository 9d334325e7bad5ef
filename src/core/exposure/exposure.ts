import { InvalidInputError } from '../errors.ts';
import { compensatedSumOf } from '../math/sum.ts';
import type { Exposure, MarketView, Position } from '../position.ts';
import { debtExposure } from './debt.ts';
import { liquidityExposure } from './liquidity.ts';
import { optionExposure } from './option.ts';
import { panopticLegExposure } from './panopticLeg.ts';
import { perpExposure } from './perp.ts';
import { powerPerpExposure } from './powerPerp.ts';
import { spotExposure } from './spot.ts';

/**
 * The greeks of one position at a market's prices.
 *
 * @throws InvalidInputError when spot is not finite and above 0, or the position or the market is impossible
 */
export function exposureOf(position: Position, view: MarketView): Exposure {
  if (!(view.spot > 0 && Number.isFinite(view.spot))) {
    throw new InvalidInputError('spot', view.spot, 'a finite number above 0');
  }
  switch (position.kind) {
    case 'spot':
      return spotExposure(position, view);
    case 'option':
      return optionExposure(position, view);
    case 'liquidity': {
      const { liquidity, tickLower, tickUpper, baseIsToken0 } = position;
      const { spot, baseDecimals, quoteDecimals } = view;
      const range = { liquidity, tickLower, tickUpper, baseIsToken0 };
      const { valueQuote, delta, gamma } = liquidityExposure({ ...range, spot, baseDecimals, quoteDecimals });
      return { delta, gamma, vega: 0, theta: 0, valueQuote };
    }
    case 'powerPerp':
      return powerPerpExposure({ ...position, spot: view.spot });
    case 'panopticLeg':
      return panopticLegExposure({ ...position, spot: view.spot });
    case 'debt':
      return debtExposure({ ...position, ...view });
    case 'perp':
      return perpExposure({ ...position, spot: view.spot });
  }
}

/** Adds greeks up, with the rounding of large cancelling terms carried along. */
export function sumExposures(exposures: readonly Exposure[]): Exposure {
  return {
    delta: compensatedSumOf(exposures, ({ delta }) => delta),
    gamma: compensatedSumOf(exposures, ({ gamma }) => gamma),
    vega: compensatedSumOf(exposures, ({ vega }) => vega),
    theta: compensatedSumOf(exposures, ({ theta }) => theta),
    valueQuote: compensatedSumOf(exposures, ({ valueQuote }) => valueQuote),
  };
}

/**
 * The greeks of all positions of a vault together.
 *
 * @param partOf what gives the exposure of each position
 * @throws InvalidInputError when spot is not finite and above 0, or a position or the market is impossible
 */
export function totalExposure(
  positions: readonly Position[],
  view: MarketView,
  partOf = exposureOf,
): Exposure {
  return sumExposures(positions.map((position) => partOf(position, view)));
}
