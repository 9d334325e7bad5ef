import type { ReasonCode, Warning } from '../decision.ts';
import { baseReserve } from '../margin.ts';
import type { Ratio } from '../math/ratio.ts';
import type { Limits } from '../risk/limits.ts';
import type { Side } from '../side.ts';
import type { PriceReading, Snapshot } from '../snapshot.ts';
import { max, min, mulDivDown, toRawDown, toWhole } from '../units.ts';
import { buyableRaw, type Lender, lentRaw } from './lendingPlan.ts';
import { mandateAccount, ownedBy } from './paperLending.ts';

/** A size that what is owned and allowed lets through. */
export interface Size {
  readonly baseRaw: bigint;
  /** What cut it, the tightest first; empty where nothing did. */
  readonly cuts: readonly Warning[];
}

/** What may cut a trade; why is put into words where it does. */
interface Cap {
  readonly code: ReasonCode;
  readonly baseRaw: bigint;
  readonly text: () => string;
}

/**
 * What the mandate's limits count: base owned, and, where it lends, supplied less what is owed.
 */
function inventoryRaw(owned: bigint, snapshot: Snapshot): bigint {
  const account = mandateAccount(snapshot);
  const reserve = account && baseReserve(account);
  return reserve === undefined ? owned : owned + reserve.suppliedRaw - reserve.debtRaw;
}

function inventoryCap(
  side: Side,
  wantedRaw: bigint,
  snapshot: Snapshot,
  bound: Ratio,
  { minTradeQuote }: Pick<Limits, 'minTradeQuote'>,
  lender: Lender | null,
): Cap {
  const { vault, chain } = snapshot;
  const { minBaseRaw, maxBaseRaw } = chain.guard;
  const { base, quote } = vault;
  const owned = ownedBy(snapshot);
  const counted = inventoryRaw(owned.baseRaw, snapshot);
  const words = (raw: bigint) => `${toWhole(raw, base.decimals)} ${base.symbol}`;
  const hasBase = () => `the vault owns ${words(owned.baseRaw)}`;
  if (side === 'sell') {
    const lent = lender === null ? 0n : lentRaw(lender);
    const free = max(owned.baseRaw - max(minBaseRaw, 0n), 0n) + lent;
    const allowed = max(counted - minBaseRaw, 0n);
    if (chain.guard.lending !== undefined) {
      const text = () =>
        allowed < free
          ? `the mandate lets inventory fall to ${words(minBaseRaw)}, it is ${words(counted)}`
          : `${hasBase()} and can withdraw or borrow ${words(lent)}`;
      return { code: 'inventory', baseRaw: min(free, allowed), text };
    }
    const text = () =>
      minBaseRaw > 0n
        ? `${hasBase()}, the mandate keeps ${toWhole(minBaseRaw, base.decimals)} of it`
        : `${hasBase()} that it may sell from`;
    return { code: 'inventory', baseRaw: allowed, text };
  }
  const buys = (quoteRaw: bigint) => mulDivDown(quoteRaw, bound.denominator, bound.numerator);
  const ownedQuoteRaw = max(owned.quoteRaw, 0n);
  const [alone, together] = [buys(ownedQuoteRaw), buyableRaw(lender, ownedQuoteRaw, buys)];
  // A step for less than the smallest trade is not worth its gas.
  const isWorthStep = min(wantedRaw, together) - alone >= buys(toRawDown(minTradeQuote, quote.decimals));
  const affordable = isWorthStep ? together : alone;
  const room = max(maxBaseRaw - counted, 0n);
  if (room < affordable) {
    const text = () => `${hasBase()}, the mandate allows ${toWhole(maxBaseRaw, base.decimals)} at most`;
    return { code: 'inventory', baseRaw: room, text };
  }
  return {
    code: 'inventory',
    baseRaw: affordable,
    text: () => {
      const has = `the vault owns ${toWhole(owned.quoteRaw, quote.decimals)} ${quote.symbol} that it may buy with`;
      return isWorthStep ? `${has}, and with what it can withdraw buys ${words(affordable)}` : has;
    },
  };
}

function turnoverCap(snapshot: Snapshot, oracle: PriceReading): Cap {
  const { guard } = snapshot.chain;
  const { quote } = snapshot.vault;
  const available = () => toWhole(guard.turnoverAvailableRaw, quote.decimals);
  return {
    code: 'turnover',
    baseRaw: mulDivDown(guard.turnoverAvailableRaw, oracle.denominator, oracle.numerator),
    text: () => `the mandate has ${available()} ${quote.symbol} of turnover left now`,
  };
}

function orderCap(snapshot: Snapshot, oracle: PriceReading, limits: Limits): Cap {
  const { quote } = snapshot.vault;
  return {
    code: 'turnover',
    baseRaw: mulDivDown(
      toRawDown(limits.maxTradeQuote, quote.decimals),
      oracle.denominator,
      oracle.numerator,
    ),
    text: () => `an order may trade ${limits.maxTradeQuote} ${quote.symbol} at most`,
  };
}

/**
 * Cuts a wanted size to what the vault owns or can have lent, what its mandate has left and what one order may trade.
 *
 * @param lender the market where it can withdraw and borrow beside what it owns; null where there is none
 */
export function sizeOrder(
  side: Side,
  wantedRaw: bigint,
  snapshot: Snapshot,
  oracle: PriceReading,
  bound: Ratio,
  limits: Limits,
  lender: Lender | null = null,
): Size {
  const caps = [
    inventoryCap(side, wantedRaw, snapshot, bound, limits, lender),
    turnoverCap(snapshot, oracle),
    orderCap(snapshot, oracle, limits),
  ]
    .filter((cap) => cap.baseRaw < wantedRaw)
    .sort((a, b) => (a.baseRaw < b.baseRaw ? -1 : 1));
  return {
    baseRaw: caps[0]?.baseRaw ?? wantedRaw,
    cuts: caps.map(({ code, text }) => ({ code, text: text() })),
  };
}
