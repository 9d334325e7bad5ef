import type { Pool } from './amm/pool.ts';
import type { ReasonCode } from './decision.ts';
import type { HedgeDataFee } from './gas/dataFee.ts';
import type { Margin } from './margin.ts';
import type { Position } from './position.ts';
import type { SequencerState } from './risk/breakers/readBreakers.ts';
import type { CalendarEvent } from './risk/eventCalendar.ts';
import type { KeptPrecautions } from './risk/precautionRecord.ts';
import type { Address, Hash, Token } from './units.ts';

/** A block as every read of a snapshot is pinned to. */
export interface BlockFacts {
  readonly number: bigint;
  readonly hash: Hash;
  readonly parentHash: Hash;
  readonly timestampSeconds: number;
  readonly baseFeePerGasWei: bigint;
}

/** What does not change from block to block: whom we keep neutral, in which tokens. */
export interface VaultTerms {
  readonly name: string;
  readonly chainId: number;
  /** The avatar: the account that holds the positions. */
  readonly account: Address;
  readonly base: Token;
  readonly quote: Token;
  /** Tokens that a leg of two hops may go over; absent where there are none. */
  readonly bridges?: readonly Token[];
  readonly numeraire: 'quote' | 'base';
  readonly deltaModel: 'stickyStrike';
  /** Net delta is measured from here, base units. */
  readonly targetDelta: number;
  /** Continuously compounded rate per year used in pricing. */
  readonly rate: number;
}

/** A price from a feed, exact: quoteRaw = baseRaw x numerator / denominator. */
export interface PriceReading {
  readonly source: string;
  /** Quote per base, for people and analytics. */
  readonly price: number;
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly updatedAtSeconds: number;
  /** Age beyond which it is stale: the shortest slack of the feeds it is made of has run out. */
  readonly staleAfterSeconds: number;
  /** Why it cannot be used, null when it can. */
  readonly fault: string | null;
}

/** A volatility with its source and time. */
export interface VolatilityReading {
  readonly source: string;
  /** Annualised, 1.00 = 100 %. Means nothing beside a fault. */
  readonly volatility: number;
  /** When the newest thing that it was made from happened. */
  readonly observedAtSeconds: number;
  /** One standard error of `volatility`, in its own unit; absent where its source does not know. */
  readonly stdError?: number;
  /** Age beyond which it cannot be used; absent where it does not age. */
  readonly staleAfterSeconds?: number;
  /** Why it cannot be used; absent or null when it can. */
  readonly fault?: string | null;
}

/** What the vault owns freely: what can be sold or paid with. */
export interface Holdings {
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
}

/** What fills on paper changed at the mandate's lending market, raw; below 0 for what was withdrawn or repaid. */
export interface PaperLending {
  readonly baseSuppliedRaw: bigint;
  readonly baseDebtRaw: bigint;
  readonly quoteSuppliedRaw: bigint;
  readonly quoteDebtRaw: bigint;
}

/** Liquidity of one NFT that was withdrawn on paper. */
export interface PaperWithdrawal {
  readonly tokenId: bigint;
  readonly liquidity: bigint;
}

/**
 * Net effect of fills that exist on paper only: of their swaps and withdrawals of liquidity, and apart from it of their
 * lending steps.
 */
export interface PaperFills extends Holdings {
  /** Absent where nothing was lent or borrowed on paper. */
  readonly lending?: PaperLending;
  /** Absent where no liquidity was withdrawn on paper; the positions of the snapshot are without it already. */
  readonly withdrawn?: readonly PaperWithdrawal[];
}

/** The rules that the chain itself holds for this account, and their state. */
export interface GuardState {
  readonly module: Address;
  readonly nextSequence: bigint;
  readonly enabled: boolean;
  readonly paused: boolean;
  readonly keeperAllowed: boolean;
  readonly maxSlippageBps: number;
  readonly turnoverAvailableRaw: bigint;
  /** What the turnover bucket holds at most and what flows back in a day, quote raw; absent where nothing says so. */
  readonly turnoverCapacityRaw?: bigint;
  readonly turnoverRefillPerDayRaw?: bigint;
  readonly minBaseRaw: bigint;
  readonly maxBaseRaw: bigint;
  /** Pools of this snapshot that the mandate allows. */
  readonly allowedPools: readonly Address[];
  /** What the mandate lets the keeper lend and borrow; absent where it does not. */
  readonly lending?: LendingGuard;
  /** Where the mandate lets the keeper withdraw the account's own Uniswap v3 liquidity; absent where it does not. */
  readonly positionManager?: Address;
}

/** What a mandate allows on a lending market. */
export interface LendingGuard {
  readonly pool: Address;
  /** An order may not end below it, 1 = liquidation. */
  readonly minHealthFactor: number;
  readonly maxBaseDebtRaw: bigint;
  readonly maxQuoteDebtRaw: bigint;
}

/** A pool of the config that nothing can be traded on: it was created and holds nothing, or has no price yet. */
export interface EmptyPool {
  readonly kind: 'empty';
  /** Kind of the venue plug-in that read it. */
  readonly venue: string;
  readonly address: Address;
  /** What is missing. */
  readonly why: string;
}

/** A pool of which a venue found nothing to trade on. */
export function emptyPool(venue: string, address: Address, why: string): EmptyPool {
  return { kind: 'empty', venue, address, why };
}

/** Part one: read from chain at one block hash. */
export interface ChainFacts {
  readonly block: BlockFacts;
  /** Without liquidity that was withdrawn on paper. */
  readonly positions: readonly Position[];
  readonly holdings: Holdings;
  readonly pools: readonly Pool[];
  /** Configured pools that hold nothing at this block; absent where every pool holds something. */
  readonly emptyPools?: readonly EmptyPool[];
  readonly prices: readonly PriceReading[];
  readonly guard: GuardState;
  /** What backs debts and written options; absent where the vault has neither. */
  readonly margin?: Margin;
  /** The quote token in the currency that it is meant to be worth 1 of; absent where no feed of it is configured. */
  readonly quotePeg?: PriceReading;
  /** An L2's sequencer; absent where none is looked at. */
  readonly sequencer?: SequencerState;
}

/** How likely it is to trade against somebody who knows more, from the swaps of a pool: see `vpin`. */
export interface ToxicityReading {
  readonly source: string;
  /** Share of volume that was one-sided, 0 to 1. */
  readonly vpin: number;
  readonly observedAtSeconds: number;
}

/** Who stated positions that are not on the chain, and of when they are. */
export interface StatementFacts {
  readonly source: string;
  readonly observedAtSeconds: number;
  /** Age beyond which they do not count: the vault is then not read at all. */
  readonly staleAfterSeconds: number;
}

/** Part two: observed off chain or configured, each with source and time. */
export interface ObservedFacts {
  /** Dated events whose window this block lies in; absent where there is none. */
  readonly events?: readonly CalendarEvent[];
  /** Toxicity of order flow; absent where no swaps are looked at. */
  readonly toxicity?: ToxicityReading;
  /** The first of the configured sources that could be used at this block, or the first of all where none could. */
  readonly volatility: VolatilityReading;
  /** Sources before it, which could not be used, or all the others where none could; absent where there are none. */
  readonly volatilityPassedOver?: readonly VolatilityReading[];
  /** Where those of the positions come from that are not on the chain; absent where all of them are. */
  readonly statements?: readonly StatementFacts[];
}

/** What a vault's orders did in the last day, or since it was last resumed where that is shorter. */
export interface DayFacts {
  /** Base and gas left aside: quote that went over the pools, either side. */
  readonly turnoverQuote: number;
  /** Fair value given less value received, quote; negative where prices improved. */
  readonly shortfallQuote: number;
  readonly gasPaidWei: bigint;
  /** The worst of its fills against the fair price it was decided at, bps; null where there is none. */
  readonly worstSlippageBps: number | null;
}

/** A halt that stays until somebody resumes the vault. */
export interface KeptHalt {
  readonly code: ReasonCode;
  readonly why: string;
  /** When it was decided, Unix seconds. */
  readonly sinceSeconds: number;
}

/** Part three: what we did before, from the journal. */
export interface HistoryFacts {
  readonly lastHedge: {
    readonly blockNumber: bigint;
    readonly timestampSeconds: number;
    readonly side: 'sell' | 'buy';
    readonly baseRaw: bigint;
  } | null;
  readonly consecutiveFailures: number;
  /** Gas that the vault's orders paid in the last day, wei; absent where no limit asks for it. */
  readonly gasPaidLastDayWei?: bigint;
  /** What its orders did in the last day; absent where no limit asks for it. */
  readonly lastDay?: DayFacts;
  /** What halted the vault and waits for somebody to resume it; absent where nothing does. */
  readonly keptHalt?: KeptHalt;
  /** Net effect of fills that exist on paper only (shadow), signed from the vault's point of view. */
  readonly paper: PaperFills;
  /** What the last decision left to the next; absent where nothing is kept. */
  readonly precautions?: KeptPrecautions;
}

/** Part four: the price of gas money and of inclusion. */
export interface NativeFacts {
  /** Quote per native token. */
  readonly priceQuote: number;
  /** Highest base fee within the inclusion window. */
  readonly baseFeePerGasWei: bigint;
  readonly priorityFeePerGasWei: bigint;
  /** Fee for publishing a hedge's data, wei, on chains that charge it beside gas; absent elsewhere. */
  readonly l1DataFeeWei?: HedgeDataFee;
}

/** Everything that a decision may look at: plain immutable data. */
export interface Snapshot {
  readonly schema: 1;
  readonly vault: VaultTerms;
  readonly chain: ChainFacts;
  readonly observed: ObservedFacts;
  readonly history: HistoryFacts;
  readonly native: NativeFacts;
}
