import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../../abis/erc20.ts';
import { uniswapV3PoolAbi } from '../../../../abis/uniswapV3Pool.ts';
import { runReads } from '../../../../src/adapters/chain/index.ts';
import type { ConcentratedPool } from '../../../../src/core/amm/pool.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import type { Call, CallResult, Read } from '../../../../src/core/read.ts';
import type { BlockFacts } from '../../../../src/core/snapshot.ts';
import type { Address } from '../../../../src/core/units.ts';
import { recordPools } from '../../../../src/runtime/pools/recordPools.ts';
import { poolOfRanges } from '../../../support/pools.ts';
import { TableChain } from '../../../support/tableChain.ts';

const token0 = '0x1111111111111111111111111111111111111111';
const token1 = '0x2222222222222222222222222222222222222222';
const block: BlockFacts = {
  number: 7n,
  hash: `0x${'07'.repeat(32)}`,
  parentHash: `0x${'06'.repeat(32)}`,
  timestampSeconds: 1,
  baseFeePerGasWei: 1n,
};

/** Ranges that reach both ends of the price range, and one around the price. */
const poolAt = (address: Address, tickSpacing: number): ConcentratedPool => {
  const end = Math.floor(887_272 / tickSpacing) * tickSpacing;
  const shape = poolOfRanges({
    feePips: 100,
    tickSpacing,
    sqrtPriceX96: sqrtPriceAtTick(3) + 1n,
    ranges: [
      { tickLower: -end, tickUpper: end, liquidity: 10n ** 12n },
      { tickLower: -10 * tickSpacing, tickUpper: tickSpacing, liquidity: 10n ** 15n },
    ],
  });
  return { ...shape, address, token0, token1 };
};

/** A chain that answers for a pool as its contract would; `bitmap` may lie about the tick words. */
function chainWith(
  pools: readonly ConcentratedPool[],
  bitmap: (position: number, word: bigint) => bigint = (_, word) => word,
) {
  const table = new TableChain();
  for (const token of [token0, token1] as const) {
    table.set(erc20Abi, token, 'symbol', [], token === token0 ? 'AAA' : 'BBB');
    table.set(erc20Abi, token, 'decimals', [], token === token0 ? 6 : 18);
  }
  for (const pool of pools) {
    const { address, tickSpacing, sqrtPriceX96, tick, ticks } = pool;
    table
      .set(uniswapV3PoolAbi, address, 'token0', [], token0)
      .set(uniswapV3PoolAbi, address, 'token1', [], token1)
      .set(uniswapV3PoolAbi, address, 'fee', [], pool.feePips)
      .set(uniswapV3PoolAbi, address, 'tickSpacing', [], tickSpacing)
      .set(uniswapV3PoolAbi, address, 'liquidity', [], pool.liquidity)
      .set(uniswapV3PoolAbi, address, 'slot0', [], [sqrtPriceX96, tick, 0, 1, 1, 0, true])
      .set(erc20Abi, token0, 'balanceOf', [address], 5n)
      .set(erc20Abi, token1, 'balanceOf', [address], 6n);
    const words = new Map<number, bigint>();
    const last = Math.floor(887_272 / tickSpacing / 256);
    for (let position = -last - 1; position <= last; position++) words.set(position, 0n);
    for (const { index, liquidityNet } of ticks) {
      const place = index / tickSpacing;
      const position = Math.floor(place / 256);
      words.set(position, words.get(position)! | (1n << BigInt(place - position * 256)));
      const gross = liquidityNet < 0n ? -liquidityNet : liquidityNet;
      table.set(uniswapV3PoolAbi, address, 'ticks', [index], [gross, liquidityNet, 0n, 0n, 0n, 0n, 0, true]);
    }
    for (const [position, word] of words)
      table.set(uniswapV3PoolAbi, address, 'tickBitmap', [position], bitmap(position, word));
  }
  const asked: number[] = [];
  const answer = (call: Call) => table.run(asRead(call)).value;
  return {
    chainId: 5,
    asked,
    read: <T>(reads: Parameters<typeof runReads<T>>[0]) =>
      runReads(
        reads,
        async (calls) => calls.map(answer),
        (calls) => {
          asked.push(calls);
        },
      ),
  };
}

function* asRead(call: Call): Read<CallResult> {
  const [result] = yield [call];
  return result!;
}

const A = `0x${'a'.repeat(40)}` as const;
const B = `0x${'b'.repeat(40)}` as const;
const silent = () => {};

describe('recording pools', () => {
  it.each([1, 10, 60, 200])(
    'finds every tick at a spacing of %d, the first and the last possible',
    async (spacing) => {
      const pool = poolAt(A, spacing);
      const [outcome] = await recordPools(chainWith([pool]), [A], block, silent);
      expect(
        outcome?.ok && outcome.value.pool.ticks.map(({ index, liquidityNet }) => ({ index, liquidityNet })),
      ).toEqual(pool.ticks);
      expect(outcome?.ok && outcome.value).toMatchObject({
        chainId: 5,
        block: 7n,
        blockHash: block.hash,
        token0: { address: token0, symbol: 'AAA', decimals: 6 },
        token1: { address: token1, symbol: 'BBB', decimals: 18 },
        balance0Raw: 5n,
        balance1Raw: 6n,
      });
    },
  );

  it('tells how far it is, and asks a few thousand things at a time', async () => {
    const heard: [string, number, number][] = [];
    const chain = chainWith([poolAt(A, 1)]);
    await recordPools(chain, [A], block, (...progress) => heard.push(progress));
    expect(heard).toEqual([
      ['tick words', 0, 6_932],
      ['tick words', 4_000, 6_932],
      ['ticks', 0, 4],
    ]);
    expect(Math.max(...chain.asked)).toBe(4_000);
  });

  it('keeps pools apart: one that cannot be read does not spoil the other', async () => {
    const unset = { ...poolAt(B, 10), sqrtPriceX96: 0n };
    const [good, bad] = await recordPools(chainWith([poolAt(A, 10), unset]), [A, B], block, silent);
    expect(good?.ok).toBe(true);
    expect(bad?.ok === false && bad.error.message).toMatch(/initialised pool/);
  });

  it('refuses a pool whose words hide a tick, since the sums betray it', async () => {
    const hiding = chainWith([poolAt(A, 10)], (position, word) => (position === 0 ? 0n : word));
    const [outcome] = await recordPools(hiding, [A], block, silent);
    expect(outcome?.ok === false && outcome.error).toMatchObject({
      code: 'CORRUPT_DATA',
      facts: { what: 'sum of liquidityNet' },
    });
  });
});
