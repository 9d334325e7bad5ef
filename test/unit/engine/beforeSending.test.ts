import { beforeEach, describe, expect, it } from 'vitest';
import type { BoundPolicy } from '../../../src/core/policy.ts';
import { orderState } from '../../../src/engine/order/orderState.ts';
import { fillMismatch } from '../../../src/engine/order/simulatedFill.ts';
import { tick } from '../../../src/engine/tick.ts';
import type { VaultSetup, World } from '../../../src/engine/world.ts';
import type { Store } from '../../../src/ports/store.ts';
import { memoryStore } from '../../../src/sim/memoryStore.ts';
import { Ledger, toData, worth } from '../../support/simulatedLedger.ts';
import {
  freshVault,
  type NodeMood,
  type RelayMood,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../support/simulatedWorld.ts';

const ether = 10n ** 18n;
const gwei = 10n ** 9n;

/** Five base either side, told as a band. */
const measuredBand: BoundPolicy = {
  kind: 'measuredBand',
  verdict: ({ netDelta }) => {
    const band = { sell: { act: 5, target: 0 }, buy: { act: -5, target: 0 } };
    return Math.abs(netDelta) > 5
      ? { trade: true, code: 'beyondBand', why: `net delta ${netDelta}`, band, targetNetDelta: 0 }
      : { trade: false, code: 'insideBand', why: `net delta ${netDelta}`, band };
  },
};

describe('before an order is sent', () => {
  let ledger: Ledger;
  let store: Store;
  let node: NodeMood;
  let relay: RelayMood;
  let world: World;
  let vault: VaultSetup;

  beforeEach(() => {
    ledger = new Ledger({ north: freshVault });
    store = memoryStore();
    node = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
    relay = { passesOn: true, says: 'accepted' };
    const relays = [simulatedRelay('dev', ledger, relay)];
    world = simulatedWorld({ chain: simulatedChain(ledger, node), store, relays });
    vault = simulatedVault('north', { policy: measuredBand });
  });

  const drift = (whole: number) => ledger.mine({ drift: { north: BigInt(whole * 10) * (ether / 10n) } });
  const decided = async () => (await tick(world, vault)).decision;

  describe('what its simulation would fill is held against the plan', () => {
    beforeEach(() => drift(20));

    it.each([
      ['less quote', toData({ baseRaw: 20n * ether, quoteRaw: (worth(20n * ether) * 99n) / 100n })],
      ['more quote', toData({ baseRaw: 20n * ether, quoteRaw: (worth(20n * ether) * 102n) / 100n })],
      ['less base', toData({ baseRaw: 19n * ether, quoteRaw: worth(19n * ether) })],
    ] as const)('and %s than planned is a hold with the reason', async (_, simulatedFill) => {
      node.simulatedFill = simulatedFill;
      const decision = await decided();
      expect(decision).toMatchObject({ kind: 'hold', code: 'fillMismatch' });
      expect(decision.why).toMatch(/of .* base|were planned/);
      expect(await store.orders('north', 1)).toEqual([]);
    });

    it('and what is no fill at all is a halt', async () => {
      node.simulatedFill = '0x1234';
      expect((await decided()).kind).toBe('halt');
    });

    it('and goes out where it is within the tolerance of the plan', () => {
      const plan = { baseRaw: 1_000_000n, expectedQuoteRaw: 2_000_000n };
      expect(fillMismatch(plan, { baseRaw: 1_000_000n, quoteRaw: 2_004_000n }, 20)).toBeNull();
      expect(fillMismatch(plan, { baseRaw: 1_000_000n, quoteRaw: 2_004_001n }, 20)).not.toBeNull();
      expect(fillMismatch(plan, { baseRaw: 998_000n, quoteRaw: 1_996_000n }, 20)).toBeNull();
      expect(fillMismatch(plan, { baseRaw: 997_999n, quoteRaw: 1_995_998n }, 20)).not.toBeNull();
    });
  });

  describe('patience', () => {
    beforeEach(() => {
      const patience = { quantile: 0.5, blocks: 100, urgentAt: 0.5 };
      vault = { ...vault, submission: { ...vault.submission, patience } };
      node.recentBaseFeesWei = [8n * gwei, 9n * gwei, 9n * gwei, 11n * gwei];
    });

    it('lets a quiet drift wait for a cheaper block, and says for which', async () => {
      drift(6);
      const decision = await decided();
      expect(decision).toMatchObject({ kind: 'hold', code: 'gasWait' });
      expect(decision.why).toContain('base fee is 10.00 gwei, usual are 9.00 gwei');
      node.recentBaseFeesWei = [10n * gwei];
      expect((await decided()).kind).toBe('hedge');
    });

    it('does not make a breach wait', async () => {
      drift(20);
      expect((await decided()).kind).toBe('hedge');
    });

    it('is not asked for where the node does not tell its recent base fees', async () => {
      drift(6);
      const { recentBaseFeesWei: _, ...chain } = world.chain;
      world = { ...world, chain };
      expect((await decided()).kind).toBe('hedge');
    });

    it('does not stop a hedge because the node fails to tell them', async () => {
      drift(6);
      const recentBaseFeesWei = () => Promise.reject(new Error('away'));
      world = { ...world, chain: { ...world.chain, recentBaseFeesWei } };
      expect((await decided()).kind).toBe('hedge');
    });
  });

  it('counts the gas of the last day against its cap, reverts included', async () => {
    const gasOfOne = (160_000 * 11) / 1e9;
    const maxGasPerDayQuote = gasOfOne * 2_000 * 2.8;
    vault = { ...vault, limits: { ...vault.limits, maxGasPerDayQuote } };
    drift(20);
    expect((await decided()).kind).toBe('hedge');
    ledger.mine({ seconds: 600 });
    drift(0);
    expect((await decided()).kind).toBe('hedge');
    const [, first] = await store.orders('north', 2);
    expect(first && orderState(first).status).toBe('reverted');
    ledger.mine();
    drift(20);
    const held = await decided();
    expect(held).toMatchObject({ kind: 'hold', code: 'gasPerDay' });
    ledger.mine({ seconds: 86_400 });
    expect((await decided()).kind).toBe('hedge');
  });

  describe('the time of the newest block', () => {
    const at = (skewSeconds: number) => {
      const { timestampSeconds } = ledger.head.facts;
      const clock = { ...world.clock, nowSeconds: () => timestampSeconds + skewSeconds };
      return tick({ ...world, clock, maxSkewSeconds: 300 }, vault);
    };
    beforeEach(() => drift(20));

    it.each([
      [301, /block \d+ is 301 s old, 300 s are allowed/],
      [-301, /301 s ahead of this machine's clock/],
    ])(
      'halts %i s from this machine’s, in band or not: the node stands still, or a clock is wrong',
      async (skew, why) => {
        const { decision } = await at(skew);
        expect(decision).toMatchObject({ kind: 'halt', code: 'chainFault' });
        expect(decision.why).toMatch(why);
        expect(await store.orders('north', 1)).toEqual([]);
        drift(-20);
        expect((await at(skew)).decision).toMatchObject({ kind: 'halt', code: 'chainFault' });
      },
    );

    it('may differ by a little, and by anything where nobody says how much', async () => {
      expect((await tick({ ...world, maxSkewSeconds: null }, vault)).decision.kind).toBe('hedge');
      ledger.mine({ take: () => true });
      drift(20);
      expect((await at(-299)).decision.kind).toBe('hedge');
    });
  });

  it('holds where the gas that the simulation used costs more than the cap, whatever the plan counted with', async () => {
    drift(20);
    const simulate: World['chain']['simulate'] = async (transaction, at) => {
      const simulation = await dear.simulate(transaction, at);
      return simulation.ok ? { ...simulation, gasUsed: 30n * simulation.gasUsed } : simulation;
    };
    const dear = world.chain;
    const maxGasQuote = 50;
    vault = { ...vault, limits: { ...vault.limits, maxGasQuote } };
    world = { ...world, chain: { ...dear, simulate } };
    const decision = await decided();
    expect(decision).toMatchObject({ kind: 'hold', code: 'gasCap' });
    expect(decision.why).toContain(`the cap is ${maxGasQuote}`);
    expect(await store.orders('north', 1)).toEqual([]);
    world = { ...world, chain: dear };
    expect((await decided()).kind).toBe('hedge');
  });

  it('offers a higher tip where blocks passed earlier orders over, and says what it will cost', async () => {
    drift(20);
    const first = await tick(world, vault);
    expect(first.snapshot?.native.priorityFeePerGasWei).toBe(gwei);
    ledger.pool.clear();
    for (let block = 0; block < 4; block += 1) ledger.mine();
    const second = await tick(world, vault);
    expect(second.snapshot?.native.priorityFeePerGasWei).toBe(2n * gwei);
    expect(second.decision.numbers.cost?.gasQuote).toBeGreaterThan(
      first.decision.numbers.cost?.gasQuote ?? Number.POSITIVE_INFINITY,
    );
    const [history] = await store.orders('north', 1);
    expect(history?.record.plannedGasQuote).toBe(second.decision.numbers.cost?.gasQuote);
  });

  describe('finality by what the chain calls final', () => {
    beforeEach(() => {
      vault = { ...vault, submission: { ...vault.submission, finality: 'finalized' } };
      drift(20);
    });
    const status = async () => {
      const [history] = await store.orders('north', 1);
      return history && orderState(history).status;
    };

    it('waits however many blocks there are on top, until the chain says so', async () => {
      await tick(world, vault);
      const { facts } = ledger.mine();
      for (let block = 0; block < 80; block += 1) ledger.mine();
      await tick(world, vault);
      expect(await status()).toBe('filled');
      node.finalized = { ...facts, number: facts.number - 1n };
      await tick(world, vault);
      expect(await status()).toBe('filled');
      node.finalized = facts;
      await tick(world, vault);
      expect(await status()).toBe('final');
    });
  });
});
