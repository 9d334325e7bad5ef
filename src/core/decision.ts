import type { V4PoolKey } from './amm/pool.ts';
import type { InstrumentChoice, InstrumentUse } from './hedge/instruments.ts';
import type { MeasuredExposure } from './position.ts';
import type { PrecautionRecord } from './risk/precautionRecord.ts';
import type { Side } from './side.ts';
import type { Address } from './units.ts';

export type { Side } from './side.ts';

/** One swap of an order. */
export interface SwapLeg {
  readonly kind: 'swap';
  /** Kind of the venue plug-in. */
  readonly venue: string;
  readonly pool: Address;
  readonly baseRaw: bigint;
  readonly sqrtPriceLimitX96: bigint;
  /** Of a v4 pool; `pool` is then the last 20 bytes of its id. */
  readonly v4Key?: V4PoolKey;
  /** Where the leg goes over two pools: the swap of quote, `pool` being that of base. */
  readonly via?: FarSwap;
}

/** The second swap of a leg over two hops: a bridge token against quote. */
export interface FarSwap {
  /** The token between base and quote. */
  readonly token: Address;
  readonly venue: string;
  readonly pool: Address;
  readonly sqrtPriceLimitX96: bigint;
  readonly v4Key?: V4PoolKey;
}

/** One swap of an order, under the name that its list has. */
export type Leg = SwapLeg;

/** A step on the vault's lending market, in one transaction with the swaps. */
export interface LendingStep {
  readonly kind: 'supply' | 'withdraw' | 'borrow' | 'repay';
  readonly asset: 'base' | 'quote';
  readonly amountRaw: bigint;
  /** The market's pool, as the mandate names it. */
  readonly pool: Address;
}

/** Lending steps around the swaps of an order: what makes base to sell comes before, what is done with the proceeds after. */
export interface LendingSteps {
  readonly before: readonly LendingStep[];
  readonly after: readonly LendingStep[];
}

/** Liquidity of one of the account's own positions, withdrawn to the account in one transaction with the rest, before it. */
export interface WithdrawalStep {
  /** Of the position, for people. */
  readonly label: string;
  /** The position manager, as the mandate names it. */
  readonly manager: Address;
  readonly tokenId: bigint;
  readonly liquidity: bigint;
  /** What it brings, fees among it, where the pool stands. */
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
}

/** A decision made concrete, before it has a sequence and a deadline on chain. */
export interface OrderPlan {
  readonly side: Side;
  readonly baseRaw: bigint;
  /** Least received when selling, most paid when buying, at full fill. */
  readonly quoteLimitRaw: bigint;
  /** What the pools' own arithmetic says the order brings or costs. */
  readonly expectedQuoteRaw: bigint;
  /** Below this share of `baseRaw` the transaction reverts. */
  readonly minFillBps: number;
  readonly legs: readonly Leg[];
  /** Absent where no liquidity is withdrawn. */
  readonly withdrawals?: readonly WithdrawalStep[];
  /** Absent where nothing is lent or borrowed. */
  readonly lending?: LendingSteps;
}

/** An order as it is sent: a plan bound to one sequence and one deadline. */
export interface Order extends OrderPlan {
  readonly sequence: bigint;
  /** Last block timestamp at which it may execute. */
  readonly deadlineSeconds: number;
}

/** Two levels per side, signed net delta in base units: beyond `act` trade to `target`. */
export interface Band {
  readonly sell: { readonly act: number; readonly target: number };
  readonly buy: { readonly act: number; readonly target: number };
}

/** What a hedge costs, in quote; `bps` of notional. */
export interface CostEstimate {
  readonly feeQuote: number;
  readonly impactQuote: number;
  readonly gasQuote: number;
  readonly totalQuote: number;
  readonly bps: number;
}

/** Why a decision is what it is; each code has a sentence in docs/decisions.md. */
export type ReasonCode =
  // hold
  | 'insideBand'
  | 'notDue'
  | 'belowMinimum'
  | 'inventory'
  | 'spacing'
  | 'orderOpen'
  | 'gasCap'
  | 'gasPerDay'
  | 'gasWait'
  | 'turnover'
  | 'noLiquidity'
  | 'simulation'
  | 'fillMismatch'
  | 'wrongWay'
  | 'stopping'
  | 'breaker'
  | 'notArmed'
  // hedge
  | 'beyondBand'
  | 'due'
  | 'sliced'
  // reduce
  | 'reducing'
  // halt
  | 'oracleStale'
  | 'oracleInvalid'
  | 'oracleDiverges'
  | 'volatilityStale'
  | 'volatilityInvalid'
  | 'stress'
  | 'paused'
  | 'keeperNotAllowed'
  | 'moduleNotEnabled'
  | 'noPool'
  | 'failures'
  | 'lossLimit'
  | 'turnoverLimit'
  | 'gasLimit'
  | 'slippageLimit'
  | 'staleLimit'
  | 'dataFault'
  | 'gasMoney'
  | 'foreignTransaction'
  | 'signerFault'
  | 'journalFault'
  | 'chainFault'
  | 'finalityBroken';

/** Something a reader should know that did not change the decision. */
export interface Warning {
  readonly code: ReasonCode;
  readonly text: string;
}

/** The numbers behind a decision, the same for every kind; null = not known, with the reason in `why`. */
export interface DecisionNumbers {
  readonly spot: number | null;
  readonly exposure: MeasuredExposure | null;
  /** Exposure delta minus target delta, base units. */
  readonly netDelta: number | null;
  readonly band: Band | null;
  readonly cost: CostEstimate | null;
}

/** A cash settlement ahead: what hedges it is not taken over by anybody, and has to be traded away. */
export interface SettlementAhead {
  readonly label: string;
  readonly expirySeconds: number;
  /** Base that hedges it now and is to be unwound across the fixing: positive is to be sold, negative to be bought. */
  readonly hedgeBase: number;
  /** What unwinding that would cost now, gas included, quote; null where pools cannot take it. */
  readonly unwindCostQuote: number | null;
}

/** What a policy weighed: amounts in quote, against the fair price. */
export interface Explanation {
  /**
   * What trading to the target costs now, gas included, or to the centre of the band from inside of its targets; null
   * where pools cannot take it.
   */
  readonly costNowQuote: number | null;
  /** What the present net delta costs in risk, by the vault's own risk aversion, quote per hour. */
  readonly waitingQuotePerHour: number;
  /** Gas of one hedge. */
  readonly gasQuote: number;
  /** Gas at which it would decide the other way, all else equal; null where no gas would. */
  readonly changesAtGasQuote: number | null;
  /** Size of gamma at which it would decide the other way, all else equal; null where none would. */
  readonly changesAtGamma: number | null;
  /** Gamma that the band was made for: the book's, capped where an option is about to expire. */
  readonly gamma: number;
  /** Years to the gamma-weighted expiry that the band was made for. */
  readonly horizonYears: number;
  readonly settlements: readonly SettlementAhead[];
}

interface DecisionBase {
  readonly code: ReasonCode;
  /** One sentence for people, with the numbers that mattered. */
  readonly why: string;
  readonly warnings: readonly Warning[];
  readonly numbers: DecisionNumbers;
  /** What the policy weighed, where it says so. */
  readonly explanation?: Explanation;
  /** Breakers, stress and events that were looked at; absent where the vault has none set. */
  readonly precautions?: PrecautionRecord;
}

/** Leave everything as it is. */
export interface HoldDecision extends DecisionBase {
  readonly kind: 'hold';
}

/** Trade; `netDeltaAfter` is where a full fill would leave the vault. */
export interface HedgeDecision extends DecisionBase {
  readonly kind: 'hedge';
  readonly plan: OrderPlan;
  readonly netDeltaAfter: number;
  /** What the trade is done with and what holding it costs a day; absent where everything is owned. */
  readonly instruments?: readonly InstrumentUse[];
  /** What would have cost less to hold and cannot be traded from here; absent where nothing would. */
  readonly cheaperUnexecutable?: NonNullable<InstrumentChoice['cheaperUnexecutable']>;
}

/** Make the vault safer instead of neutral: liquidity withdrawn and lending steps, without any swap. */
export interface ReduceDecision extends DecisionBase {
  readonly kind: 'reduce';
  /** Without swaps: its size is 0. */
  readonly plan: OrderPlan;
  readonly netDeltaAfter: number;
}

/** A decision that becomes an order. */
export type PlannedDecision = HedgeDecision | ReduceDecision;

/** Do nothing until somebody or something changed what is wrong. */
export interface HaltDecision extends DecisionBase {
  readonly kind: 'halt';
}

/** What a vault does about one block. */
export type Decision = HoldDecision | PlannedDecision | HaltDecision;
