import { parseAbi } from 'viem';

/**
 * The views of Aave v3 that are read. All but those marked are the same from 3.0 to 3.5; where a later version answers
 * differently, both are asked.
 */
export const aavePoolViews = parseAbi([
  'struct ReserveData { uint256 configuration; uint128 liquidityIndex; uint128 currentLiquidityRate; uint128 variableBorrowIndex; uint128 currentVariableBorrowRate; uint128 currentStableBorrowRate; uint40 lastUpdateTimestamp; uint16 id; address aTokenAddress; address stableDebtTokenAddress; address variableDebtTokenAddress; address interestRateStrategyAddress; uint128 accruedToTreasury; uint128 unbacked; uint128 isolationModeTotalDebt; }',
  'struct EModeCategory { uint16 ltv; uint16 liquidationThreshold; uint16 liquidationBonus; address priceSource; string label; }',
  'function ADDRESSES_PROVIDER() view returns (address)',
  'function getReservesList() view returns (address[])',
  'function getReserveData(address asset) view returns (ReserveData)',
  'function getUserConfiguration(address user) view returns (uint256)',
  'function getUserEMode(address user) view returns (uint256)',
  'function getUserAccountData(address user) view returns (uint256 totalCollateralBase, uint256 totalDebtBase, uint256 availableBorrowsBase, uint256 currentLiquidationThreshold, uint256 ltv, uint256 healthFactor)',
  'function getEModeCategoryData(uint8 id) view returns (EModeCategory)',
  'function getEModeCategoryCollateralBitmap(uint8 id) view returns (uint128)',
  'function getEModeCategoryBorrowableBitmap(uint8 id) view returns (uint128)',
  'function getVirtualUnderlyingBalance(address asset) view returns (uint128)',
]);

/** The registry of a market. */
export const aaveProviderViews = parseAbi(['function getPriceOracle() view returns (address)']);

/** Prices in the market's own unit, 8 decimals of a dollar on most chains. */
export const aaveOracleViews = parseAbi([
  'function getAssetsPrices(address[] assets) view returns (uint256[])',
  'function getAssetPrice(address asset) view returns (uint256)',
]);

/** aTokens and debt tokens: balances with interest up to the block. */
export const aaveTokenViews = parseAbi([
  'function balanceOf(address account) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function symbol() view returns (string)',
  'function getUserStableRate(address user) view returns (uint256)',
]);

/** One strategy per reserve, up to 3.0. */
export const aaveStrategyViews = parseAbi([
  'function OPTIMAL_USAGE_RATIO() view returns (uint256)',
  'function getBaseVariableBorrowRate() view returns (uint256)',
  'function getVariableRateSlope1() view returns (uint256)',
  'function getVariableRateSlope2() view returns (uint256)',
]);

/** One strategy for every reserve, from 3.1 on. */
export const aaveSharedStrategyViews = parseAbi([
  'function getOptimalUsageRatio(address reserve) view returns (uint256)',
  'function getBaseVariableBorrowRate(address reserve) view returns (uint256)',
  'function getVariableRateSlope1(address reserve) view returns (uint256)',
  'function getVariableRateSlope2(address reserve) view returns (uint256)',
]);
