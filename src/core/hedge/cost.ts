import type { CostEstimate } from '../decision.ts';
import type { Limits } from '../risk/limits.ts';
import type { Side } from '../side.ts';
import type { NativeFacts, VaultTerms } from '../snapshot.ts';
import { toWhole } from '../units.ts';
import type { Route } from './route.ts';

const WEI_PER_NATIVE = 1e18;

/** Fee for publishing a hedge's data, wei; 0 on chains that charge none. */
export function hedgeDataWei(swaps: number, { l1DataFeeWei }: Pick<NativeFacts, 'l1DataFeeWei'>): bigint {
  if (l1DataFeeWei === undefined) return 0n;
  return l1DataFeeWei.firstLeg + BigInt(Math.max(0, swaps - 1)) * l1DataFeeWei.furtherLeg;
}

/**
 * Gas of a hedge in quote: units times the price that it would pay at most on average (base fee and tip). A leg over two
 * hops is two swaps.
 */
export function gasQuote(swaps: number, native: NativeFacts, limits: Pick<Limits, 'gasUnits'>): number {
  const units = limits.gasUnits.firstLeg + Math.max(0, swaps - 1) * limits.gasUnits.furtherLeg;
  const weiPerUnit = Number(native.baseFeePerGasWei + native.priorityFeePerGasWei);
  const dataWei = Number(hedgeDataWei(swaps, native));
  return ((units * weiPerUnit + dataWei) / WEI_PER_NATIVE) * native.priceQuote;
}

/** Gas that each swap of a hedge beyond the first adds, in quote. */
export function furtherLegQuote(native: NativeFacts, limits: Pick<Limits, 'gasUnits'>): number {
  return gasQuote(2, native, limits) - gasQuote(1, native, limits);
}

/**
 * What a route costs against the fair price, taken apart. `impact` is everything that is neither fee nor gas, so it is
 * negative where the pool happens to trade better than the fair price.
 */
export function costOf(
  side: Side,
  route: Pick<Route, 'baseRaw' | 'quoteRaw' | 'feeRaw'> & { readonly swaps: number },
  spot: number,
  vault: Pick<VaultTerms, 'base' | 'quote'>,
  native: NativeFacts,
  limits: Pick<Limits, 'gasUnits'>,
): CostEstimate {
  const base = toWhole(route.baseRaw, vault.base.decimals);
  const quote = toWhole(route.quoteRaw, vault.quote.decimals);
  const notional = base * spot;
  const executionQuote = side === 'sell' ? notional - quote : quote - notional;
  const feeQuote =
    side === 'sell'
      ? toWhole(route.feeRaw, vault.base.decimals) * spot
      : toWhole(route.feeRaw, vault.quote.decimals);
  const gas = gasQuote(route.swaps, native, limits);
  const totalQuote = executionQuote + gas;
  return {
    feeQuote,
    impactQuote: executionQuote - feeQuote,
    gasQuote: gas,
    totalQuote,
    bps: notional > 0 ? (totalQuote / notional) * 10_000 : 0,
  };
}
