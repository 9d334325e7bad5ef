import { beforeEach, describe, expect, it } from 'vitest';
import { JournalError } from '../../../../src/core/errors.ts';
import { executionsOf } from '../../../../src/engine/settle/execution.ts';
import { tick } from '../../../../src/engine/tick.ts';
import type { VaultSetup, World } from '../../../../src/engine/world.ts';
import type { Store } from '../../../../src/ports/store.ts';
import { vaultStatus } from '../../../../src/runtime/status.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { Ledger } from '../../../support/simulatedLedger.ts';
import {
  freshVault,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../../support/simulatedWorld.ts';
import { oracleAt, poolAt } from '../../../support/snapshot.ts';

const ether = 10n ** 18n;

describe('looking back on fills', () => {
  let ledger: Ledger;
  let store: Store;
  let vault: VaultSetup;
  let world: World;
  /** What feed and pool say; change it while the world runs. */
  let price: number;

  const mined = async (blocks: number) => {
    for (let index = 0; index < blocks; index += 1) {
      ledger.mine();
      await tick(world, vault);
    }
  };
  const executions = () => executionsOf(store, 'north', 20);

  beforeEach(async () => {
    price = 2_000;
    ledger = new Ledger({ north: freshVault });
    ledger.mine({ drift: { north: 20n * ether } });
    store = memoryStore();
    const relays = [simulatedRelay('dev', ledger, { passesOn: true, says: 'accepted' })];
    const chain = simulatedChain(ledger, {
      receiptLagBlocks: 0,
      balanceWei: 10n ** 20n,
      simulationFailure: null,
    });
    world = simulatedWorld({ chain, store, relays });
    vault = simulatedVault('north', {
      venues: [
        {
          kind: 'uniswapV3',
          key: 'pool',
          // biome-ignore lint/correctness/useYield: the test's pool needs no round
          *read() {
            return { value: poolAt(price), memory: null };
          },
        },
      ],
      priceFeeds: [
        {
          kind: 'simulated',
          // biome-ignore lint/correctness/useYield: the test's feed needs no round
          *read({ block }) {
            return oracleAt(price, { updatedAtSeconds: block.timestampSeconds - 60 });
          },
        },
      ],
    });
    await tick(world, vault);
  });

  it('keeps what a fill did against its plan, with who had it and where it was traded', async () => {
    price = 1_996;
    await mined(1);
    const [execution, ...others] = await executions();
    expect(others).toEqual([]);
    expect(execution?.record).toMatchObject({
      orderId: 'north#1.1',
      relays: ['dev'],
      pools: [{ venue: 'uniswapV3', share: 1 }],
      facts: { side: 'sell', base: 20, fairAtDecision: 2_000, fairAtFill: 1_996 },
    });
    expect(execution?.quality).toMatchObject({ delayBlocks: 1, filledShare: 1 });
    expect(execution?.quality.waitingMoveBps).toBeCloseTo(20, 6);
    expect(execution?.quality.shortfall?.delayQuote).toBeCloseTo(80, 6);
    expect(execution?.quality.paidGasQuote).toBeGreaterThan(0);
    expect(execution?.markouts).toEqual([]);
  });

  it('looks back at 1, 5, 25 and 300 blocks, also after the order is final', async () => {
    await mined(1);
    price = 2_010;
    await mined(300);
    const [execution] = await executions();
    expect(execution?.markouts.map(({ horizonBlocks }) => horizonBlocks)).toEqual([1, 5, 25, 300]);
    for (const markout of execution?.markouts ?? []) {
      const filledAt = execution?.record.facts.filledAtBlock ?? 0n;
      expect(markout).toMatchObject({ atBlock: filledAt + BigInt(markout.horizonBlocks) });
      expect('markout' in markout && markout.markout.adverseSelectionBps).toBeCloseTo(50, 6);
    }
    expect(await store.recall('north', 'engine.executions')).toEqual([]);
  });

  it('survives the process: another one on the same journal goes on', async () => {
    await mined(2);
    world = { ...world };
    await mined(4);
    expect((await executions())[0]?.markouts.map(({ horizonBlocks }) => horizonBlocks)).toEqual([1, 5]);
  });

  it('finds a fill that the process before it settled and did not keep', async () => {
    const gone = async () => {
      throw new JournalError('the process is gone');
    };
    const died = { ...store, remember: gone, recordExecution: gone };
    ledger.mine();
    await tick({ ...world, store: died }, vault);
    expect(await executions()).toEqual([]);
    await mined(1);
    expect(await executions()).toHaveLength(1);
  });

  it('states a look back that nobody was there for', async () => {
    await mined(1);
    for (let block = 0; block < 10; block += 1) ledger.mine();
    await mined(1);
    expect((await executions())[0]?.markouts).toMatchObject([
      { horizonBlocks: 1, missing: expect.stringContaining('too late') },
      { horizonBlocks: 5, missing: expect.stringContaining('too late') },
    ]);
  });

  it('costs no hedge where the journal does not take it', async () => {
    const full = { ...store, remember: async () => Promise.reject(new JournalError('disk full')) };
    ledger.mine();
    const { decision, settled } = await tick({ ...world, store: full }, vault);
    expect(decision.code).toBe('insideBand');
    expect(settled.map(({ event }) => event.kind)).toEqual(['filled']);
  });

  it('forgets a fill that a reorg took back, and keeps the one that came instead', async () => {
    await mined(2);
    const [before] = await executions();
    ledger.reorg(2);
    ledger.mine({ take: () => false });
    ledger.mine({ take: () => false });
    await tick(world, vault);
    expect(await executions()).toEqual([]);
    await mined(2);
    const [after] = await executions();
    expect(after?.record.fillBlockHash).not.toBe(before?.record.fillBlockHash);
    expect(after?.markouts).toMatchObject([{ horizonBlocks: 1, atBlock: ledger.head.facts.number }]);
  });

  it('is part of the status', async () => {
    await mined(2);
    const { execution } = await vaultStatus(store, 'north');
    expect(execution.all).toMatchObject({ fills: 1, delayBlocks: 1 });
    expect(execution.byRelay.dev?.fills).toBe(1);
    expect(execution.byVenue.uniswapV3?.markouts[0]).toMatchObject({ horizonBlocks: 1, seen: 1 });
  });
});
