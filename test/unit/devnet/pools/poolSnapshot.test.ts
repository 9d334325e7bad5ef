import { describe, expect, it } from 'vitest';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import { parsePoolSnapshot, reservesOf } from '../../../../src/devnet/pools/poolSnapshot.ts';

/** A pool with one range, from 197,160 to 197,280, and its price in the middle. */
const record = {
  pool: '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8',
  fee: 3_000,
  tickSpacing: 60,
  sqrtPriceX96: String(sqrtPriceAtTick(197_220)),
  tick: 197_220,
  liquidity: '1000000000000000000',
  ticks: [
    { tick: 197_160, liquidityNet: '1000000000000000000', liquidityGross: null },
    { tick: 197_280, liquidityNet: '-1000000000000000000', liquidityGross: null },
  ],
};

describe('a recorded pool', () => {
  it('is read with its gross liquidity unknown', () => {
    const snapshot = parsePoolSnapshot(record);
    expect(snapshot.pool.name).toBe('USDC/WETH 0.3%');
    expect(snapshot.ticks[1]).toEqual({ index: 197_280, liquidityNet: -(10n ** 18n), liquidityGross: null });
  });

  it('needs the reserves of its ranges', () => {
    const { amount0Raw, amount1Raw } = reservesOf(parsePoolSnapshot(record));
    const [lower, price, upper] = [197_160, 197_220, 197_280].map((tick) => 1.0001 ** (tick / 2)) as [
      number,
      number,
      number,
    ];
    expect(Number(amount0Raw) / (1e18 * (1 / price - 1 / upper))).toBeCloseTo(1, 9);
    expect(Number(amount1Raw) / (1e18 * (price - lower))).toBeCloseTo(1, 9);
  });

  it('needs what it was recorded to hold, where that is more', () => {
    const held = parsePoolSnapshot({ ...record, balance0: '999999999999999', balance1: '1' });
    expect(reservesOf(held).amount0Raw).toBe(999_999_999_999_999n);
    expect(reservesOf(held).amount1Raw).toBe(reservesOf(parsePoolSnapshot(record)).amount1Raw);
  });

  it.each([
    ['of an unknown pool', { pool: '0x0000000000000000000000000000000000000001' }, /USDC\/WETH 0.05%/],
    ['with another fee', { fee: 500 }, /fee/],
    ['whose active liquidity is not the sum of its ticks', { liquidity: '7' }, /liquidity of USDC\/WETH/],
    ['whose ticks do not cancel out', { ticks: record.ticks.slice(0, 1) }, /sum of liquidityNet/],
    ['whose ticks are not in order', { ticks: [...record.ticks].reverse() }, /index above/],
    ['with a tick between the spacing', { ticks: [{ ...record.ticks[0], tick: 197_161 }] }, /multiple of 60/],
    ['with a price that is no integer', { sqrtPriceX96: '1.5' }, /integer/],
    ['without ticks', { ticks: undefined }, /list/],
  ])('%s is refused', (_case, change, message) => {
    expect(() => parsePoolSnapshot({ ...record, ...change })).toThrow(message);
  });
});
