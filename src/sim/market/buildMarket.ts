import type { MarketPath } from '../market.ts';
import type { PricePath } from '../paths/pricePath.ts';
import { randomStream } from '../random.ts';
import { type BaseFeeModel, baseFeesAlong, typicalBaseFee } from './baseFee.ts';
import { type InclusionModel, inclusionAlong, typicalInclusion } from './inclusion.ts';
import { depthAlong, type LiquidityModel, typicalLiquidity } from './liquidity.ts';
import { type OracleModel, oracleAlong, typicalOracle } from './oracle.ts';
import { typicalVolatility, type VolatilityModel, volatilitiesAlong } from './volatility.ts';

/** Everything around a price that a keeper runs into. */
export interface MarketModels {
  readonly volatility: VolatilityModel;
  readonly baseFee: BaseFeeModel;
  readonly tipGwei: number;
  readonly liquidity: LiquidityModel;
  readonly oracle: OracleModel;
  readonly inclusion: InclusionModel;
}

/** Mainnet as it has been since 2021. */
export const typicalMarket: MarketModels = {
  volatility: typicalVolatility,
  baseFee: typicalBaseFee,
  tipGwei: 0.1,
  liquidity: typicalLiquidity,
  oracle: typicalOracle,
  inclusion: typicalInclusion,
};

/**
 * A market around a price path: volatility as it could be known at each step, base fee, depth, feed and inclusion. The same
 * seed gives the same market; each model draws from a stream of its own.
 *
 * @param implied what options are marked with, where it was recorded or simulated with the price; modelled otherwise
 * @throws InvalidInputError when a parameter is out of its range
 */
export function buildMarket(
  name: string,
  path: PricePath,
  models: MarketModels,
  seed: number,
  implied?: Float64Array,
): MarketPath {
  const volatilities = volatilitiesAlong(path, models.volatility);
  const { hourlyStdDev } = volatilities;
  const baseFeeGwei = baseFeesAlong(path, hourlyStdDev, models.baseFee, randomStream(seed, 'base fee'));
  return {
    name,
    timestampSeconds: path.timestampSeconds,
    spot: path.price,
    afterGap: path.afterGap,
    oracle: oracleAlong(path, models.oracle),
    impliedVolatility: implied ?? volatilities.implied,
    forecastVolatility: volatilities.forecast,
    baseFeeGwei,
    tipGwei: new Float64Array(path.price.length).fill(models.tipGwei),
    depthScale: depthAlong(path, hourlyStdDev, models.liquidity),
    inclusionBlocks: inclusionAlong(baseFeeGwei, models.inclusion, randomStream(seed, 'inclusion')),
  };
}
