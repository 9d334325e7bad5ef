import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqlite } from '../../src/adapters/stores/index.ts';
import { fuse } from '../support/fuse.ts';
import { SimulatedFleet } from '../support/simulatedFleet.ts';

const ether = 10n ** 18n;

describe('a keeper on a journal file', () => {
  let folder: string;
  let path: string;
  const open = () => sqlite.open({ path, readOnly: false });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-journal-'));
    path = join(folder, 'journal.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const tamper = (...statements: string[]) => {
    const database = new Database(path);
    for (const statement of statements) database.exec(statement);
    database.close();
  };

  it('recovers from a death at any call of a tick', async () => {
    for (let atCall = 1; atCall <= 45; atCall += 4) {
      path = join(folder, `journal-${atCall}.sqlite`);
      const journal = await open();
      const fleet = new SimulatedFleet({}, journal);
      fleet.ledger.mine({ drift: { north: 20n * ether, south: -20n * ether } });
      await fleet.tick(fuse(atCall, atCall % 8 === 1 ? 'before' : 'after'));
      await fleet.heal();
      await fleet.expectEverythingBooked();
      expect(fleet.ledger.head.state.vaults).toMatchObject({
        north: { nextSequence: 2n },
        south: { nextSequence: 2n },
      });
      await journal.close();
    }
  });

  it.each([
    ['an order', 'orders', `UPDATE orders SET body = replace(body, '"sell"', '"buy"') WHERE vault = 'north'`],
    ['an event', 'order_events', `UPDATE order_events SET body = replace(body, '"nonce":0', '"nonce":7')`],
    ['an event that was taken away', 'order_events', `DELETE FROM order_events WHERE kind = 'signed'`],
  ])('signs and sends nothing on damage to %s, and says what to do', async (_, table, damage) => {
    const journal = await open();
    const fleet = new SimulatedFleet({}, journal);
    for (const mood of fleet.relays) mood.passesOn = false;
    fleet.ledger.mine({ drift: { north: 20n * ether } });
    await fleet.tick();
    const sent = fleet.released.size;
    tamper(`DROP TRIGGER ${table}_no_update`, `DROP TRIGGER ${table}_no_delete`, damage);
    for (let block = 0; block < 6; block += 1) fleet.ledger.mine();
    const [north] = await fleet.tick();
    expect(north?.decision).toMatchObject({ kind: 'halt', code: 'journalFault' });
    expect(north?.decision.why).toContain('restore the journal from a backup');
    expect(fleet.released.size).toBe(sent);
    await journal.close();
  });

  it('halts where the disk takes no more, and goes on when it does again', async () => {
    const journal = await open();
    const fleet = new SimulatedFleet({}, journal);
    fleet.ledger.mine({ drift: { north: 20n * ether } });
    const blocker = new Database(path, { timeout: 0 });
    blocker.exec(
      'CREATE TRIGGER full BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, "disk is full"); END',
    );
    const [halted] = await fleet.tick();
    expect(halted?.decision).toMatchObject({ kind: 'halt', code: 'journalFault' });
    expect(fleet.released.size).toBe(0);
    blocker.exec('DROP TRIGGER full');
    blocker.close();
    expect((await fleet.tick())[0]?.decision.kind).toBe('hedge');
    await journal.close();
  });
});
