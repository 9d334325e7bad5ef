import { describe, expect, it } from 'vitest';
import { stateViewAbi } from '../../../abis/stateView.ts';
import { uniswapV2FactoryAbi } from '../../../abis/uniswapV2Factory.ts';
import { uniswapV2PairAbi } from '../../../abis/uniswapV2Pair.ts';
import { priceAtSqrtPrice } from '../../../src/core/amm/price.ts';
import { devnetPairs, devnetV4Pools } from '../../../src/devnet/index.ts';
import { unitsOf } from '../../../src/devnet/pools/pools.ts';
import { useDevnet } from '../../support/devnet.ts';

const pairs = Object.values(devnetPairs);
const v4Pools = Object.values(devnetV4Pools);

describe('a devnet with Uniswap v2 and v4', () => {
  const world = useDevnet({ venues: ['uniswapV2', 'uniswapV4'], price: 3_000 });

  it.each(pairs)('has the pair $name where mainnet’s factory puts it', async (pair) => {
    const { node, addresses } = world().devnet;
    const deployed = await node.read(addresses.uniswapV2Factory, uniswapV2FactoryAbi, 'getPair', [
      pair.token0.address,
      pair.token1.address,
    ]);
    expect(deployed).toBe(pair.address);
  });

  it('gives the pool of ether against USDC the id that it has on mainnet', () => {
    expect(devnetV4Pools.ethUsdc500.id).toBe(
      '0x21c67e77068de97969ba93d4aab21826d33ca12bb9f565d8496e8fda8a82ca27',
    );
  });

  it('keeps all of them at the market’s price, up and down', async () => {
    const { devnet } = world();
    const { node, addresses } = devnet;
    for (const price of [3_000, 2_400, 1_500, 2_900, 3_400]) {
      await devnet.mineBlock({ price });
      for (const pair of pairs) {
        const [reserve0, reserve1] = await node.read(pair.address, uniswapV2PairAbi, 'getReserves');
        const [ofBase, ofQuote] = pair.baseIsToken0 ? [reserve0, reserve1] : [reserve1, reserve0];
        expect((Number(ofQuote) / Number(ofBase)) * 1e12, pair.name).toBeCloseTo(price, 4);
      }
      for (const pool of v4Pools) {
        const [sqrtPriceX96] = await node.read(addresses.stateView, stateViewAbi, 'getSlot0', [pool.id]);
        expect(priceAtSqrtPrice(sqrtPriceX96, unitsOf(pool)), pool.name).toBeCloseTo(price, 6);
      }
    }
  });
});
