export { addressSchema } from './adapters/chain/addressSchema.ts';
export { type Asked, call, callEach, isLoopbackUrl, MULTICALL3, tryCall } from './adapters/chain/index.ts';
export type {
  ConcentratedPool,
  ConstantProductPool,
  DirectionalFeePips,
  Pool,
  TickLiquidity,
} from './core/amm/pool.ts';
export { type PairUnits, priceAtSqrtPrice } from './core/amm/price.ts';
export { poolAfter, quoteExactIn, quoteExactOut, type SwapQuote, type SwapRequest } from './core/amm/swap.ts';
export { sqrtPriceAtTick, tickAtSqrtPrice } from './core/amm/tickMath.ts';
export { decide } from './core/decide.ts';
export type * from './core/decision.ts';
export * from './core/errors.ts';
export { debtExposure } from './core/exposure/debt.ts';
export {
  type DeltaModel,
  modelDelta,
  type OptionDeltas,
  optionDeltas,
} from './core/exposure/deltaConventions.ts';
export { deltaStdError } from './core/exposure/deltaStdError.ts';
export { exposureOf, totalExposure } from './core/exposure/exposure.ts';
export { liquidityAmounts, liquidityExposure, rawLiquidityExposure } from './core/exposure/liquidity.ts';
export { type NetExposure, netExposure } from './core/exposure/netExposure.ts';
export { panopticLegExposure } from './core/exposure/panopticLeg.ts';
export { perpExposure } from './core/exposure/perp.ts';
export { normalizationFactorAfter, powerPerpExposure } from './core/exposure/powerPerp.ts';
export type { BandCosts } from './core/hedge/bands/bandCosts.ts';
export { type LelandInput, lelandVolatility } from './core/hedge/bands/leland.ts';
export {
  type BandSide,
  type OptimalBand,
  type OptimalBandInput,
  optimalBand,
} from './core/hedge/bands/optimalBand.ts';
export { type WhalleyWilmottInput, whalleyWilmottBand } from './core/hedge/bands/whalleyWilmott.ts';
export {
  type ZakamoulineBand,
  type ZakamoulineInput,
  zakamoulineBand,
} from './core/hedge/bands/zakamouline.ts';
export { type CostCurve, type CostCurveInput, costCurve } from './core/hedge/costCurve.ts';
export { type FairPrice, fairPrice } from './core/hedge/fairPrice.ts';
export { type Split, type SplitOrder, type SplitPart, splitOrder } from './core/hedge/split.ts';
export { type Black76Input, black76 } from './core/options/black76.ts';
export {
  type BlackScholesInput,
  blackScholes,
  type OptionGreeks,
  type OptionType,
} from './core/options/blackScholes.ts';
export { type BookGreeks, greeksOfBook } from './core/options/book.ts';
export type { ForwardBook, OptionBook, SpotBook } from './core/options/bookColumns.ts';
export {
  type ImpliedVolatility,
  type ImpliedVolatilityInput,
  impliedVolatility,
} from './core/options/impliedVolatility.ts';
export { type JumpSizes, type MertonJumpInput, mertonJump } from './core/options/mertonJump.ts';
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
export { optimalExecution } from './core/risk/optimalExecution.ts';
export { type StressGrid, stressGrid } from './core/risk/stress/stressGrid.ts';
export {
  normalExpectedShortfall,
  normalValueAtRisk,
  studentTExpectedShortfall,
  studentTValueAtRisk,
} from './core/risk/tail/parametricRisk.ts';
export { quadraticShortfall } from './core/risk/tail/quadraticShortfall.ts';
export {
  filteredReturns,
  normalShocks,
  pastShocks,
  simulateJumpReturns,
  simulateReturns,
} from './core/risk/tail/returnScenarios.ts';
export { expectedShortfall, valueAtRisk } from './core/risk/tail/valueAtRisk.ts';
export { bulkVpin, vpin } from './core/risk/vpin.ts';
export type * from './core/snapshot.ts';
export { checkSmile, type SmileCheck } from './core/surface/checkSmile.ts';
export { fitSabr, type SabrFit } from './core/surface/fitSabr.ts';
export { fitSsvi, type SsviFit } from './core/surface/fitSsvi.ts';
export { fitSurface, type SurfaceFit } from './core/surface/fitSurface.ts';
export { fitSvi, type SviFit } from './core/surface/fitSvi.ts';
export { vegaWeight } from './core/surface/points.ts';
export { repairButterfly } from './core/surface/repairButterfly.ts';
export { repairCalendar } from './core/surface/repairCalendar.ts';
export { type SabrInput, sabrVolatility } from './core/surface/sabr.ts';
export { smoothedVolatility } from './core/surface/smoothing.ts';
export { ssviConditions, ssviTotalVariance } from './core/surface/ssvi.ts';
export { surfaceVolatility, type VolatilitySurface, volatilitySurface } from './core/surface/surface.ts';
export { surfaceDelta } from './core/surface/surfaceDelta.ts';
export { type SviParameters, sviTotalVariance } from './core/surface/svi.ts';
export { sviFromJumpWings, sviJumpWings } from './core/surface/sviJumpWings.ts';
export { type Address, type Hash, type Hex, type Token, toRawDown, toRawUp, toWhole } from './core/units.ts';
export type { Bar } from './core/volatility/bars.ts';
export { testForJumps } from './core/volatility/bipower.ts';
export { ewmaVolatility } from './core/volatility/ewma.ts';
export { fitGarch, type GarchFit } from './core/volatility/fitGarch.ts';
export { forecastVolatility, type VolatilityForecast } from './core/volatility/forecast.ts';
export { irregularEwmaVolatility, irregularVolatility } from './core/volatility/irregular.ts';
export { estimateJumps } from './core/volatility/jumps.ts';
export { realizedVolatility } from './core/volatility/realized.ts';
export { resampledReturns } from './core/volatility/resample.ts';
export * from './devnet/index.ts';
export {
  type DevRelay,
  type DevRelayOptions,
  type Misbehaviour,
  startDevRelay,
} from './devnet/relay/index.ts';
export { emptyNotes, type Notes } from './engine/notes.ts';
export { type OrderState, orderState } from './engine/order/orderState.ts';
export { type TickResult, tick, tickFleet } from './engine/tick.ts';
export { defaultSubmission, type SubmissionSettings, type VaultSetup, type World } from './engine/world.ts';
export * as policies from './policies/index.ts';
export { type Account, defineAccount, type Fill } from './ports/account.ts';
export { type AlertChannel, type AlertKind, type AlertMessage, defineAlert } from './ports/alertChannel.ts';
export type { Alert, Clock, Log, Metrics } from './ports/ambient.ts';
export type { Chain, Outcome, Receipt, Simulation, TransactionIntent } from './ports/chain.ts';
export {
  defineObservedVolatilityFeed,
  definePriceFeed,
  defineVolatilityFeed,
  type Feed,
  type ObserveTools,
} from './ports/feed.ts';
export {
  defineProtocol,
  defineStatedProtocol,
  type Protocol,
  type ReadContext,
  type Remembered,
} from './ports/protocol.ts';
export { defineRelay, type Relay, type RelayAnswer, type RelayKind, type Submission } from './ports/relay.ts';
export { defineSigner, type SecretSource, type Signer, type SignerKind } from './ports/signer.ts';
export type { OrderEvent, OrderHistory, Store, StoreKind } from './ports/store.ts';
export { defineVenue, type Venue } from './ports/venue.ts';
export { loadStudy } from './runtime/backtest/loadStudy.ts';
export { runStudy } from './runtime/backtest/runStudy.ts';
export type { Study, StudyFinding } from './runtime/backtest/study.ts';
export { type StudyReport, studyReport } from './runtime/backtest/studyReport.ts';
export { loadConfig, parseConfig } from './runtime/config/load.ts';
export type { Config, VaultConfig } from './runtime/config/schema.ts';
export { ConfigError, type ConfigIssue, NotArmedError, UsageError } from './runtime/errors.ts';
export { replayJournal } from './runtime/journal/replay.ts';
export { keep } from './runtime/keeper/keeper.ts';
export { createLog, type LogLevel } from './runtime/log/log.ts';
export { createRedactor, type Redactor } from './runtime/log/redact.ts';
export { type Registry, registry } from './runtime/registry.ts';
export { type ForkOptions, type ForkWorld, openFork } from './runtime/worlds/fork.ts';
export { openLive } from './runtime/worlds/live.ts';
export { openShadow } from './runtime/worlds/shadow.ts';
export { type OpenWorld, systemTools, type WorldTools } from './runtime/worlds/tools.ts';
export { type BacktestInput, backtest } from './sim/backtest/backtest.ts';
export { type PoolPlan, typicalPools } from './sim/backtest/poolPlan.ts';
export type { BacktestResult } from './sim/backtest/result.ts';
export { type CalibrationInput, calibrate } from './sim/calibrate/calibrate.ts';
export type { CalibrationResult } from './sim/calibrate/result.ts';
export { bookScale, searchSpaces } from './sim/calibrate/spaces.ts';
export type { Candidate, PolicyChoice } from './sim/fast/candidate.ts';
export { fastBacktest, fastBacktestMany, type PreparedMarket } from './sim/fast/fastBacktest.ts';
export { buildMarket, typicalMarket } from './sim/market/buildMarket.ts';
export type { MarketPath } from './sim/market/marketPath.ts';
export type { HedgingBand, HedgingSimulation } from './sim/montecarlo/hedgingTerms.ts';
export { simulateHedging } from './sim/montecarlo/simulateHedging.ts';
export { cleanPrices } from './sim/paths/cleanPrices.ts';
export { garchBootstrapPath } from './sim/paths/garchBootstrap.ts';
export { gbmPath } from './sim/paths/gbm.ts';
export { hestonPath } from './sim/paths/heston.ts';
export { mertonPath } from './sim/paths/merton.ts';
export type { PathGrid, PricePath } from './sim/paths/pricePath.ts';
export { type RandomStream, randomStream } from './sim/random.ts';
export { type Replication, replicate } from './sim/replication.ts';
export { pairedBlockBootstrap } from './sim/study/blockBootstrap.ts';
export { comparePolicies } from './sim/study/comparePolicies.ts';
export { commonLevels, compareAtEqualError, frontierOf } from './sim/study/frontier.ts';
export { weekBlocks } from './sim/study/weekBlock.ts';
export type { VaultPlan } from './sim/vaultPlan.ts';
export { leastHedgingCost, policyHedgingCost } from './sim/yardstick/induction.ts';
export type { HedgingProblem, LatticeSize } from './sim/yardstick/problem.ts';
