import type { LendingStep, LendingSteps } from '../decision.ts';
import {
  baseReserve,
  borrowableBase,
  borrowRateAfter,
  type LendingAccount,
  type LendingReserve,
  lendingSums,
} from '../margin.ts';
import type { Limits } from '../risk/limits.ts';
import type { Side } from '../side.ts';
import type { Snapshot } from '../snapshot.ts';
import { max, min, toRawDown, toWhole } from '../units.ts';
import { gasQuote } from './cost.ts';
import {
  chooseInstruments,
  type Instrument,
  type InstrumentChoice,
  type InstrumentUse,
} from './instruments.ts';
import { mandateAccount, ownedBy } from './paperLending.ts';

/** The market that a vault's mandate lets it lend and borrow on, with what it has there. */
export interface Lender {
  readonly account: LendingAccount;
  readonly base: LendingReserve;
  /** What it may still withdraw and borrow of base, raw, until the health factor is at its floor. */
  readonly withdrawRaw: bigint;
  readonly borrowRaw: bigint;
  /** Base owed, raw. */
  readonly debtRaw: bigint;
}

/** How an order gets base to sell, or what it does with base that it buys, beside what is owned. */
export interface LendingPlan {
  readonly steps: LendingSteps;
  readonly instruments: readonly InstrumentUse[];
  /** Gas of the steps, quote. */
  readonly gasQuote: number;
  /** What could not be used and would have cost less; null where nothing would. */
  readonly cheaperUnexecutable: InstrumentChoice['cheaperUnexecutable'];
}

const LENDING_STEP_GAS = 250_000;
/** Measured through a Safe on Uniswap's own position manager, its two calls together. */
const WITHDRAWAL_GAS = 260_000;
/** Between decision and block interest runs and the lending market's oracle may move: so much of the floor is kept. */
const FLOOR_MARGIN = 1.02;

/** Gas of one lending step, quote; what publishing its data costs is left to the order's first leg. */
export function lendingGasQuote(
  { native }: Pick<Snapshot, 'native'>,
  { gasUnits }: Pick<Limits, 'gasUnits'>,
): number {
  const { lendingStep = LENDING_STEP_GAS } = gasUnits;
  return stepGasQuote(lendingStep, native, gasUnits);
}

/** Gas of withdrawing the liquidity of one position, quote; what publishing its data costs is left out likewise. */
export function withdrawalGasQuote(
  { native }: Pick<Snapshot, 'native'>,
  { gasUnits }: Pick<Limits, 'gasUnits'>,
): number {
  return stepGasQuote(WITHDRAWAL_GAS, native, gasUnits);
}

function stepGasQuote(gas: number, native: Snapshot['native'], gasUnits: Limits['gasUnits']): number {
  const { l1DataFeeWei: _published, ...gasOnly } = native;
  return gasQuote(1, gasOnly, { gasUnits: { ...gasUnits, firstLeg: gas } });
}

/** The lender of a vault; null where its mandate has none, or base cannot be had there. */
export function lenderOf(snapshot: Snapshot, limits: Pick<Limits, 'mayBorrow' | 'stress'>): Lender | null {
  const { lending } = snapshot.chain.guard;
  if (lending === undefined) return null;
  const account = mandateAccount(snapshot);
  const base = account && baseReserve(account);
  if (account === undefined || base === undefined) return null;
  const floor = FLOOR_MARGIN * Math.max(lending.minHealthFactor, limits.stress?.minHealthFactor ?? 1);
  const { debtRaw, decimals } = base;
  const withdrawRaw = withdrawable(account, base, floor);
  const left: LendingAccount = {
    ...account,
    reserves: account.reserves.map((reserve) =>
      reserve === base ? { ...reserve, suppliedRaw: reserve.suppliedRaw - withdrawRaw } : reserve,
    ),
  };
  const room = toRawDown(borrowableBase(left, floor), decimals);
  const borrowRaw = limits.mayBorrow === false ? 0n : max(0n, min(room, lending.maxBaseDebtRaw - debtRaw));
  return { account, base, withdrawRaw, borrowRaw, debtRaw };
}

/** Base that is supplied and may be taken out before the health factor is at a floor, raw. */
function withdrawable(account: LendingAccount, base: LendingReserve, floor: number): bigint {
  if (base.isPaused || base.suppliedRaw === 0n) return 0n;
  const liquid = min(base.suppliedRaw, base.availableRaw);
  const { weightedCollateralQuote, debtQuote } = lendingSums(account);
  if (!base.isCollateral || debtQuote === 0) return liquid;
  const spare = weightedCollateralQuote - floor * debtQuote;
  const perUnit = base.priceQuote * base.liquidationThreshold;
  return spare > 0 ? min(liquid, toRawDown(spare / perUnit, base.decimals)) : 0n;
}

/** Base that a vault can hand over beside what it owns, raw. */
export function lentRaw(lender: Lender | null): bigint {
  return lender === null ? 0n : lender.withdrawRaw + lender.borrowRaw;
}

/**
 * The lending steps of a trade. A sale that needs more base than is owned withdraws or borrows the rest, whichever costs less
 * over the holding time; a purchase repays what is owed before it keeps anything. Null where there is nothing to lend or
 * repay.
 *
 * @param baseRaw what the swaps trade
 * @param holdingYears how long the hedge is expected to be held
 */
export function lendingPlan(
  side: Side,
  baseRaw: bigint,
  snapshot: Snapshot,
  lender: Lender | null,
  limits: Limits,
  holdingYears: number,
): LendingPlan | null {
  if (lender === null) return null;
  const { base, account } = lender;
  const stepGas = lendingGasQuote(snapshot, limits);
  const owned = max(0n, ownedBy(snapshot).baseRaw - max(0n, snapshot.chain.guard.minBaseRaw));
  const size = side === 'sell' ? baseRaw - owned : min(baseRaw, lender.debtRaw);
  if (size <= 0n) return null;
  const whole = (raw: bigint) => toWhole(raw, base.decimals);
  const { uses, cheaperUnexecutable } = chooseInstruments({
    side,
    size: whole(size),
    instruments: [...instrumentsOf(side, lender, size, stepGas), ...perpsOf(side, snapshot, base.priceQuote)],
    holdingYears,
  });
  let left = size;
  const steps = uses.map(({ kind, base: amount }, index): LendingStep => {
    const amountRaw = index === uses.length - 1 ? left : min(left, toRawDown(amount, base.decimals));
    left -= amountRaw;
    const step = kind === 'withdraw' || kind === 'borrow' ? kind : 'repay';
    return { kind: step, asset: 'base', amountRaw, pool: account.pool };
  });
  return {
    steps: side === 'sell' ? { before: steps, after: [] } : { before: [], after: steps },
    instruments: uses,
    gasQuote: steps.length * stepGas,
    cheaperUnexecutable,
  };
}

/**
 * Perps that the vault has already, as a way to sell: a short of theirs is paid the funding that longs pay. They are weighed
 * and not used, since a mandate reaches no perp market.
 */
function perpsOf(side: Side, { chain }: Snapshot, priceQuote: number): readonly Instrument[] {
  if (side === 'buy') return [];
  return chain.positions.flatMap((position) =>
    position.kind === 'perp' && position.settlement === 'quote'
      ? [
          {
            kind: 'perp' as const,
            side,
            capacity: Number.MAX_VALUE,
            onceQuote: 0,
            perUnitQuote: 0,
            perUnitYearQuote: -position.fundingRate * position.markToSpot * priceQuote,
            marginPerUnitQuote: 0,
            isExecutable: false,
          },
        ]
      : [],
  );
}

function instrumentsOf(side: Side, lender: Lender, size: bigint, stepGas: number): readonly Instrument[] {
  const { base, withdrawRaw, borrowRaw, debtRaw } = lender;
  const shared = { side, onceQuote: stepGas, perUnitQuote: 0, marginPerUnitQuote: 0, isExecutable: true };
  const capacity = (raw: bigint) => toWhole(raw, base.decimals);
  const perYear = (rate: number) => base.priceQuote * rate;
  if (side === 'buy') {
    const rate = -perYear(base.borrowRate);
    return [{ ...shared, kind: 'repay', capacity: capacity(debtRaw), perUnitYearQuote: rate }];
  }
  const rate = borrowRateAfter(base, min(size, borrowRaw));
  return [
    {
      ...shared,
      kind: 'withdraw',
      capacity: capacity(withdrawRaw),
      perUnitYearQuote: perYear(base.supplyRate),
    },
    { ...shared, kind: 'borrow', capacity: capacity(borrowRaw), perUnitYearQuote: perYear(rate) },
  ];
}
