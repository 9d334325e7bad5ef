import { describe, expect, it } from 'vitest';
import { uniswapV2FactoryAbi } from '../../../../abis/uniswapV2Factory.ts';
import { uniswapV2PairAbi as abi } from '../../../../abis/uniswapV2Pair.ts';
import { uniswapV2 } from '../../../../src/adapters/venues/uniswapV2.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { poolAddress, usdc, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';
import { tradable } from '../../../support/tradable.ts';

const config = { pool: poolAddress };
const pairOf = (reserve0: bigint, reserve1: bigint) =>
  new TableChain()
    .set(abi, poolAddress, 'token0', [], usdc.address)
    .set(abi, poolAddress, 'token1', [], weth.address)
    .set(abi, poolAddress, 'getReserves', [], [reserve0, reserve1, 7]);

describe('reading a pair', () => {
  it('gives its reserves and the fee that every pair has, in one round, then and later', () => {
    const first = pairOf(5n, 6n).run(uniswapV2.read(config, contextAt()));
    expect(first.rounds).toBe(1);
    expect(first.value.value).toEqual({
      kind: 'constantProduct',
      venue: 'uniswapV2',
      address: poolAddress,
      token0: usdc.address.toLowerCase(),
      token1: weth.address.toLowerCase(),
      feeBps: 30,
      reserve0Raw: 5n,
      reserve1Raw: 6n,
    });
    const memory = JSON.parse(JSON.stringify(first.value.memory));
    const second = pairOf(7n, 8n).run(uniswapV2.read(config, contextAt({ memory })));
    expect(second.calls).toBe(1);
    expect(second.value.value).toEqual({ ...first.value.value, reserve0Raw: 7n, reserve1Raw: 8n });
  });

  it('forgets what it remembers of another pair', () => {
    const memory = { pool: weth.address, token0: weth.address, token1: usdc.address };
    const { value } = pairOf(5n, 6n).run(uniswapV2.read(config, contextAt({ memory })));
    expect(tradable(value.value).token0).toBe(usdc.address.toLowerCase());
  });

  it('refuses a pair of other tokens', () => {
    const chain = pairOf(5n, 6n).set(abi, poolAddress, 'token1', [], poolAddress);
    expect(() => chain.run(uniswapV2.read(config, contextAt()))).toThrow(
      expect.objectContaining({ code: 'POOL_MISMATCH' }),
    );
  });

  it('refuses a pair that is not the factory’s where one is named', () => {
    const factory: Address = `0x${'fa'.repeat(20)}`;
    const from = (deployed: Address) =>
      pairOf(5n, 6n).set(uniswapV2FactoryAbi, factory, 'getPair', [usdc.address, weth.address], deployed);
    const read = () => uniswapV2.read({ ...config, factory }, contextAt());
    expect(from(poolAddress).run(read()).value.value.address).toBe(poolAddress);
    expect(() => from(weth.address).run(read())).toThrow(expect.objectContaining({ code: 'POOL_MISMATCH' }));
  });

  it.each([
    [0n, 0n],
    [0n, 6n],
    [5n, 0n],
  ])('is empty with the reserves %s and %s, and has its tokens remembered', (reserve0, reserve1) => {
    const { value } = pairOf(reserve0, reserve1).run(uniswapV2.read(config, contextAt()));
    expect(value.value).toEqual({
      kind: 'empty',
      venue: 'uniswapV2',
      address: poolAddress,
      why: 'the pair holds nothing',
    });
    const again = pairOf(7n, 8n).run(uniswapV2.read(config, contextAt({ memory: value.memory })));
    expect(again.calls).toBe(1);
    expect(tradable(again.value.value)).toMatchObject({ reserve0Raw: 7n, reserve1Raw: 8n });
  });

  it('reads a pair of a bridge token as well, where the vault goes over it', () => {
    const bridge = { address: poolAddress, symbol: 'USDT', decimals: 6 };
    const chain = pairOf(5n, 6n).set(abi, poolAddress, 'token1', [], bridge.address);
    const { value } = chain.run(uniswapV2.read(config, contextAt({ vault: { bridges: [bridge] } })));
    expect(tradable(value.value)).toMatchObject({ token1: bridge.address.toLowerCase() });
  });
});
