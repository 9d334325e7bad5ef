import { z } from 'zod';
import { erc20Abi } from '../../../../abis/erc20.ts';
import { owedOnceLanded, type RateCurve } from '../../../core/margin.ts';
import { all, known, type Read } from '../../../core/read.ts';
import { type Address, max, mulDivDown, sameAddress } from '../../../core/units.ts';
import { addressSchema } from '../../chain/addressSchema.ts';
import { call, tryCall } from '../../chain/index.ts';
import { aavePoolViews, aaveSharedStrategyViews, aaveStrategyViews, aaveTokenViews } from './aaveAbi.ts';
import { type ReserveConfiguration, reserveConfiguration } from './aaveConfiguration.ts';

/** What hardly ever changes of a reserve, in plain JSON. */
export const reserveTermsSchema = z.object({
  asset: addressSchema,
  id: z.int().min(0),
  aToken: addressSchema,
  /** Of 3.0; null where there is none. */
  stableDebtToken: addressSchema.nullable(),
  variableDebtToken: addressSchema,
  strategy: addressSchema,
  /** The aToken's, since every one of them has a readable one. */
  symbol: z.string(),
});
/** See {@link reserveTermsSchema}. */
export type ReserveTerms = z.infer<typeof reserveTermsSchema>;

/** An account at one reserve, raw, and the reserve itself. */
export interface ReserveState extends ReserveConfiguration {
  readonly suppliedRaw: bigint;
  readonly variableDebtRaw: bigint;
  readonly stableDebtRaw: bigint;
  /** Per year, per-second compounding, which is continuous for all purposes. */
  readonly variableRate: number;
  readonly stableRate: number;
  readonly supplyRate: number;
  readonly availableRaw: bigint;
  /** What accounts that it isolates owe together, units with 2 decimals. */
  readonly isolatedDebt: bigint;
  readonly borrowCapLeftRaw: bigint | null;
  readonly supplyCapLeftRaw: bigint | null;
  readonly rateCurve: RateCurve;
}

const NOBODY: Address = '0x0000000000000000000000000000000000000000';
const RAY = 10n ** 27n;
const fromRay = (ray: bigint) => Number(ray) / Number(RAY);

/** The terms of a reserve that is met for the first time. */
export function* readReserveTerms(pool: Address, asset: Address): Read<ReserveTerms> {
  const data = yield* call(aavePoolViews, pool, 'getReserveData', [asset]);
  const stable = data.stableDebtTokenAddress;
  return {
    asset,
    id: data.id,
    aToken: data.aTokenAddress,
    stableDebtToken: sameAddress(stable, NOBODY) ? null : stable,
    variableDebtToken: data.variableDebtTokenAddress,
    strategy: data.interestRateStrategyAddress,
    symbol: yield* call(aaveTokenViews, data.aTokenAddress, 'symbol', []),
  };
}

/** An account at a reserve, in one round unless the reserve has a new strategy. */
export function* readReserveState(
  terms: ReserveTerms,
  pool: Address,
  account: Address,
): Read<ReserveState & { readonly strategy: Address }> {
  const { asset, aToken, variableDebtToken, stableDebtToken } = terms;
  const [data, suppliedRaw, variableDebtRaw, stableDebt, idle, virtual, supplied, variable, seenCurve] =
    yield* all([
      call(aavePoolViews, pool, 'getReserveData', [asset]),
      call(aaveTokenViews, aToken, 'balanceOf', [account]),
      call(aaveTokenViews, variableDebtToken, 'balanceOf', [account]),
      stableDebtToken === null ? known(noStableDebt) : readStableDebt(stableDebtToken, account),
      call(erc20Abi, asset, 'balanceOf', [aToken]),
      tryCall(aavePoolViews, pool, 'getVirtualUnderlyingBalance', [asset]),
      call(aaveTokenViews, aToken, 'totalSupply', []),
      call(aaveTokenViews, variableDebtToken, 'totalSupply', []),
      readCurve(terms.strategy, asset),
    ]);
  const strategy = data.interestRateStrategyAddress;
  const curve = sameAddress(strategy, terms.strategy) ? seenCurve : yield* readCurve(strategy, asset);
  const configuration = reserveConfiguration(data.configuration);
  const unit = 10n ** BigInt(configuration.decimals);
  const left = (cap: bigint | null, usedRaw: bigint) => (cap === null ? null : max(0n, cap * unit - usedRaw));
  const availableRaw = virtual ?? idle;
  const borrowedRaw = variable + stableDebt.totalRaw;
  const total = availableRaw + borrowedRaw;
  const variableRate = fromRay(data.currentVariableBorrowRate);
  const suppliedByAll = supplied + mulDivDown(data.accruedToTreasury, data.liquidityIndex, RAY);
  const utilization = total === 0n ? 0 : Number(borrowedRaw) / Number(total);
  const flat = { optimalUtilization: 1, baseRate: variableRate, slopeBelow: 0, slopeAbove: 0 };
  return {
    ...configuration,
    strategy,
    suppliedRaw,
    variableDebtRaw,
    stableDebtRaw: stableDebt.owedRaw,
    variableRate,
    stableRate: stableDebt.rate,
    supplyRate: fromRay(data.currentLiquidityRate),
    availableRaw,
    isolatedDebt: data.isolationModeTotalDebt,
    borrowCapLeftRaw: left(configuration.borrowCap, owedOnceLanded(borrowedRaw, variableRate)),
    // What loans run up is what suppliers and the treasury have more.
    supplyCapLeftRaw: left(
      configuration.supplyCap,
      suppliedByAll + owedOnceLanded(borrowedRaw, variableRate) - borrowedRaw,
    ),
    rateCurve: { utilization, ...(curve ?? flat) },
  };
}

const noStableDebt = { owedRaw: 0n, totalRaw: 0n, rate: 0 };

function* readStableDebt(token: Address, account: Address): Read<typeof noStableDebt> {
  const [owedRaw, totalRaw, rateRay] = yield* all([
    tryCall(aaveTokenViews, token, 'balanceOf', [account]),
    tryCall(aaveTokenViews, token, 'totalSupply', []),
    tryCall(aaveTokenViews, token, 'getUserStableRate', [account]),
  ]);
  return { owedRaw: owedRaw ?? 0n, totalRaw: totalRaw ?? 0n, rate: fromRay(rateRay ?? 0n) };
}

/** The kinked line of a reserve's rate; null where its strategy is of a kind that is not known. */
function* readCurve(strategy: Address, asset: Address): Read<Omit<RateCurve, 'utilization'> | null> {
  const [own, shared] = yield* all([
    all([
      tryCall(aaveStrategyViews, strategy, 'OPTIMAL_USAGE_RATIO', []),
      tryCall(aaveStrategyViews, strategy, 'getBaseVariableBorrowRate', []),
      tryCall(aaveStrategyViews, strategy, 'getVariableRateSlope1', []),
      tryCall(aaveStrategyViews, strategy, 'getVariableRateSlope2', []),
    ]),
    all([
      tryCall(aaveSharedStrategyViews, strategy, 'getOptimalUsageRatio', [asset]),
      tryCall(aaveSharedStrategyViews, strategy, 'getBaseVariableBorrowRate', [asset]),
      tryCall(aaveSharedStrategyViews, strategy, 'getVariableRateSlope1', [asset]),
      tryCall(aaveSharedStrategyViews, strategy, 'getVariableRateSlope2', [asset]),
    ]),
  ]);
  const [optimal, base, below, above] = own[0] === null ? shared : own;
  if (optimal === null || base === null || below === null || above === null) return null;
  return {
    optimalUtilization: fromRay(optimal),
    baseRate: fromRay(base),
    slopeBelow: fromRay(below),
    slopeAbove: fromRay(above),
  };
}
