/** Options that a vault writes or buys again and again. */
export interface OptionSchedule {
  readonly type: 'call' | 'put';
  /** Strike over spot when it is opened: 1.1 = ten per cent above. */
  readonly strikeOverSpot: number;
  /** Days from opening to expiry. */
  readonly days: number;
  /** Days from one opening to the next. */
  readonly everyDays: number;
  /** Base units; negative = written. */
  readonly sizeBase: number;
  /** What expiry pays in. */
  readonly settlement: 'quote' | 'base';
}

/** A range of liquidity, laid around spot at the start. */
export interface LiquidityPlan {
  readonly lowerOverSpot: number;
  readonly upperOverSpot: number;
  /** Worth at the start, quote. */
  readonly valueQuote: number;
}

/** A vault as a backtest describes it. */
export interface VaultPlan {
  readonly name: string;
  /** Free base and quote at the start, whole tokens. */
  readonly base: number;
  readonly quote: number;
  readonly options: readonly OptionSchedule[];
  readonly liquidity: readonly LiquidityPlan[];
  /** Net delta is measured from here, base units. */
  readonly targetDelta: number;
  /** Continuously compounded, per year. */
  readonly rate: number;
}
