import { healthFactorAt, type LendingAccount, type LendingReserve, type PriceFactors } from '../../margin.ts';
import { requireAboveZero, requireAtLeastZero } from '../../statistics/require.ts';
import { min, toWhole } from '../../units.ts';

/** A step that lowers margin use and changes no price exposure. */
export interface ReduceAction {
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
  /** Prices of the worst case. */
  readonly factors: PriceFactors;
  /** Least health factor, at least 1. */
  readonly minHealthFactor: number;
  /** Margin use to come down to, above 0: the level's own exit. */
  readonly goalUse: number;
  /** Of one lending leg, quote. */
  readonly legGasQuote: number;
  /** Over which interest is counted. */
  readonly holdingYears: number;
}

/** A step that lowers margin use by less is not worth its gas, and with dust coming in it would be taken again and again. */
const LEAST_EASE = 0.002;
/** Shares within which two steps are worth the same: the earlier kind is taken, since repaying also ends interest. */
const ALIKE = 1e-3;

/**
 * Steps that bring margin use in the worst case down to a goal, the most risk removed per quote first, each no larger than it
 * has to be: debt repaid in the token that is owned, then what is free supplied as collateral. None of them trades, so none
 * opens a risk to remove another. Fewer steps where the goal is met earlier, all of them where it is not met at all.
 *
 * @throws InvalidInputError when the floor, the goal, a cost or the holding time is out of range
 */
export function reduceActions(input: ReduceInput): readonly ReduceAction[] {
  requireAboveZero('minHealthFactor', input.minHealthFactor);
  requireAboveZero('goalUse', input.goalUse);
  requireAtLeastZero('legGasQuote', input.legGasQuote);
  requireAtLeastZero('holdingYears', input.holdingYears);
  const actions: ReduceAction[] = [];
  let { account, freeBaseRaw, freeQuoteRaw } = input;
  for (let step = 0; step < 4; step += 1) {
    const found = cheapest({ ...input, account, freeBaseRaw, freeQuoteRaw });
    if (found === null) return actions;
    actions.push(found);
    account = afterAction(account, found);
    if (found.asset === 'base') freeBaseRaw -= found.amountRaw;
    else freeQuoteRaw -= found.amountRaw;
  }
  return actions;
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
  const candidates = (['repay', 'supply'] as const)
    .flatMap((kind) => (['base', 'quote'] as const).map((asset) => candidate(kind, asset, useBefore, input)))
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
  useBefore: number,
  input: ReduceInput,
): ReduceAction | null {
  const reserve = input.account.reserves.find((one) => one.asset === asset);
  if (reserve === undefined || reserve.isPaused) return null;
  const freeRaw = asset === 'base' ? input.freeBaseRaw : input.freeQuoteRaw;
  const mostRaw = least([freeRaw, kind === 'repay' ? reserve.debtRaw : supplyRoom(reserve)]);
  if (mostRaw <= 0n) return null;
  const amountRaw = enough(kind, asset, mostRaw, input);
  const useAfter = useOf(afterAction(input.account, { kind, asset, amountRaw }), input);
  if (!(useBefore - useAfter >= LEAST_EASE)) return null;
  const amount = toWhole(amountRaw, reserve.decimals);
  const rate = kind === 'repay' ? reserve.borrowRate : reserve.supplyRate;
  const costQuote = input.legGasQuote - amount * reserve.priceQuote * rate * input.holdingYears;
  const text = `${kind} ${amount} ${reserve.symbol}: worst margin use ${useBefore.toFixed(2)} to ${useAfter.toFixed(2)}, costs ${costQuote.toFixed(2)} quote`;
  return { kind, asset, amountRaw, costQuote, useBefore, useAfter, text };
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
