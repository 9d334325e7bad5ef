import { parseAbi } from 'viem';

/**
 * The views of Lyra v1 (Avalon) that are read, as in the npm package `@lyrafinance/protocol` 0.1.3-alpha. Amounts, prices and
 * volatilities have 18 decimals.
 */
export const lyraRegistryAbi = parseAbi([
  'struct MarketAddresses { address liquidityPool; address liquidityToken; address greekCache; address optionMarket; address optionMarketPricer; address optionToken; address poolHedger; address shortCollateral; address gwavOracle; address quoteAsset; address baseAsset; }',
  'function getMarketAddresses(address optionMarket) view returns (MarketAddresses)',
  'function getGlobalAddress(bytes32 contractName) view returns (address)',
]);

/** One market: its boards, each an expiry, and their strikes. */
export const lyraOptionMarketAbi = parseAbi([
  'struct Strike { uint256 id; uint256 strikePrice; uint256 skew; uint256 longCall; uint256 shortCallBase; uint256 shortCallQuote; uint256 longPut; uint256 shortPut; uint256 boardId; }',
  'struct OptionBoard { uint256 id; uint256 expiry; uint256 iv; bool frozen; uint256[] strikeIds; }',
  'function getStrikeAndBoard(uint256 strikeId) view returns (Strike, OptionBoard)',
  'function getSettlementParameters(uint256 strikeId) view returns (uint256 strikePrice, uint256 priceAtExpiry, uint256 strikeToBaseReturned)',
]);

/** Positions as tokens, one each. */
export const lyraOptionTokenAbi = parseAbi([
  'struct OptionPosition { uint256 positionId; uint256 strikeId; uint8 optionType; uint256 amount; uint256 collateral; uint8 state; }',
  'function getOwnerPositions(address target) view returns (OptionPosition[])',
]);

/** The rule for collateral, and the interest that options are priced with. */
export const lyraGreekCacheAbi = parseAbi([
  'struct MinCollateralParameters { uint256 minStaticQuoteCollateral; uint256 minStaticBaseCollateral; uint256 shockVolA; uint256 shockVolPointA; uint256 shockVolB; uint256 shockVolPointB; uint256 callSpotPriceShock; uint256 putSpotPriceShock; }',
  'struct GreekCacheParameters { uint256 maxStrikesPerBoard; uint256 acceptableSpotPricePercentMove; uint256 staleUpdateDuration; uint256 varianceIvGWAVPeriod; uint256 varianceSkewGWAVPeriod; uint256 optionValueIvGWAVPeriod; uint256 optionValueSkewGWAVPeriod; uint256 gwavSkewFloor; uint256 gwavSkewCap; int256 rateAndCarry; }',
  'function getMinCollatParams() view returns (MinCollateralParameters)',
  'function getGreekCacheParams() view returns (GreekCacheParameters)',
]);

/** Where a market takes its price from; reverts while it is paused. */
export const lyraAdapterAbi = parseAbi([
  'function getSpotPriceForMarket(address optionMarket) view returns (uint256)',
]);

/** Decimals of everything in Lyra v1. */
export const lyraDecimals = 18;
