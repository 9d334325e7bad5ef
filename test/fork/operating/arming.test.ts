import { beforeEach, describe, expect, it } from 'vitest';
import { tickFleet } from '../../../src/engine/tick.ts';
import { bindingNow } from '../../../src/runtime/arm/leave.ts';
import { appendAct, operatorFileOf } from '../../../src/runtime/arm/operatorFile.ts';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import type { Config } from '../../../src/runtime/config/schema.ts';
import { openLive } from '../../../src/runtime/worlds/live.ts';
import type { OpenWorld } from '../../../src/runtime/worlds/tools.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();
const BUILD = { version: '1.0.0', fingerprint: 'aaaaaaaaaaaa' };
const VAULT = 'eth-strangle';

let keeper: KeeperOnDevnet;
let config: Config;
beforeEach(() => {
  keeper = get();
  config = parseConfig('test.yaml', `${keeper.configText}arming: { always: true }\n`, keeper.tools);
});

const tools = (version = BUILD.version) => ({ ...keeper.tools, build: { ...BUILD, version } });
const now = () => Date.now() / 1_000;
const arm = (of: Config = config) => {
  const binding = bindingNow(of, tools(), [keeper.devnet.accounts.keeper.address]);
  appendAct(operatorFileOf(of), { kind: 'armed', atSeconds: now(), by: 'ann', binding });
};
const disarm = (reason: string | null = null) =>
  appendAct(operatorFileOf(config), {
    kind: 'disarmed',
    atSeconds: now(),
    by: 'bob',
    vaults: [VAULT],
    reason,
  });
const open = async (of: Config = config, version = BUILD.version): Promise<OpenWorld> => {
  const world = await openLive(of, tools(version));
  keeper.atEnd(() => world.close());
  return world;
};
const tick = async ({ world, vaults }: OpenWorld) => (await tickFleet(world, vaults))[0]!;

describe('a keeper that has to be armed', () => {
  it('does not start unarmed, and sends nothing', async () => {
    const before = await keeper.traces();
    await expect(open()).rejects.toMatchObject({
      code: 'NOT_ARMED',
      facts: { because: `${VAULT} was never armed` },
    });
    expect(await keeper.traces()).toEqual(before);
  });

  it('hedges once it is armed, and starts again without being armed again', async () => {
    arm();
    const first = await openLive(config, tools());
    const placed = await tick(first);
    expect(placed.order).not.toBeNull();
    await first.close();
    await keeper.devnet.mineBlock();
    const second = await tick(await open());
    expect(second.settled.map(({ event }) => event.kind)).toEqual(['filled']);
  });

  it('does not start with another config or another version', async () => {
    arm();
    const other = parseConfig(
      'test.yaml',
      `${keeper.configText.replace('halfWidth: { base: 4 }', 'halfWidth: { base: 5 }')}arming: { always: true }\n`,
      keeper.tools,
    );
    await expect(open(other)).rejects.toThrow(/not armed/);
    await expect(open(config, '1.0.1')).rejects.toMatchObject({
      facts: { because: expect.stringMatching(/this is ballast 1\.0\.1, armed was 1\.0\.0/) },
    });
  });

  it('disarmed before it looks, wants the hedge and sends nothing; armed again, it hedges', async () => {
    arm();
    const world = await open();
    disarm('the feed looks odd');
    const before = await keeper.traces();
    const refused = await tick(world);
    expect(refused.decision).toMatchObject({ kind: 'hold', code: 'notArmed' });
    expect(refused.decision.why).toMatch(/was disarmed by bob .*: the feed looks odd/);
    expect(await keeper.traces()).toEqual(before);
    arm();
    expect((await tick(world)).order).not.toBeNull();
  });

  it('disarmed between signing and handing out, hands out nothing', async () => {
    arm();
    const world = await open();
    const [signer] = world.world.signers;
    if (signer === undefined) throw new Error('there is a signer');
    const signing = {
      ...signer,
      signTransaction: async (...given: Parameters<typeof signer.signTransaction>) => {
        const bytes = await signer.signTransaction(...given);
        disarm();
        return bytes;
      },
    };
    const before = await keeper.traces();
    const [result] = await tickFleet({ ...world.world, signers: [signing] }, world.vaults);
    expect(result?.order?.state.status).toBe('signed');
    expect(await keeper.traces()).toEqual(before);
  });
});

describe('disarmed while an order is open', () => {
  /** An order that the relay holds back, on the first rung of three. */
  const openOrder = async (): Promise<OpenWorld> => {
    const ladder = `submission:
  ladder:
    - { blocks: 1 }
    - { blocks: 1, tipMultiplier: 2 }
    - { blocks: 2, tipMultiplier: 3 }
`;
    config = parseConfig(
      'test.yaml',
      `${keeper.configText.replace(/submission: .*\n/, ladder)}arming: { always: true }\n`,
      keeper.tools,
    );
    arm();
    const world = await open();
    expect((await tick(world)).order?.state.status).toBe('submitted');
    return world;
  };

  it('climbs no rung and hands out nothing more, from the very next block on', async () => {
    keeper.relay.misbehave({ kind: 'drop' }, { times: 100 });
    const world = await openOrder();
    await keeper.devnet.mineBlock();
    disarm();
    const before = await keeper.traces();
    for (let block = 0; block < 3; block += 1) {
      const result = await tick(world);
      expect(result.order).toBeNull();
      await keeper.devnet.mineBlock();
    }
    expect(await keeper.traces()).toEqual(before);
    const [order] = await world.world.store.orders(VAULT, 1);
    expect(order?.events.filter(({ event }) => event.kind === 'signed')).toHaveLength(1);
  });

  it('still follows what was sent: its fill is booked as the chain tells it', async () => {
    const world = await openOrder();
    disarm();
    await keeper.devnet.mineBlock();
    const result = await tick(world);
    expect(result.settled.map(({ event }) => event.kind)).toEqual(['filled']);
    expect(await keeper.events()).toHaveLength(1);
  });

  it('lets it expire, and places no other in its place', async () => {
    keeper.relay.misbehave({ kind: 'drop' }, { times: 100 });
    const world = await openOrder();
    disarm();
    for (let block = 0; block < 8; block += 1) {
      await keeper.devnet.mineBlock();
      await tick(world);
    }
    const orders = await world.world.store.orders(VAULT, 10);
    expect(orders).toHaveLength(1);
    expect(orders[0]?.events.some(({ event }) => event.kind === 'expired')).toBe(true);
    expect((await tick(world)).decision.code).toBe('notArmed');
  });
});
