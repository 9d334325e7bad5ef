import type { PricePath } from '../paths/pricePath.ts';
import { randomStream } from '../random.ts';
import { type BaseFeeModel, baseFeesAlong, typicalBaseFee } from './baseFee.ts';
import { type InclusionModel, inclusionAlong, typicalInclusion } from './inclusion.ts';
import { depthAlong, type LiquidityModel, typicalLiquidity } from './liquidity.ts';
import type { MarketPath } from './marketPath.ts';
import { type OracleModel, oracleAlong, typicalOracle } from './oracle.ts';
import { filledWith } from './recordedSeries.ts';
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

/** What was recorded beside a price, one value for each of its steps; NaN where nothing was, which is then modelled. */
export interface RecordedAlong {
  /** What options are marked with, per year. */
  readonly implied?: Float64Array;
  readonly baseFeeGwei?: Float64Array;
}

/**
 * A market around a price path: volatility as it could be known at each step, base fee, depth, feed and inclusion. The same
 * seed gives the same market; each model draws from a stream of its own.
 *
 * @param recorded what was recorded, or simulated with the price; the rest is modelled
 * @throws InvalidInputError when a parameter is out of its range
 */
export function buildMarket(
  name: string,
  path: PricePath,
  models: MarketModels,
  seed: number,
  recorded: RecordedAlong = {},
): MarketPath {
  const volatilities = volatilitiesAlong(path, models.volatility);
  const { hourlyStdDev } = volatilities;
  const fees = baseFeesAlong(path, hourlyStdDev, models.baseFee, randomStream(seed, 'base fee'));
  const baseFeeGwei = recorded.baseFeeGwei ? filledWith(recorded.baseFeeGwei, fees).values : fees;
  const { implied } = volatilities;
  return {
    name,
    timestampSeconds: path.timestampSeconds,
    spot: path.price,
    afterGap: path.afterGap,
    oracle: oracleAlong(path, models.oracle),
    impliedVolatility: recorded.implied ? filledWith(recorded.implied, implied).values : implied,
    forecastVolatility: volatilities.forecast,
    baseFeeGwei,
    tipGwei: new Float64Array(path.price.length).fill(models.tipGwei),
    depthScale: depthAlong(path, hourlyStdDev, models.liquidity),
    inclusionBlocks: inclusionAlong(baseFeeGwei, models.inclusion, randomStream(seed, 'inclusion')),
  };
}
