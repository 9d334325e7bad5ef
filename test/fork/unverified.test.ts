import { beforeEach, describe, expect, it } from 'vitest';
import { devnetAggregators } from '../../src/devnet/index.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import { openShadow } from '../../src/runtime/worlds/shadow.ts';
import { type KeeperOnDevnet, useKeeper } from '../support/keeperOnDevnet.ts';

const get = useKeeper();
const CONSENT = ', allowUnverified: true';

let keeper: KeeperOnDevnet;
beforeEach(() => {
  keeper = get();
});

const configWithout = () => {
  const text = keeper.configText.replace(CONSENT, '');
  expect(text).not.toBe(keeper.configText);
  return parseConfig('test.yaml', text, keeper.tools);
};
/** A chain that looks like any other: the devnet's mark is gone. */
const hideDevnet = () => keeper.devnet.node.request('anvil_setCode', [devnetAggregators.ethUsd, '0x']);

describe('a reader that only an ABI vouches for', () => {
  it('is refused live without consent on a chain that is no devnet, and nothing is sent', async () => {
    await hideDevnet();
    const before = await keeper.traces();
    await expect(openLive(configWithout(), keeper.tools)).rejects.toMatchObject({
      code: 'READER_UNVERIFIED',
      facts: { readers: 'vaults[0].positions[1] (opyn)' },
    });
    expect(await keeper.traces()).toEqual(before);
  });

  it('is used live with consent', async () => {
    await hideDevnet();
    const world = await openLive(parseConfig('test.yaml', keeper.configText, keeper.tools), keeper.tools);
    await world.close();
    expect(world.mode).toBe('live');
  });

  it('needs none on a devnet, where it reads the stand-ins that it was made with', async () => {
    const world = await openLive(configWithout(), keeper.tools);
    await world.close();
    expect(world.mode).toBe('live');
  });

  it('needs none where nothing is sent', async () => {
    await hideDevnet();
    const world = await openShadow(configWithout(), keeper.tools);
    await world.close();
    expect(world.mode).toBe('shadow');
  });
});
