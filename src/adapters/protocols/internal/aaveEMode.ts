import { all, known, type Read } from '../../../core/read.ts';
import type { Address } from '../../../core/units.ts';
import { call, tryCall } from '../../chain/index.ts';
import { aavePoolViews } from './aaveAbi.ts';
import type { ReserveState } from './aaveReserve.ts';

/** An efficiency mode: better terms for assets that move together. Shares 0 to 1. */
export interface EMode {
  readonly category: number;
  readonly loanToValue: number;
  readonly liquidationThreshold: number;
  /** Ids of the reserves whose collateral gets its terms, as bits; null before 3.2, where each reserve names its own. */
  readonly collateralBitmap: bigint | null;
  readonly borrowableBitmap: bigint | null;
}

const BPS = 10_000;

/** The terms of a category, in one round; none for category 0. */
export function* readEMode(pool: Address, category: number): Read<EMode | null> {
  if (category === 0) return yield* known(null);
  const [data, collateralBitmap, borrowableBitmap] = yield* all([
    call(aavePoolViews, pool, 'getEModeCategoryData', [category]),
    tryCall(aavePoolViews, pool, 'getEModeCategoryCollateralBitmap', [category]),
    tryCall(aavePoolViews, pool, 'getEModeCategoryBorrowableBitmap', [category]),
  ]);
  return {
    category,
    loanToValue: data.ltv / BPS,
    liquidationThreshold: data.liquidationThreshold / BPS,
    collateralBitmap,
    borrowableBitmap,
  };
}

/** What a reserve counts for in an account's mode, and whether it may be borrowed there. */
export function termsUnder(
  eMode: EMode | null,
  id: number,
  state: ReserveState,
): Pick<ReserveState, 'loanToValue' | 'liquidationThreshold' | 'isBorrowingEnabled'> {
  const { loanToValue, liquidationThreshold, isBorrowingEnabled } = state;
  if (eMode === null) return { loanToValue, liquidationThreshold, isBorrowingEnabled };
  const has = (bitmap: bigint | null) =>
    bitmap === null ? state.eModeCategory === eMode.category : ((bitmap >> BigInt(id)) & 1n) === 1n;
  const terms = has(eMode.collateralBitmap) ? eMode : state;
  return {
    loanToValue: loanToValue === 0 ? 0 : terms.loanToValue,
    liquidationThreshold: liquidationThreshold === 0 ? 0 : terms.liquidationThreshold,
    isBorrowingEnabled: isBorrowingEnabled && has(eMode.borrowableBitmap),
  };
}
