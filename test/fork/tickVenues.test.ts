import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mandatePools } from '../../src/devnet/index.ts';
import { startDevRelay } from '../../src/devnet/relay/index.ts';
import { tickFleet } from '../../src/engine/tick.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import { useDevnet } from '../support/devnet.ts';
import { expectJournalIsChain, hedgedEvents, toolsWith } from '../support/keeperOnDevnet.ts';

const venues = ['uniswapV2', 'uniswapV4'] as const;
const lab = useDevnet({ venues }, (devnet) =>
  devnet.createSafe({
    holdings: [
      { token: devnet.tokens.weth, amount: 300 },
      { token: devnet.tokens.usdc, amount: 900_000 },
    ],
    mandate: mandatePools(venues),
  }),
);

describe('a vault over v2, v3 and v4', () => {
  it('has its order split over the kinds, executed as quoted, and settled', async () => {
    const { devnet, prepared: safe } = lab();
    const folder = await mkdtemp(join(tmpdir(), 'ballast-venues-'));
    const relay = await startDevRelay({ rpcUrl: devnet.url });
    devnet.addPrivatePool(relay.pool);
    const tools = toolsWith(devnet.accounts.keeper.privateKey);
    const text = devnetConfigText({
      devnet,
      venues,
      account: safe.address,
      heldOtokens: [],
      relayUrl: relay.url,
      journalPath: join(folder, 'journal.sqlite'),
      variables: { keeper: 'KEEPER', identity: 'IDENTITY' },
    });
    const { world, vaults, close } = await openLive(parseConfig('test.yaml', text, tools), tools);
    try {
      const [first] = await tickFleet(world, vaults);
      const decision = first!.decision;
      if (decision.kind !== 'hedge') throw new Error(`expected a hedge: ${decision.why}`);
      const { legs, baseRaw, expectedQuoteRaw } = decision.plan;
      expect(new Set(legs.map(({ venue }) => venue))).toEqual(
        new Set(['uniswapV2', 'uniswapV3', 'uniswapV4']),
      );
      await devnet.mineBlock({ arbitrage: false, feed: false });
      const [event] = await hedgedEvents(devnet, safe.address);
      expect(event).toMatchObject({ baseFilled: baseRaw, quoteFilled: expectedQuoteRaw });
      const [second] = await tickFleet(world, vaults);
      expect(second!.decision.code).not.toBe('orderOpen');
      await expectJournalIsChain(devnet, safe.address, await world.store.orders('eth-strangle', 10));
    } finally {
      await close();
      await relay.stop();
      await rm(folder, { recursive: true });
    }
  });
});
