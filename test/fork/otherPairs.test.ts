import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeAbiParameters, parseAbiParameters } from 'viem';
import { describe, expect, it } from 'vitest';
import { devnetAggregatorBytecode } from '../../abis/bytecode/devnetAggregator.ts';
import { devnetAggregatorAbi } from '../../abis/devnetAggregator.ts';
import { erc20Abi } from '../../abis/erc20.ts';
import { priceToRatio, sqrtPriceDown } from '../../src/core/amm/price.ts';
import type { Address } from '../../src/core/units.ts';
import { callOf, type Devnet, defaultMandate, devnetPools, type Mandate } from '../../src/devnet/index.ts';
import { type Placement, placeContracts } from '../../src/devnet/node/place.ts';
import { startDevRelay } from '../../src/devnet/relay/index.ts';
import { createPoolCalls } from '../../src/devnet/seed.ts';
import { type TickResult, tickFleet } from '../../src/engine/tick.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import { useDevnet } from '../support/devnet.ts';
import { hedgedEvents, toolsWith } from '../support/keeperOnDevnet.ts';

const pool = devnetPools.wbtcWeth3000;
const units = { baseIsToken0: true, baseDecimals: 8, quoteDecimals: 18 };
/** WETH per WBTC. */
const PRICE = 25;
const DAY_SECONDS = 86_400;
const noFeed: Address = '0x0000000000000000000000000000000000000000';
const feeds = {
  btcUsd: { address: '0xba11a570000000000000000000000000000000b1', decimals: 8, answer: 75_000n * 10n ** 8n },
  wbtcBtc: { address: '0xba11a570000000000000000000000000000000b2', decimals: 8, answer: 10n ** 8n },
  btcEth: { address: '0xba11a570000000000000000000000000000000b3', decimals: 18, answer: 25n * 10n ** 18n },
} as const;

/** How base is priced in quote: which feeds are multiplied, and which one they are divided by. */
const waysToPrice = (devnet: Devnet) => ({
  'BTC/USD over ETH/USD': { base: [feeds.btcUsd.address], quote: devnet.addresses.ethUsdFeed },
  'WBTC/BTC times BTC/ETH of 18 decimals': {
    base: [feeds.wbtcBtc.address, feeds.btcEth.address],
    quote: null,
  },
});
type Pricing = { readonly base: readonly Address[]; readonly quote: Address | null };

async function openMarket(devnet: Devnet): Promise<void> {
  const { deployer } = devnet.accounts;
  const placements = Object.entries(feeds).map(
    ([name, { address, decimals }]): Placement => ({
      name,
      address,
      creationCode: devnetAggregatorBytecode,
      constructorArguments: encodeAbiParameters(parseAbiParameters('uint8, string'), [decimals, name]),
    }),
  );
  await placeContracts(devnet.node, deployer.address, placements, () => devnet.mineBlock());
  await devnet.transact(deployer, [
    ...Object.values(feeds).map(({ address, answer }) =>
      callOf(address, devnetAggregatorAbi, 'transmit', [answer]),
    ),
    ...createPoolCalls(pool, sqrtPriceDown(priceToRatio(PRICE, units), true)),
  ]);
  const provider = await devnet.createSafe({ mandate: null });
  await provider.provideLiquidity({
    pool,
    lowerPrice: 20,
    upperPrice: 31,
    baseAmount: 500,
    quoteAmount: 12_500,
  });
}

function mandateFor(devnet: Devnet, { base, quote }: Pricing): Partial<Mandate> {
  const feed = (aggregator: Address | undefined) => ({
    aggregator: aggregator ?? noFeed,
    heartbeatSeconds: aggregator === undefined ? 0 : DAY_SECONDS,
  });
  return {
    ...defaultMandate(devnet.accounts),
    base: devnet.tokens.wbtc.address,
    quote: devnet.tokens.weth.address,
    baseFeeds: [feed(base[0]), feed(base[1])],
    quoteFeed: feed(quote ?? undefined),
    turnoverCapacityQuote: 1_000n * 10n ** 18n,
    turnoverRefillPerDayQuote: 1_000n * 10n ** 18n,
    maxBase: 100n * 10n ** 8n,
    pools: [pool.address],
  };
}

function configText(
  devnet: Devnet,
  account: Address,
  facts: { pricing: Pricing; relayUrl: string; journal: string; targetDelta: number },
): string {
  const { pricing } = facts;
  const link = (feed: Address) => `{ feed: "${feed}", heartbeatSeconds: ${DAY_SECONDS} }`;
  return `
chain: { id: ${devnet.chainId}, rpc: "${devnet.url}" }
journal: { kind: sqlite, path: "${facts.journal}" }
signer: { kind: env, variable: KEEPER }
identity: { kind: env, variable: IDENTITY }
relays: { devRelay: { kind: flashbots, url: "${facts.relayUrl}" } }
vaults:
  - name: btc
    account: { kind: safe, address: "${account}" }
    base: WBTC
    quote: WETH
    positions: [{ kind: balances }]
    venues: [{ kind: uniswapV3, pool: "${pool.address}" }]
    prices:
      - kind: chainlink
        base: [${pricing.base.map(link).join(', ')}]
        ${pricing.quote === null ? '' : `quote: ${link(pricing.quote)}`}
    volatility: { kind: fixedVolatility, volatility: 0.65 }
    policy: { kind: fixedBand, halfWidth: { base: 0.1 } }
    targetDelta: ${facts.targetDelta}
    nativePrice: 1
    limits: { minTradeQuote: 0.1, maxTradeQuote: 1000, maxGasQuote: 0.05 }
`;
}

/** Ticks until nothing is open, at most eight blocks. */
async function hedgeOnce(devnet: Devnet, tick: () => Promise<TickResult>): Promise<TickResult> {
  const first = await tick();
  for (let block = 0; block < 8; block += 1) {
    await devnet.mineBlock();
    if ((await tick()).open.length === 0) break;
  }
  return first;
}

const get = useDevnet({}, openMarket);

describe('a vault of WBTC (8 decimals, token0) against WETH (18 decimals)', () => {
  for (const way of ['BTC/USD over ETH/USD', 'WBTC/BTC times BTC/ETH of 18 decimals'] as const) {
    for (const [side, targetDelta, baseAfter] of [
      ['sell', 1, 1],
      ['buy', 5.5, 5.5],
    ] as const) {
      it(`priced by ${way}: hedges by a ${side}`, async () => {
        const { devnet } = get();
        const pricing = waysToPrice(devnet)[way];
        const { wbtc, weth } = devnet.tokens;
        const safe = await devnet.createSafe({
          mandate: mandateFor(devnet, pricing),
          holdings: [
            { token: wbtc, amount: 3 },
            { token: weth, amount: 80 },
          ],
        });
        const folder = await mkdtemp(join(tmpdir(), 'ballast-pairs-'));
        const relay = await startDevRelay({ rpcUrl: devnet.url });
        const removePool = devnet.addPrivatePool(relay.pool);
        const tools = toolsWith(devnet.accounts.keeper.privateKey);
        const facts = { pricing, relayUrl: relay.url, journal: join(folder, 'journal.sqlite'), targetDelta };
        const { world, vaults, close } = await openLive(
          parseConfig('test.yaml', configText(devnet, safe.address, facts), tools),
          tools,
        );
        try {
          const tick = async () => (await tickFleet(world, vaults))[0] as TickResult;
          const { decision } = await hedgeOnce(devnet, tick);
          expect(decision).toMatchObject({ kind: 'hedge', code: 'beyondBand', plan: { side } });
          expect(decision.numbers.spot).toBeCloseTo(PRICE, 6);
          expect(decision.numbers.cost?.bps).toBeGreaterThan(30);
          expect(decision.numbers.cost?.bps).toBeLessThan(60);
          const events = await hedgedEvents(devnet, safe.address);
          expect(events).toHaveLength(1);
          const paid = Number(events[0]!.quoteFilled) / 1e18 / (Number(events[0]!.baseFilled) / 1e8);
          expect(Math.abs(paid / PRICE - 1)).toBeLessThan(0.006);
          const held = await devnet.node.read(wbtc.address, erc20Abi, 'balanceOf', [safe.address]);
          expect(Number(held) / 1e8).toBeCloseTo(baseAfter, 7);
          expect((await tick()).decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
        } finally {
          await close();
          removePool();
          await relay.stop();
          await rm(folder, { recursive: true, force: true });
        }
      });
    }
  }
});
