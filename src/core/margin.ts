import { InvalidInputError } from './errors.ts';
import { requireAtLeastZero } from './statistics/require.ts';
import { type Address, min, mulDivUp, SECONDS_PER_YEAR, toRawDown, toRawUp, toWhole } from './units.ts';

/** How a lending market's borrow rate hangs on how much of a reserve is lent out; rates per year, shares 0 to 1. */
export interface RateCurve {
  readonly utilization: number;
  /** Beyond it each further loan is dear: the kink. */
  readonly optimalUtilization: number;
  readonly baseRate: number;
  /** Added from 0 to the kink. */
  readonly slopeBelow: number;
  /** Added from the kink to 1. */
  readonly slopeAbove: number;
}

/** One token of a lending account, as its market counts it. */
export interface LendingReserve {
  readonly asset: 'base' | 'quote' | 'other';
  readonly symbol: string;
  readonly token: Address;
  readonly decimals: number;
  /** By the market's own oracle, quote per whole token. */
  readonly priceQuote: number;
  /** With interest. */
  readonly suppliedRaw: bigint;
  /** Whether what is supplied backs the account's debt. */
  readonly isCollateral: boolean;
  /** At a variable rate, with interest. */
  readonly debtRaw: bigint;
  /** Share of the value that counts against liquidation, 0 to 1, the account's e-mode included. */
  readonly liquidationThreshold: number;
  /** Share of the value that may be borrowed against, 0 to 1, the account's e-mode included. */
  readonly loanToValue: number;
  /** Per year, continuously compounded. */
  readonly borrowRate: number;
  readonly supplyRate: number;
  readonly rateCurve: RateCurve;
  /** What the market has to lend, and what its caps still let in once an order lands ({@link owedOnceLanded}); null = no cap. */
  readonly availableRaw: bigint;
  readonly borrowCapLeftRaw: bigint | null;
  readonly supplyCapLeftRaw: bigint | null;
  readonly isBorrowingEnabled: boolean;
  readonly isFrozen: boolean;
  readonly isPaused: boolean;
}

/** What a vault has at a lending market. */
export interface LendingAccount {
  /** Of the plug-in that read it, and its market. */
  readonly label: string;
  readonly pool: Address;
  readonly reserves: readonly LendingReserve[];
  /** 0 = none. */
  readonly eModeCategory: number;
  /** As the market itself says; infinite where nothing is owed. */
  readonly healthFactor: number;
}

/** Collateral that an option protocol holds against written options, by its own rule. */
export interface WrittenCollateral {
  readonly label: string;
  readonly asset: 'base' | 'quote';
  readonly lockedRaw: bigint;
  /** What the rule asks for now; null where the reader does not know the rule. Fully collateralised: as much as is locked. */
  readonly requiredRaw: bigint | null;
}

/** What stands behind a vault's debts and written options. */
export interface Margin {
  readonly lending: readonly LendingAccount[];
  readonly written: readonly WrittenCollateral[];
}

/** How prices are moved against those of the account; 1 = as they are. */
export interface PriceFactors {
  readonly base: number;
  readonly quote: number;
}

/** Prices as the account's market has them. */
const asTheyAre: PriceFactors = { base: 1, quote: 1 };

/** Value of collateral, weighted by each reserve's liquidation threshold, and of debt, both in today's quote. */
export interface LendingSums {
  readonly weightedCollateralQuote: number;
  readonly debtQuote: number;
}

function priceOf({ asset, priceQuote }: LendingReserve, factors: PriceFactors): number {
  if (asset === 'other') return priceQuote;
  return priceQuote * (asset === 'base' ? factors.base : factors.quote);
}

/** The two sums that a health factor is made of, at moved prices. @throws InvalidInputError when a factor is negative or not finite */
export function lendingSums({ reserves }: LendingAccount, factors: PriceFactors = asTheyAre): LendingSums {
  requireAtLeastZero('factors.base', factors.base);
  requireAtLeastZero('factors.quote', factors.quote);
  let weightedCollateralQuote = 0;
  let debtQuote = 0;
  for (const reserve of reserves) {
    const price = priceOf(reserve, factors);
    const supplied = reserve.isCollateral ? toWhole(reserve.suppliedRaw, reserve.decimals) : 0;
    weightedCollateralQuote += supplied * price * reserve.liquidationThreshold;
    debtQuote += toWhole(reserve.debtRaw, reserve.decimals) * price;
  }
  return { weightedCollateralQuote, debtQuote };
}

/**
 * Health factor at moved prices: weighted collateral over debt; infinite where nothing is owed. Below 1 it is liquidated.
 *
 * @param moreBase base owed in addition, negative where some was repaid
 */
export function healthFactorAt(
  account: LendingAccount,
  factors: PriceFactors = asTheyAre,
  moreBase = 0,
): number {
  const { weightedCollateralQuote, debtQuote } = lendingSums(account, factors);
  const reserve = moreBase === 0 ? undefined : baseReserve(account);
  const owed = debtQuote + (reserve === undefined ? 0 : moreBase * priceOf(reserve, factors));
  return owed <= 0 ? Number.POSITIVE_INFINITY : weightedCollateralQuote / owed;
}

/** The reserve of base that an account can borrow or owes; absent where its market has none. */
export function baseReserve({ reserves }: LendingAccount): LendingReserve | undefined {
  return reserves.find(({ asset }) => asset === 'base');
}

/** Where an account's health factor meets a level as only base moves. */
export interface LiquidationPrice {
  /** Quote per base. */
  readonly price: number;
  /** The side of the price on which it is liquidated. */
  readonly when: 'below' | 'above';
}

/**
 * The price of base at which the health factor falls to a level while every other price stands. Both sums are linear in the
 * price, so there is at most one.
 *
 * @param spot the market's own price of base, quote per base
 * @param level 1 for liquidation
 * @returns null where no price of base does it
 */
export function liquidationPrice(account: LendingAccount, spot: number, level = 1): LiquidationPrice | null {
  const here = lendingSums(account);
  const without = lendingSums(account, { base: 0, quote: 1 });
  const slope =
    here.weightedCollateralQuote -
    without.weightedCollateralQuote -
    level * (here.debtQuote - without.debtQuote);
  const rest = without.weightedCollateralQuote - level * without.debtQuote;
  if (slope === 0) return null;
  const factor = -rest / slope;
  return factor > 0 ? { price: factor * spot, when: slope > 0 ? 'below' : 'above' } : null;
}

/**
 * The most of base that could still be borrowed and sold for quote that stays in the wallet: until the health factor is at
 * a floor, the loans to value are used up, or the market has no more to lend.
 *
 * @param floor least health factor, at least 1
 * @param headroom kept of the floor and of the loans to value alike, at least 1: both may move until an order lands
 * @returns base units, 0 where the reserve cannot be borrowed
 * @throws InvalidInputError when the floor is below 1
 */
export function borrowableBase(
  account: LendingAccount,
  floor: number,
  factors = asTheyAre,
  headroom = 1,
): number {
  if (!(floor >= 1 && Number.isFinite(floor))) throw new InvalidInputError('floor', floor, 'at least 1');
  const reserve = baseReserve(account);
  if (reserve === undefined || !reserve.isBorrowingEnabled || reserve.isFrozen || reserve.isPaused) return 0;
  const price = priceOf(reserve, factors);
  const { weightedCollateralQuote, debtQuote } = lendingSums(account, factors);
  const loanable = account.reserves
    .filter(({ isCollateral }) => isCollateral)
    .reduce(
      (sum, one) => sum + toWhole(one.suppliedRaw, one.decimals) * priceOf(one, factors) * one.loanToValue,
      0,
    );
  const roomQuote = Math.min(weightedCollateralQuote / floor, loanable) / headroom - debtQuote;
  const caps = [reserve.availableRaw, reserve.borrowCapLeftRaw]
    .filter((raw) => raw !== null)
    .map((raw) => toWhole(raw, reserve.decimals));
  return Math.max(0, Math.min(roomQuote / price, ...caps));
}

/**
 * What is supplied of a reserve and may be taken out before the health factor is at a floor. Nothing where it backs debt
 * beside collateral that nobody may borrow against any more: the market lets that out first.
 *
 * @param floor least health factor, above 0
 * @returns raw
 */
export function withdrawableRaw(
  account: LendingAccount,
  reserve: LendingReserve,
  floor: number,
  factors = asTheyAre,
): bigint {
  if (reserve.isPaused || reserve.suppliedRaw === 0n) return 0n;
  const liquid = min(reserve.suppliedRaw, reserve.availableRaw);
  const { weightedCollateralQuote, debtQuote } = lendingSums(account, factors);
  if (!reserve.isCollateral || debtQuote === 0) return liquid;
  const comesFirst = ({ isCollateral, suppliedRaw, loanToValue }: LendingReserve) =>
    isCollateral && suppliedRaw > 0n && loanToValue === 0;
  if (reserve.loanToValue > 0 && account.reserves.some(comesFirst)) return 0n;
  const spare = weightedCollateralQuote - floor * debtQuote;
  if (spare <= 0) return 0n;
  const perUnit = priceOf(reserve, factors) * reserve.liquidationThreshold;
  return perUnit === 0 ? liquid : min(liquid, toRawDown(spare / perUnit, reserve.decimals));
}

/**
 * What of the quote supplied may be taken out to buy with, once base that was bought is repaid, before the health factor is
 * at a floor.
 *
 * @param moreBase base owed in addition, below 0 where some was repaid
 * @returns quote, whole; 0 where none is supplied
 */
export function withdrawableQuote(
  account: LendingAccount,
  moreBase: number,
  floor: number,
  factors = asTheyAre,
): number {
  const quote = account.reserves.find(({ asset }) => asset === 'quote');
  if (quote === undefined || quote.suppliedRaw === 0n) return 0;
  const base = baseReserve(account);
  const moved = (reserve: LendingReserve): bigint => {
    const changed = toRawDown(Math.abs(moreBase), reserve.decimals);
    return moreBase < 0 ? reserve.debtRaw - min(changed, reserve.debtRaw) : reserve.debtRaw + changed;
  };
  const reserves = account.reserves.map((one) => (one === base ? { ...one, debtRaw: moved(one) } : one));
  return toWhole(withdrawableRaw({ ...account, reserves }, quote, floor, factors), quote.decimals);
}

/** An order may be on its way for so long: blocks of its window, and what a chain takes over them. */
const UNDERWAY_SECONDS = 600;
const WAD_DECIMALS = 18;

/**
 * What is owed grows while an order is on its way, and a cap counts it where the order lands: an order that fills a cap to
 * the last unit of now would revert in every block.
 *
 * @param ratePerYear continuously compounded
 * @returns what is owed ten minutes from now, with a unit for the market's own rounding
 */
export function owedOnceLanded(owedRaw: bigint, ratePerYear: number): bigint {
  const growth = Math.expm1((ratePerYear * UNDERWAY_SECONDS) / SECONDS_PER_YEAR);
  return owedRaw + mulDivUp(owedRaw, toRawUp(growth, WAD_DECIMALS), 10n ** BigInt(WAD_DECIMALS)) + 1n;
}

/**
 * A reserve's borrow rate after more of it is lent out: base rate, then the slope up to the kink, then the steep one.
 *
 * @param moreRaw borrowed in addition, at or above 0; never more than is available
 * @returns per year, as the market states it
 */
export function borrowRateAfter({ rateCurve, availableRaw }: LendingReserve, moreRaw: bigint): number {
  const { utilization, optimalUtilization, baseRate, slopeBelow, slopeAbove } = rateCurve;
  const free = 1 - utilization;
  const share = availableRaw === 0n ? 0 : Number(moreRaw) / Number(availableRaw);
  const used = Math.min(1, utilization + free * share);
  if (used <= optimalUtilization) return baseRate + (slopeBelow * used) / optimalUtilization;
  return baseRate + slopeBelow + (slopeAbove * (used - optimalUtilization)) / (1 - optimalUtilization);
}
