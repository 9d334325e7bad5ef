import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { toWhole } from '../../../src/core/units.ts';
import { callOf, mainnet } from '../../../src/devnet/index.ts';
import { tickFleet } from '../../../src/engine/tick.ts';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import { openLive } from '../../../src/runtime/worlds/live.ts';
import { openShadow } from '../../../src/runtime/worlds/shadow.ts';
import { type AccountKeeper, openAccountKeeper } from '../../support/accountKeeper.ts';
import { giveKeyFunds } from '../../support/accountStages.ts';
import { useDevnet } from '../../support/devnet.ts';
import { toolsWith } from '../../support/keeperOnDevnet.ts';

const lab = useDevnet({}, (devnet) => giveKeyFunds(devnet, devnet.accounts.keeper));

let keepers: AccountKeeper[] = [];

async function openKeeper(targetDelta: number): Promise<AccountKeeper> {
  const { devnet } = lab();
  const { address } = devnet.accounts.keeper;
  const keeper = await openAccountKeeper(devnet, address, 'kind: eoa, maxSlippageBps: 150', targetDelta);
  keepers.push(keeper);
  return keeper;
}

afterEach(async () => {
  for (const keeper of keepers) await keeper.end();
  keepers = [];
});

async function baseHeld(): Promise<number> {
  const { devnet } = lab();
  const { weth } = devnet.tokens;
  return toWhole(
    await devnet.node.read(weth.address, erc20Abi, 'balanceOf', [devnet.accounts.keeper.address]),
    18,
  );
}

describe('a plain key hedges what it holds itself', () => {
  it('sells and buys by SwapRouter02, and its sequence grows with every order', async () => {
    const selling = await openKeeper(90);
    const sold = await selling.hedge();
    expect(sold.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    expect(await baseHeld()).toBeCloseTo(90, 6);
    const afterSale = sold.snapshot!.chain.guard.nextSequence;
    expect(afterSale).toBe(10n ** 19n);
    const buying = await openKeeper(95);
    const bought = await buying.hedge();
    expect(await baseHeld()).toBeCloseTo(95, 2);
    expect(bought.snapshot!.chain.guard.nextSequence).toBeGreaterThan(afterSale);
  });

  it('does nothing without its two approvals, or with one that is never used up', async () => {
    const { devnet } = lab();
    const keeper = await openKeeper(90);
    for (const approvalRaw of [0n, (1n << 256n) - 1n]) {
      await devnet.transact(devnet.accounts.keeper, [
        callOf(devnet.tokens.weth.address, erc20Abi, 'approve', [mainnet.swapRouter02, approvalRaw]),
      ]);
      expect((await keeper.tick()).decision).toMatchObject({ kind: 'halt', code: 'moduleNotEnabled' });
    }
  });

  it('is hedged by nobody else', async () => {
    const { devnet } = lab();
    const stranger = await openAccountKeeper(devnet, devnet.accounts.user.address, 'kind: eoa', 0);
    keepers.push(stranger);
    await giveKeyFunds(devnet, devnet.accounts.user);
    const [result] = await tickFleet(stranger.world.world, stranger.world.vaults);
    expect(result!.decision).toMatchObject({ kind: 'halt', code: 'keeperNotAllowed' });
  });
});

describe('a plain key on a chain that may be real', () => {
  /** A node on this machine that is anvil in everything but in saying so. */
  async function withRealNode(run: (url: string) => Promise<void>): Promise<void> {
    const { devnet } = lab();
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { id, method } = JSON.parse(body) as { id: number; method: string };
      const isAnvils = method.startsWith('anvil_');
      const answer = isAnvils
        ? JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } })
        : await fetch(devnet.url, {
            method: 'POST',
            body,
            headers: { 'content-type': 'application/json' },
          }).then((found) => found.text());
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  it('is refused by a node of this machine that is not anvil, live and in shadow', async () => {
    const { config } = await openKeeper(90);
    const tools = toolsWith(lab().devnet.accounts.keeper.privateKey);
    await withRealNode(async (url) => {
      const endpoints = config.chain.endpoints.map((endpoint) => ({ ...endpoint, url }));
      const real = { ...config, chain: { ...config.chain, rpc: url, endpoints } };
      const refusal = { code: 'ACCOUNT_FOR_REHEARSAL', message: expect.stringContaining('is not anvil') };
      await expect(openLive(real, tools)).rejects.toMatchObject(refusal);
      await expect(openShadow(real, tools)).rejects.toMatchObject(refusal);
    });
  });

  it('is refused where the chain or a relay is not on this machine, before any key is touched or anything asked', async () => {
    const { devnet } = lab();
    const tools = toolsWith(devnet.accounts.keeper.privateKey);
    const configOf = (rpc: string, relay: string) =>
      parseConfig(
        'test.yaml',
        `
chain: { id: 1, rpc: "${rpc}" }
journal: { kind: sqlite, path: /nowhere/journal.sqlite }
signer: { kind: env, variable: KEEPER }
identity: { kind: env, variable: IDENTITY }
relays: { builders: { kind: flashbots, url: "${relay}" } }
vaults:
  - name: key
    account: { kind: eoa, address: "${devnet.accounts.keeper.address}" }
    base: WETH
    quote: USDC
    positions: [{ kind: balances }]
    venues: [{ kind: uniswapV3, pool: "${mainnet.usdcWeth500}" }]
    prices: [{ kind: chainlink, base: [{ feed: "${mainnet.ethUsdFeed}", heartbeatSeconds: 86400 }] }]
    volatility: { kind: fixedVolatility, volatility: 0.65 }
    policy: { kind: fixedBand, halfWidth: { base: 0.05 } }
`,
        tools,
      );
    const remoteChain = configOf('https://rpc.example', devnet.url);
    const remoteRelay = configOf(devnet.url, 'https://relay.example');
    const refusal = (where: string) => ({
      code: 'ACCOUNT_FOR_REHEARSAL',
      message: expect.stringContaining(where),
      facts: { vaults: 'key' },
    });
    await expect(openLive(remoteChain, tools)).rejects.toMatchObject(refusal('chain.rpc'));
    await expect(openShadow(remoteChain, tools)).rejects.toMatchObject(refusal('chain.rpc'));
    await expect(openLive(remoteRelay, tools)).rejects.toMatchObject(refusal('relays.builders'));
  });
});
