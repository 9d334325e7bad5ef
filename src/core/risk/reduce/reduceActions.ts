import { healthFactorAt, type LendingAccount, type LendingReserve, type PriceFactors } from '../../margin.ts';
import { requireAboveZero, requireAtLeastZero } from '../../statistics/require.ts';
import { max, min, toWhole } from '../../units.ts';
import { type RangeAtHand, type RangeWithdrawal, withdrawalOf } from './rangesAtHand.ts';

/** A step that lowers margin use and changes no price exposure. */
export interface ReduceAction {
  /** Liquidity that is withdrawn first, since what is owned does not suffice; null where none is. */
  readonly withdrawal: RangeWithdrawal | null;
  readonly kind: 'repay' | 'supply';
  readonly asset: 'base' | 'quote';
  readonly amountRaw: bigint;
  /** Gas, less the interest that it saves over the holding time, quote; below 0 where it pays for itself. */
  readonly costQuote: number;
  /** Margin use in the worst case before and after it. */
  readonly useBefore: number;
  readonly useAfter: number;
  readonly text: string;
}

/** A vault whose margin is to be eased. */
export interface ReduceInput {
  readonly account: LendingAccount;
  /** What is owned freely and not kept for the mandate. */
  readonly freeBaseRaw: bigint;
  readonly freeQuoteRaw: bigint;
  /** Liquidity that may be withdrawn for it. */
  readonly ranges: readonly RangeAtHand[];
  /** Prices of the worst case. */
  readonly factors: PriceFactors;
  /** Least health factor, at least 1. */
  readonly minHealthFactor: number;
  /** Margin use to come down to, above 0: the level's own exit. */
  readonly goalUse: number;
  /** Of one lending leg, quote. */
  readonly legGasQuote: number;
  /** Of one withdrawal of liquidity, quote. */
  readonly withdrawalGasQuote: number;
  /** Over which interest is counted. */
  readonly holdingYears: number;
}

/** What one order may hold of them. */
const MOST_LEGS = 8;
/** A step that lowers margin use by less is not worth its gas, and with dust coming in it would be taken again and again. */
const LEAST_EASE = 0.002;
/** Shares within which two steps are worth the same: the earlier kind is taken, since repaying also ends interest. */
const ALIKE = 1e-3;

/**
 * Steps that bring margin use in the worst case down to a goal, the most risk removed per quote first, each no larger than it
 * has to be: debt repaid in the token that is owned, then what is free supplied as collateral. Where liquidity that is out
 * of the price brings what it takes, its withdrawal is weighed with the step that uses it; liquidity in the price is left
 * alone until nothing else eases, and then as much of it as it takes is withdrawn. None of them trades, so none opens a
 * risk to remove another. Fewer steps where the goal is met earlier, as many as an order holds where it is not.
 *
 * @throws InvalidInputError when the floor, the goal, a cost or the holding time is out of range
 */
export function reduceActions(input: ReduceInput): readonly ReduceAction[] {
  requireAboveZero('minHealthFactor', input.minHealthFactor);
  requireAboveZero('goalUse', input.goalUse);
  requireAtLeastZero('legGasQuote', input.legGasQuote);
  requireAtLeastZero('withdrawalGasQuote', input.withdrawalGasQuote);
  requireAtLeastZero('holdingYears', input.holdingYears);
  const actions: ReduceAction[] = [];
  let { account, freeBaseRaw, freeQuoteRaw, ranges } = input;
  for (let legs = 0; legs < MOST_LEGS; ) {
    const found = cheapest({ ...input, account, freeBaseRaw, freeQuoteRaw, ranges });
    if (found === null) return actions;
    legs += legsOf(found);
    if (legs > MOST_LEGS) return actions;
    actions.push(found);
    account = afterAction(account, found);
    freeBaseRaw += (found.withdrawal?.least.baseRaw ?? 0n) - (found.asset === 'base' ? found.amountRaw : 0n);
    freeQuoteRaw +=
      (found.withdrawal?.least.quoteRaw ?? 0n) - (found.asset === 'quote' ? found.amountRaw : 0n);
    ranges = ranges.filter((range) => range !== found.withdrawal?.range);
  }
  return actions;
}

/** How many legs of an order an action takes. */
function legsOf({ withdrawal }: ReduceAction): number {
  return withdrawal === null ? 1 : 2;
}

/** An account as an action leaves it. */
export function afterAction(
  account: LendingAccount,
  { kind, asset, amountRaw }: Pick<ReduceAction, 'kind' | 'asset' | 'amountRaw'>,
): LendingAccount {
  // Others that count as base or quote stay as they are: a step moves the token itself, which is the first of them.
  const moved = account.reserves.find((reserve) => reserve.asset === asset);
  const reserves = account.reserves.map((reserve): LendingReserve => {
    if (reserve !== moved) return reserve;
    if (kind === 'repay') return { ...reserve, debtRaw: reserve.debtRaw - amountRaw };
    // What is supplied where nothing was backs the debt from then on.
    const isCollateral = reserve.isCollateral || reserve.suppliedRaw === 0n;
    return { ...reserve, suppliedRaw: reserve.suppliedRaw + amountRaw, isCollateral };
  });
  return { ...account, reserves };
}

function useOf(account: LendingAccount, { factors, minHealthFactor }: ReduceInput): number {
  return minHealthFactor / healthFactorAt(account, factors);
}

function cheapest(input: ReduceInput): ReduceAction | null {
  const useBefore = useOf(input.account, input);
  if (useBefore <= input.goalUse) return null;
  const outOfPrice = input.ranges.filter(({ isInPrice }) => !isInPrice);
  const inPrice = input.ranges.filter(({ isInPrice }) => isInPrice);
  return cheapestWith([null, ...outOfPrice], useBefore, input) ?? cheapestWith(inPrice, useBefore, input);
}

/** @param sources what may be withdrawn for it; null = nothing */
function cheapestWith(
  sources: readonly (RangeAtHand | null)[],
  useBefore: number,
  input: ReduceInput,
): ReduceAction | null {
  const candidates = sources
    .flatMap((range) =>
      (['repay', 'supply'] as const).flatMap((kind) =>
        (['base', 'quote'] as const).map((asset) => candidate(kind, asset, range, useBefore, input)),
      ),
    )
    .filter((action) => action !== null);
  // What pays for itself is not free beyond measure: it counts as a tenth of its gas.
  const worth = ({ costQuote, useAfter }: ReduceAction) =>
    (useBefore - useAfter) / Math.max(costQuote, input.legGasQuote / 10, Number.MIN_VALUE);
  const isWorthMore = (one: ReduceAction, other: ReduceAction) => worth(one) > worth(other) * (1 + ALIKE);
  return candidates.reduce<ReduceAction | null>(
    (most, one) => (most === null || isWorthMore(one, most) ? one : most),
    null,
  );
}

function candidate(
  kind: ReduceAction['kind'],
  asset: ReduceAction['asset'],
  range: RangeAtHand | null,
  useBefore: number,
  input: ReduceInput,
): ReduceAction | null {
  const reserve = input.account.reserves.find((one) => one.asset === asset);
  if (reserve === undefined || reserve.isPaused) return null;
  const key = asset === 'base' ? 'baseRaw' : 'quoteRaw';
  const ownedRaw = asset === 'base' ? input.freeBaseRaw : input.freeQuoteRaw;
  const freeRaw = ownedRaw + (range === null ? 0n : withdrawalOf(range, range.liquidity).least[key]);
  const mostRaw = least([freeRaw, kind === 'repay' ? reserve.debtRaw : supplyRoom(reserve)]);
  if (mostRaw <= 0n) return null;
  const amountRaw = enough(kind, asset, mostRaw, input);
  if (range !== null && amountRaw <= ownedRaw) return null;
  const withdrawal = range === null ? null : withdrawalFor(range, amountRaw - ownedRaw, key);
  const useAfter = useOf(afterAction(input.account, { kind, asset, amountRaw }), input);
  if (!(useBefore - useAfter >= LEAST_EASE)) return null;
  const amount = toWhole(amountRaw, reserve.decimals);
  const rate = kind === 'repay' ? reserve.borrowRate : reserve.supplyRate;
  const gasQuote = input.legGasQuote + (withdrawal === null ? 0 : input.withdrawalGasQuote);
  const costQuote = gasQuote - amount * reserve.priceQuote * rate * input.holdingYears;
  const first =
    withdrawal === null
      ? ''
      : `withdraw ${withdrawal.range.label} (${withdrawal.range.isInPrice ? 'in' : 'out of'} the price) and `;
  const text = `${first}${kind} ${amount} ${reserve.symbol}: worst margin use ${useBefore.toFixed(2)} to ${useAfter.toFixed(2)}, costs ${costQuote.toFixed(2)} quote`;
  return { kind, asset, amountRaw, withdrawal, costQuote, useBefore, useAfter, text };
}

/** All of a range that is out of the price; of one that is in it no more than brings an amount. */
function withdrawalFor(range: RangeAtHand, neededRaw: bigint, key: 'baseRaw' | 'quoteRaw'): RangeWithdrawal {
  if (!range.isInPrice || range.least[key] === 0n) return withdrawalOf(range, range.liquidity);
  const ofLiquidityRaw = max(0n, neededRaw - range.fees[key]);
  const liquidity = (ofLiquidityRaw * range.liquidity) / range.least[key] + 1n;
  return withdrawalOf(range, min(liquidity, range.liquidity));
}

function supplyRoom(reserve: LendingReserve): bigint {
  if (reserve.isFrozen || reserve.liquidationThreshold === 0) return 0n;
  // What is supplied beside a holding that backs nothing would back nothing either; nor would what nobody may borrow against.
  if (!reserve.isCollateral && (reserve.suppliedRaw > 0n || reserve.loanToValue === 0)) return 0n;
  return reserve.supplyCapLeftRaw ?? reserve.suppliedRaw + (1n << 128n);
}

/** The smallest amount up to the most that meets the goal, by halving; the most where none does. */
function enough(
  kind: ReduceAction['kind'],
  asset: ReduceAction['asset'],
  mostRaw: bigint,
  input: ReduceInput,
): bigint {
  const meets = (amountRaw: bigint) =>
    useOf(afterAction(input.account, { kind, asset, amountRaw }), input) <= input.goalUse;
  if (!meets(mostRaw)) return mostRaw;
  let [low, high] = [0n, mostRaw];
  // A ten-millionth of the whole is near enough: gas decides long before.
  const fine = mostRaw / 10_000_000n + 1n;
  while (high - low > fine) {
    const middle = (low + high) / 2n;
    if (meets(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function least(amounts: readonly bigint[]): bigint {
  return amounts.reduce(min);
}
