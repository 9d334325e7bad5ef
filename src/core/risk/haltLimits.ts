import type { ReasonCode } from '../decision.ts';
import { fixed } from '../report/format.ts';
import type { Snapshot } from '../snapshot.ts';
import { toWhole } from '../units.ts';
import type { Obstacle } from './obstacle.ts';

/** Limits that stop a vault until somebody says why it may go on; null = no such limit. */
export interface HaltLimits {
  /** What the hedges of the last day lost against the fair price they were decided at, gas included, quote. */
  readonly lossPerDayQuote: number | null;
  /** What the hedges of the last day traded, the next one included, quote. */
  readonly turnoverPerDayQuote: number | null;
  /** What the gas of the last day cost, the next hedge's included, quote. */
  readonly gasPerDayQuote: number | null;
  /** How far below (a sale) or above (a purchase) the fair price it was decided at a hedge may fill, bps. */
  readonly slippageBps: number | null;
  /** How long beyond its heartbeat the price or the volatility may stay stale, seconds. */
  readonly staleSeconds: number | null;
}

/** Halts that stay until somebody resumes the vault: what went wrong is not over when the figures look well again. */
export const keptHaltCodes: readonly ReasonCode[] = [
  'failures',
  'lossLimit',
  'turnoverLimit',
  'gasLimit',
  'slippageLimit',
  'staleLimit',
  'finalityBroken',
];

const WEI_DECIMALS = 18;
const resume = 'find out why, then ballast resume --reason "…"';

/** Whether anything has to be known of the last day. */
export function asksForDay(limits: HaltLimits | null): boolean {
  if (limits === null) return false;
  const { lossPerDayQuote, turnoverPerDayQuote, gasPerDayQuote, slippageBps } = limits;
  return [lossPerDayQuote, turnoverPerDayQuote, gasPerDayQuote, slippageBps].some((limit) => limit !== null);
}

/** A limit that the last day has broken already; null where none is. */
export function brokenLimit(
  { history, native, vault }: Snapshot,
  limits: HaltLimits | null,
): Obstacle | null {
  const { lastDay } = history;
  if (limits === null || lastDay === undefined) return null;
  const symbol = vault.quote.symbol;
  const gasQuote = toWhole(lastDay.gasPaidWei, WEI_DECIMALS) * native.priceQuote;
  const lossQuote = lastDay.shortfallQuote + gasQuote;
  const { lossPerDayQuote, slippageBps } = limits;
  if (lossPerDayQuote !== null && lossQuote > lossPerDayQuote) {
    const why = `hedges of the last day lost ${fixed(lossQuote, 2)} ${symbol} against the fair price, gas included; the limit is ${lossPerDayQuote}: ${resume}`;
    return { code: 'lossLimit', why };
  }
  const worst = lastDay.worstSlippageBps;
  if (slippageBps !== null && worst !== null && worst > slippageBps) {
    const why = `a hedge filled ${fixed(worst, 1)} bps worse than the fair price it was decided at; the limit is ${slippageBps}: ${resume}`;
    return { code: 'slippageLimit', why };
  }
  return null;
}

/**
 * A limit that one more hedge would break; null where it would not.
 *
 * @param notionalQuote what the hedge trades
 * @param gasQuote what its gas would cost
 */
export function limitBrokenBy(
  { history, native, vault }: Snapshot,
  limits: HaltLimits | null,
  notionalQuote: number,
  gasQuote: number,
): Obstacle | null {
  const { lastDay } = history;
  if (limits === null || lastDay === undefined) return null;
  const { turnoverPerDayQuote, gasPerDayQuote } = limits;
  const symbol = vault.quote.symbol;
  const turnover = lastDay.turnoverQuote + notionalQuote;
  if (turnoverPerDayQuote !== null && turnover > turnoverPerDayQuote) {
    const why = `with this hedge, ${fixed(turnover, 2)} ${symbol} would be traded in a day; the limit is ${turnoverPerDayQuote}: ${resume}`;
    return { code: 'turnoverLimit', why };
  }
  const gas = toWhole(lastDay.gasPaidWei, WEI_DECIMALS) * native.priceQuote + gasQuote;
  if (gasPerDayQuote !== null && gas > gasPerDayQuote) {
    const why = `with this hedge, a day's gas would cost ${fixed(gas, 2)} ${symbol}; the limit is ${gasPerDayQuote}: ${resume}`;
    return { code: 'gasLimit', why };
  }
  return null;
}

/** Prices, or volatilities, that have been stale for longer than the limit; null where they have not. */
export function staleTooLong({ chain, observed }: Snapshot, limits: HaltLimits | null): Obstacle | null {
  const most = limits?.staleSeconds ?? null;
  if (most === null) return null;
  const now = chain.block.timestampSeconds;
  const prices = chain.prices
    .filter(({ fault }) => fault === null)
    .map(({ source, updatedAtSeconds, staleAfterSeconds }) => ({
      source,
      late: now - updatedAtSeconds - staleAfterSeconds,
    }));
  const volatilities = [observed.volatility, ...(observed.volatilityPassedOver ?? [])]
    .filter(({ fault = null }) => fault === null)
    .map(({ source, observedAtSeconds, staleAfterSeconds = Number.POSITIVE_INFINITY }) => ({
      source,
      late: now - observedAtSeconds - staleAfterSeconds,
    }));
  for (const readings of [prices, volatilities]) {
    const [freshest] = readings.toSorted((a, b) => a.late - b.late);
    if (freshest === undefined || freshest.late <= most) continue;
    const why = `${freshest.source} is ${fixed(freshest.late, 0)} s beyond its heartbeat; the limit is ${most} s: ${resume}`;
    return { code: 'staleLimit', why };
  }
  return null;
}
