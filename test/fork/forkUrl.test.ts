import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quoterV2Abi } from '../../abis/quoterV2.ts';
import { openChain } from '../../src/adapters/chain/index.ts';
import { uniswapV3 } from '../../src/adapters/venues/index.ts';
import { quoteExactIn } from '../../src/core/amm/swap.ts';
import type { Token } from '../../src/core/units.ts';
import {
  type Anvil,
  AnvilNode,
  type Devnet,
  type DevnetPool,
  devnetPools,
  devnetTokens,
  mainnet,
  startAnvil,
  startDevnet,
} from '../../src/devnet/index.ts';
import { tickFleet } from '../../src/engine/tick.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import { openLook } from '../../src/runtime/worlds/look.ts';
import type { OpenWorld } from '../../src/runtime/worlds/tools.ts';
import { toolsWith } from '../support/keeperOnDevnet.ts';
import { tradable } from '../support/tradable.ts';
import { contextOf, readOne } from '../support/vaultOnDevnet.ts';

/** A node of mainnet, archive or not, in place of the devnet. */
const forkUrl = process.env.BALLAST_FORK_URL;
if (forkUrl === undefined) console.info('forked from a devnet: no real node (set BALLAST_FORK_URL)');

/** A real node is far away. */
const ANSWERS_WITHIN_MS = 300_000;
const wholeAmounts: Readonly<Record<string, readonly number[]>> = {
  WETH: [0.001, 1, 37, 500],
  USDC: [3, 3_000, 111_000, 1_500_000],
};

/** What a user does with mainnet: anvil on top of another node, by its URL. */
let devnet: Devnet | undefined;
let fork: Anvil | undefined;
let node: AnvilNode;

beforeAll(async () => {
  devnet = forkUrl === undefined ? await startDevnet() : undefined;
  fork = await startAnvil({ fork: { url: forkUrl ?? (devnet as Devnet).url } });
  node = new AnvilNode(fork.url, ANSWERS_WITHIN_MS);
});
afterAll(async () => {
  await fork?.stop();
  await devnet?.stop();
});

/** The pool as our plug-in reads it at the fork's block. */
async function readPool({ address }: DevnetPool) {
  const chain = await openChain({ url: (fork as Anvil).url, chainId: 1, timeoutMs: 60_000 });
  const at = await chain.head();
  const config = { pool: address, priceRange: 0.25, factory: mainnet.uniswapV3Factory };
  const context = contextOf({ chainId: 1, tokens: devnetTokens }, mainnet.weth, at);
  return tradable((await readOne(chain, uniswapV3.read(config, context), at)).value.value);
}

function quoterSays(pool: DevnetPool, tokenIn: Token, tokenOut: Token, amountIn: bigint) {
  const request = {
    tokenIn: tokenIn.address,
    tokenOut: tokenOut.address,
    amountIn,
    fee: pool.feePips,
    sqrtPriceLimitX96: 0n,
  };
  return node.read(mainnet.quoterV2, quoterV2Abi, 'quoteExactInputSingle', [request]);
}

/** One decision, of which nothing remains. */
async function planOnce(opening: Promise<OpenWorld>) {
  const { world, vaults, close } = await opening;
  try {
    const [result] = await tickFleet(world, vaults);
    const decision = result?.decision;
    return { decision, snapshot: result?.snapshot, plan: decision?.kind === 'hedge' ? decision.plan : null };
  } finally {
    await close();
  }
}

describe('anvil forked from another node', () => {
  it.each([devnetPools.usdcWeth500, devnetPools.usdcWeth3000])(
    'quotes $name as QuoterV2 does at the fork block, to the wei',
    async (pool) => {
      const read = await readPool(pool);
      expect(read.ticks.length).toBeGreaterThan(1);
      for (const zeroForOne of [true, false]) {
        const [tokenIn, tokenOut] = zeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0];
        for (const whole of wholeAmounts[tokenIn.symbol] ?? []) {
          const amountRaw = BigInt(Math.round(whole * 1_000)) * 10n ** BigInt(tokenIn.decimals - 3);
          const [amountOutRaw, sqrtPriceAfterX96] = await quoterSays(pool, tokenIn, tokenOut, amountRaw);
          const quote = quoteExactIn(read, { zeroForOne, amountRaw });
          expect(quote).toMatchObject({ filled: true, amountOutRaw, sqrtPriceAfterX96 });
        }
      }
    },
  );

  it.skipIf(forkUrl !== undefined)(
    'decides there as on the chain itself: same config, another URL',
    async () => {
      const { url, chainId, addresses, accounts, createSafe, tokens } = devnet as Devnet;
      const safe = await createSafe({ holdings: [{ token: tokens.weth, amount: 30 }] });
      const later = await startAnvil({ fork: { url } });
      try {
        const [there, here] = await Promise.all(
          [later.url, url].map((rpc) => {
            const tools = toolsWith(accounts.keeper.privateKey);
            const text = devnetConfigText({
              devnet: { url: rpc, chainId, addresses },
              account: safe.address,
              heldOtokens: [],
              relayUrl: 'http://127.0.0.1:9',
              journalPath: 'none.sqlite',
              variables: { keeper: 'KEEPER', identity: 'IDENTITY' },
            });
            return planOnce(openLook(parseConfig('fork.yaml', text, tools), tools));
          }),
        );
        expect(here?.decision?.kind).toBe('hedge');
        expect(there?.snapshot?.chain).toEqual(here?.snapshot?.chain);
        expect(there?.decision).toMatchObject({ kind: 'hedge', plan: here?.plan });
      } finally {
        await later.stop();
      }
    },
  );
});
