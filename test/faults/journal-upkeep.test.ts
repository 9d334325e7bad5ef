import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgres, sqlite } from '../../src/adapters/stores/index.ts';
import type { Store } from '../../src/ports/store.ts';
import { journalUpkeep } from '../../src/runtime/journal/upkeep.ts';
import { sampleDecision, sampleOrder } from '../support/journalSamples.ts';
import { type PostgresServer, startPostgres } from '../support/postgresServer.ts';

let server: PostgresServer;
let folder: string;
let round = 0;
const opened: Store[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-upkeep-'));
  server = await startPostgres();
});
afterAll(async () => {
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  round += 1;
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => {});
});

const inFile = {
  kind: 'sqlite',
  unguard: 'DROP TRIGGER decisions_no_update',
  plugged: () => ({ kind: 'sqlite', config: { path: join(folder, `${round}.sqlite`), retentionDays: 30 } }),
  open: () => sqlite.open({ path: join(folder, `${round}.sqlite`), readOnly: false }),
  /** Speaks to the journal behind its back. */
  administer: async (statement: string) => {
    const database = new Database(join(folder, `${round}.sqlite`));
    try {
      database.exec(statement);
    } finally {
      database.close();
    }
  },
};

const onServer = {
  kind: 'postgres',
  unguard: 'ALTER TABLE decisions DISABLE TRIGGER decisions_append_only',
  plugged: () => ({
    kind: 'postgres',
    config: { url: server.url, schema: `of_${round}`, retentionDays: 30 },
  }),
  open: () => postgres.open({ url: server.url, schema: `of_${round}`, readOnly: false }),
  administer: async (statement: string) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    try {
      await client.query(`SET search_path TO of_${round}`);
      await client.query(statement);
    } finally {
      await client.end();
    }
  },
};

describe.each([inFile, onServer])(
  'upkeep of a journal in $kind',
  ({ plugged, open, administer, unguard }) => {
    const upkeep = () => journalUpkeep(plugged());
    const keep = async () => {
      const store = await open();
      opened.push(store);
      return store;
    };

    /** Decisions at blocks 1 to 10, an open order of the third; recorded at seconds 1,001 to 1,010. */
    async function written(): Promise<Store> {
      const store = await keep();
      for (let block = 1; block <= 10; block += 1) {
        const record = { ...sampleDecision(BigInt(block)), recordedAtSeconds: 1_000 + block };
        const orderOf = (decisionId: string) => ({ ...sampleOrder(BigInt(block)), decisionId });
        await store.recordDecision(record, block === 3 ? orderOf : undefined);
      }
      return store;
    }

    it('says what is in it, beside the keeper too', async () => {
      const keeper = await written();
      const info = await upkeep().info();
      expect(info).toMatchObject({ isHeld: true, decisions: 10, orders: 1, openOrders: 1 });
      expect(info).toMatchObject({ firstDecisionSeconds: 1_001, lastDecisionSeconds: 1_010 });
      expect(info.version).toBe(info.newestVersion);
      expect(info.snapshotParts).toBeGreaterThan(10);
      expect(info.bytes).toBeGreaterThan(10_000);
      await keeper.close();
      expect((await upkeep().info()).isHeld).toBe(false);
      expect(upkeep().retentionDays).toBe(30);
    });

    it('where there is none it says so, and makes none', async () => {
      for (let tries = 0; tries < 2; tries += 1)
        await expect(upkeep().info()).rejects.toThrow(/there is none/);
    });

    it('keeps orders with their decisions, the newest decision, and every part that those need', async () => {
      const keeper = await written();
      const kept = await Promise.all([keeper.decision('d-3'), keeper.decision('d-10')]);
      await keeper.close();
      expect(await upkeep().prune(5_000, true)).toMatchObject({ decisions: 8, kept: 2 });
      const before = await upkeep().info();
      expect(before.decisions).toBe(10);
      expect(await upkeep().prune(5_000, false)).toMatchObject({ decisions: 8, kept: 2 });
      const after = await upkeep().info();
      expect(after).toMatchObject({ decisions: 2, orders: 1, openOrders: 1, isHeld: false });
      expect(after.snapshotParts).toBeLessThan(before.snapshotParts);
      const again = await keep();
      expect(await Promise.all([again.decision('d-3'), again.decision('d-10')])).toEqual(kept);
      expect(await again.decision('d-4')).toBeNull();
      expect(await again.unsettledOrders('eth-strangle')).toHaveLength(1);
      // Numbers are never given out again, and the journal is append-only as before.
      expect(await again.recordDecision(sampleDecision(11n))).toBe('d-11');
      for (const table of ['decisions', 'parts'])
        await expect(administer(`DELETE FROM ${table}`)).rejects.toThrow(/append-only/);
    });

    it('goes by age, and waits for the keeper to end', async () => {
      const keeper = await written();
      await expect(upkeep().prune(5_000, false)).rejects.toThrow(/another keeper has it open/);
      await keeper.close();
      expect(await upkeep().prune(1_006, false)).toMatchObject({ decisions: 4, kept: 1 });
      expect(await upkeep().prune(1_006, false)).toMatchObject({ decisions: 0, snapshotParts: 0, kept: 1 });
    });

    it('removes nothing where a decision that stays cannot be read', async () => {
      await (await written()).close();
      await administer(unguard);
      await administer(`UPDATE decisions SET snapshot = 'no manifest' WHERE number = 10`);
      await expect(upkeep().prune(5_000, false)).rejects.toThrow();
      expect((await upkeep().info()).decisions).toBe(10);
    });
  },
);

describe('a keeper that lost its connection while its journal was pruned', () => {
  it('writes nothing more: what it believes to be there may be gone', async () => {
    const keeper = await onServer.open();
    opened.push(keeper);
    await keeper.recordDecision({ ...sampleDecision(1n), recordedAtSeconds: 1 });
    await keeper.recordDecision({ ...sampleDecision(2n), recordedAtSeconds: 2 });
    await onServer.administer(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ballast journal of_${round}'`,
    );
    await journalUpkeep(onServer.plugged()).prune(5_000, false);
    await expect(keeper.recordDecision(sampleDecision(3n))).rejects.toThrow(
      /another keeper has had it since|connection/,
    );
    await expect(keeper.recordDecision(sampleDecision(3n))).rejects.toThrow(
      /another keeper has had it since/,
    );
  });
});
