import type { Position } from '../../core/position.ts';
import { toRawDown } from '../../core/units.ts';
import type { VaultPlan } from '../vaultPlan.ts';
import type { BookMove, OpenRound, OptionBook } from './optionBook.ts';
import { BASE, QUOTE } from './tokens.ts';

const NOTHING: readonly Position[] = [];

/** The list that was made last, and what of. */
interface Listed {
  readonly held: readonly Position[];
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
  readonly positions: readonly Position[];
}

/** What a vault holds as a backtest runs: balances, open rounds of options, liquidity. */
export class VaultBook {
  readonly #options: OptionBook;
  #move: BookMove | null = null;
  #listed: Listed | null = null;
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

  /**
   * Everything in the book, the same list until something changes. A balance below zero is money owed: the vault wrote what
   * it could not pay for.
   */
  positions(): readonly Position[] {
    const { baseRaw, quoteRaw } = this;
    const held = this.#move?.held ?? NOTHING;
    const listed = this.#listed;
    if (listed?.held === held && listed.baseRaw === baseRaw && listed.quoteRaw === quoteRaw) {
      return listed.positions;
    }
    const spot = { kind: 'spot', label: 'balance', locked: false } as const;
    const positions: readonly Position[] = [
      { ...spot, asset: 'base', amountRaw: baseRaw },
      { ...spot, asset: 'quote', amountRaw: quoteRaw },
      ...held,
    ];
    this.#listed = { held, baseRaw, quoteRaw, positions };
    return positions;
  }
}
