import { exposureOf, sumExposures } from '../../core/exposure/exposure.ts';
import type { Exposure, MarketView, Position } from '../../core/position.ts';
import type { VaultBook } from './vaultBook.ts';

/** A run looks at one book in three markets a step, and begins the next in the last of them. */
const REMEMBERED = 4;

interface Look {
  readonly held: readonly Position[];
  readonly spot: number;
  readonly volatility: number;
  readonly nowSeconds: number;
  readonly parts: readonly Exposure[];
}

/** Greeks of what no hedge changes, position by position: runs that share a market price each book once. */
export class BookGreeks {
  readonly #looks: Look[] = [];

  /**
   * The exposure of each position, in their order; the same array for the same positions in the same market.
   *
   * @param held a list that is never written to
   */
  partsOf(held: readonly Position[], view: MarketView): readonly Exposure[] {
    const { spot, volatility, nowSeconds } = view;
    for (const look of this.#looks) {
      const isSame = look.spot === spot && look.nowSeconds === nowSeconds && look.volatility === volatility;
      if (isSame && look.held === held) return look.parts;
    }
    const parts = held.map((position) => exposureOf(position, view));
    this.#looks.unshift({ held, spot, volatility, nowSeconds, parts });
    if (this.#looks.length > REMEMBERED) this.#looks.pop();
    return parts;
  }

  /** The greeks of a whole vault. */
  total(book: VaultBook, view: MarketView): Exposure {
    const balances = book.balances().map((position) => exposureOf(position, view));
    return sumExposures([...balances, ...this.partsOf(book.held, view)]);
  }
}
