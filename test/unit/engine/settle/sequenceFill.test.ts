import { beforeEach, describe, expect, it } from 'vitest';
import { SecondFillError } from '../../../../src/engine/faults.ts';
import { orderState } from '../../../../src/engine/order/orderState.ts';
import { type ChainView, viewFrom } from '../../../../src/engine/read/chainView.ts';
import { tellUnexplained } from '../../../../src/engine/settle/sequenceFill.ts';
import { settle, unsettledOf } from '../../../../src/engine/settle/settle.ts';
import type { VaultSetup, World } from '../../../../src/engine/world.ts';
import type { Receipt } from '../../../../src/ports/chain.ts';
import type { OrderEvent, Store } from '../../../../src/ports/store.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import {
  hashOf,
  recordOrder,
  sampleAttempt,
  sampleFill,
  sampleOrder,
  sampleSnapshot,
} from '../../../support/journalSamples.ts';
import { Ledger } from '../../../support/simulatedLedger.ts';
import {
  freshVault,
  simulatedChain,
  simulatedVault,
  simulatedWorld,
} from '../../../support/simulatedWorld.ts';

const first = sampleOrder(7n, 1);
const second = sampleOrder(7n, 2);
const signed = (nonce: number): OrderEvent => ({ kind: 'signed', attempt: sampleAttempt(nonce) });
const expired: OrderEvent = { kind: 'expired', why: 'deadline', atBlock: 103n, atBlockHash: hashOf(103) };
const filled: OrderEvent = { kind: 'filled', fill: sampleFill(4, 104n) };
const success: Receipt = {
  transactionHash: sampleAttempt(3).transactionHash,
  blockNumber: 105n,
  blockHash: hashOf(105),
  succeeded: true,
  gasUsed: 160_000n,
  effectiveGasPriceWei: 10n ** 10n,
  logs: [],
};

describe('two orders of one sequence', () => {
  let store: Store;
  let alerts: string[];
  let world: World;
  let vault: VaultSetup;

  beforeEach(() => {
    store = memoryStore();
    alerts = [];
    const ledger = new Ledger({ north: freshVault });
    const mood = { receiptLagBlocks: 0, balanceWei: 0n, simulationFailure: null };
    world = {
      ...simulatedWorld({ chain: simulatedChain(ledger, mood), store, relays: [] }),
      alert: { send: (_, title) => void alerts.push(title) },
    };
    const simulated = simulatedVault(first.vault);
    const fill = () => sampleFill(3, 105n);
    vault = {
      ...simulated,
      terms: { ...simulated.terms, name: first.vault },
      account: { ...simulated.account, fill },
    };
  });

  it('that nothing explains are told of once each, however many there are', async () => {
    for (let block = 0; block < 3; block += 1) {
      for (const record of [first, second]) await tellUnexplained(world, record);
    }
    expect(alerts).toHaveLength(2);
  });

  const journal = async (record: typeof first, ...events: readonly OrderEvent[]) => {
    await recordOrder(store, record);
    for (const event of events) await store.appendEvent(record.id, event, 1);
  };
  /** A head at which nonces and sequence are used for good, every block stands, and these receipts are served. */
  const viewWith = (receipt: Receipt | null, stands: ChainView['stands'] = async () => true): ChainView => ({
    ...viewFrom(world.chain, { ...sampleSnapshot(400n).chain.block, number: 400n }),
    confirmedNonce: async () => 10,
    stands,
    fateOf: async (block) => ((await stands(block)) ? 'stands' : 'replaced'),
    usedBelow: async () => true,
    headStands: async () => true,
    standingReceipt: async (hash) => (receipt?.transactionHash === hash ? receipt : null),
  });
  const settled = async (receipt: Receipt | null, stands?: ChainView['stands']) =>
    settle(world, vault, await unsettledOf(world, vault), 8n, viewWith(receipt, stands));
  const stateOf = async (id: string) => {
    const history = await store.order(id);
    return history && orderState(history).status;
  };

  it('are never both booked as filled, whatever a receipt says: that halts', async () => {
    await journal(first, signed(3), expired);
    await journal(second, signed(4), filled, { kind: 'final', blockNumber: 104n });
    await expect(settled(success)).rejects.toBeInstanceOf(SecondFillError);
    expect(await stateOf(first.id)).toBe('expired');
  });

  it('close the one that expired where the other explains what became of the sequence', async () => {
    await journal(first, signed(3), expired);
    await journal(second, signed(4), filled, { kind: 'final', blockNumber: 104n });
    await settled(null);
    expect(await stateOf(first.id)).toBe('final');
    expect(alerts).toEqual([]);
  });

  it('close the one that expired where a reorg of what was final made the revert of the other a fill', async () => {
    const reverted: OrderEvent = {
      kind: 'reverted',
      transactionHash: sampleAttempt(3).transactionHash,
      blockNumber: 102n,
      blockHash: hashOf(102),
      gasUsed: 50_000n,
      gasPaidWei: 1n,
    };
    await journal(first, signed(3), reverted, { kind: 'final', blockNumber: 102n });
    await journal(second, signed(4), { ...expired, why: 'sequenceUsed' });
    await settled({ ...success, succeeded: false });
    expect(await stateOf(second.id)).toBe('expired');
    await settled(success);
    expect(await stateOf(second.id)).toBe('final');
    expect(await stateOf(first.id)).toBe('final');
  });

  it('do not close the one that expired by a fill, or an end, that only another branch has: it may be the one that filled', async () => {
    await journal(first, signed(3), expired);
    await journal(second, signed(4), filled);
    await settled(null, async ({ number }) => number < 103n);
    expect(await stateOf(first.id)).toBe('expired');
    expect(await stateOf(second.id)).toBe('expired');
    await settled(success, async ({ hash }) => hash !== hashOf(103) && hash !== hashOf(104));
    expect(await store.order(first.id).then((history) => orderState(history!))).toMatchObject({
      status: 'final',
      outcome: { status: 'filled' },
    });
  });

  it('leave the one that expired open where nothing explains it, tell people once, and book it when it is found', async () => {
    await journal(first, signed(3), expired);
    await settled(null);
    await settled(null);
    expect(await stateOf(first.id)).toBe('expired');
    expect(alerts).toHaveLength(1);
    await settled(success);
    expect(await stateOf(first.id)).toBe('final');
    expect((await store.order(first.id))?.events.map(({ event }) => event.kind)).toContain('filled');
  });
});
