import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../src/core/errors.ts';
import { attemptOf } from '../../../src/engine/order/orderState.ts';
import { tickFleet } from '../../../src/engine/tick.ts';
import { openLive } from '../../../src/runtime/worlds/live.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';
import { seededUniform } from '../../support/random.ts';

const get = useKeeper();

/** Every place in a file where some text stands. */
function places(bytes: Buffer, text: string): readonly number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) found.push(at);
  return found;
}

async function flip(path: string, at: number) {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(path, bytes);
}

/** A keeper with one order open, its process ended, and a copy of its journal. */
async function withOpenOrder(keeper: KeeperOnDevnet): Promise<string> {
  keeper.relay.misbehave({ kind: 'drop' });
  expect((await keeper.tick()).decision.kind).toBe('hedge');
  keeper.relay.behave();
  await keeper.close();
  const backup = `${keeper.journalPath}.backup`;
  await copyFile(keeper.journalPath, backup);
  return backup;
}

/** Starts over the journal as it is and ticks; how it ended, in a code. */
async function startAndTick(keeper: KeeperOnDevnet): Promise<{ code: string; why: string }> {
  try {
    const { decision } = await keeper.tick();
    return { code: decision.code, why: decision.why };
  } catch (error) {
    return { code: (error as { code?: string }).code ?? 'none', why: messageOf(error) };
  } finally {
    await keeper.close().catch(() => {});
  }
}

const stopsOrWaits = /^(orderOpen|journalFault|JOURNAL_CORRUPT|JOURNAL)$/;

describe('a journal with one flipped bit', () => {
  it.each([
    ['the order', '"deadlineSeconds":'],
    ['the signed bytes', '"rawTransaction":"0x'],
    ["the relay's answer", '"status":"accepted"'],
  ])('in %s: sends nothing, says so, and goes on from a backup', async (_, text) => {
    const keeper = get();
    const backup = await withOpenOrder(keeper);
    const before = await keeper.traces();
    const sound = await readFile(backup);
    const found = places(sound, text);
    expect(found.length).toBeGreaterThan(0);
    for (const at of found) {
      await copyFile(backup, keeper.journalPath);
      await flip(keeper.journalPath, at + text.length - 1);
      const { code, why } = await startAndTick(keeper);
      expect(code, `${at}: ${why}`).toMatch(/^(journalFault|JOURNAL_CORRUPT|JOURNAL)$/);
      expect(why).toMatch(/journal/);
      expect(await keeper.traces()).toEqual(before);
    }
    await copyFile(backup, keeper.journalPath);
    await keeper.expectHedgesOnce();
  });

  it("in an order's id, wherever it stands: stops, or goes on with the same order", async () => {
    const keeper = get();
    const backup = await withOpenOrder(keeper);
    const { nonce, sequence } = await keeper.traces();
    const id = 'eth-strangle#0.1';
    const found = places(await readFile(backup), id);
    const codes: string[] = [];
    for (const at of found) {
      await copyFile(backup, keeper.journalPath);
      await flip(keeper.journalPath, at + id.length - 1);
      codes.push((await startAndTick(keeper)).code);
    }
    expect(codes.filter((code) => !stopsOrWaits.test(code))).toEqual([]);
    expect(await keeper.traces()).toMatchObject({ nonce, sequence });
  });

  it('anywhere: the keeper stops, or does what it would have done', async () => {
    const keeper = get();
    const backup = await withOpenOrder(keeper);
    const { nonce, sequence } = await keeper.traces();
    const sound = await readFile(backup);
    const uniform = seededUniform(17);
    const outcomes = new Map<string, number>();
    for (let trial = 0; trial < 40; trial += 1) {
      const at = Math.floor(uniform() * sound.length);
      await copyFile(backup, keeper.journalPath);
      await flip(keeper.journalPath, at);
      const { code, why } = await startAndTick(keeper);
      expect(code, `${at}: ${why}`).toMatch(stopsOrWaits);
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
    }
    expect(outcomes.size).toBeGreaterThan(1);
    expect(await keeper.traces()).toMatchObject({ nonce, sequence });
    await copyFile(backup, keeper.journalPath);
    await keeper.expectHedgesOnce();
  });
});

describe('a journal that went back in time', () => {
  it('an old backup with an order still out there: one effect, and the keeper sees that it is neutral', async () => {
    const keeper = get();
    const { devnet, journalPath } = keeper;
    await keeper.world();
    await keeper.close();
    const old = `${journalPath}.old`;
    await copyFile(journalPath, old);
    keeper.relay.misbehave({ kind: 'delay', blocks: 1 });
    const { order: lost } = await keeper.tick();
    await keeper.close();
    keeper.relay.behave();
    await copyFile(old, journalPath);

    await devnet.mineBlock();
    const { order } = await keeper.tick();
    expect(order?.record.order.sequence).toBe(lost?.record.order.sequence);
    expect(order && attemptOf(order.state)?.transactionHash).not.toBe(
      lost && attemptOf(lost.state)?.transactionHash,
    );
    const last = await keeper.settle();
    expect(last.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    expect(await keeper.events()).toHaveLength(1);
    expect((await keeper.traces()).sequence).toBe(1n);
  });
});

describe('a journal that another keeper holds', () => {
  it('is not opened a second time; the first goes on, and then the second may', async () => {
    const keeper = get();
    await keeper.world();
    await expect(openLive(keeper.config, keeper.tools)).rejects.toMatchObject({
      code: 'JOURNAL',
      message: expect.stringContaining('another keeper has it open'),
      action: expect.stringContaining('stop the other keeper'),
    });
    await keeper.expectHedgesOnce();
    await keeper.close();
    const second = await openLive(keeper.config, keeper.tools);
    const [result] = await tickFleet(second.world, second.vaults);
    await second.close();
    expect(result).toMatchObject({ decision: { code: 'insideBand' }, order: null });
  });
});
