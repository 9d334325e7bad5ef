import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Address } from '../../src/core/units.ts';
import type { Devnet } from '../../src/devnet/index.ts';
import { startDevRelay } from '../../src/devnet/relay/index.ts';
import { type TickResult, tickFleet } from '../../src/engine/tick.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import type { Config } from '../../src/runtime/config/schema.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import type { OpenWorld } from '../../src/runtime/worlds/tools.ts';
import { toolsWith } from './keeperOnDevnet.ts';

/** A live keeper of one account on a devnet, with a relay and a journal of its own. */
export interface AccountKeeper {
  readonly world: OpenWorld;
  readonly config: Config;
  tick(): Promise<TickResult>;
  /** Decides, lets a block take the order, and books it. */
  hedge(): Promise<TickResult>;
  end(): Promise<void>;
}

/** Opens a keeper that brings an account to a net delta. @param accountText the account as the config names it */
export async function openAccountKeeper(
  devnet: Devnet,
  account: Address,
  accountText: string,
  targetDelta: number,
): Promise<AccountKeeper> {
  const relay = await startDevRelay({ rpcUrl: devnet.url });
  const removePool = devnet.addPrivatePool(relay.pool);
  const folder = await mkdtemp(join(tmpdir(), 'ballast-account-'));
  const text = devnetConfigText({
    devnet,
    account,
    heldOtokens: [],
    relayUrl: relay.url,
    journalPath: join(folder, 'journal.sqlite'),
    variables: { keeper: 'KEEPER', identity: 'IDENTITY' },
  })
    .replace(
      /account: \{ kind: safe, address: "0x\w+" \}/,
      `account: { address: "${account}", ${accountText} }`,
    )
    .replace('halfWidth: { base: 4 }', 'halfWidth: { base: 0.01 }')
    .replace('    volatility:', `    targetDelta: ${targetDelta}\n    volatility:`);
  const tools = toolsWith(devnet.accounts.keeper.privateKey);
  const config = parseConfig('test.yaml', text, tools);
  const world = await openLive(config, tools);
  const tick = async () => (await tickFleet(world.world, world.vaults))[0] as TickResult;
  return {
    world,
    config,
    tick,
    async hedge() {
      expect((await tick()).decision).toMatchObject({ kind: 'hedge' });
      await devnet.mineBlock();
      const settled = await tick();
      expect(settled.open).toEqual([]);
      return settled;
    },
    async end() {
      await world.close();
      removePool();
      await relay.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
