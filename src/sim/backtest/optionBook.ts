import { priceToRatio, sqrtPriceDown } from '../../core/amm/price.ts';
import { maxUsableTick, minUsableTick, sqrtPriceAtTick, tickAtSqrtPrice } from '../../core/amm/tickMath.ts';
import { liquidityExposure } from '../../core/exposure/liquidity.ts';
import { blackScholes } from '../../core/options/blackScholes.ts';
import type { LiquidityPosition, OptionPosition, Position } from '../../core/position.ts';
import { Q96, SECONDS_PER_DAY, SECONDS_PER_YEAR, toRawDown } from '../../core/units.ts';
import type { OptionSchedule, VaultPlan } from '../vaultPlan.ts';
import { type PoolPlan, planAddress } from './poolPlan.ts';
import { BASE, QUOTE } from './tokens.ts';

/** Options of one writing, from opening to expiry. */
export interface OpenRound {
  readonly schedule: OptionSchedule;
  readonly openedAtSeconds: number;
  readonly position: OptionPosition;
  /** What was received for them, quote; negative where they were bought. */
  readonly premiumQuote: number;
  /** Volatility that they were priced with. */
  readonly impliedVolatility: number;
}

/** What a moment did to the options of a vault: what is held from then on, and what was paid and received. */
export interface BookMove {
  readonly rounds: readonly OpenRound[];
  /** The open rounds' options and the liquidity; the same array as before where nothing ended or opened. */
  readonly held: readonly Position[];
  readonly ended: readonly OpenRound[];
  /** Received, negative where paid. */
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
}

const NOTHING = { ended: [], baseRaw: 0n, quoteRaw: 0n };

/**
 * The part of a vault that no hedge changes: options as the plan writes them, and liquidity. Runs that are compared on one
 * market share one of these, each asking for the moments in their order.
 */
export class OptionBook {
  readonly #plan: VaultPlan;
  /** In the first pool, from the start to the end. */
  readonly liquidity: readonly LiquidityPosition[];
  readonly #nextOpeningSeconds: number[];
  #last: BookMove;
  #lastSeconds = Number.NaN;

  /** @param spot quote per base at the start, which liquidity is laid around */
  constructor(plan: VaultPlan, pools: readonly PoolPlan[], spot: number, startSeconds: number) {
    this.#plan = plan;
    this.liquidity = layLiquidity(plan, pools, spot);
    this.#nextOpeningSeconds = plan.options.map(() => startSeconds);
    this.#last = { rounds: [], held: this.liquidity, ...NOTHING };
  }

  /** Brings the book to a moment: expired options pay, due ones are opened at the mark, for cash. The same again for the same moment. */
  advance(nowSeconds: number, spot: number, impliedVolatility: number): BookMove {
    if (nowSeconds === this.#lastSeconds) return this.#last;
    const { rounds, held } = this.#last;
    const ended = rounds.filter(({ position }) => position.expirySeconds <= nowSeconds);
    const opened = this.#plan.options.flatMap((schedule, index) => {
      if (this.#nextOpeningSeconds[index]! > nowSeconds) return [];
      this.#nextOpeningSeconds[index] = nowSeconds + schedule.everyDays * SECONDS_PER_DAY;
      return [this.#open(schedule, nowSeconds, spot, impliedVolatility)];
    });
    this.#lastSeconds = nowSeconds;
    if (ended.length + opened.length === 0) {
      this.#last = { rounds, held, ...NOTHING };
      return this.#last;
    }
    const kept = [...rounds.filter((round) => !ended.includes(round)), ...opened];
    const payoffs = ended.map(({ position }) => payoffOf(position, spot));
    const premiums = opened.map(({ premiumQuote }) => signedRaw(premiumQuote, QUOTE.decimals));
    const quoteRaw = [...payoffs.map((payoff) => payoff.quoteRaw), ...premiums].reduce((a, b) => a + b, 0n);
    this.#last = {
      rounds: kept,
      held: [...kept.map(({ position }) => position), ...this.liquidity],
      ended,
      baseRaw: payoffs.reduce((sum, payoff) => sum + payoff.baseRaw, 0n),
      quoteRaw,
    };
    return this.#last;
  }

  #open(schedule: OptionSchedule, nowSeconds: number, spot: number, impliedVolatility: number): OpenRound {
    const { type, sizeBase, days, settlement } = schedule;
    const strike = spot * schedule.strikeOverSpot;
    const years = (days * SECONDS_PER_DAY) / SECONDS_PER_YEAR;
    const { rate } = this.#plan;
    const mark = { type, spot, strike, years, rate, dividendYield: 0, volatility: impliedVolatility };
    const premiumQuote = -sizeBase * blackScholes(mark).price;
    const position: OptionPosition = {
      kind: 'option',
      label: `${days} day ${type}`,
      type,
      strike,
      expirySeconds: nowSeconds + days * SECONDS_PER_DAY,
      size: sizeBase,
      settlementPrice: null,
      settlement,
    };
    return { schedule, openedAtSeconds: nowSeconds, position, premiumQuote, impliedVolatility };
  }
}

/** What an option that ends at a price pays the vault. */
function payoffOf({ type, strike, size, settlement }: OptionPosition, spot: number) {
  const payoff = size * Math.max(type === 'call' ? spot - strike : strike - spot, 0);
  return settlement === 'base'
    ? { baseRaw: signedRaw(payoff / spot, BASE.decimals), quoteRaw: 0n }
    : { baseRaw: 0n, quoteRaw: signedRaw(payoff, QUOTE.decimals) };
}

function signedRaw(whole: number, decimals: number): bigint {
  return whole < 0 ? -toRawDown(-whole, decimals) : toRawDown(whole, decimals);
}

/** Liquidity in the first pool, sized to be worth what the plan says. */
function layLiquidity(
  plan: VaultPlan,
  [pool]: readonly PoolPlan[],
  spot: number,
): readonly LiquidityPosition[] {
  if (pool === undefined) return [];
  const units = { baseIsToken0: true, baseDecimals: BASE.decimals, quoteDecimals: QUOTE.decimals };
  const { tickSpacing } = pool;
  const tickAt = (price: number) => {
    const tick = tickAtSqrtPrice(sqrtPriceDown(priceToRatio(price, units), true));
    const usable = Math.round(tick / tickSpacing) * tickSpacing;
    return Math.min(Math.max(usable, minUsableTick(tickSpacing)), maxUsableTick(tickSpacing));
  };
  return plan.liquidity.map(({ lowerOverSpot, upperOverSpot, valueQuote }) => {
    const range = { tickLower: tickAt(spot * lowerOverSpot), tickUpper: tickAt(spot * upperOverSpot) };
    // Wide enough a number that what a unit is worth keeps its digits.
    const unit = (10n ** 18n * sqrtPriceAtTick(range.tickUpper)) / Q96;
    const worth = liquidityExposure({ ...range, ...units, spot, liquidity: unit }).valueQuote;
    const liquidity = (unit * BigInt(Math.round((valueQuote / worth) * 1e9))) / 10n ** 9n;
    return {
      kind: 'liquidity',
      label: `liquidity in ${pool.name}`,
      pool: planAddress(0),
      baseIsToken0: true,
      ...range,
      liquidity,
    };
  });
}
