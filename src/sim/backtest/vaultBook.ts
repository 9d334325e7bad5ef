import type { Position } from '../../core/position.ts';
import { toRawDown } from '../../core/units.ts';
import type { VaultPlan } from '../vaultPlan.ts';
import type { BookMove, OpenRound, OptionBook } from './optionBook.ts';
import { BASE, QUOTE } from './tokens.ts';

/** What a vault holds as a backtest runs: balances, open rounds of options, liquidity. */
export class VaultBook {
  readonly #options: OptionBook;
  #move: BookMove | null = null;
  baseRaw: bigint;
  quoteRaw: bigint;

  constructor(plan: VaultPlan, options: OptionBook) {
    this.#options = options;
    this.baseRaw = toRawDown(plan.base, BASE.decimals);
    this.quoteRaw = toRawDown(plan.quote, QUOTE.decimals);
  }

  get rounds(): readonly OpenRound[] {
    return this.#move?.rounds ?? [];
  }

  /**
   * Brings the book to a moment: expired options pay, due ones are opened at the mark, for cash.
   *
   * @returns the rounds that ended
   */
  advance(nowSeconds: number, spot: number, impliedVolatility: number): readonly OpenRound[] {
    const move = this.#options.advance(nowSeconds, spot, impliedVolatility);
    this.#move = move;
    this.baseRaw += move.baseRaw;
    this.quoteRaw += move.quoteRaw;
    return move.ended;
  }

  /** Everything in the book. A balance below zero is money owed: the vault wrote what it could not pay for. */
  positions(): readonly Position[] {
    const spot = { kind: 'spot', label: 'balance', locked: false } as const;
    return [
      { ...spot, asset: 'base', amountRaw: this.baseRaw },
      { ...spot, asset: 'quote', amountRaw: this.quoteRaw },
      ...(this.#move?.held ?? []),
    ];
  }
}
