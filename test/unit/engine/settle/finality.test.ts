import { beforeEach, describe, expect, it } from 'vitest';
import type { BlockFacts } from '../../../../src/core/snapshot.ts';
import { keptHaltKey, keptHaltOf, resumeVault } from '../../../../src/engine/keptHalt.ts';
import { orderState } from '../../../../src/engine/order/orderState.ts';
import { tick } from '../../../../src/engine/tick.ts';
import type { World } from '../../../../src/engine/world.ts';
import type { Chain } from '../../../../src/ports/chain.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { Ledger } from '../../../support/simulatedLedger.ts';
import {
  freshVault,
  type NodeMood,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../../support/simulatedWorld.ts';

const ether = 10n ** 18n;
const vault = simulatedVault('north');
const { finalityBlocks } = vault.submission;

describe('what was final', () => {
  let ledger: Ledger;
  let chain: Chain;
  let world: World;
  /** Heights that the chain was asked for. */
  let asked: bigint[];

  const mine = (blocks: number, take: boolean) => {
    for (let block = 0; block < blocks; block += 1) ledger.mine({ take: () => take });
  };
  const decided = async () => (await tick(world, vault)).decision;
  const statuses = async () => (await world.store.orders('north', 10)).map((one) => orderState(one).status);

  beforeEach(async () => {
    ledger = new Ledger({ north: freshVault });
    ledger.mine({ drift: { north: 20n * ether } });
    const node: NodeMood = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
    const relays = [simulatedRelay('dev', ledger, { passesOn: true, says: 'accepted' })];
    asked = [];
    const plain = simulatedChain(ledger, node);
    chain = {
      ...plain,
      blockAt: (number) => {
        asked.push(number);
        return plain.blockAt(number);
      },
    };
    world = simulatedWorld({ chain, store: memoryStore(), relays });
    await tick(world, vault);
    mine(finalityBlocks + 1, true);
    await tick(world, vault);
    expect(await statuses()).toEqual(['final']);
  });

  describe('and is mined again in another block', () => {
    beforeEach(() => {
      ledger.reorg(finalityBlocks + 1);
      mine(1, false);
      mine(1, true);
    });

    it('halts the vault at once, although its sequence is used: nothing was asked before', async () => {
      expect(await decided()).toMatchObject({ kind: 'halt', code: 'chainFault' });
      expect((await decided()).why).toContain('north#1.1 was final');
    });

    it('halts it until a person has looked, once the other block is final', async () => {
      mine(finalityBlocks, false);
      expect(await decided()).toMatchObject({ kind: 'halt', code: 'finalityBroken' });
      const halt = keptHaltOf(await world.store.recall('north', keptHaltKey));
      expect(halt).toMatchObject({ code: 'finalityBroken' });
      mine(1, false);
      expect(await decided()).toMatchObject({ kind: 'halt', code: 'finalityBroken' });
      if (halt === null) return;
      await resumeVault(world.store, 'north', halt, { reason: 'mined again', by: 'ann', atSeconds: 1 });
      expect(await decided()).toMatchObject({ kind: 'hold', code: 'insideBand' });
      ledger.mine({ drift: { north: 20n * ether } });
      await tick(world, vault);
      mine(1, true);
      await tick(world, vault);
      expect(await statuses()).toEqual(['filled', 'final']);
    });
  });

  it('is waited for where a node is behind, and nothing is kept of that', async () => {
    const old = ledger.at(ledger.head.facts.number - BigInt(finalityBlocks) - 1n)?.facts as BlockFacts;
    const behind: World = { ...world, chain: { ...chain, head: async () => old } };
    expect((await tick(behind, vault)).decision).toMatchObject({ kind: 'halt', code: 'chainFault' });
    expect(await decided()).toMatchObject({ kind: 'hold', code: 'insideBand' });
  });

  it('is asked for once, and then only where a head does not follow the one before', async () => {
    await tick(world, vault);
    asked.splice(0);
    for (let block = 0; block < 3; block += 1) {
      mine(1, false);
      await tick(world, vault);
    }
    expect(asked).toEqual([]);
    mine(2, false);
    await tick(world, vault);
    expect(asked).toHaveLength(1);
  });
});
