import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlite } from '../../src/adapters/stores/index.ts';
import type { Address, Hex } from '../../src/core/units.ts';
import { type Devnet, startDevnet } from '../../src/devnet/index.ts';
import { type DevRelay, startDevRelay } from '../../src/devnet/relay/index.ts';
import { isLive, orderState } from '../../src/engine/order/orderState.ts';
import { tickFleet } from '../../src/engine/tick.ts';
import type { OrderHistory } from '../../src/ports/store.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import { createDemoVault } from '../../src/runtime/demo/vault.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import { expectJournalIsChain, fillsOf, hedgedEvents, toolsWith } from '../support/keeperOnDevnet.ts';
import { type KeeperProcess, startKeeperProcess } from '../support/keeperProcess.ts';
import { seededUniform } from '../support/random.ts';

const VAULT = 'eth-strangle';
const IDENTITY: Hex = `0x${'11'.repeat(32)}`;
const KILLS = 12;
/** A busy machine does not start as many keepers in this time. */
const MOST_KILLING_MS = 100_000;
const LEAST_KILLS = 8;
const BLOCK_MS = 200;

/** A demo vault with a narrow band, on a chain with a block a second, so that there is something to hedge all the time. */
let devnet: Devnet;
let relay: DevRelay;
let account: Address;
let folder: string;
let text: string;
const journalPath = () => join(folder, 'journal.sqlite');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-killed-'));
  devnet = await startDevnet({ price: 3_000, blockSeconds: 1 });
  relay = await startDevRelay({ rpcUrl: devnet.url });
  devnet.addPrivatePool(relay.pool);
  const { safe, heldOtokens } = await createDemoVault(devnet);
  account = safe.address;
  const variables = { keeper: 'KEEPER', identity: 'IDENTITY' };
  text = devnetConfigText({
    devnet,
    account,
    heldOtokens,
    relayUrl: relay.url,
    journalPath: journalPath(),
    variables,
  })
    .replace('submission: { windowBlocks: 3 }', 'submission: { windowBlocks: 3, blockSeconds: 1 }')
    .replace('halfWidth: { base: 4 }', 'halfWidth: { base: 1 }');
  await writeFile(join(folder, 'ballast.yaml'), text);
});
afterAll(async () => {
  await relay?.stop();
  await devnet?.stop();
  await rm(folder, { recursive: true, force: true });
});

const startKeeper = () => startKeeperProcess(folder, { KEEPER: devnet.accounts.keeper.privateKey, IDENTITY });

/** Mines at a steady pace, the price on a walk that stays around where it began, until told to stop. */
function keepMining(uniform: () => number): () => Promise<void> {
  let isOver = false;
  const mining = (async () => {
    while (!isOver) {
      const drift = (3_000 - devnet.market.price) / 3_000 / 50;
      const step = 1 + drift + (uniform() - 0.5) * 0.02;
      await devnet.mineBlock({ price: devnet.market.price * step });
      await sleep(BLOCK_MS);
    }
  })();
  return () => {
    isOver = true;
    return mining;
  };
}

/** Waits until the relay is asked something, so that a kill strikes between signature and answer. */
async function untilRelayIsAsked(milliseconds: number): Promise<void> {
  const { requests } = relay.status();
  const until = performance.now() + milliseconds;
  while (relay.status().requests === requests && performance.now() < until) await sleep(1);
}

async function journaled(): Promise<readonly OrderHistory[]> {
  const store = await sqlite.open({ path: journalPath(), readOnly: true });
  try {
    return await store.orders(VAULT, 10_000);
  } finally {
    await store.close();
  }
}

/** In what state the keeper left its open orders when it died. */
async function openStates(): Promise<readonly string[]> {
  const states = (await journaled().catch(() => [])).map(orderState);
  return states.filter(isLive).map(({ status }) => status);
}

async function killOnce(uniform: () => number): Promise<void> {
  const keeper = startKeeper();
  if (uniform() < 0.2) {
    await sleep(uniform() * 1_500);
  } else {
    expect(await keeper.until(/LIVE/, 15_000), keeper.stderr).toBe(true);
    if (uniform() < 0.5) await untilRelayIsAsked(1_500);
    await sleep(uniform() * (uniform() < 0.5 ? 20 : 700));
  }
  expect(await keeper.end('SIGKILL')).toBeNull();
}

/** Now and then an answer gets lost, or a bundle is late: as a keeper that dies would have it in life. */
function unsettle(uniform: () => number): void {
  relay.behave();
  const draw = uniform();
  if (draw < 0.2) relay.misbehave({ kind: 'disconnect', include: true }, { times: 3 });
  else if (draw < 0.3) relay.misbehave({ kind: 'serverError', include: true }, { times: 6 });
  else if (draw < 0.4) relay.misbehave({ kind: 'drop' }, { times: 3 });
}

/** One more keeper over the same journal, in good weather, until nothing is open and nothing is to do. */
async function recover() {
  const tools = toolsWith(devnet.accounts.keeper.privateKey);
  const open = await openLive(parseConfig('ballast.yaml', text, tools), tools);
  try {
    for (let block = 0; block < 30; block += 1) {
      await devnet.mineBlock();
      const [result] = await tickFleet(open.world, open.vaults);
      if (result?.open.length === 0 && result.decision.kind === 'hold') return result.decision;
    }
    throw new Error('the keeper did not come to rest within 30 blocks');
  } finally {
    await open.close();
  }
}

describe('a keeper that is killed again and again', () => {
  it('hedges each time once, forgets nothing, and is back in its band', async () => {
    const uniform = seededUniform(20_260);
    const stopMining = keepMining(seededUniform(7));
    const leftOpen = new Map<string, number>();
    let kills = 0;
    const began = performance.now();
    while (kills < KILLS && performance.now() - began < MOST_KILLING_MS) {
      unsettle(uniform);
      await killOnce(uniform);
      kills += 1;
      for (const status of await openStates()) leftOpen.set(status, (leftOpen.get(status) ?? 0) + 1);
    }
    await stopMining();
    relay.behave();

    const last = await recover();
    const orders = await journaled();
    const events = await hedgedEvents(devnet, account);
    const found = [...leftOpen].map(([status, count]) => `${count} ${status}`).join(', ');
    console.info(`${kills} kills, ${orders.length} orders, ${events.length} hedges; left open: ${found}`);
    expect(kills).toBeGreaterThanOrEqual(LEAST_KILLS);
    expect(events.length).toBeGreaterThan(2);
    await expectJournalIsChain(devnet, account, orders);
    expect(new Set(fillsOf(orders).map(({ transactionHash }) => transactionHash)).size).toBe(events.length);
    expect(orders.map(orderState).filter(isLive)).toEqual([]);
    expect(last.code).toBe('insideBand');
    expect(Math.abs(last.numbers.netDelta ?? Number.NaN)).toBeLessThanOrEqual(1);
    expect(await relay.sightings()).toEqual([]);
  });
});

describe('a keeper that is interrupted', () => {
  let keeper: KeeperProcess;

  it('ends with 0, places nothing new, names what is open, and the next one settles it', async () => {
    relay.misbehave({ kind: 'drop' });
    await devnet.fund(account, [{ token: devnet.tokens.weth, amount: 10 }]);
    const before = (await journaled()).length;
    keeper = startKeeper();
    expect(await keeper.until(/hedge .* accepted by 1 of 1/, 20_000), keeper.stdout + keeper.stderr).toBe(
      true,
    );
    const code = await keeper.end('SIGINT');
    const sent = relay.status().requests;
    const orders = await journaled();
    const [order] = orders;
    expect(code).toBe(0);
    expect(orders.length).toBe(before + 1);
    expect(orderState(order as OrderHistory).status).toBe('submitted');
    const name = order?.record.id.replace(/^.*#/, '#').replace(/\.1$/, '');
    expect(keeper.stdout).toContain(`open   ${VAULT} ${name}: in the journal; the next start settles it`);

    await devnet.mineBlock();
    expect(relay.status().requests).toBe(sent);
    relay.behave();
    const last = await recover();
    expect(last.code).toBe('insideBand');
    await expectJournalIsChain(devnet, account, await journaled());
  });
});
