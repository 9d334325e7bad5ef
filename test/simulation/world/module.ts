import { constantProductIn, constantProductOut } from '../../../src/core/amm/constantProduct.ts';
import type { ConstantProductPool } from '../../../src/core/amm/pool.ts';
import type { Order } from '../../../src/core/decision.ts';
import type { PriceReading } from '../../../src/core/snapshot.ts';
import type { Address, Token } from '../../../src/core/units.ts';
import { min, mulDivUp, toRawDown } from '../../../src/core/units.ts';

/** What simulated vaults hedge. */
export const simulatedBase: Token = {
  address: '0x00000000000000000000000000000000000ba5e0',
  symbol: 'BASE',
  decimals: 18,
};
/** What it is priced in. */
export const simulatedQuote: Token = {
  address: '0x000000000000000000000000000000000000c0de',
  symbol: 'QUOTE',
  decimals: 6,
};
/** The one pool of the simulated market. */
export const simulatedPool: Address = '0x0000000000000000000000000000000000009001';

const oneBase = 10n ** 18n;
const feeBps = 5;
const turnoverCapacityRaw = 2_000_000n * 10n ** 6n;
const turnoverRefillPerSecondRaw = 2_000n * 10n ** 6n;

/** The market at a block: what an order would meet, and what a vault's other positions are worth. */
export interface MarketState {
  /** Quote smallest units per whole base. */
  readonly priceRaw: bigint;
  /** How far the price is from where it began, natural logarithm: vaults' other exposure follows it. */
  readonly logReturn: number;
  readonly pool: ConstantProductPool;
  readonly oracle: PriceReading;
  /** Whether the owner has paused the module. */
  readonly paused: boolean;
  /** Whether the owner has taken the keeper's rights. */
  readonly revoked: boolean;
}

/** A market at a price. */
export function marketAt(
  logReturn: number,
  timestampSeconds: number,
  odd: {
    readonly depthBase?: number;
    readonly oracleAgeSeconds?: number;
    readonly oracleOff?: number;
    readonly paused?: boolean;
    readonly revoked?: boolean;
  } = {},
): MarketState {
  const priceRaw = BigInt(Math.round(2_000e6 * Math.exp(logReturn)));
  const oracleRaw = BigInt(Math.round(Number(priceRaw) * (1 + (odd.oracleOff ?? 0))));
  const depthBase = odd.depthBase ?? 50_000;
  return {
    priceRaw,
    logReturn,
    pool: {
      kind: 'constantProduct',
      venue: 'simulated',
      address: simulatedPool,
      token0: simulatedBase.address,
      token1: simulatedQuote.address,
      feeBps,
      reserve0Raw: toRawDown(depthBase, 18),
      reserve1Raw: (toRawDown(depthBase, 18) * priceRaw) / oneBase,
    },
    oracle: {
      source: 'simulated',
      price: Number(oracleRaw) / 1e6,
      numerator: oracleRaw,
      denominator: oneBase,
      updatedAtSeconds: timestampSeconds - (odd.oracleAgeSeconds ?? 30),
      staleAfterSeconds: 3_600,
      fault: null,
    },
    paused: odd.paused ?? false,
    revoked: odd.revoked ?? false,
  };
}

/** What a vault owns, and what its module remembers. */
export interface VaultState {
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
  /** Base exposure of its other positions for a price that rose by the factor e. */
  readonly exposurePerLog: number;
  readonly nextSequence: bigint;
  readonly turnoverRaw: bigint;
  readonly turnoverAtSeconds: number;
}

/** A vault that owns 100 base and 1,000,000 quote, whose other positions gain or lose base exposure with the price. */
export function freshVault(exposurePerLog: number, timestampSeconds: number): VaultState {
  return {
    baseRaw: 100n * oneBase,
    quoteRaw: 1_000_000n * 10n ** 6n,
    exposurePerLog,
    nextSequence: 1n,
    turnoverRaw: turnoverCapacityRaw,
    turnoverAtSeconds: timestampSeconds,
  };
}

/** Exposure of a vault's other positions stays within what it owns: beyond, no hedge is possible and none is tested. */
const mostExposureBase = 80;

/** Base exposure of a vault's other positions at a market, base units. */
export function otherExposure({ exposurePerLog }: VaultState, { logReturn }: MarketState): number {
  return Math.max(-mostExposureBase, Math.min(mostExposureBase, exposurePerLog * logReturn));
}

/** Turnover that a vault may still trade at a time: a bucket that refills. */
export function accrued({ turnoverRaw, turnoverAtSeconds }: VaultState, timestampSeconds: number): bigint {
  const refill = BigInt(timestampSeconds - turnoverAtSeconds) * turnoverRefillPerSecondRaw;
  return min(turnoverCapacityRaw, turnoverRaw + refill);
}

/** Quote that the pool gives or asks for an order; null where it cannot. */
function swapped({ pool }: MarketState, { side, baseRaw }: Order): bigint | null {
  const { reserve0Raw, reserve1Raw } = pool;
  if (side === 'sell') {
    return constantProductOut({
      amountInRaw: baseRaw,
      reserveInRaw: reserve0Raw,
      reserveOutRaw: reserve1Raw,
      feeBps,
    });
  }
  return constantProductIn({
    amountOutRaw: baseRaw,
    reserveInRaw: reserve1Raw,
    reserveOutRaw: reserve0Raw,
    feeBps,
  });
}

/**
 * What an order does to a vault in a block; null where its module refuses it: another sequence, a deadline that has passed,
 * a price beyond the order's limit, more than the vault owns or may turn over, a pause, a keeper without rights.
 */
export function executeOrder(
  vault: VaultState | undefined,
  order: Order,
  timestampSeconds: number,
  market: MarketState,
): { readonly vault: VaultState; readonly quoteRaw: bigint } | null {
  if (vault === undefined || order.sequence !== vault.nextSequence) return null;
  if (timestampSeconds > order.deadlineSeconds || market.paused || market.revoked) return null;
  const quoteRaw = swapped(market, order);
  if (quoteRaw === null) return null;
  const isSale = order.side === 'sell';
  if (isSale ? quoteRaw < order.quoteLimitRaw : quoteRaw > order.quoteLimitRaw) return null;
  const notionalRaw = mulDivUp(order.baseRaw, market.oracle.numerator, market.oracle.denominator);
  const turnoverRaw = accrued(vault, timestampSeconds) - notionalRaw;
  const baseRaw = vault.baseRaw + (isSale ? -order.baseRaw : order.baseRaw);
  const left = vault.quoteRaw + (isSale ? quoteRaw : -quoteRaw);
  if (turnoverRaw < 0n || baseRaw < 0n || left < 0n) return null;
  const nextSequence = vault.nextSequence + 1n;
  const after = { baseRaw, quoteRaw: left, nextSequence, turnoverRaw, turnoverAtSeconds: timestampSeconds };
  return { vault: { ...vault, ...after }, quoteRaw };
}
