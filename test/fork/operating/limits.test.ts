import { beforeEach, expect, it } from 'vitest';
import { tickFleet } from '../../../src/engine/tick.ts';
import { actsReader, appendAct, operatorFileOf } from '../../../src/runtime/arm/operatorFile.ts';
import { haltStatus, resumptionsFrom } from '../../../src/runtime/arm/resume.ts';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import type { Config } from '../../../src/runtime/config/schema.ts';
import { vaultStatus } from '../../../src/runtime/status.ts';
import { openLive } from '../../../src/runtime/worlds/live.ts';
import type { OpenWorld } from '../../../src/runtime/worlds/tools.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();
const VAULT = 'eth-strangle';
let keeper: KeeperOnDevnet;
beforeEach(() => {
  keeper = get();
});

const withHalts = (halts: string): Config =>
  parseConfig(
    'test.yaml',
    keeper.configText.replace('maxDivergenceBps: 200 }', `maxDivergenceBps: 200, halts: ${halts} }`),
    keeper.tools,
  );
const open = async (config: Config): Promise<OpenWorld> => {
  const world = await openLive(config, keeper.tools);
  let isOpen = true;
  const close = async () => {
    if (isOpen) await world.close();
    isOpen = false;
  };
  keeper.atEnd(close);
  return { ...world, close };
};
const look = async ({ world, vaults }: OpenWorld, config: Config) => {
  await resumptionsFrom(actsReader(operatorFileOf(config)), world, [VAULT])();
  return (await tickFleet(world, vaults))[0]!;
};

it('a hedge above the day’s turnover halts the vault, until the operator of another process says why it may go on', async () => {
  const config = withHalts('{ turnoverPerDayQuote: 1000 }');
  const world = await open(config);
  const before = await keeper.traces();
  const halted = await look(world, config);
  expect(halted.decision).toMatchObject({ kind: 'halt', code: 'turnoverLimit' });
  expect(halted.decision.why).toMatch(/would be traded in a day; the limit is 1000: .*ballast resume/);
  await keeper.devnet.mineBlock();
  await look(world, config);
  expect(await keeper.traces()).toEqual(before);
  const status = await vaultStatus(world.world.store, VAULT);
  expect(status.state).toBe('halt');
  expect(status.halts?.halt?.code).toBe('turnoverLimit');

  // The limit is raised, and the keeper started again: it stays halted, and says why.
  await world.close();
  const wider = withHalts('{ turnoverPerDayQuote: 1000000 }');
  const again = await open(wider);
  expect((await look(again, wider)).decision.code).toBe('turnoverLimit');
  const halt = (await haltStatus(again.world.store, VAULT)).halt!;
  const { code, sinceSeconds } = halt;
  const word = { kind: 'resumed', vault: VAULT, by: 'ann', reason: 'the limit was a typing error' } as const;
  appendAct(operatorFileOf(wider), { ...word, atSeconds: 1, halt: { code, sinceSeconds: sinceSeconds - 1 } });
  expect((await look(again, wider)).decision.code).toBe('turnoverLimit');
  appendAct(operatorFileOf(wider), { ...word, atSeconds: 2, halt: { code, sinceSeconds } });
  expect((await look(again, wider)).order).not.toBeNull();
  expect((await haltStatus(again.world.store, VAULT)).resumed).toMatchObject({
    by: 'ann',
    reason: 'the limit was a typing error',
    halt: { code: 'turnoverLimit' },
  });
});

it('a fill worse than the limit halts the vault after it was booked', async () => {
  // The pool's own fee alone is five basis points.
  const config = withHalts('{ slippageBps: 1 }');
  const world = await open(config);
  expect((await look(world, config)).order).not.toBeNull();
  await keeper.devnet.mineBlock();
  const result = await look(world, config);
  expect(result.settled.map(({ event }) => event.kind)).toEqual(['filled']);
  await keeper.devnet.mineBlock();
  const halted = await look(world, config);
  expect(halted.decision).toMatchObject({ kind: 'halt', code: 'slippageLimit' });
});
