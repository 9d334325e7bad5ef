export {
  aaveBorrowCall,
  aaveRepayCalls,
  aaveSupplyCalls,
  aaveWithdrawCall,
} from './aave/aave.ts';
export { type DevnetReserve, devnetReserves, etherEMode } from './aave/aaveReserves.ts';
export { type DevnetAccount, type DevnetAccounts, devnetAccounts } from './accounts.ts';
export { devnetAggregators, mainnet } from './addresses.ts';
export { type Devnet, type DevnetOptions, startDevnet } from './devnet.ts';
export { AnvilStartError, DevnetError } from './errors.ts';
export { BlockBuilder, type BlockRequest, type BuiltBlock } from './market/blocks.ts';
export { dollarFeedRule, ethUsdFeedRule, type FeedRule, feedReports } from './market/feedRule.ts';
export { type ForkFeed, type ForkMarketOptions, startForkMarket } from './market/forkMarket.ts';
export { Market, type MarketMove } from './market/market.ts';
export { type Anvil, type AnvilOptions, startAnvil } from './node/anvil.ts';
export { AnvilNode } from './node/node.ts';
export { type Call, callOf } from './node/transactions.ts';
export { type PoolSnapshot, parsePoolSnapshot, readPoolSnapshot } from './pools/poolSnapshot.ts';
export { type DevnetPool, type DevnetPoolName, devnetPools, devnetTokens, readPrice } from './pools/pools.ts';
export { type DevnetPair, devnetPairs } from './pools/uniswapV2.ts';
export { burnV4Call, type DevnetV4Pool, devnetV4Pools } from './pools/uniswapV4.ts';
export type { DevnetVenue } from './pools/venues.ts';
export type { DevnetLending } from './setUp.ts';
export { defaultMandate, type Mandate, mandatePools } from './vaults/mandate.ts';
export type { DevnetOptionVault, OptionVaultOptions, StatedPosition } from './vaults/optionVault.ts';
export { nextExpiry, type OptionSeries, type ShortOption } from './vaults/opyn.ts';
export type { DevnetRolesSafe, RolesSafeOptions } from './vaults/roles.ts';
export {
  asShareVault,
  depositSharesCalls,
  devnetShares,
  placeShareVault,
  placeWrappedEther,
} from './vaults/shareVault.ts';
export {
  type PremiaSeries,
  placeStandIns,
  type StandInProtocol,
  standIns,
} from './vaults/standIns.ts';
export type { DevnetSafe, RangeRequest, SafeOptions, TokenAmount } from './vaults/vaults.ts';
