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

/** What a vault holds as a backtest runs: balances, open rounds of options, liquidity. */
export class VaultBook {
  readonly #plan: VaultPlan;
  readonly #liquidity: readonly LiquidityPosition[];
  readonly #nextOpeningSeconds: number[];
  #rounds: readonly OpenRound[] = [];
  baseRaw: bigint;
  quoteRaw: bigint;

  /** @param spot quote per base at the start, which liquidity is laid around */
  constructor(plan: VaultPlan, pools: readonly PoolPlan[], spot: number, startSeconds: number) {
    this.#plan = plan;
    this.baseRaw = toRawDown(plan.base, BASE.decimals);
    this.quoteRaw = toRawDown(plan.quote, QUOTE.decimals);
    this.#liquidity = layLiquidity(plan, pools, spot);
    this.#nextOpeningSeconds = plan.options.map(() => startSeconds);
  }

  get rounds(): readonly OpenRound[] {
    return this.#rounds;
  }

  /**
   * Brings the book to a moment: expired options pay, due ones are opened at the mark, for cash.
   *
   * @returns the rounds that ended
   */
  advance(nowSeconds: number, spot: number, impliedVolatility: number): readonly OpenRound[] {
    const ended = this.#rounds.filter(({ position }) => position.expirySeconds <= nowSeconds);
    for (const { position } of ended) this.#settle(position, spot);
    const opened = this.#plan.options.flatMap((schedule, index) => {
      if (this.#nextOpeningSeconds[index]! > nowSeconds) return [];
      this.#nextOpeningSeconds[index] = nowSeconds + schedule.everyDays * SECONDS_PER_DAY;
      return [this.#open(schedule, nowSeconds, spot, impliedVolatility)];
    });
    if (ended.length + opened.length > 0) {
      this.#rounds = [...this.#rounds.filter((round) => !ended.includes(round)), ...opened];
    }
    return ended;
  }

  #open(schedule: OptionSchedule, nowSeconds: number, spot: number, impliedVolatility: number): OpenRound {
    const { type, sizeBase, days, settlement } = schedule;
    const strike = spot * schedule.strikeOverSpot;
    const years = (days * SECONDS_PER_DAY) / SECONDS_PER_YEAR;
    const { rate } = this.#plan;
    const mark = { type, spot, strike, years, rate, dividendYield: 0, volatility: impliedVolatility };
    const premiumQuote = -sizeBase * blackScholes(mark).price;
    this.quoteRaw += signedRaw(premiumQuote, QUOTE.decimals);
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

  #settle({ type, strike, size, settlement }: OptionPosition, spot: number): void {
    const payoff = size * Math.max(type === 'call' ? spot - strike : strike - spot, 0);
    if (settlement === 'base') this.baseRaw += signedRaw(payoff / spot, BASE.decimals);
    else this.quoteRaw += signedRaw(payoff, QUOTE.decimals);
  }

  /** Everything in the book. A balance below zero is money owed: the vault wrote what it could not pay for. */
  positions(): readonly Position[] {
    const spot = { kind: 'spot', label: 'balance', locked: false } as const;
    return [
      { ...spot, asset: 'base', amountRaw: this.baseRaw },
      { ...spot, asset: 'quote', amountRaw: this.quoteRaw },
      ...this.#rounds.map(({ position }) => position),
      ...this.#liquidity,
    ];
  }
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
