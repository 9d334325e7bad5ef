import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeAbiParameters, parseAbiParameters } from 'viem';
import { describe, expect, it } from 'vitest';
import { devnetAggregatorBytecode } from '../../abis/bytecode/devnetAggregator.ts';
import { devnetAggregatorAbi } from '../../abis/devnetAggregator.ts';
import { erc20Abi } from '../../abis/erc20.ts';
import { create2Deployer, moduleDeployment } from '../../src/adapters/chain/deployment.ts';
import { priceToRatio, sqrtPriceDown } from '../../src/core/amm/price.ts';
import type { Address } from '../../src/core/units.ts';
import {
  callOf,
  type Devnet,
  type DevnetPool,
  devnetAggregators,
  devnetTokens,
  mainnet,
} from '../../src/devnet/index.ts';
import { type Placement, placeContracts } from '../../src/devnet/node/place.ts';
import { startDevRelay } from '../../src/devnet/relay/index.ts';
import { createPoolCalls } from '../../src/devnet/seed.ts';
import { tickFleet } from '../../src/engine/tick.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { prepareMandate } from '../../src/runtime/mandate/prepare.ts';
import { verifyBatch } from '../../src/runtime/mandate/verify.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import { openShadow } from '../../src/runtime/worlds/shadow.ts';
import { useDevnet } from '../support/devnet.ts';
import { toolsWith } from '../support/keeperOnDevnet.ts';

const { weth, usdc, wbtc } = devnetTokens;
const BTC_PRICE = 75_000;
const btcUsd: Address = '0xba11a570000000000000000000000000000000b1';
const DAY_SECONDS = 86_400;
/** Mainnet's WBTC/USDC 0.3 %. */
const btcPool: DevnetPool = {
  name: 'WBTC/USDC 0.3%',
  address: '0x99ac8cA7087fA4A2A1FB6357269965A2014ABc35',
  token0: wbtc,
  token1: usdc,
  feePips: 3_000,
  tickSpacing: 60,
  baseIsToken0: true,
  followsMarket: false,
};
/** A module for the second underlying: the same code under another name. */
const { address: btcModule } = moduleDeployment('wbtc');

/** A market of WBTC, and a Safe with two modules that holds both underlyings. */
async function prepare(devnet: Devnet) {
  const { deployer } = devnet.accounts;
  const aggregator: Placement = {
    name: 'BTC / USD',
    address: btcUsd,
    creationCode: devnetAggregatorBytecode,
    constructorArguments: encodeAbiParameters(parseAbiParameters('uint8, string'), [8, 'BTC / USD']),
  };
  await placeContracts(devnet.node, deployer.address, [aggregator], () => devnet.mineBlock());
  const ratio = priceToRatio(BTC_PRICE, { baseIsToken0: true, baseDecimals: 8, quoteDecimals: 6 });
  await devnet.transact(deployer, [
    callOf(btcUsd, devnetAggregatorAbi, 'transmit', [BigInt(BTC_PRICE) * 10n ** 8n]),
    ...createPoolCalls(btcPool, sqrtPriceDown(ratio, true)),
  ]);
  const provider = await devnet.createSafe({ mandate: null });
  await provider.provideLiquidity({
    pool: btcPool,
    lowerPrice: 60_000,
    upperPrice: 95_000,
    baseAmount: 400,
    quoteAmount: 30_000_000,
  });
  return devnet.createSafe({
    holdings: [
      { token: weth, amount: 40 },
      { token: wbtc, amount: 3 },
      { token: usdc, amount: 200_000 },
    ],
  });
}

const get = useDevnet({ price: 3_000 }, prepare);

function configText(url: string, account: Address, relayUrl: string, journal: string, ownModule: boolean) {
  const link = (feed: Address) => `{ feed: "${feed}", heartbeatSeconds: ${DAY_SECONDS} }`;
  const vault = (name: string, base: string, feed: Address, pool: Address, target: number, more: string) => `
  - name: ${name}
    account: { kind: safe, address: "${account}"${name === 'btc' && ownModule ? `, module: "${btcModule}"` : ''} }
    base: ${base}
    quote: USDC
    positions: [{ kind: balances }]
    venues: [{ kind: uniswapV3, pool: "${pool}" }]
    prices: [{ kind: chainlink, base: [${link(feed)}], quote: ${link(mainnet.usdcUsdFeed)} }]
    volatility: { kind: fixedVolatility, volatility: 0.65 }
    policy: { kind: fixedBand, halfWidth: { base: 0.05 } }
    targetDelta: ${target}
    limits: { minTradeQuote: 100, maxTradeQuote: 1000000, maxGasQuote: 100 }
    mandate: { maxSlippageBps: 150, turnoverCapacityQuote: 5000000, turnoverRefillPerDayQuote: 5000000, minBase: 0, maxBase: 100 }${more}`;
  return `
chain: { id: 1, rpc: "${url}" }
journal: { kind: sqlite, path: "${journal}" }
signer: { kind: env, variable: KEEPER }
identity: { kind: env, variable: IDENTITY }
relays: { devRelay: { kind: flashbots, url: "${relayUrl}" } }
vaults:${vault('eth', 'WETH', mainnet.ethUsdFeed, mainnet.usdcWeth500, 35, '')}${vault('btc', 'WBTC', btcUsd, btcPool.address, 2, '\n    nativePrice: 3000')}
`;
}

describe('one Safe with several underlyings', () => {
  async function withConfig(ownModule: boolean, run: (text: string) => Promise<void>) {
    const { devnet, prepared: safe } = get();
    const folder = await mkdtemp(join(tmpdir(), 'ballast-underlyings-'));
    const relay = await startDevRelay({ rpcUrl: devnet.url });
    const removePool = devnet.addPrivatePool(relay.pool);
    try {
      await run(configText(devnet.url, safe.address, relay.url, join(folder, 'journal.sqlite'), ownModule));
    } finally {
      removePool();
      await relay.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }

  it('has a net delta for each, and each is hedged under a mandate of its own, in the same blocks', async () => {
    const { devnet, prepared: safe } = get();
    await withConfig(true, async (text) => {
      const tools = toolsWith(devnet.accounts.keeper.privateKey);
      const config = parseConfig('test.yaml', text, tools);
      const mandate = await prepareMandate(config, config.vaults[1]!, [], tools, 'wbtc');
      await safe.execute(mandate.calls.map(({ title, to, data }) => ({ label: title, to, data })));
      const { world, vaults, close } = await openLive(config, tools);
      try {
        const first = await tickFleet(world, vaults);
        expect(first.map(({ decision }) => decision.kind)).toEqual(['hedge', 'hedge']);
        expect(first[0]!.decision.numbers.netDelta).toBeCloseTo(5, 6);
        expect(first[1]!.decision.numbers.netDelta).toBeCloseTo(1, 6);
        for (let block = 0; block < 8; block += 1) {
          await devnet.mineBlock();
          const results = await tickFleet(world, vaults);
          if (results.every(({ open }) => open.length === 0)) break;
        }
        const held = (token: Address) => devnet.node.read(token, erc20Abi, 'balanceOf', [safe.address]);
        expect(Number(await held(weth.address)) / 1e18).toBeCloseTo(35, 6);
        expect(Number(await held(wbtc.address)) / 1e8).toBeCloseTo(2, 6);
        const after = await tickFleet(world, vaults);
        expect(after.map(({ decision }) => decision.code)).toEqual(['insideBand', 'insideBand']);
      } finally {
        await close();
      }
    });
  });

  it.each([
    ['WBTC', btcUsd, ['hedge', 'halt']],
    ['WETH', devnetAggregators.ethUsd, ['halt', 'hedge']],
    ['the dollar that both count in', devnetAggregators.usdcUsd, ['halt', 'halt']],
  ])('goes on with one while the feed of the other is broken: that of %s', async (_, feed, kinds) => {
    const { devnet, prepared: safe } = get();
    await withConfig(true, async (text) => {
      const tools = toolsWith(devnet.accounts.keeper.privateKey);
      const config = parseConfig('test.yaml', text, tools);
      const mandate = await prepareMandate(config, config.vaults[1]!, [], tools, 'wbtc');
      await safe.execute(mandate.calls.map(({ title, to, data }) => ({ label: title, to, data })));
      const { world, vaults, close } = await openShadow(config, tools);
      try {
        await devnet.transact(devnet.accounts.reporter, [
          callOf(feed, devnetAggregatorAbi, 'transmit', [0n]),
        ]);
        const results = await tickFleet(world, vaults);
        expect(results.map(({ decision }) => decision.kind)).toEqual(kinds);
        for (const { decision } of results.filter(({ decision }) => decision.kind === 'halt')) {
          expect(decision.why).toContain('answers 0, which is no price');
        }
      } finally {
        await close();
      }
    });
  });

  it('has ballast mandate deploy, enable and charge the module of the second one, and try it on a fork', async () => {
    const { devnet, prepared: safe } = get();
    await withConfig(true, async (text) => {
      const tools = toolsWith(devnet.accounts.keeper.privateKey);
      const config = parseConfig('test.yaml', text, tools);
      const [eth, btc] = config.vaults;
      const prepared = await prepareMandate(config, btc!, [], tools, 'wbtc');
      expect(prepared.calls.map(({ title, to }) => [title, to])).toEqual([
        ['deploy the HedgeModule', create2Deployer],
        ['enable it on the account', safe.address],
        ['set the mandate', btcModule],
      ]);
      const trials = await verifyBatch({ rpcUrl: devnet.url, chainId: devnet.chainId, ...prepared });
      expect(trials.filter(({ isAsExpected }) => !isAsExpected)).toEqual([]);
      expect(trials.map(({ found }) => found).join('\n')).toMatch(/goes through, \d+ gas/);
      // The first one stays as it is.
      expect((await prepareMandate(config, eth!, [], tools)).calls.map(({ title }) => title)).toEqual([
        'set the mandate',
      ]);
    });
  });

  it('is told which address to name where the config names another module than the name makes, or one that nobody deployed', async () => {
    const { devnet } = get();
    const tools = toolsWith(devnet.accounts.keeper.privateKey);
    await withConfig(false, async (text) => {
      const config = parseConfig('test.yaml', text, tools);
      await expect(prepareMandate(config, config.vaults[1]!, [], tools, 'wbtc')).rejects.toMatchObject({
        code: 'MANDATE_INCOMPLETE',
        action: expect.stringContaining(`module: "${btcModule}"`),
      });
    });
    await withConfig(true, async (text) => {
      const config = parseConfig('test.yaml', text, tools);
      await expect(prepareMandate(config, config.vaults[1]!, [], tools)).rejects.toMatchObject({
        code: 'MANDATE_INCOMPLETE',
        message: expect.stringContaining(`no HedgeModule at ${btcModule}`),
        action: expect.stringContaining('--salt'),
      });
    });
  });

  it('is refused live where both would act under one mandate, before anything is sent', async () => {
    const { devnet } = get();
    await withConfig(false, async (text) => {
      const tools = toolsWith(devnet.accounts.keeper.privateKey);
      await expect(openLive(parseConfig('test.yaml', text, tools), tools)).rejects.toMatchObject({
        code: 'MANDATE_SHARED',
        facts: { vaults: 'eth, btc' },
      });
    });
  });
});
