import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { callOf } from '../../../src/devnet/index.ts';
import { tickFleet } from '../../../src/engine/tick.ts';
import { bindingNow } from '../../../src/runtime/arm/leave.ts';
import { appendAct, operatorFileOf } from '../../../src/runtime/arm/operatorFile.ts';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import { OUTSIDE_PARTS } from '../../../src/runtime/config/schema.ts';
import { prepareOperations } from '../../../src/runtime/keeper/operations.ts';
import { createRedactor } from '../../../src/runtime/log/redact.ts';
import { openLive } from '../../../src/runtime/worlds/live.ts';
import type { WorldTools } from '../../../src/runtime/worlds/tools.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';
import { type LocalServer, type Manner, startLocalServer } from '../../support/localServer.ts';

const get = useKeeper();
const VAULT = 'eth-strangle';
let keeper: KeeperOnDevnet;
let channel: LocalServer;
let heart: LocalServer;
beforeEach(async () => {
  keeper = get();
  channel = await startLocalServer();
  heart = await startLocalServer();
});
afterEach(async () => {
  await channel.stop();
  await heart.stop();
});

const text = () => `${keeper.configText}
alerts:
  - { name: hook, kind: webhook, urlVariable: HOOK }
  - { name: chat, kind: telegram, tokenVariable: TOKEN, chatId: "1", apiUrl: "${channel.url}" }
heartbeat: { urlVariable: HEART, everySeconds: 5 }
arming: { always: true }
`;
const tools = (): WorldTools => {
  const own: Readonly<Record<string, string>> = {
    HOOK: `${channel.url}/hook`,
    TOKEN: 'bot-token',
    HEART: `${heart.url}/beat`,
  };
  const { secrets } = keeper.tools;
  const environment = (name: string) => own[name] ?? secrets.environment(name);
  return { ...keeper.tools, secrets: { ...secrets, environment } };
};

/** A keeper with everything around it; `look` gives how long the look and what follows it took, seconds. */
async function start() {
  const config = parseConfig('test.yaml', text(), tools());
  const binding = bindingNow(config, tools(), [keeper.devnet.accounts.keeper.address]);
  appendAct(operatorFileOf(config), { kind: 'armed', atSeconds: 1, by: 'ann', binding });
  const prepared = prepareOperations(config, tools(), createRedactor(), 'live');
  const opened = await openLive(config, prepared.tools);
  const running = await prepared.start(opened);
  keeper.atEnd(async () => {
    await running.close();
    await opened.close();
  });
  return {
    config,
    running,
    async look() {
      const began = performance.now();
      await running.before();
      const [result] = await tickFleet(running.open.world, running.open.vaults);
      running.onResults([result!]);
      return { result: result!, seconds: (performance.now() - began) / 1_000 };
    },
  };
}
const told = () =>
  channel.asked
    .filter(({ path }) => path === '/hook')
    .map(({ body }) => JSON.parse(body) as { rule: string; status: string; subject: string });
const until = async (isSo: () => boolean) => {
  for (let tries = 0; tries < 100 && !isSo(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isSo()).toBe(true);
};

describe('alerts around a keeper', () => {
  it.each<Manner>(['hang', 'disconnect', 500])(
    'hedge all the same where every channel and the heartbeat answer with: %s',
    async (manner) => {
      channel.manner = manner;
      heart.manner = manner;
      const { look, running, config } = await start();
      running.open.world.alert.send('critical', 'something to say', {}, { rule: 'journal', subject: 'test' });
      const first = await look();
      expect(first.result.order?.state.status).toBe('submitted');
      await keeper.devnet.mineBlock();
      const second = await look();
      expect(second.result.settled.map(({ event }) => event.kind)).toEqual(['filled']);
      appendAct(operatorFileOf(config), {
        kind: 'disarmed',
        atSeconds: 2,
        by: 'bob',
        vaults: [VAULT],
        reason: null,
      });
      await look();
      // A channel is given ten seconds; nobody waited for it.
      expect(first.seconds + second.seconds).toBeLessThan(8);
      await until(() => channel.asked.length > 0);
    },
  );

  it('tell of a disarmed vault once, and of its end', async () => {
    const { look, config } = await start();
    await look();
    appendAct(operatorFileOf(config), {
      kind: 'disarmed',
      atSeconds: 2,
      by: 'bob',
      vaults: [VAULT],
      reason: 'lunch',
    });
    for (let block = 0; block < 3; block += 1) {
      await keeper.devnet.mineBlock();
      await look();
    }
    const binding = bindingNow(config, tools(), [keeper.devnet.accounts.keeper.address]);
    appendAct(operatorFileOf(config), { kind: 'armed', atSeconds: 3, by: 'ann', binding });
    await look();
    await until(() => told().length === 2);
    expect(told()).toMatchObject([
      { rule: 'disarmed', status: 'raised', subject: VAULT },
      { rule: 'disarmed', status: 'recovered', subject: VAULT },
    ]);
    await until(() => heart.asked.length > 0);
  });

  it('tell when the mandate is paused, and when the vault goes on', async () => {
    const { look } = await start();
    const { hedgeModule } = keeper.devnet.addresses;
    const send = (call: 'pause' | 'unpause') =>
      keeper.safe.execute([
        call === 'pause'
          ? callOf(hedgeModule, hedgeModuleAbi, 'pause', [keeper.safe.address])
          : callOf(hedgeModule, hedgeModuleAbi, 'unpause', []),
      ]);
    await send('pause');
    expect((await look()).result.decision).toMatchObject({ kind: 'halt', code: 'paused' });
    await look();
    await send('unpause');
    await keeper.devnet.mineBlock();
    await look();
    await until(() => told().length === 2);
    expect(told()).toMatchObject([
      { rule: 'halted', status: 'raised' },
      { rule: 'halted', status: 'recovered' },
    ]);
  });
});

it('a fork looks at no channel, no heartbeat and no metrics of the config', () => {
  const asked: string[] = [];
  const config = parseConfig('test.yaml', text(), {
    ...keeper.tools,
    environment: (name) => {
      asked.push(name);
      return undefined;
    },
    without: OUTSIDE_PARTS,
  });
  expect(config).toMatchObject({ alerts: [], heartbeat: null, metrics: { listen: null } });
  expect(asked).toEqual([]);
});
