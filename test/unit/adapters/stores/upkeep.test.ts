import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../../../src/adapters/stores/sqlite/migrations.ts';
import {
  backUpJournal,
  journalInfo,
  migrateJournal,
  restoreJournal,
  versionWords,
} from '../../../../src/adapters/stores/sqlite/upkeep.ts';
import { sqlite } from '../../../../src/adapters/stores/sqlite.ts';
import type { Store } from '../../../../src/ports/store.ts';
import { sampleDecision, sampleOrder } from '../../../support/journalSamples.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-upkeep-'));
  path = join(folder, 'journal.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (readOnly = false): Promise<Store> => sqlite.open({ path, readOnly });

/** Decisions at blocks 1 to `count`, an order of the third; recorded a second apart from `from` on. */
async function write(store: Store, count: number, from: number): Promise<void> {
  for (let block = 1; block <= count; block += 1) {
    const record = { ...sampleDecision(BigInt(block)), recordedAtSeconds: from + block };
    await store.recordDecision(record, (decisionId) => ({ ...sampleOrder(BigInt(block)), decisionId }));
    if (block !== 3)
      await store.appendEvent(
        sampleOrder(BigInt(block)).id,
        { kind: 'abandoned', why: 'test' },
        from + block,
      );
  }
}

describe('a backup', () => {
  it('is taken while the keeper goes on, and holds what was written until then', async () => {
    const keeper = await open();
    await write(keeper, 4, 100);
    expect(journalInfo(path)).toMatchObject({ isHeld: true, decisions: 4, orders: 4, openOrders: 1 });
    const to = join(folder, 'backup.sqlite');
    expect(backUpJournal(path, to)).toMatchObject({ decisions: 4, orders: 4, openOrders: 1 });
    await keeper.recordDecision(sampleDecision(9n));
    expect(journalInfo(path).decisions).toBe(5);
    expect(journalInfo(to).decisions).toBe(4);
    expect(() => backUpJournal(path, to)).toThrow(/is there already/);
    await keeper.close();
  });

  it('is not put in the place of a journal that a keeper holds', async () => {
    const keeper = await open();
    await write(keeper, 2, 100);
    const to = join(folder, 'backup.sqlite');
    backUpJournal(path, to);
    expect(() => restoreJournal(to, path, true, 'x')).toThrow(/another keeper has it open/);
    await keeper.close();
    expect(() => restoreJournal(to, path, false, 'x')).toThrow(/a journal is there already/);
  });

  it('takes the place of a damaged journal, which is set aside, and is read on as before', async () => {
    const keeper = await open();
    await write(keeper, 3, 100);
    const to = join(folder, 'backup.sqlite');
    backUpJournal(path, to);
    const before = await keeper.decision('d-2');
    await keeper.close();
    writeFileSync(path, 'no journal at all');
    const { setAside } = restoreJournal(to, path, true, 'x');
    expect(existsSync(setAside!)).toBe(true);
    const again = await open();
    expect(await again.decision('d-2')).toEqual(before);
    expect((await again.unsettledOrders('eth-strangle')).map(({ record }) => record.id)).toEqual([
      sampleOrder(3n).id,
    ]);
    await again.close();
  });

  it('that is damaged is not restored', async () => {
    const bad = join(folder, 'bad.sqlite');
    writeFileSync(bad, 'x'.repeat(10_000));
    expect(() => restoreJournal(bad, path, true, 'x')).toThrow();
    expect(existsSync(path)).toBe(false);
  });
});

describe('a journal of an older version', () => {
  it('has a word for what every version brought', () => {
    expect(versionWords).toHaveLength(migrations.length);
  });

  it('is copied, brought up to date, and says what was done', async () => {
    const old = new Database(path);
    for (const step of migrations.slice(0, 1).flat()) if (typeof step === 'string') old.exec(step);
    old.exec('PRAGMA user_version = 1');
    old.close();
    const { from, to, steps, backup } = migrateJournal(path);
    expect({ from, to }).toEqual({ from: 1, to: migrations.length });
    expect(steps).toHaveLength(migrations.length - 1);
    expect(journalInfoVersion(backup!)).toBe(1);
    expect(journalInfo(path).version).toBe(migrations.length);
    expect(migrateJournal(path)).toMatchObject({ steps: [], backup: null });
    await (await open()).close();
  });
});

function journalInfoVersion(file: string): number {
  const database = new Database(file);
  const [row] = database.pragma('user_version') as { user_version: number }[];
  database.close();
  return row!.user_version;
}
