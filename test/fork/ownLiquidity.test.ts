import { expect, it } from 'vitest';
import { erc20Abi } from '../../abis/erc20.ts';
import { uniswapV3PoolAbi } from '../../abis/uniswapV3Pool.ts';
import { sqrtPriceAtTick } from '../../src/core/amm/tickMath.ts';
import { liquidityAmounts } from '../../src/core/exposure/liquidity.ts';
import type { LiquidityPosition } from '../../src/core/position.ts';
import { toWhole } from '../../src/core/units.ts';
import { devnetPools } from '../../src/devnet/index.ts';
import { type TickResult, tickFleet } from '../../src/engine/tick.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import { type KeeperOnDevnet, useKeeper } from '../support/keeperOnDevnet.ts';

const get = useKeeper();
const { usdcWeth500, usdcWeth3000 } = devnetPools;

/** WETH of the Safe and of its range, as they are on chain now. */
async function baseOf({ devnet, safe }: KeeperOnDevnet, own: LiquidityPosition): Promise<number> {
  const wallet = await devnet.node.read(devnet.tokens.weth.address, erc20Abi, 'balanceOf', [safe.address]);
  const [sqrtPriceX96] = await devnet.node.read(usdcWeth500.address, uniswapV3PoolAbi, 'slot0', []);
  const { amount0Raw, amount1Raw } = liquidityAmounts({
    liquidity: own.liquidity,
    sqrtPriceX96,
    sqrtPriceLowerX96: sqrtPriceAtTick(own.tickLower),
    sqrtPriceUpperX96: sqrtPriceAtTick(own.tickUpper),
  });
  return toWhole(wallet + (own.baseIsToken0 ? amount0Raw : amount1Raw), 18);
}

/** One tick of the vault with another target and band. */
async function tickTowards(
  keeper: KeeperOnDevnet,
  targetDelta: number,
  halfWidth: number,
): Promise<TickResult> {
  await keeper.close();
  const text = keeper.configText
    .replace('halfWidth: { base: 4 }', `halfWidth: { base: ${halfWidth} }`)
    .replace('    volatility:', `    targetDelta: ${targetDelta}\n    volatility:`);
  const { world, vaults, close } = await openLive(parseConfig('test.yaml', text, keeper.tools), keeper.tools);
  try {
    return (await tickFleet(world, vaults))[0] as TickResult;
  } finally {
    await close();
  }
}

it('a vault that owns most of the pool it sells into ends where it aimed; the naive size would miss by its share', async () => {
  const keeper = get();
  await keeper.devnet.withdrawLiquidity(usdcWeth500, 0.9);
  await keeper.devnet.withdrawLiquidity(usdcWeth3000, 0.999);
  await keeper.safe.provideLiquidity({
    pool: usdcWeth500,
    lowerPrice: 2_400,
    upperPrice: 3_700,
    baseAmount: 150,
    quoteAmount: 450_000,
  });
  const seen = await tickTowards(keeper, 0, 1_000_000);
  const own = seen.snapshot?.chain.positions.find(
    (one): one is LiquidityPosition => one.kind === 'liquidity',
  );
  if (own === undefined) throw new Error('the range is not among the positions');
  const before = await baseOf(keeper, own);
  const wanted = 10;
  const { decision } = await tickTowards(keeper, (seen.decision.numbers.netDelta ?? 0) - wanted, 0.5);
  if (decision.kind !== 'hedge') throw new Error(`expected a hedge: ${decision.why}`);
  await keeper.devnet.mineBlock({ arbitrage: false });
  const moved = before - (await baseOf(keeper, own));

  const naiveMiss = toWhole(decision.plan.baseRaw, 18) - wanted;
  expect(naiveMiss).toBeGreaterThan(wanted / 5);
  expect(moved).toBeCloseTo(wanted, 2);
});
