import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlite } from '../../../../src/adapters/stores/index.ts';
import type { ExecutionRecord } from '../../../../src/core/execution/record.ts';
import { lateJournal } from '../../../../src/runtime/journal/lateJournal.ts';
import { createLog } from '../../../../src/runtime/log/log.ts';
import { createRedactor } from '../../../../src/runtime/log/redact.ts';
import { vaultStatus } from '../../../../src/runtime/status.ts';
import { systemTools } from '../../../../src/runtime/worlds/tools.ts';
import { ownFolder } from '../../../support/dashboard.ts';
import { writeLongJournal } from '../../../support/longJournal.ts';

const VAULT = 'eth-calls';
const folder = ownFolder();
const path = `${folder.path}/journal.sqlite`;
const redactor = createRedactor();
const tools = systemTools(createLog(redactor, 'silent'), redactor, null);
const late = () => lateJournal({ kind: 'sqlite', config: { path, readOnly: true } }, tools);

/** What an engine keeps of a fill; of the given order. */
function executionOf(orderId: string, transactionHash: `0x${string}`, blockHash: `0x${string}`) {
  return {
    orderId,
    vault: VAULT,
    transactionHash,
    fillBlockHash: blockHash,
    facts: {
      side: 'sell',
      base: 2,
      quote: 5_990,
      plannedBase: 2,
      plannedQuote: 6_000,
      plannedFeeQuote: 3,
      plannedGasQuote: 1,
      paidGasQuote: 2,
      decidedAtBlock: 1n,
      filledAtBlock: 3n,
      fairAtDecision: 3_000,
      fairAtFill: null,
    },
    relays: ['north'],
    pools: [],
    atFill: { kind: 'missing', why: 'nobody looked' },
    later: [],
  } satisfies ExecutionRecord;
}

describe('a journal that is opened when it is there', () => {
  const journal = late();

  beforeAll(async () => {
    expect(await journal.vaults()).toEqual([]);
    await writeLongJournal({ path, decisions: 400 });
    const writing = await sqlite.open({ path, readOnly: false });
    for (const { record, events } of await writing.orders(VAULT, 2)) {
      const filled = events.find(({ event }) => event.kind === 'filled')?.event;
      if (filled?.kind !== 'filled') continue;
      const { transactionHash, blockHash } = filled.fill;
      await writing.recordExecution(executionOf(record.id, transactionHash, blockHash));
    }
    await writing.remember(VAULT, 'a key', 7);
    await writing.close();
  });

  afterAll(async () => {
    await journal.close();
    folder.remove();
  });

  it('says of fills what the journal says, so that a page shows what the prompt shows', async () => {
    const direct = await sqlite.open({ path, readOnly: true });
    const { execution } = await vaultStatus(direct, VAULT);
    expect(execution.all.fills).toBe(2);
    expect(execution.byRelay).toHaveProperty('north');
    expect((await vaultStatus(journal, VAULT)).execution).toEqual(execution);
    await direct.close();
  });

  it('gives every other thing of it as well', async () => {
    const direct = await sqlite.open({ path, readOnly: true });
    const [{ record }] = (await direct.orders(VAULT, 1)) as [
      Awaited<ReturnType<typeof direct.orders>>[number],
    ];
    const { chainId, signer } = record;
    const asked = await Promise.all(
      [direct, journal].map((store) =>
        Promise.all([
          store.vaults(),
          store.orders(VAULT, 5),
          store.order(record.id),
          store.unsettledOrders(VAULT),
          store.unsettledOrdersOfSigner(chainId, signer),
          store.openFillers(chainId, signer),
          store.decisions(VAULT, 3),
          store.decision(record.decisionId),
          store.decisionHeads?.(VAULT, { limit: 3 }),
          store.executions([record.id, 'none']),
          store.recall(VAULT, 'a key'),
        ]),
      ),
    );
    expect(asked[1]).toEqual(asked[0]);
    expect(asked[0]?.[9]).toEqual([expect.objectContaining({ orderId: record.id }), null]);
    await direct.close();
  });

  it('writes nothing', async () => {
    await journal.remember(VAULT, 'a key', 8);
    expect(await journal.recall(VAULT, 'a key')).toBe(7);
  });
});
