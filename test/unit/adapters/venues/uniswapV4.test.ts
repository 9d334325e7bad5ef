import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import { describe, expect, it } from 'vitest';
import { stateViewAbi as abi } from '../../../../abis/stateView.ts';
import { v4PoolOf } from '../../../../src/adapters/venues/internal/v4PoolKey.ts';
import { uniswapV4 } from '../../../../src/adapters/venues/uniswapV4.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import type { VaultTerms } from '../../../../src/core/snapshot.ts';
import type { Address } from '../../../../src/core/units.ts';
import { devnetV4Pools, mainnet } from '../../../../src/devnet/index.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';
import { tradable } from '../../../support/tradable.ts';

const { vault } = contextAt();
const hook: Address = `0x${'4c'.repeat(20)}`;
const config = { ...uniswapV4.sample, native: undefined, fee: 3_000, tickSpacing: 60 };
type Config = typeof uniswapV4.sample;

/** A pool with one range over everything, at a tick, with fees as given. */
function poolOf(
  settings: Config,
  { tick = 0, protocolFee = 0, lpFee = 3_000 } = {},
  terms: VaultTerms = vault,
): TableChain {
  const { id } = v4PoolOf(settings, terms);
  const view = settings.stateView;
  const chain = new TableChain()
    .set(abi, view, 'getSlot0', [id], [sqrtPriceAtTick(tick), tick, protocolFee, lpFee])
    .set(abi, view, 'getLiquidity', [id], 9n);
  const ends = [-600, 600].map((end) => (end / 60) * settings.tickSpacing);
  for (let word = -60; word <= 60; word++) {
    const bits = ends
      .map((end) => end / settings.tickSpacing)
      .filter((compressed) => compressed >> 8 === word)
      .reduce((sum, compressed) => sum | (1n << BigInt(compressed & 255)), 0n);
    chain.set(abi, view, 'getTickBitmap', [id, word], bits);
  }
  for (const [index, end] of ends.entries()) {
    chain.set(abi, view, 'getTickLiquidity', [id, end], [9n, index === 0 ? 9n : -9n]);
  }
  return chain;
}

describe('the pool that a config means', () => {
  const terms = {
    ...vault,
    base: { ...weth, address: mainnet.weth },
    quote: { ...usdc, address: mainnet.usdc },
  };

  it.each([
    ['of ether', { fee: 500, tickSpacing: 10, native: 'base' as const }, devnetV4Pools.ethUsdc500],
    ['of tokens', { fee: 3_000, tickSpacing: 60 }, devnetV4Pools.usdcWeth3000],
  ])('has the id that the PoolManager gives it: %s', (_, name, pool) => {
    const found = v4PoolOf(name, terms);
    expect(found).toMatchObject({ id: pool.id, token0: pool.token0.address, token1: pool.token1.address });
    expect(pool.id.endsWith(found.address.slice(2).toLowerCase())).toBe(true);
  });

  it('is another one with a hook, or where the quote is the native coin', () => {
    const name = { fee: 500, tickSpacing: 10 };
    const ids = [name, { ...name, hooks: hook }, { ...name, native: 'quote' as const }].map(
      (one) => v4PoolOf(one, terms).id,
    );
    expect(new Set(ids).size).toBe(3);
    expect(v4PoolOf({ ...name, native: 'quote' }, terms).token0).toBe(mainnet.usdc);
  });
});

describe('a v4 pool of a bridge token', () => {
  const usdt = { address: mainnet.usdt, symbol: 'USDT', decimals: 6 };
  const terms = {
    ...vault,
    base: { ...weth, address: mainnet.weth },
    quote: { ...usdc, address: mainnet.usdc },
    bridges: [usdt],
  };
  const name = { fee: 100, tickSpacing: 1 };

  it('is named by its currencies, in any order, by symbol or address, and has the id of its key', () => {
    const far = v4PoolOf({ ...name, currencies: ['USDC', 'USDT'] }, terms);
    expect(far).toMatchObject({ token0: mainnet.usdc, token1: mainnet.usdt });
    // Mainnet's: USDC/USDT at 0.01 %.
    expect(far.id).toBe(
      keccak256(
        encodeAbiParameters(parseAbiParameters('address, address, uint24, int24, address'), [
          mainnet.usdc,
          mainnet.usdt,
          100,
          1,
          `0x${'00'.repeat(20)}`,
        ]),
      ),
    );
    expect(v4PoolOf({ ...name, currencies: [mainnet.usdt.toLowerCase(), 'USDC'] }, terms)).toEqual(far);
  });

  it('may hold base unwrapped', () => {
    const near = v4PoolOf({ ...name, currencies: ['USDT', 'WETH'], native: 'base' }, terms);
    expect(near).toMatchObject({ token0: mainnet.weth, token1: mainnet.usdt });
    expect(near.id).not.toBe(v4PoolOf({ ...name, currencies: ['USDT', 'WETH'] }, terms).id);
  });

  it('is read in its own tokens', () => {
    const settings = { ...config, ...name, currencies: ['USDC', 'USDT'] };
    const context = contextAt({ vault: terms });
    const { value } = poolOf(settings, {}, terms).run(uniswapV4.read(settings, context));
    expect(tradable(value.value)).toMatchObject({ token0: mainnet.usdc, token1: mainnet.usdt });
    expect(tradable(value.value).address).toBe(v4PoolOf(settings, terms).address);
  });

  it.each([
    [['USDC', 'DAI'], undefined, /^currencies/],
    [['USDT', 'USDT'], undefined, /^currencies/],
    [['USDC', 'USDT'], 'base' as const, /^native/],
  ])('is refused with the currencies %j, native %s', (currencies, native, message) => {
    expect(() => v4PoolOf({ ...name, currencies, ...(native && { native }) }, terms)).toThrow(message);
  });

  it('of two bridges leads nowhere', () => {
    const dai = { address: `0x${'da'.repeat(20)}` as Address, symbol: 'DAI', decimals: 18 };
    const two = { ...terms, bridges: [usdt, dai] };
    expect(() => v4PoolOf({ ...name, currencies: ['USDT', 'DAI'] }, two)).toThrow(/one of them WETH or USDC/);
  });
});

describe('reading a v4 pool', () => {
  it('gives price, ticks and both fees of each direction, and costs one round once it remembers', () => {
    const chain = poolOf(config, { protocolFee: (900 << 12) | 400, lpFee: 2_500 });
    const first = chain.run(uniswapV4.read(config, contextAt()));
    expect(first.value.value).toMatchObject({
      venue: 'uniswapV4',
      feePips: 2_500,
      protocolFeePips: { zeroForOne: 400, oneForZero: 900 },
      v4Key: { fee: 3_000, tickSpacing: 60 },
      liquidity: 9n,
      ticks: [
        { index: -600, liquidityNet: 9n },
        { index: 600, liquidityNet: -9n },
      ],
    });
    expect(first.value.value).not.toHaveProperty('nativeToken0');
    const memory = JSON.parse(JSON.stringify(first.value.memory));
    const second = chain.run(uniswapV4.read(config, contextAt({ memory })));
    expect(second.rounds).toBe(1);
    expect(second.value).toEqual(first.value);
  });

  it('says where the first currency is the native coin', () => {
    const native = { ...config, native: 'base' as const };
    const { value } = poolOf(native).run(uniswapV4.read(native, contextAt()));
    expect(value.value).toMatchObject({ nativeToken0: true, token0: weth.address, token1: usdc.address });
  });

  it('gives a pool with a hook no key, so that nobody hedges on it, and its dynamic fee as it stands', () => {
    const hooked = { ...config, fee: 0x80_0000, hooks: hook };
    const { value } = poolOf(hooked, { lpFee: 777 }).run(uniswapV4.read(hooked, contextAt()));
    expect(tradable(value.value).feePips).toBe(777);
    expect(value.value).not.toHaveProperty('v4Key');
  });

  it('refuses a pool that is not there', () => {
    const { id } = v4PoolOf(config, vault);
    const chain = poolOf(config).set(abi, config.stateView, 'getSlot0', [id], [0n, 0, 0, 0]);
    expect(() => chain.run(uniswapV4.read(config, contextAt()))).toThrow(
      expect.objectContaining({ code: 'POOL_MISMATCH' }),
    );
  });

  it('is corrupt data with a tick that its bit denies', () => {
    const { id } = v4PoolOf(config, vault);
    const chain = poolOf(config).set(abi, config.stateView, 'getTickLiquidity', [id, 600], [0n, 0n]);
    expect(() => chain.run(uniswapV4.read(config, contextAt()))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });

  it.each([{ fee: 1_000_001 }, { fee: -1 }, { tickSpacing: 0 }, { tickSpacing: 32_768 }, { native: 'weth' }])(
    'refuses the config %j',
    (wrong) => {
      expect(uniswapV4.config.safeParse({ ...uniswapV4.sample, ...wrong }).success).toBe(false);
    },
  );
});
