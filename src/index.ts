export type { ConcentratedPool, Pool, TickLiquidity } from './core/amm/pool.ts';
export { type PairUnits, priceAtSqrtPrice } from './core/amm/price.ts';
export { quoteExactIn, quoteExactOut, type SwapQuote, type SwapRequest } from './core/amm/swap.ts';
export { sqrtPriceAtTick, tickAtSqrtPrice } from './core/amm/tickMath.ts';
export { decide } from './core/decide.ts';
export type * from './core/decision.ts';
export * from './core/errors.ts';
export { exposureOf, totalExposure } from './core/exposure/exposure.ts';
export { liquidityAmounts, liquidityExposure } from './core/exposure/liquidity.ts';
export { type NetExposure, netExposure } from './core/exposure/netExposure.ts';
export { type FairPrice, fairPrice } from './core/hedge/fairPrice.ts';
export {
  type BlackScholesInput,
  blackScholes,
  type OptionGreeks,
  type OptionType,
} from './core/options/blackScholes.ts';
export {
  type BoundPolicy,
  bindPolicy,
  definePolicy,
  type Policy,
  type PolicyVerdict,
  type PolicyView,
} from './core/policy.ts';
export type * from './core/position.ts';
export { all, type Call, type CallResult, known, type Read } from './core/read.ts';
export { maxDrawdown, type Performance, performanceOf } from './core/report/performance.ts';
export { defaultLimits, type Limits } from './core/risk/limits.ts';
export type * from './core/snapshot.ts';
export { type Address, type Hash, type Hex, type Token, toRawDown, toRawUp, toWhole } from './core/units.ts';
export * from './devnet/index.ts';
export {
  type DevRelay,
  type DevRelayOptions,
  type Misbehaviour,
  startDevRelay,
} from './devnet/relay/index.ts';
export { type OrderState, orderState } from './engine/orderState.ts';
export { type TickResult, tick, tickFleet } from './engine/tick.ts';
export { defaultSubmission, type SubmissionSettings, type VaultSetup, type World } from './engine/world.ts';
export * as policies from './policies/index.ts';
export { type Account, defineAccount, type Fill } from './ports/account.ts';
export type { Alert, Clock, Log, Metrics } from './ports/ambient.ts';
export type { Chain, Outcome, Receipt, Simulation, TransactionIntent } from './ports/chain.ts';
export { definePriceFeed, defineVolatilityFeed, type Feed } from './ports/feed.ts';
export { defineProtocol, type Protocol, type ReadContext, type Remembered } from './ports/protocol.ts';
export { defineRelay, type Relay, type RelayAnswer, type RelayKind, type Submission } from './ports/relay.ts';
export { defineSigner, type SecretSource, type Signer, type SignerKind } from './ports/signer.ts';
export type { OrderEvent, OrderHistory, Store, StoreKind } from './ports/store.ts';
export { defineVenue, type Venue } from './ports/venue.ts';
export { loadConfig, parseConfig } from './runtime/config/load.ts';
export type { Config, VaultConfig } from './runtime/config/schema.ts';
export { ConfigError, type ConfigIssue, NotArmedError, UsageError } from './runtime/errors.ts';
export { keep } from './runtime/keeper.ts';
export { type Registry, registry } from './runtime/registry.ts';
export { type ForkOptions, type ForkWorld, openFork } from './runtime/worlds/fork.ts';
export { openLive } from './runtime/worlds/live.ts';
export { openShadow } from './runtime/worlds/shadow.ts';
export type { OpenWorld, WorldTools } from './runtime/worlds/tools.ts';
