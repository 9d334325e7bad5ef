import type { Decision } from '../../core/decision.ts';
import { exposureOf, totalExposure } from '../../core/exposure/exposure.ts';
import type { Exposure, MarketView, Position } from '../../core/position.ts';
import { BPS, toWhole } from '../../core/units.ts';
import type { BacktestSettings } from './ports.ts';
import { type PricedFill, ProfitLedger } from './profit.ts';
import type { Inclusion } from './replica.ts';
import type {
  BacktestHedge,
  BacktestResult,
  BacktestSeries,
  OpenOption,
  RefusalRate,
  TradingCost,
} from './result.ts';
import { HourlyError, riskFigures } from './risk.ts';
import { RoundLedger } from './rounds.ts';
import { gasUsedBy, type SimulatedState } from './simulatedState.ts';
import { BASE, QUOTE } from './tokens.ts';

/** Bounds that refusals are counted at. */
const REFUSAL_BPS = [10, 25, 50, 75, 100, 150, 200, 300] as const;
const WEI_PER_NATIVE = 1e18;

/** What of a run's settings its score depends on. */
export type ScoredRun = Pick<BacktestSettings, 'plan' | 'limits'> & {
  readonly policy: { readonly kind: string };
};

/**
 * Scores a vault's run over a market: given the decision of each step it moves the market on, books what was included, and
 * measures profit at the path's own fair price, not at what the keeper believed. Whoever decides, it is the same.
 */
export class BacktestScore {
  readonly #run: ScoredRun;
  readonly #state: SimulatedState;
  readonly #exposureOf: typeof exposureOf;
  readonly #profit = new ProfitLedger();
  readonly #rounds = new RoundLedger();
  readonly #error = new HourlyError();
  readonly #hedges: BacktestHedge[] = [];
  readonly #notTraded: Record<string, number> = {};
  readonly #offers: number[] = [];
  readonly #series: BacktestSeries;
  /** Fair price at the step that decided an order, by its data on chain. */
  readonly #decidedAt = new Map<bigint, { readonly step: number; readonly price: number }>();
  #cost: TradingCost = { fee: 0, impact: 0, gas: 0, total: 0 };
  #gasPaid = 0;
  #known: { step: number; positions: readonly Position[]; exposure: Exposure } | null = null;
  #turnover = 0;

  /** @param partOf what gives the exposure of each position */
  constructor(run: ScoredRun, state: SimulatedState, partOf = exposureOf) {
    const { market } = state;
    this.#run = run;
    this.#state = state;
    this.#exposureOf = partOf;
    const length = market.spot.length;
    const column = () => new Float64Array(length).fill(Number.NaN);
    this.#series = {
      timestampSeconds: market.timestampSeconds,
      spot: market.spot,
      netDelta: column(),
      sellAct: column(),
      buyAct: column(),
      value: column(),
      cost: column(),
    };
    this.#advanceBook();
  }

  #advanceBook(): void {
    const { market, replica, book } = this.#state;
    const { step } = replica;
    const ended = book.advance(
      market.timestampSeconds[step]!,
      market.spot[step]!,
      market.impliedVolatility[step]!,
    );
    for (const round of ended) this.#rounds.end(round, this.#run.plan.rate);
  }

  #view(step: number): MarketView {
    const { market } = this.#state;
    return {
      spot: market.spot[step]!,
      volatility: market.impliedVolatility[step]!,
      rate: this.#run.plan.rate,
      nowSeconds: market.timestampSeconds[step]!,
      baseDecimals: BASE.decimals,
      quoteDecimals: QUOTE.decimals,
    };
  }

  /** Of the whole book. The end of a step is the beginning of the next where nothing expired: added up once for both. */
  #exposureAt(step: number): Exposure {
    const positions = this.#state.book.positions();
    const known = this.#known;
    if (known?.step === step && known.positions === positions) return known.exposure;
    const exposure = totalExposure(positions, this.#view(step), this.#exposureOf);
    this.#known = { step, positions, exposure };
    return exposure;
  }

  /** Books the decision of the present step, moves on to the next, and scores what happened in between. */
  step(decision: Decision): void {
    const { replica, book, market } = this.#state;
    const { step } = replica;
    const view = this.#view(step);
    const exposure = this.#exposureAt(step);
    const open = book.rounds;
    this.#note(step, decision, exposure.delta - this.#run.plan.targetDelta, exposure.valueQuote);
    const inclusions = replica.advance((sequence) => sequence < this.#state.nextSequence);
    const fills = inclusions.flatMap((inclusion) => this.#bookInclusion(inclusion));
    const gas = inclusions.reduce((sum, inclusion) => sum + this.#gasOf(inclusion), 0);
    this.#gasPaid += gas;
    const after = replica.step;
    const valueAfter = this.#exposureAt(after).valueQuote;
    const rise = market.spot[after]! - view.spot;
    const seconds = market.timestampSeconds[after]! - view.nowSeconds;
    const isScored = market.afterGap[after] !== 1;
    if (isScored) {
      this.#profit.book({
        exposure,
        spot: view.spot,
        nextSpot: market.spot[after]!,
        volatility: view.volatility,
        nextVolatility: market.impliedVolatility[after]!,
        seconds,
        valueChange: valueAfter - exposure.valueQuote,
        fills,
        gas,
      });
      const traded = fills.reduce((sum, { signedBase }) => sum + signedBase, 0);
      const netDelta = exposure.delta - this.#run.plan.targetDelta + traded;
      this.#error.add(view.nowSeconds, seconds, netDelta, rise);
    }
    this.#addCost(fills, gas);
    const logReturn = isScored ? Math.log(market.spot[after]! / view.spot) : Number.NaN;
    const cost = fills.reduce((sum, fill) => sum + fill.cost.total, gas);
    const gammas = open.map(({ position }) => this.#exposureOf(position, view).gamma);
    this.#rounds.book(open, gammas, cost, logReturn, seconds);
    this.#advanceBook();
  }

  #note(step: number, decision: Decision, netDelta: number, value: number): void {
    const { netDelta: deltas, sellAct, buyAct, value: values, cost } = this.#series;
    deltas[step] = netDelta;
    sellAct[step] = decision.numbers.band?.sell.act ?? Number.NaN;
    buyAct[step] = decision.numbers.band?.buy.act ?? Number.NaN;
    values[step] = value - this.#gasPaid;
    cost[step] = this.#cost.total;
    if (decision.kind !== 'hedge') {
      this.#notTraded[decision.code] = (this.#notTraded[decision.code] ?? 0) + 1;
      return;
    }
    const { market, nextSequence } = this.#state;
    this.#decidedAt.set(nextSequence, { step, price: market.spot[step]! });
    const { baseRaw, expectedQuoteRaw, side } = decision.plan;
    const price = toWhole(expectedQuoteRaw, QUOTE.decimals) / toWhole(baseRaw, BASE.decimals);
    const worse = (price / market.oracle[step]! - 1) * Number(BPS) * (side === 'sell' ? -1 : 1);
    this.#offers.push(worse);
  }

  #gasOf({ order, gasPriceWei, fairPrice }: Inclusion): number {
    const wei = gasUsedBy(order, this.#run.limits) * gasPriceWei;
    return (Number(wei) / WEI_PER_NATIVE) * fairPrice;
  }

  /** Moves the book by a fill and prices it; nothing for a revert. */
  #bookInclusion(inclusion: Inclusion): readonly PricedFill[] {
    const { fill, order, fairPrice } = inclusion;
    const { book } = this.#state;
    if (fill === null) return [];
    const sign = order.side === 'sell' ? -1n : 1n;
    book.baseRaw += sign * fill.baseRaw;
    book.quoteRaw -= sign * fill.quoteRaw;
    this.#state.nextSequence = order.sequence + 1n;
    const base = toWhole(fill.baseRaw, BASE.decimals);
    const quote = toWhole(fill.quoteRaw, QUOTE.decimals);
    const decided = this.#decidedAt.get(order.sequence);
    const fairAtDecision = decided?.price ?? fairPrice;
    const isSale = order.side === 'sell';
    const fee = isSale
      ? toWhole(fill.feeRaw, BASE.decimals) * fairPrice
      : toWhole(fill.feeRaw, QUOTE.decimals);
    const execution = isSale ? base * fairPrice - quote : quote - base * fairPrice;
    const timing = base * (fairAtDecision - fairPrice) * (isSale ? 1 : -1);
    const gas = this.#gasOf(inclusion);
    const cost = { fee, impact: execution - fee, gas: 0, total: execution };
    this.#turnover += base * fairAtDecision;
    this.#hedges.push({
      step: decided?.step ?? 0,
      timestampSeconds: inclusion.atSeconds,
      side: order.side,
      base,
      fairPrice: fairAtDecision,
      cost: { ...cost, gas, total: execution + gas },
    });
    return [{ signedBase: isSale ? -base : base, fairAtDecision, cost, timing }];
  }

  #addCost(fills: readonly PricedFill[], gas: number): void {
    if (fills.length === 0 && gas === 0) return;
    const sum = (of: (fill: PricedFill) => number) => fills.reduce((total, fill) => total + of(fill), 0);
    const fee = this.#cost.fee + sum(({ cost }) => cost.fee);
    const impact = this.#cost.impact + sum(({ cost }) => cost.impact);
    const paid = this.#cost.gas + gas;
    this.#cost = { fee, impact, gas: paid, total: fee + impact + paid };
  }

  result(): BacktestResult {
    const { market, replica } = this.#state;
    const last = replica.step;
    const exposure = this.#exposureAt(last);
    this.#series.netDelta[last] = exposure.delta - this.#run.plan.targetDelta;
    this.#series.value[last] = exposure.valueQuote - this.#gasPaid;
    this.#series.cost[last] = this.#cost.total;
    const seconds = market.timestampSeconds[last]! - market.timestampSeconds[0]!;
    const days = seconds / 86_400;
    return {
      policy: this.#run.policy.kind,
      path: market.name,
      vault: this.#run.plan.name,
      steps: last,
      years: days / 365,
      hedges: this.#hedges,
      hedgesPerDay: days > 0 ? this.#hedges.length / days : 0,
      turnoverQuote: this.#turnover,
      profit: this.#profit.parts,
      cost: this.#cost,
      risk: riskFigures(this.#error, this.#series.value),
      notTraded: this.#notTraded,
      rounds: this.#rounds.ended,
      openAtEnd: this.#openAt(last),
      refusals: this.#refusals(),
      series: this.#series,
      hourlyError: this.#error.sums,
    };
  }

  #openAt(step: number): readonly OpenOption[] {
    const view = this.#view(step);
    return this.#state.book.rounds.map(({ position, premiumQuote }) => ({
      type: position.type,
      strike: position.strike,
      expirySeconds: position.expirySeconds,
      sizeBase: position.size,
      premiumQuote,
      valueQuote: this.#exposureOf(position, view).valueQuote,
    }));
  }

  /** A hedge would have been refused where its planned price was worse against the feed than the bound. */
  #refusals(): readonly RefusalRate[] {
    return REFUSAL_BPS.map((maxSlippageBps) => ({
      maxSlippageBps,
      refused: this.#offers.filter((bps) => bps > maxSlippageBps).length,
      of: this.#offers.length,
    }));
  }
}
