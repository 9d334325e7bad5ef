import { z } from 'zod';
import { CorruptDataError } from '../../core/errors.ts';
import type { WrittenCollateral } from '../../core/margin.ts';
import type { OptionPosition, Position, SpotPosition } from '../../core/position.ts';
import { all, known, type Read } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { type Address, sameAddress, toWhole } from '../../core/units.ts';
import { defineProtocol, type Memory, type ReadContext } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call, tryCall } from '../chain/index.ts';
import { dayOf, lockedSpot, settlementOf } from './internal/pairSides.ts';
import { premiaOracleAdapterAbi, premiaPoolAbi } from './internal/premiaAbi.ts';
import {
  decodeRangeOrder,
  orderTypeNumber,
  PREMIA_LONG,
  PREMIA_SHORT,
  type RangeOrder,
  rangeContents,
} from './internal/premiaRange.ts';

const config = z.strictObject({
  pools: z.array(addressSchema).min(1).describe('the option pools, one per strike, maturity and type'),
});

const poolSchema = z.object({
  pool: addressSchema,
  base: addressSchema,
  quote: addressSchema,
  oracleAdapter: addressSchema,
  strikeWad: z.string().regex(/^\d+$/),
  maturitySeconds: z.int(),
  isCall: z.boolean(),
  /** Range orders that the account held last time. */
  orders: z.array(z.string().regex(/^\d+$/)),
});
type PoolTerms = z.infer<typeof poolSchema>;
const memorySchema = z.object({ pools: z.array(poolSchema) });

const WAD_DECIMALS = 18;
const WAD = 10n ** 18n;

/**
 * Premia v3 options: long and short contracts of the account, its range orders as the contracts and the collateral that
 * they have become at the pool's market price, and fees that it can claim. A short contract is fully collateralised: one base
 * for a call, the strike in quote for a put, which counts as locked tokens. At maturity the price is fixed by the pool's oracle
 * adapter, and final once the pool has kept it.
 *
 * Reads `Premian-Labs/v3-contracts` at commit fe3b821ab87a0b98cb6f1142134e2ddaadbc4c4d. Not covered: Premia's vaults, margin
 * accounts, the fee on exercise (0.3 % of the notional, at most 12.5 % of the payoff), orders of the off-chain book.
 */
export const premia = defineProtocol<z.infer<typeof config>>({
  summary: 'Premia v3 options: contracts long and short, and range orders',
  verified: 'abi-only',
  config,
  sample: { pools: ['0xba11a57000000000000000000000000000000101'] },
  counts: ({ pools }) => pools,
  *read({ pools }, context) {
    const seen = memoryOf(context.memory);
    const books = yield* all(
      pools.map((pool) => readPool(pool, seen.find((one) => sameAddress(one.pool, pool)) ?? null, context)),
    );
    const written = books.flatMap(({ written: ofPool }) => ofPool);
    return {
      value: books.flatMap(({ positions }) => positions),
      ...(written.length > 0 && { margin: { written } }),
      memory: { pools: books.map(({ terms }) => terms) },
    };
  },
});

function memoryOf(memory: Memory): readonly PoolTerms[] {
  const found = memorySchema.safeParse(memory);
  return found.success ? found.data.pools : [];
}

function* readTerms(pool: Address): Read<PoolTerms> {
  const [base, quote, oracleAdapter, strike, maturity, isCall] = yield* call(
    premiaPoolAbi,
    pool,
    'getPoolSettings',
    [],
  );
  if (strike === 0n) throw new CorruptDataError(`strike of Premia pool ${pool}`, strike, 'a price above 0');
  if (maturity > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new CorruptDataError(`maturity of Premia pool ${pool}`, maturity, 'a time');
  }
  const maturitySeconds = Number(maturity);
  return { pool, base, quote, oracleAdapter, strikeWad: String(strike), maturitySeconds, isCall, orders: [] };
}

function* readPool(
  pool: Address,
  remembered: PoolTerms | null,
  { vault, block }: ReadContext,
): Read<Holding & { readonly terms: PoolTerms }> {
  const terms = remembered ?? (yield* readTerms(pool));
  const name = `Premia pool ${pool}`;
  const collateralAsset = terms.isCall ? terms.base : terms.quote;
  const assets = { name, underlying: terms.base, strikeAsset: terms.quote, collateralAsset };
  const settlement = settlementOf(assets, vault);
  const seenOrders = terms.orders.map(BigInt);
  const [longWad, shortWad, ids, marketPriceWad, fixing, seenHeld] = yield* all([
    call(premiaPoolAbi, pool, 'balanceOf', [vault.account, PREMIA_LONG]),
    call(premiaPoolAbi, pool, 'balanceOf', [vault.account, PREMIA_SHORT]),
    call(premiaPoolAbi, pool, 'tokensByAccount', [vault.account]),
    call(premiaPoolAbi, pool, 'marketPrice', []),
    readFixing(terms, block.timestampSeconds),
    all(seenOrders.map((id) => readOrder(pool, id, vault.account))),
  ]);
  const orderIds = ids.filter((id) => id !== PREMIA_LONG && id !== PREMIA_SHORT);
  const unseen = orderIds.filter((id) => !seenOrders.includes(id));
  const found = yield* all(unseen.map((id) => readOrder(pool, id, vault.account)));
  const held = [...seenHeld, ...found].filter(({ order }) => orderIds.includes(order.id));
  const book: PoolBook = { terms, fixing, settlement, vault };
  const holdings = [
    contracts('premia', longWad, shortWad, book),
    ...held.map((order) => rangeHolding(order, marketPriceWad, book)),
  ];
  return {
    positions: holdings.flatMap(({ positions }) => positions),
    written: holdings.flatMap(({ written }) => written),
    terms: { ...terms, orders: held.map(({ order }) => String(order.id)) },
  };
}

/** How an option settles, quote per base; null while it does not yet. */
interface Fixing {
  readonly settlementPrice: number | null;
  readonly fixingPrice: number | null;
}

function* readFixing(
  { pool, base, quote, oracleAdapter, maturitySeconds }: PoolTerms,
  nowSeconds: number,
): Read<Fixing> {
  if (maturitySeconds > nowSeconds) return yield* known({ settlementPrice: null, fixingPrice: null });
  const [kept, atMaturity] = yield* all([
    call(premiaPoolAbi, pool, 'getSettlementPrice', []),
    // Reverts until a price from after maturity is there.
    tryCall(premiaOracleAdapterAbi, oracleAdapter, 'getPriceAt', [base, quote, BigInt(maturitySeconds)]),
  ]);
  const settlementPrice = kept === 0n ? null : toWhole(kept, WAD_DECIMALS);
  const found = atMaturity === null || atMaturity === 0n ? null : toWhole(atMaturity, WAD_DECIMALS);
  return { settlementPrice, fixingPrice: settlementPrice ?? found };
}

/** A range order that the account holds. */
interface HeldOrder {
  readonly order: RangeOrder;
  readonly sizeWad: bigint;
  /** Fees that can be claimed, raw tokens of the pool. */
  readonly feesRaw: bigint;
}

function* readOrder(pool: Address, id: bigint, account: Address): Read<HeldOrder> {
  const order = decodeRangeOrder(id);
  const { operator, lowerWad: lower, upperWad: upper } = order;
  const key = { owner: account, operator, lower, upper, orderType: orderTypeNumber(order) };
  const [sizeWad, feesRaw] = yield* all([
    call(premiaPoolAbi, pool, 'balanceOf', [account, id]),
    call(premiaPoolAbi, pool, 'getClaimableFees', [key]),
  ]);
  return { order, sizeWad, feesRaw };
}

/** A pool as its positions are made of it. */
interface PoolBook {
  readonly terms: PoolTerms;
  readonly fixing: Fixing;
  readonly settlement: 'base' | 'quote';
  readonly vault: VaultTerms;
}

/** Positions, and what stands behind the written ones. */
interface Holding {
  readonly positions: readonly Position[];
  readonly written: readonly WrittenCollateral[];
}

/** Long and short contracts, the short ones with their collateral: always all that they can lose. */
function contracts(holder: string, longWad: bigint, shortWad: bigint, book: PoolBook): Holding {
  const backing = collateral(`${holder} collateral`, shortWad, book);
  return {
    positions: [...option(holder, longWad, book), ...option(holder, -shortWad, book), ...backing],
    written: backing.map(({ label, asset, amountRaw }) => ({
      label,
      asset,
      lockedRaw: amountRaw,
      requiredRaw: amountRaw,
    })),
  };
}

function rangeHolding(
  { order, sizeWad, feesRaw }: HeldOrder,
  marketPriceWad: bigint,
  book: PoolBook,
): Holding {
  const { longWad, shortWad, collateralContractsWad } = rangeContents(order, sizeWad, marketPriceWad);
  const label = `premia range ${toWhole(order.lowerWad, WAD_DECIMALS)} to ${toWhole(order.upperWad, WAD_DECIMALS)}`;
  const { positions, written } = contracts(label, longWad, shortWad, book);
  const idle = collateral(`${label} idle`, collateralContractsWad, book);
  const fees = feesRaw > 0n ? [lockedSpot(`${label} fees`, book.settlement, feesRaw)] : [];
  return { positions: [...positions, ...idle, ...fees], written };
}

function option(
  holder: string,
  sizeWad: bigint,
  { terms, fixing, settlement }: PoolBook,
): readonly OptionPosition[] {
  if (sizeWad === 0n) return [];
  const type = terms.isCall ? 'call' : 'put';
  const strike = toWhole(BigInt(terms.strikeWad), WAD_DECIMALS);
  const { settlementPrice, fixingPrice } = fixing;
  const position: OptionPosition = {
    kind: 'option',
    label: `${holder} ${dayOf(terms.maturitySeconds)} ${strike} ${type}`,
    type,
    strike,
    expirySeconds: terms.maturitySeconds,
    size: sizeWad < 0n ? -toWhole(-sizeWad, WAD_DECIMALS) : toWhole(sizeWad, WAD_DECIMALS),
    settlementPrice,
    ...(fixingPrice === null ? {} : { fixingPrice }),
    settlement,
  };
  return [position];
}

/** What backs so many contracts, in the pool's token. */
function collateral(
  label: string,
  contractsWad: bigint,
  { terms, settlement, vault }: PoolBook,
): readonly SpotPosition[] {
  const amountWad = terms.isCall ? contractsWad : (contractsWad * BigInt(terms.strikeWad)) / WAD;
  const { decimals } = settlement === 'base' ? vault.base : vault.quote;
  const amountRaw = (amountWad * 10n ** BigInt(decimals)) / WAD;
  return amountRaw === 0n ? [] : [lockedSpot(label, settlement, amountRaw)];
}
