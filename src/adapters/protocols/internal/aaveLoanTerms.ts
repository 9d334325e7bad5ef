import type { LendingReserve } from '../../../core/margin.ts';
import { max, min } from '../../../core/units.ts';
import type { AccountReserve } from './aaveAccount.ts';

/** Units in which a market counts the debt of isolated accounts: hundredths of a token, whatever it is worth. */
const CEILING_DECIMALS = 2;

/**
 * Whether an account may borrow of a reserve, and how much its caps let it, by what else it has (Aave v3, `ValidationLogic`):
 * collateral in isolation mode backs only what may be borrowed so, up to its debt ceiling, and a siloed token is borrowed
 * alone.
 *
 * @param isBorrowingEnabled by the reserve's own terms
 */
export function loanTerms(
  { terms, state }: AccountReserve,
  reserves: readonly AccountReserve[],
  isBorrowingEnabled: boolean,
): Pick<LendingReserve, 'isBorrowingEnabled' | 'borrowCapLeftRaw'> {
  const others = reserves.filter((one) => one.borrows && one.terms.id !== terms.id);
  const isSiloed = others.length > 0 && (state.isSiloed || others.some((one) => one.state.isSiloed));
  const [collateral, ...more] = reserves.filter(({ isCollateral }) => isCollateral);
  const ceiling = more.length === 0 ? (collateral?.state.debtCeiling ?? null) : null;
  const { borrowCapLeftRaw } = state;
  if (collateral === undefined || ceiling === null) {
    return { isBorrowingEnabled: isBorrowingEnabled && !isSiloed, borrowCapLeftRaw };
  }
  const left = max(0n, ceiling - collateral.state.isolatedDebt);
  const leftRaw = (left * 10n ** BigInt(state.decimals)) / 10n ** BigInt(CEILING_DECIMALS);
  return {
    isBorrowingEnabled: isBorrowingEnabled && !isSiloed && state.isBorrowableInIsolation,
    borrowCapLeftRaw: borrowCapLeftRaw === null ? leftRaw : min(borrowCapLeftRaw, leftRaw),
  };
}
