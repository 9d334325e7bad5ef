import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgres, sqlite } from '../../src/adapters/stores/index.ts';
import { JournalError } from '../../src/core/errors.ts';
import type { Store } from '../../src/ports/store.ts';
import { memoryStore } from '../../src/sim/memoryStore.ts';
import {
  hashOf,
  recordOrder,
  sampleAttempt,
  sampleDecision,
  sampleExecution,
  sampleFill,
  sampleOrder,
  signerAddress,
} from '../support/journalSamples.ts';
import { type PostgresServer, startPostgres } from '../support/postgresServer.ts';

let server: PostgresServer;
let schemas = 0;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.remove());

const stores: Readonly<Record<string, (folder: string) => Promise<Store>>> = {
  sqlite: (folder) => sqlite.open({ path: join(folder, 'journal.sqlite'), readOnly: false }),
  postgres: () => {
    schemas += 1;
    return postgres.open({ url: server.url, schema: `journal_${schemas}`, readOnly: false });
  },
  memory: async () => memoryStore(),
};

describe.each(Object.entries(stores))('store %s', (_, open) => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-store-'));
    store = await open(folder);
  });

  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives a decision back with all that it looked at', async () => {
    const record = sampleDecision(100n);
    const id = await store.recordDecision(record);
    expect(await store.decision(id)).toEqual({ ...record, id });
  });

  it('keeps a decision that was made without a snapshot', async () => {
    const record = { ...sampleDecision(100n), snapshot: null };
    const id = await store.recordDecision(record);
    expect((await store.decision(id))?.snapshot).toBeNull();
  });

  it('gives decisions of one vault, newest first, up to a limit', async () => {
    for (const block of [1n, 2n, 3n]) await store.recordDecision(sampleDecision(block));
    await store.recordDecision(sampleDecision(4n, 'other'));
    const blocks = (await store.decisions('eth-strangle', 2)).map(({ blockNumber }) => blockNumber);
    expect(blocks).toEqual([3n, 2n]);
    expect(await store.vaults()).toEqual(['eth-strangle', 'other']);
  });

  it('knows no decision or order that was never written', async () => {
    expect(await store.decision('d-1')).toBeNull();
    expect(await store.decision('nonsense')).toBeNull();
    expect(await store.order('eth-strangle#1.1')).toBeNull();
  });

  it('gives an order back with its events in the order in which they were written', async () => {
    const record = sampleOrder(7n);
    await recordOrder(store, record);
    const answer = { status: 'accepted', detail: 'ok' } as const;
    const events = [
      { kind: 'signed', attempt: sampleAttempt(3) },
      { kind: 'answered', transactionHash: hashOf(7_003), relay: 'dev', answer },
      { kind: 'filled', fill: sampleFill(3, 101n) },
    ] as const;
    for (const [index, event] of events.entries()) await store.appendEvent(record.id, event, 10.5 + index);
    expect(await store.order(record.id)).toEqual({
      record,
      events: events.map((event, index) => ({ event, recordedAtSeconds: 10.5 + index })),
    });
  });

  it('keeps what is known of a fill, the newest counts', async () => {
    await recordOrder(store, sampleOrder(7n));
    await recordOrder(store, sampleOrder(8n));
    const [first, second] = [sampleOrder(7n).id, sampleOrder(8n).id];
    expect(await store.executions([])).toEqual([]);
    expect(await store.executions([first])).toEqual([null]);
    const seen = sampleExecution(first);
    await store.recordExecution({ ...seen, later: [] });
    await store.recordExecution(seen);
    await store.recordExecution(sampleExecution(second));
    expect(await store.executions([second, 'eth-strangle#99.1', first])).toEqual([
      sampleExecution(second),
      null,
      seen,
    ]);
  });

  it('takes an order once', async () => {
    await recordOrder(store, sampleOrder(7n));
    await expect(recordOrder(store, sampleOrder(7n))).rejects.toBeInstanceOf(JournalError);
  });

  it('takes events of known orders only', async () => {
    const event = { kind: 'abandoned', why: 'stopped' } as const;
    await expect(store.appendEvent('eth-strangle#9.1', event, 1)).rejects.toBeInstanceOf(JournalError);
  });

  it('gives orders of one vault, newest first, up to a limit', async () => {
    for (const sequence of [1n, 2n, 3n]) await recordOrder(store, sampleOrder(sequence));
    await recordOrder(store, sampleOrder(1n, 1, 'other'));
    const ids = (await store.orders('eth-strangle', 2)).map(({ record }) => record.id);
    expect(ids).toEqual(['eth-strangle#3.1', 'eth-strangle#2.1']);
  });

  it('counts an order as unsettled until an event closes it', async () => {
    const open = async () => (await store.unsettledOrders('eth-strangle')).map(({ record }) => record.id);
    for (const sequence of [1n, 2n, 3n, 4n]) await recordOrder(store, sampleOrder(sequence));
    await store.appendEvent('eth-strangle#2.1', { kind: 'abandoned', why: 'stopped' }, 1);
    await store.appendEvent(
      'eth-strangle#3.1',
      { kind: 'paper', baseRaw: 1n, quoteRaw: 2n, blockNumber: 3n },
      1,
    );
    await store.appendEvent('eth-strangle#4.1', { kind: 'signed', attempt: sampleAttempt(4) }, 1);
    await store.appendEvent('eth-strangle#4.1', { kind: 'filled', fill: sampleFill(4, 101n) }, 2);
    expect(await open()).toEqual(['eth-strangle#1.1', 'eth-strangle#4.1']);
    await store.appendEvent('eth-strangle#4.1', { kind: 'final', blockNumber: 101n }, 3);
    expect(await open()).toEqual(['eth-strangle#1.1']);
  });

  it('finds what a signer’s nonces are promised to over all vaults, whatever the letter case', async () => {
    await recordOrder(store, sampleOrder(1n));
    await recordOrder(store, sampleOrder(1n, 1, 'other'));
    await recordOrder(store, { ...sampleOrder(2n), chainId: 10 });
    await recordOrder(store, { ...sampleOrder(3n), signer: '0x00000000000000000000000000000000000000ff' });
    const found = await store.unsettledOrdersOfSigner(1, signerAddress.toLowerCase() as typeof signerAddress);
    expect(found.map(({ record }) => record.id)).toEqual(['eth-strangle#1.1', 'other#1.1']);
  });

  it('keeps the fillers of a signer until they are closed, with what happened to them', async () => {
    const filler = (nonce: number, signer = signerAddress) => ({
      id: `1:${signer}:${nonce}.1`,
      chainId: 1,
      signer,
      why: 'gap' as const,
      signedAtBlock: 100n,
      attempt: sampleAttempt(nonce),
    });
    const answer = { status: 'accepted', detail: 'ok' } as const;
    const answered = { kind: 'answered', transactionHash: hashOf(7_003), relay: 'dev', answer } as const;
    await store.recordFiller(filler(3));
    await store.recordFiller(filler(4));
    await store.recordFiller({ ...filler(3), id: 'on another chain', chainId: 10 });
    await store.recordFiller(filler(3, '0x00000000000000000000000000000000000000ff'));
    await store.appendFillerEvent(filler(3).id, answered, 1.5);
    await store.appendFillerEvent(filler(4).id, { kind: 'closed', blockNumber: 170n }, 2);
    const open = await store.openFillers(1, signerAddress.toLowerCase() as typeof signerAddress);
    expect(open).toEqual([{ record: filler(3), events: [{ event: answered, recordedAtSeconds: 1.5 }] }]);
  });

  it('takes a filler once, and events of known fillers only', async () => {
    const record = {
      id: '1:a:3.1',
      chainId: 1,
      signer: signerAddress,
      why: 'stuck' as const,
      signedAtBlock: 1n,
      attempt: sampleAttempt(3),
    };
    await store.recordFiller(record);
    await expect(store.recordFiller(record)).rejects.toBeInstanceOf(JournalError);
    const closed = { kind: 'closed', blockNumber: 1n } as const;
    await expect(store.appendFillerEvent('1:a:9.1', closed, 1)).rejects.toBeInstanceOf(JournalError);
  });

  it('remembers the last value per vault and key', async () => {
    expect(await store.recall('a', 'k')).toBeUndefined();
    await store.remember('a', 'k', { ids: ['1', '2'], amount: 3n });
    await store.remember('a', 'k', { ids: [], amount: -4n, nothing: null });
    await store.remember('b', 'k', 'other');
    expect(await store.recall('a', 'k')).toEqual({ ids: [], amount: -4n, nothing: null });
    expect(await store.recall('a', 'l')).toBeUndefined();
  });

  it('writes a decision and its order both or neither', async () => {
    await recordOrder(store, sampleOrder(7n));
    const before = (await store.decisions('eth-strangle', 10)).length;
    await expect(recordOrder(store, sampleOrder(7n))).rejects.toBeInstanceOf(JournalError);
    expect(await store.decisions('eth-strangle', 10)).toHaveLength(before);
  });

  it('keeps numbers to the last bit and text of any script', async () => {
    const odd = {
      pi: Math.PI,
      least: Number.MIN_VALUE,
      nothing: -0,
      big: 2n ** 200n,
      text: 'Δ 漢 🜁 \u0000 \ud800',
    };
    await store.remember('vault Ω', 'k', odd);
    expect(await store.recall('vault Ω', 'k')).toEqual(odd);
    const record = { ...sampleDecision(100n), recordedAtSeconds: 1_790_000_000.123_456_7 };
    const id = await store.recordDecision(record);
    expect((await store.decision(id))?.recordedAtSeconds).toBe(record.recordedAtSeconds);
  });

  it('counts decisions by kind and reason, and gives pages of them', async () => {
    for (const block of [1n, 2n, 3n]) await store.recordDecision(sampleDecision(block));
    const { kind, code } = sampleDecision(1n).decision;
    const counts = await store.decisionCounts?.('eth-strangle');
    if (counts !== undefined) expect(counts).toEqual([{ kind, code, count: 3 }]);
    const page = await store.decisionHeads?.('eth-strangle', { limit: 2, withFacts: true });
    if (page !== undefined) {
      expect(page).toHaveLength(2);
      expect(page[0]).toMatchObject({ blockNumber: 3n, facts: { block: { number: expect.anything() } } });
    }
  });

  it('recalls many memories together, in their order', async () => {
    await store.remember('a', 'one', 1);
    await store.remember('a', 'two', 2);
    const found = await store.recallMany?.('a', ['two', 'none', 'one']);
    if (found !== undefined) expect(found).toEqual([2, undefined, 1]);
  });

  it('serves many at once', async () => {
    const records = Array.from({ length: 12 }, (_, index) => sampleOrder(BigInt(index + 1)));
    await Promise.all(records.map((record) => recordOrder(store, record)));
    await Promise.all([...records.map(({ id }) => store.order(id)), store.remember('a', 'k', 1)]);
    expect(await store.unsettledOrders('eth-strangle')).toHaveLength(12);
  });
});
