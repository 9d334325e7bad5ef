import { z } from 'zod';
import { CorruptDataError } from '../../../core/errors.ts';
import { all, type Read } from '../../../core/read.ts';
import { type Address, toWhole } from '../../../core/units.ts';
import { addressSchema } from '../../chain/addressSchema.ts';
import { call, callEach } from '../../chain/index.ts';
import { opynControllerAbi, opynDecimals, opynOracleAbi, opynOtokenAbi } from './opynAbi.ts';

/** What is known of an oToken for good, in plain JSON. */
export const seriesSchema = z.object({
  otoken: addressSchema,
  underlying: addressSchema,
  strikeAsset: addressSchema,
  /** What it pays in: Gamma's calls pay the underlying, puts the strike asset. */
  collateralAsset: addressSchema,
  /** Strike asset per underlying. */
  strike: z.number(),
  expirySeconds: z.int(),
  isPut: z.boolean(),
  /** Set once it is final. */
  settlementPrice: z.number().nullable(),
  /** Set once the oracle has one for the expiry, final or not. */
  fixingPrice: z.number().nullable().default(null),
});
/** See {@link seriesSchema}. */
export type Series = z.infer<typeof seriesSchema>;

/** A series and how much of it the account holds as tokens, 8 decimals. */
export interface HeldSeries {
  readonly series: Series;
  readonly balanceRaw: bigint;
}

/** Where to ask: Opyn's contracts, and the account whose tokens count. */
export interface OpynPlace {
  readonly controller: Address;
  readonly oracle: Address;
  readonly account: Address;
  readonly nowSeconds: number;
}

/** Series that are already known: one round. */
export function* refreshSeries(known: readonly Series[], place: OpynPlace): Read<readonly HeldSeries[]> {
  const due = known.filter((series) => !isSettledOrOpen(series, place));
  const tokens = known.map(({ otoken }) => ({ to: otoken, args: [place.account] as const }));
  const [balances, settlements] = yield* all([
    callEach(opynOtokenAbi, 'balanceOf', tokens),
    all(due.map((series) => readSettlement(series, place))),
  ]);
  const settlementOf = new Map(due.map((series, index) => [series, settlements[index]!]));
  return known.map((series, index) => {
    const settlement = settlementOf.get(series);
    return { series: settlement ? { ...series, ...settlement } : series, balanceRaw: balances[index]! };
  });
}

/** A series that is met for the first time. */
export function* discoverSeries(otoken: Address, place: OpynPlace): Read<HeldSeries> {
  const [underlying, strikeAsset, collateralAsset, strikePrice, expiry, isPut] = yield* all([
    call(opynOtokenAbi, otoken, 'underlyingAsset', []),
    call(opynOtokenAbi, otoken, 'strikeAsset', []),
    call(opynOtokenAbi, otoken, 'collateralAsset', []),
    call(opynOtokenAbi, otoken, 'strikePrice', []),
    call(opynOtokenAbi, otoken, 'expiryTimestamp', []),
    call(opynOtokenAbi, otoken, 'isPut', []),
  ]);
  if (strikePrice === 0n) throw new CorruptDataError(`strike of oToken ${otoken}`, 0, 'a price above 0');
  if (expiry > BigInt(Number.MAX_SAFE_INTEGER))
    throw new CorruptDataError(`expiry of ${otoken}`, expiry, 'a time');
  const series: Series = {
    otoken,
    underlying,
    strikeAsset,
    collateralAsset,
    strike: toWhole(strikePrice, opynDecimals),
    expirySeconds: Number(expiry),
    isPut,
    settlementPrice: null,
    fixingPrice: null,
  };
  const [held] = yield* refreshSeries([series], place);
  return held!;
}

/** Whether there is nothing to learn of how a series settles: it has, or it does not expire yet. */
function isSettledOrOpen({ settlementPrice, expirySeconds }: Series, { nowSeconds }: OpynPlace): boolean {
  return settlementPrice !== null || expirySeconds > nowSeconds;
}

/** What is known of how a series settles. */
type Settlement = Pick<Series, 'settlementPrice' | 'fixingPrice'>;

/**
 * Underlying in strike asset at expiry: fixed as soon as the oracle has a price of the underlying for the expiry, which
 * Gamma's rule takes from the first round after it, and final once settlement is allowed. Gamma prices both assets in
 * dollars; a ledger that knows no price of the strike asset counts in it.
 */
function* readSettlement(series: Series, { controller, oracle }: OpynPlace): Read<Settlement> {
  const { otoken, underlying, strikeAsset, expirySeconds } = series;
  const expiry = BigInt(expirySeconds);
  const [allowed, [underlyingPrice], [strikeAssetPrice]] = yield* all([
    call(opynControllerAbi, controller, 'isSettlementAllowed', [otoken]),
    call(opynOracleAbi, oracle, 'getExpiryPrice', [underlying, expiry]),
    call(opynOracleAbi, oracle, 'getExpiryPrice', [strikeAsset, expiry]),
  ]);
  if (underlyingPrice === 0n) {
    if (allowed) throw new CorruptDataError(`expiry price of ${underlying}`, 0, 'a price above 0');
    return { settlementPrice: null, fixingPrice: null };
  }
  const inDollars = toWhole(underlyingPrice, opynDecimals);
  const price = strikeAssetPrice > 0n ? inDollars / toWhole(strikeAssetPrice, opynDecimals) : inDollars;
  return { settlementPrice: allowed ? price : null, fixingPrice: price };
}
