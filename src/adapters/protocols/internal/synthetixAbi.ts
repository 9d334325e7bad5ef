import { parseAbi } from 'viem';

/**
 * The views of Synthetix v3's perps market that are read, as published by `Synthetixio/synthetix-v3` at commit
 * 23585f73c76d625b2a43aaf94dc440a8a1e7a8fa. Numbers have 18 decimals.
 */
export const synthetixPerpsAbi = parseAbi([
  'function getAccountTokenAddress() view returns (address)',
  'function getOpenPosition(uint128 accountId, uint128 marketId) view returns (int256 totalPnl, int256 accruedFunding, int128 positionSize, uint256 owedInterest)',
  'function getAccountCollateralIds(uint128 accountId) view returns (uint256[])',
  'function getCollateralAmount(uint128 accountId, uint128 collateralId) view returns (uint256)',
  'function debt(uint128 accountId) view returns (uint256)',
  'function indexPrice(uint128 marketId) view returns (uint256)',
  'function currentFundingRate(uint128 marketId) view returns (int256)',
]);
