import { CorruptDataError } from '../errors.ts';
import type { Address, Hash, Token } from '../units.ts';
import type { ConcentratedPool, TickLiquidity } from './pool.ts';
import { assertConsistentPool } from './poolCheck.ts';
import { MAX_TICK, MIN_TICK } from './tickMath.ts';

/** An initialised tick of a recorded pool. */
export interface RecordedTick extends TickLiquidity {
  /** Null where the record does not have it; a swap does not need it. */
  readonly liquidityGross: bigint | null;
}

/** What a record says of a pool's swaps, whatever its tokens are called. */
export interface RecordedState {
  readonly feePips: number;
  readonly tickSpacing: number;
  readonly sqrtPriceX96: bigint;
  readonly tick: number;
  readonly liquidity: bigint;
  /** Ascending by index. */
  readonly ticks: readonly RecordedTick[];
  /** What the pool held, where recorded. */
  readonly balance0Raw: bigint | null;
  readonly balance1Raw: bigint | null;
}

/** A whole pool of a Uniswap v3 kind as it was at one block, with its tokens. */
export interface RecordedPool {
  readonly chainId: number | null;
  /** Null where the record does not say when it was made. */
  readonly block: bigint | null;
  readonly blockHash: Hash | null;
  readonly token0: Token;
  readonly token1: Token;
  readonly balance0Raw: bigint | null;
  readonly balance1Raw: bigint | null;
  readonly pool: Omit<ConcentratedPool, 'ticks'> & { readonly ticks: readonly RecordedTick[] };
}

/** Every tick that a price can reach: what a whole pool is known over. */
export const ALL_TICKS = { lower: MIN_TICK, upper: MAX_TICK } as const;

/**
 * Reads what swaps depend on from a record: `{ fee, tickSpacing, sqrtPriceX96, tick, liquidity, ticks: [{ tick,
 * liquidityNet, liquidityGross }], balance0, balance1 }`, large numbers as strings, the gross liquidity and the balances
 * null or absent where unknown. Whether the parts agree is not looked at.
 *
 * @throws CorruptDataError when a field is missing or no integer
 */
export function parseRecordedState(json: unknown): RecordedState {
  const record = fields(json);
  return {
    feePips: small('fee', record.fee),
    tickSpacing: small('tickSpacing', record.tickSpacing),
    sqrtPriceX96: integer('sqrtPriceX96', record.sqrtPriceX96),
    tick: small('tick', record.tick),
    liquidity: integer('liquidity', record.liquidity),
    ticks: list('ticks', record.ticks).map((tick) => ({
      index: small('ticks[].tick', tick.tick),
      liquidityNet: integer('ticks[].liquidityNet', tick.liquidityNet),
      liquidityGross: optional(integer, 'ticks[].liquidityGross', tick.liquidityGross),
    })),
    balance0Raw: optional(integer, 'balance0', record.balance0),
    balance1Raw: optional(integer, 'balance1', record.balance1),
  };
}

/**
 * Reads a whole recorded pool: as {@link parseRecordedState}, and `{ pool, chainId, block, blockHash, token0: { address,
 * symbol, decimals }, token1 }`, of which chain and block may be null or absent.
 *
 * @throws CorruptDataError when a field is missing or malformed, or the pool contradicts itself
 */
export function parseRecordedPool(json: unknown): RecordedPool {
  const record = fields(json);
  const { balance0Raw, balance1Raw, ...state } = parseRecordedState(record);
  const token0 = token('token0', record.token0);
  const token1 = token('token1', record.token1);
  const pool = {
    kind: 'concentrated' as const,
    venue: 'uniswapV3',
    address: address('pool', record.pool),
    token0: token0.address,
    token1: token1.address,
    ...state,
    knownTicks: ALL_TICKS,
  };
  assertConsistentPool(pool);
  return {
    chainId: optional(small, 'chainId', record.chainId),
    block: optional(integer, 'block', record.block),
    blockHash: optional(hash, 'blockHash', record.blockHash),
    token0,
    token1,
    balance0Raw,
    balance1Raw,
    pool,
  };
}

/** The record of a pool as JSON: what {@link parseRecordedPool} reads. */
export function recordedPoolJson(recorded: RecordedPool): Readonly<Record<string, unknown>> {
  const { chainId, block, blockHash, token0, token1, balance0Raw, balance1Raw, pool } = recorded;
  const text = (amount: bigint | null) => (amount === null ? null : String(amount));
  return {
    chainId,
    block: block === null ? null : Number(block),
    blockHash,
    pool: pool.address,
    token0,
    token1,
    balance0: text(balance0Raw),
    balance1: text(balance1Raw),
    fee: pool.feePips,
    tickSpacing: pool.tickSpacing,
    sqrtPriceX96: text(pool.sqrtPriceX96),
    tick: pool.tick,
    liquidity: text(pool.liquidity),
    ticks: pool.ticks.map(({ index, liquidityNet, liquidityGross }) => ({
      tick: index,
      liquidityNet: text(liquidityNet),
      liquidityGross: text(liquidityGross),
    })),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fields(json: unknown): Fields {
  return typeof json === 'object' && json !== null ? (json as Fields) : {};
}

function list(field: string, value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.map(fields);
  throw new CorruptDataError(field, value, 'a list');
}

function integer(field: string, value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value);
  throw new CorruptDataError(field, value, 'an integer');
}

function small(field: string, value: unknown): number {
  const whole = Number(integer(field, value));
  if (Number.isSafeInteger(whole)) return whole;
  throw new CorruptDataError(field, value, 'an integer of at most 53 bits');
}

function optional<T>(read: (field: string, value: unknown) => T, field: string, value: unknown): T | null {
  return value === null || value === undefined ? null : read(field, value);
}

function hex(field: string, value: unknown, bytes: number): `0x${string}` {
  if (typeof value === 'string' && new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`).test(value))
    return value as `0x${string}`;
  throw new CorruptDataError(field, value, `0x and ${2 * bytes} hexadecimal digits`);
}

const address = (field: string, value: unknown): Address => hex(field, value, 20);
const hash = (field: string, value: unknown): Hash => hex(field, value, 32);

function token(field: string, value: unknown): Token {
  const record = fields(value);
  if (typeof record.symbol !== 'string')
    throw new CorruptDataError(`${field}.symbol`, record.symbol, 'a text');
  const decimals = small(`${field}.decimals`, record.decimals);
  if (decimals < 0 || decimals > 255) throw new CorruptDataError(`${field}.decimals`, decimals, '0 to 255');
  return { address: address(`${field}.address`, record.address), symbol: record.symbol, decimals };
}
