import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../abis/erc20.ts';
import { safe as safeAccount } from '../../src/adapters/accounts/safe.ts';
import { openChain } from '../../src/adapters/chain/openChain.ts';
import { uniswapV2 } from '../../src/adapters/venues/uniswapV2.ts';
import { uniswapV3 } from '../../src/adapters/venues/uniswapV3.ts';
import type { Pool } from '../../src/core/amm/pool.ts';
import { sqrtPriceAtTick } from '../../src/core/amm/tickMath.ts';
import { waysOf } from '../../src/core/amm/twoHop.ts';
import type { Order, Side } from '../../src/core/decision.ts';
import { wayTokens } from '../../src/core/hedge/fairPrice.ts';
import { route } from '../../src/core/hedge/route.ts';
import type { Read } from '../../src/core/read.ts';
import type { EmptyPool, VaultTerms } from '../../src/core/snapshot.ts';
import type { Address } from '../../src/core/units.ts';
import { type Devnet, devnetPairs, devnetPools } from '../../src/devnet/index.ts';
import { createPoolCalls, fundCall, mintRangesCall } from '../../src/devnet/seed.ts';
import type { Remembered } from '../../src/ports/protocol.ts';
import { useDevnet } from '../support/devnet.ts';
import { tradable } from '../support/tradable.ts';
import { contextOf, readOne } from '../support/vaultOnDevnet.ts';

/** USDC against USDT, which the devnet has no pool of by itself; mainnet's address follows from factory, tokens and fee. */
const dollars: Address = '0x7858E59e0C01EA06Df3aF3D20aC7B0003275D4Bf';
const nearV3 = devnetPools.wethUsdt3000.address;
const nearV2 = devnetPairs.wethUsdt.address;
const direct = devnetPairs.usdcWeth.address;

async function prepare(devnet: Devnet) {
  const { usdc, usdt, weth } = devnet.tokens;
  const { liquidityProvider } = devnet.accounts;
  const pool = {
    ...devnetPools.usdcWeth500,
    name: 'USDC/USDT 0.05%',
    address: dollars,
    token0: usdc,
    token1: usdt,
  };
  const at = sqrtPriceAtTick(3);
  const [tickLower, tickUpper, liquidity] = [-60, 60, 10n ** 16n];
  await devnet.transact(liquidityProvider, [
    // The devnet's own pools had the position manager approved already.
    ...[usdc, usdt].flatMap(({ address }) => fundCall(address, liquidityProvider.address, 10n ** 16n)),
    ...createPoolCalls(pool, at),
    mintRangesCall(pool, [{ tickLower, tickUpper, liquidity }], at, liquidityProvider.address),
  ]);
  const account = await devnet.createSafe({
    holdings: [
      { token: weth, amount: 100 },
      { token: usdc, amount: 500_000 },
    ],
    mandate: { pools: [direct, nearV3, nearV2, dollars], bridges: [usdt.address] },
  });
  const chain = await openChain({ url: devnet.url, chainId: devnet.chainId });
  return { account: account.address, chain };
}

const lab = useDevnet({ venues: ['uniswapV2'] }, prepare);

async function ordered(side: Side, pools: readonly Address[], baseRaw: bigint) {
  const { devnet, prepared } = lab();
  const { chain, account } = prepared;
  const { keeper } = devnet.accounts;
  const at = await chain.head();
  const context = contextOf(devnet, account, at);
  const vault: VaultTerms = { ...context.vault, bridges: [devnet.tokens.usdt] };
  const found = [];
  for (const pool of pools) {
    const read: Read<Remembered<Pool | EmptyPool>> =
      pool === nearV2 || pool === direct
        ? uniswapV2.read({ pool }, { ...context, vault })
        : uniswapV3.read({ pool, priceRange: 0.3 }, { ...context, vault });
    found.push(tradable((await readOne(chain, read, at)).value.value));
  }
  const { guard } = (
    await readOne(chain, safeAccount.read(safeAccount.sample, { ...context, vault }, keeper.address), at)
  ).value;
  const bound = { numerator: side === 'sell' ? 29n * 10n ** 8n : 31n * 10n ** 8n, denominator: 10n ** 18n };
  const ways = waysOf(found, wayTokens(vault));
  const routed = route({ side, baseRaw, base: vault.base.address, bound, pools: ways, toleranceBps: 20 })!;
  const order: Order = {
    side,
    baseRaw: routed.baseRaw,
    expectedQuoteRaw: routed.quoteRaw,
    // Not a unit worse than was quoted.
    quoteLimitRaw: routed.quoteRaw,
    minFillBps: 10_000,
    legs: routed.legs,
    sequence: guard.nextSequence,
    deadlineSeconds: at.timestampSeconds + 600,
  };
  return {
    order,
    vault,
    routed,
    intent: safeAccount.encode(safeAccount.sample, vault, order, keeper.address),
  };
}

async function balances(tokens: readonly Address[]): Promise<readonly bigint[]> {
  const { devnet, prepared } = lab();
  return Promise.all(
    tokens.map((token) => devnet.node.read(token, erc20Abi, 'balanceOf', [prepared.account])),
  );
}

describe('an order over two pools in a row', () => {
  it.each([
    { name: 'v3 then v3', pools: [nearV3, dollars], legs: 1 },
    { name: 'v2 then v3', pools: [nearV2, dollars], legs: 1 },
    {
      name: 'v2 beside v3 then v3',
      pools: [direct, nearV3, dollars],
      legs: null,
    },
    { name: 'v2 or v3 first, whichever brings more', pools: [nearV3, nearV2, dollars], legs: 1 },
  ])(
    'fills in both directions exactly what was quoted, and leaves no bridge token: $name',
    async ({ pools, legs }) => {
      const { devnet } = lab();
      const { weth, usdc, usdt } = devnet.tokens;
      for (const side of ['sell', 'buy'] as const) {
        const { order, intent } = await ordered(side, pools, 40n * 10n ** 18n);
        expect(order.baseRaw).toBe(40n * 10n ** 18n);
        if (legs !== null) expect(order.legs).toHaveLength(legs);
        expect(order.legs.some(({ via }) => via?.pool === dollars)).toBe(true);
        const tokens = [weth.address, usdc.address, usdt.address];
        const before = await balances(tokens);
        await devnet.transact(devnet.accounts.keeper, [{ label: 'hedge', to: intent.to, data: intent.data }]);
        const after = await balances(tokens);
        const sign = side === 'sell' ? 1n : -1n;
        expect(after.map((amount, index) => amount - before[index]!)).toEqual([
          -sign * order.baseRaw,
          sign * order.expectedQuoteRaw,
          0n,
        ]);
      }
    },
  );
});
