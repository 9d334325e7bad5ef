export {
  aaveBorrowCall,
  aaveRepayCalls,
  aaveSupplyCalls,
  aaveWithdrawCall,
} from './aave.ts';
export { type DevnetReserve, devnetReserves, etherEMode } from './aaveReserves.ts';
export { type DevnetAccount, type DevnetAccounts, devnetAccounts } from './accounts.ts';
export { devnetAggregators, mainnet } from './addresses.ts';
export { type Anvil, type AnvilOptions, startAnvil } from './anvil.ts';
export { BlockBuilder, type BlockRequest, type BuiltBlock } from './blocks.ts';
export { type Devnet, type DevnetOptions, startDevnet } from './devnet.ts';
export { AnvilStartError, DevnetError } from './errors.ts';
export { dollarFeedRule, ethUsdFeedRule, type FeedRule, feedReports } from './feedRule.ts';
export { type ForkFeed, type ForkMarketOptions, startForkMarket } from './forkMarket.ts';
export { defaultMandate, type Mandate, mandatePools } from './mandate.ts';
export { Market, type MarketMove } from './market.ts';
export { AnvilNode } from './node.ts';
export type { DevnetOptionVault, OptionVaultOptions, StatedPosition } from './optionVault.ts';
export { nextExpiry, type OptionSeries, type ShortOption } from './opyn.ts';
export { type PoolSnapshot, parsePoolSnapshot, readPoolSnapshot } from './poolSnapshot.ts';
export { type DevnetPool, type DevnetPoolName, devnetPools, devnetTokens, readPrice } from './pools.ts';
export type { DevnetRolesSafe, RolesSafeOptions } from './roles.ts';
export type { DevnetLending } from './setUp.ts';
export {
  asShareVault,
  depositSharesCalls,
  devnetShares,
  placeShareVault,
  placeWrappedEther,
} from './shareVault.ts';
export {
  type PremiaSeries,
  placeStandIns,
  type StandInProtocol,
  standIns,
} from './standIns.ts';
export { type Call, callOf } from './transactions.ts';
export { type DevnetPair, devnetPairs } from './uniswapV2.ts';
export { burnV4Call, type DevnetV4Pool, devnetV4Pools } from './uniswapV4.ts';
export type { DevnetSafe, RangeRequest, SafeOptions, TokenAmount } from './vaults.ts';
export type { DevnetVenue } from './venues.ts';
