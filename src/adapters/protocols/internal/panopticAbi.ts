import { parseAbi } from 'viem';

/**
 * The views of a Panoptic v1 pool that are read, as published by `panoptic-labs/panoptic-v1-core` at commit
 * 0a333bc1283ac14c4eb2be59110c070b83eb0289; no package ships its ABI.
 */
export const panopticPoolAbi = parseAbi([
  'function univ3pool() view returns (address)',
  'function collateralToken0() view returns (address)',
  'function collateralToken1() view returns (address)',
  'function positionData(address user, uint256 tokenId) view returns (int24 currentTickAtMint, int24 fastOracleTickAtMint, int24 slowOracleTickAtMint, int24 lastObservedTickAtMint, int256 utilization0AtMint, int256 utilization1AtMint, uint128 positionSize)',
  'function numberOfPositions(address user) view returns (uint256)',
  'function getAccumulatedFeesAndPositionsData(address user, bool includePendingPremium, uint256[] positionIdList) view returns (uint256 shortPremium, uint256 longPremium, uint256[2][] balances)',
]);

/** A collateral vault of a Panoptic pool: shares of what its token is lent as. Same commit. */
export const collateralTrackerAbi = parseAbi([
  'function balanceOf(address account) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function totalAssets() view returns (uint256)',
]);

/** What a Uniswap v3 pool says of its tokens. */
export const pairAbi = parseAbi([
  'function token0() view returns (address)',
  'function token1() view returns (address)',
]);
