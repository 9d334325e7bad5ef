import type { LendingStep, LendingSteps, OrderPlan } from '../decision.ts';
import {
  baseReserve,
  borrowableBase,
  borrowRateAfter,
  type LendingAccount,
  type LendingReserve,
  owedOnceLanded,
  withdrawableRaw,
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
  /** Where the market lists it. */
  readonly quote: LendingReserve | undefined;
  /** Quote that it may withdraw to buy with, raw: for whatever it buys until the health factor is at its floor. */
  readonly quoteRaw: bigint;
  /** The same where all that is bought repays what is owed: that raises the health factor, which has to stand the way there. */
  readonly quoteToRepayRaw: bigint;
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
const HEADROOM = 1.02;
const DAYS_PER_YEAR = 365;

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
  const floor = Math.max(lending.minHealthFactor, limits.stress?.minHealthFactor ?? 1);
  const { debtRaw, decimals } = base;
  const withdrawRaw = withdrawableRaw(account, base, HEADROOM * floor);
  const left: LendingAccount = {
    ...account,
    reserves: account.reserves.map((reserve) =>
      reserve === base ? { ...reserve, suppliedRaw: reserve.suppliedRaw - withdrawRaw } : reserve,
    ),
  };
  const room = toRawDown(borrowableBase(left, floor, undefined, HEADROOM), decimals);
  const underCap = lending.maxBaseDebtRaw - owedOnceLanded(debtRaw, base.borrowRate);
  const borrowRaw = limits.mayBorrow === false ? 0n : max(0n, min(room, underCap));
  const quote = account.reserves.find(({ asset }) => asset === 'quote');
  const quoteTo = (least: number) => (quote === undefined ? 0n : withdrawableRaw(account, quote, least));
  return {
    account,
    base,
    withdrawRaw,
    borrowRaw,
    debtRaw,
    quote,
    quoteRaw: quoteTo(HEADROOM * floor),
    quoteToRepayRaw: quoteTo(HEADROOM),
  };
}

/** Base that a vault can hand over beside what it owns, raw. */
export function lentRaw({ withdrawRaw, borrowRaw }: Lender): bigint {
  return withdrawRaw + borrowRaw;
}

/**
 * The most base that a vault can buy, raw: with what it owns and may withdraw of quote, and up to what it owes of base also
 * with what it may withdraw only to repay.
 *
 * @param lender null where it has none
 * @param affordable base that an amount of quote buys at the worst price, both raw
 */
export function buyableRaw(
  lender: Lender | null,
  ownedQuoteRaw: bigint,
  affordable: (quoteRaw: bigint) => bigint,
): bigint {
  if (lender === null) return affordable(ownedQuoteRaw);
  const { quoteRaw, quoteToRepayRaw, debtRaw } = lender;
  const toRepay = min(debtRaw, affordable(ownedQuoteRaw + quoteToRepayRaw));
  return max(affordable(ownedQuoteRaw + quoteRaw), toRepay);
}

/**
 * The lending steps of a trade. A sale that needs more base than is owned withdraws or borrows the rest, whichever costs less
 * over the holding time; a purchase withdraws the quote that it lacks, and repays what is owed before it keeps anything. Null
 * where there is nothing to lend or repay.
 *
 * @param baseRaw what the swaps trade
 * @param quoteLimitRaw the most that a purchase pays
 * @param holdingYears how long the hedge is expected to be held
 */
export function lendingPlan(
  { side, baseRaw, quoteLimitRaw }: Pick<OrderPlan, 'side' | 'baseRaw' | 'quoteLimitRaw'>,
  snapshot: Snapshot,
  lender: Lender | null,
  limits: Limits,
  holdingYears: number,
): LendingPlan | null {
  if (lender === null) return null;
  const { base, account } = lender;
  const stepGas = lendingGasQuote(snapshot, limits);
  const owned = ownedBy(snapshot);
  const free = max(0n, owned.baseRaw - max(0n, snapshot.chain.guard.minBaseRaw));
  const size = side === 'sell' ? baseRaw - free : min(baseRaw, lender.debtRaw);
  const lacking = side === 'sell' ? 0n : max(0n, quoteLimitRaw - max(0n, owned.quoteRaw));
  if (size <= 0n && lacking === 0n) return null;
  const whole = (raw: bigint) => toWhole(raw, base.decimals);
  const { uses, cheaperUnexecutable } =
    size <= 0n
      ? { uses: [], cheaperUnexecutable: null }
      : chooseInstruments({
          side,
          size: whole(size),
          instruments: [
            ...instrumentsOf(side, lender, size, stepGas),
            ...perpsOf(side, snapshot, base.priceQuote),
          ],
          holdingYears,
        });
  let left = size;
  const steps = uses.map(({ kind, base: amount }, index): LendingStep => {
    const amountRaw = index === uses.length - 1 ? left : min(left, toRawDown(amount, base.decimals));
    left -= amountRaw;
    const step = kind === 'withdraw' || kind === 'borrow' ? kind : 'repay';
    return { kind: step, asset: 'base', amountRaw, pool: account.pool };
  });
  const paid: readonly LendingStep[] =
    lacking === 0n ? [] : [{ kind: 'withdraw', asset: 'quote', amountRaw: lacking, pool: account.pool }];
  const share = lacking === 0n ? 0 : Number(lacking) / Number(quoteLimitRaw);
  return {
    steps: side === 'sell' ? { before: steps, after: [] } : { before: paid, after: steps },
    instruments: [...paid.map(() => quoteUse(lender, lacking, share * whole(baseRaw), stepGas)), ...uses],
    gasQuote: (steps.length + paid.length) * stepGas,
    cheaperUnexecutable,
  };
}

/** Quote withdrawn to buy with: what it would have earned where it was. */
function quoteUse({ quote }: Lender, quoteRaw: bigint, base: number, onceQuote: number): InstrumentUse {
  const { decimals = 0, supplyRate = 0 } = quote ?? {};
  return {
    kind: 'withdraw',
    base,
    onceQuote,
    perDayQuote: (toWhole(quoteRaw, decimals) * supplyRate) / DAYS_PER_YEAR,
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
