import { encodeAbiParameters, keccak256, parseAbi, parseAbiParameters } from 'viem';
import type { Address, Hex } from '../../../core/units.ts';

/**
 * The views of GMX v2 that are read, as published by `gmx-io/gmx-synthetics` at commit
 * a5c0c8835182cbd84e47dca04b971239311d2f1d (Reader and DataStore of `deployments/arbitrum`).
 */
export const gmxReaderAbi = parseAbi([
  'struct MarketProps { address marketToken; address indexToken; address longToken; address shortToken; }',
  'struct PositionAddresses { address account; address market; address collateralToken; }',
  'struct PositionNumbers { uint256 sizeInUsd; uint256 sizeInTokens; uint256 collateralAmount; int256 pendingImpactAmount; uint256 borrowingFactor; uint256 fundingFeeAmountPerSize; uint256 longTokenClaimableFundingAmountPerSize; uint256 shortTokenClaimableFundingAmountPerSize; uint256 increasedAtTime; uint256 decreasedAtTime; }',
  'struct PositionFlags { bool isLong; }',
  'struct PositionProps { PositionAddresses addresses; PositionNumbers numbers; PositionFlags flags; }',
  'function getAccountPositions(address dataStore, address account, uint256 start, uint256 end) view returns (PositionProps[])',
  'function getMarket(address dataStore, address key) view returns (MarketProps)',
]);

/** GMX's store of numbers by key. Same commit. */
export const gmxDataStoreAbi = parseAbi(['function getInt(bytes32 key) view returns (int256)']);

const fundingKey = keccak256(
  encodeAbiParameters(parseAbiParameters('string'), ['SAVED_FUNDING_FACTOR_PER_SECOND']),
);

/** Where the data store keeps what longs of a market pay shorts per second, of notional, 30 decimals. */
export function savedFundingKey(market: Address): Hex {
  return keccak256(encodeAbiParameters(parseAbiParameters('bytes32, address'), [fundingKey, market]));
}
