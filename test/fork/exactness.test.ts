import { decodeFunctionResult, encodeFunctionData, type Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nonfungiblePositionManagerAbi } from '../../abis/nonfungiblePositionManager.ts';
import { quoterV2Abi } from '../../abis/quoterV2.ts';
import { tickLensAbi } from '../../abis/tickLens.ts';
import { uniswapV3PoolAbi } from '../../abis/uniswapV3Pool.ts';
import { uniswapV3Position } from '../../src/adapters/protocols/index.ts';
import { uniswapV3 } from '../../src/adapters/venues/index.ts';
import type { TickLiquidity } from '../../src/core/amm/pool.ts';
import { quoteExactIn } from '../../src/core/amm/swap.ts';
import { callOf, type Devnet, devnetPools, startDevnet } from '../../src/devnet/index.ts';
import type { Memory } from '../../src/ports/protocol.ts';
import { tradable } from '../support/tradable.ts';
import { contextOf, readOne, type VaultOnDevnet, vaultOn } from '../support/vaultOnDevnet.ts';

let devnet: Devnet;
let vault: VaultOnDevnet;

beforeAll(async () => {
  devnet = await startDevnet();
  vault = await vaultOn(devnet);
});
afterAll(() => devnet?.stop());

const prices = [2_960, 3_010, 2_650, 2_800, 3_400, 3_150];

async function readPositions(memory?: Memory) {
  const { chain, safe } = vault;
  const at = await chain.head();
  const config = { positionManager: devnet.addresses.nonfungiblePositionManager };
  return readOne(chain, uniswapV3Position.read(config, contextOf(devnet, safe.address, at, memory)), at);
}

/** What the real position manager would pay out now, asked without doing it. */
async function collectable(id: bigint) {
  const most = (1n << 128n) - 1n;
  const args = [{ tokenId: id, recipient: vault.safe.address, amount0Max: most, amount1Max: most }] as const;
  const abi = nonfungiblePositionManagerAbi;
  const data = encodeFunctionData({ abi, functionName: 'collect', args });
  const to = devnet.addresses.nonfungiblePositionManager;
  const answer = await devnet.node.request<Hex>('eth_call', [
    { from: vault.safe.address, to, data },
    'latest',
  ]);
  const [usdc, weth] = decodeFunctionResult({ abi, functionName: 'collect', data: answer });
  return { base: weth, quote: usdc };
}

/** Uncollected fees as the plug-in tells them, with the liquidity of the position. */
async function told(id: bigint) {
  const { value, rounds } = await readPositions();
  const own = value.value.filter(({ label }) => label.startsWith(`uniswap v3 #${id}`));
  const fee = (asset: 'base' | 'quote') =>
    own.flatMap((position) =>
      position.kind === 'spot' && position.asset === asset ? position.amountRaw : [],
    )[0] ?? 0n;
  const liquidity =
    own.flatMap((position) => (position.kind === 'liquidity' ? position.liquidity : []))[0] ?? 0n;
  return { base: fee('base'), quote: fee('quote'), liquidity, rounds };
}

describe('uncollected fees', () => {
  it('equal what collect would pay, to the wei, wherever the price went', async () => {
    const { positionId } = vault;
    for (const price of prices) {
      await devnet.mineBlock({ price });
      const { base, quote, liquidity } = await told(positionId);
      expect({ base, quote }).toEqual(await collectable(positionId));
      expect(liquidity).toBeGreaterThan(0n);
    }
    const { base, quote } = await told(positionId);
    expect(base).toBeGreaterThan(0n);
    expect(quote).toBeGreaterThan(0n);
  });

  it('equal it also after liquidity was withdrawn but not paid out, and when all is withdrawn', async () => {
    const { positionId, safe } = vault;
    const restore = await devnet.snapshot();
    const manager = devnet.addresses.nonfungiblePositionManager;
    const { liquidity } = await told(positionId);
    for (const part of [liquidity / 3n, liquidity - liquidity / 3n]) {
      const args = [
        { tokenId: positionId, liquidity: part, amount0Min: 0n, amount1Min: 0n, deadline: 1n << 60n },
      ] as const;
      await safe.execute([callOf(manager, nonfungiblePositionManagerAbi, 'decreaseLiquidity', args)]);
      await devnet.mineBlock({ price: 3_050 });
      const { base, quote } = await told(positionId);
      expect({ base, quote }).toEqual(await collectable(positionId));
      expect(base).toBeGreaterThan(10n ** 18n);
    }
    await restore();
  });
});

describe('positions', () => {
  it('cost one round once they are known; a new one and one that was sold are noticed', async () => {
    const { safe, positionId } = vault;
    const restore = await devnet.snapshot();
    const first = await readPositions();
    const steady = await readPositions(first.value.memory);
    expect(steady.rounds).toBe(1);
    expect(steady.value).toEqual(first.value);
    const pool = devnetPools.usdcWeth3000;
    const range = { pool, lowerPrice: 2_000, upperPrice: 4_000, baseAmount: 1, quoteAmount: 3_000 };
    const added = await safe.provideLiquidity(range);
    const more = await readPositions(steady.value.memory);
    const labels = (positions: typeof more) =>
      positions.value.value.flatMap((position) => (position.kind === 'liquidity' ? position.label : []));
    expect(labels(more)).toEqual([`uniswap v3 #${positionId}`, `uniswap v3 #${added}`]);
    const manager = devnet.addresses.nonfungiblePositionManager;
    const { user } = devnet.accounts;
    await safe.execute([
      callOf(manager, nonfungiblePositionManagerAbi, 'transferFrom', [
        safe.address,
        user.address,
        positionId,
      ]),
    ]);
    const fewer = await readPositions(more.value.memory);
    expect(labels(fewer)).toEqual([`uniswap v3 #${added}`]);
    expect((await readPositions(fewer.value.memory)).rounds).toBe(1);
    await restore();
  });

  it('of other pairs, or outside the pools that are named, are skipped', async () => {
    const { chain, safe } = vault;
    const restore = await devnet.snapshot();
    const pool = devnetPools.wethUsdt3000;
    await safe.provideLiquidity({
      pool,
      lowerPrice: 2_000,
      upperPrice: 4_000,
      baseAmount: 1,
      quoteAmount: 3_000,
    });
    const { value } = await readPositions();
    expect(value.value.filter(({ kind }) => kind === 'liquidity').length).toBe(1);
    const at = await chain.head();
    const config = { positionManager: devnet.addresses.nonfungiblePositionManager, pools: [pool.address] };
    const none = await readOne(
      chain,
      uniswapV3Position.read(config, contextOf(devnet, safe.address, at)),
      at,
    );
    expect(none.value.value).toEqual([]);
    await restore();
  });
});

describe.each(['usdcWeth500', 'usdcWeth3000'] as const)('the pool %s', (name) => {
  const read = async (memory?: Memory) => {
    const { chain, safe } = vault;
    const at = await chain.head();
    const config = {
      pool: devnetPools[name].address,
      priceRange: 0.6,
      factory: devnet.addresses.uniswapV3Factory,
    };
    const found = await readOne(
      chain,
      uniswapV3.read(config, contextOf(devnet, safe.address, at, memory)),
      at,
    );
    const { value, memory: next } = found.value;
    return { rounds: found.rounds, value: { value: tradable(value), memory: next } };
  };

  it('is what slot0, liquidity and TickLens say', async () => {
    const { value: pool } = (await read()).value;
    const { address } = devnetPools[name];
    const [sqrtPriceX96, tick] = await devnet.node.read(address, uniswapV3PoolAbi, 'slot0');
    const liquidity = await devnet.node.read(address, uniswapV3PoolAbi, 'liquidity');
    expect(pool).toMatchObject({ sqrtPriceX96, tick, liquidity });
    const wordOf = (index: number) => Math.floor(index / pool.tickSpacing / 256);
    const lens = [];
    for (let word = wordOf(pool.knownTicks.lower); word <= wordOf(pool.knownTicks.upper); word++) {
      const found = await devnet.node.read(
        devnet.addresses.tickLens,
        tickLensAbi,
        'getPopulatedTicksInWord',
        [address, word],
      );
      lens.push(...found.map(({ tick: index, liquidityNet }) => ({ index, liquidityNet })));
    }
    expect(pool.ticks).toEqual(lens.sort((a, b) => a.index - b.index));
    expect(pool.ticks.length).toBeGreaterThan(2);
  });

  it('costs one round once known, block after block, and stays true', async () => {
    let { memory } = (await read()).value;
    for (const price of [2_990, 3_020, 2_900]) {
      await devnet.mineBlock({ price });
      const steady = await read(memory);
      expect(steady.rounds).toBe(1);
      // Where the first look was from decides how far ticks are known, nothing else.
      const { knownTicks, ticks, ...rest } = (await read()).value.value;
      expect(steady.value.value).toMatchObject(rest);
      const inBoth = ({ index }: TickLiquidity) => index >= knownTicks.lower && index <= knownTicks.upper;
      const known = steady.value.value.knownTicks;
      const alsoHere = ({ index }: TickLiquidity) => index >= known.lower && index <= known.upper;
      expect(steady.value.value.ticks.filter(inBoth)).toEqual(ticks.filter(alsoHere));
      memory = steady.value.memory;
    }
  });

  it('quotes as QuoterV2 does, to the wei', async () => {
    const { value: pool } = (await read()).value;
    const { token0, token1, feePips: fee } = devnetPools[name];
    for (const zeroForOne of [true, false]) {
      const [tokenIn, tokenOut] = zeroForOne ? [token0, token1] : [token1, token0];
      for (const whole of [0.001, 1, 37, 500, 4_000]) {
        const amountIn =
          BigInt(Math.round(whole * (tokenIn.symbol === 'USDC' ? 3e9 : 1e6))) *
          (tokenIn.symbol === 'USDC' ? 1n : 10n ** 12n);
        const request = {
          tokenIn: tokenIn.address,
          tokenOut: tokenOut.address,
          amountIn,
          fee,
          sqrtPriceLimitX96: 0n,
        };
        const [amountOut, sqrtPriceAfterX96] = await devnet.node.read(
          devnet.addresses.quoterV2,
          quoterV2Abi,
          'quoteExactInputSingle',
          [request],
        );
        const quote = quoteExactIn(pool, { zeroForOne, amountRaw: amountIn });
        expect(quote).toMatchObject({ filled: true, amountOutRaw: amountOut, sqrtPriceAfterX96 });
      }
    }
  });
});
