import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { attemptOf, orderState, signedOrder } from '../../../../src/engine/order/orderState.ts';
import { type Fees, replacementFees, rungTip } from '../../../../src/engine/submit/fees.ts';
import {
  ladderOf,
  ladderStep,
  relaysOf,
  rungAt,
  windowBlocksOf,
} from '../../../../src/engine/submit/ladder.ts';
import { tick } from '../../../../src/engine/tick.ts';
import type { LadderRung, VaultSetup, World } from '../../../../src/engine/world.ts';
import type { Relay } from '../../../../src/ports/relay.ts';
import type { Store } from '../../../../src/ports/store.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { sampleAttempt, sampleOrder, sampleSnapshot } from '../../../support/journalSamples.ts';
import { Ledger } from '../../../support/simulatedLedger.ts';
import {
  freshVault,
  type NodeMood,
  type RelayMood,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../../support/simulatedWorld.ts';

const ether = 10n ** 18n;
const rung = (parts: Partial<LadderRung> = {}): LadderRung => ({
  relays: null,
  blocks: 1,
  tipMultiplierBps: 10_000,
  publicMempool: false,
  ...parts,
});
const submission = { ...simulatedVault('north').submission };

describe('a ladder', () => {
  it('is one rung with every relay for the whole window where the config names none', () => {
    expect(ladderOf(submission)).toEqual([rung({ blocks: 3, publicMempool: true })]);
    expect(windowBlocksOf(submission)).toBe(3);
  });

  it('gives an order the blocks of all its rungs', () => {
    expect(windowBlocksOf({ ...submission, ladder: [rung({ blocks: 2 }), rung({ blocks: 4 })] })).toBe(6);
  });

  it('has one rung for every block of the window, in order, and none after it', () => {
    const blocks = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(blocks, (each) => {
        const ladder = each.map((count) => rung({ blocks: count }));
        const window = each.reduce((sum, count) => sum + count, 0);
        const indices = Array.from(
          { length: window },
          (_, offset) => rungAt(ladder, 101n, 101n + BigInt(offset))?.index,
        );
        expect(indices).toEqual(each.flatMap((count, index) => Array(count).fill(index)));
        expect(rungAt(ladder, 101n, 101n + BigInt(window))).toBeNull();
      }),
    );
  });

  it('uses the named relays of a rung, and the public mempool only where the rung says so', () => {
    const relay = (name: string, isPrivate: boolean): Relay => ({
      name,
      isPrivate,
      isLoopback: true,
      submit: async () => ({ status: 'accepted', detail: '' }),
    });
    const relays = [relay('a', true), relay('b', true), relay('open', false)];
    const names = (parts: Partial<LadderRung>) => relaysOf(rung(parts), relays).map(({ name }) => name);
    expect(names({})).toEqual(['a', 'b']);
    expect(names({ relays: ['b', 'open'] })).toEqual(['b']);
    expect(names({ publicMempool: true })).toEqual(['a', 'b', 'open']);
  });

  it('waits after its last rung, at the deadline, and for anything but an order on its way', () => {
    const record = sampleOrder(7n);
    const { block } = sampleSnapshot(100n).chain;
    const ladder = { ...submission, ladder: [rung({ blocks: 2 }), rung({ blocks: 3 })] };
    const state = orderState({
      record,
      events: [{ event: { kind: 'signed', attempt: sampleAttempt(3) }, recordedAtSeconds: 1 }],
    });
    const at = (number: bigint, timestampSeconds = record.order.deadlineSeconds - 1) =>
      ladderStep(record, state, ladder, { ...block, number, timestampSeconds }).kind;
    expect([100n, 101n, 102n, 104n, 105n].map((number) => at(number))).toEqual([
      'deliver',
      'deliver',
      'climb',
      'climb',
      'wait',
    ]);
    expect(at(100n, record.order.deadlineSeconds)).toBe('wait');
    expect(ladderStep(record, { status: 'decided' }, ladder, block).kind).toBe('wait');
  });
});

describe('a replacement', () => {
  const wei = fc.bigInt({ min: 0n, max: 10n ** 15n });

  it('is a tenth above both caps at least, as nodes ask, within the cap; or it is none', () => {
    fc.assert(
      fc.property(wei, wei, wei, wei, wei, (baseFee, tip, oldMax, oldTip, cap) => {
        const outbid = { maxFeePerGasWei: oldMax, maxPriorityFeePerGasWei: oldTip };
        const fees = replacementFees(baseFee, tip, outbid, cap);
        if (fees === null) return;
        expect(fees.maxFeePerGasWei * 10n).toBeGreaterThanOrEqual(oldMax * 11n);
        expect(fees.maxFeePerGasWei).toBeGreaterThan(oldMax);
        expect(fees.maxPriorityFeePerGasWei * 10n).toBeGreaterThanOrEqual(oldTip * 11n);
        expect(fees.maxPriorityFeePerGasWei).toBeGreaterThan(oldTip);
        expect(fees.maxPriorityFeePerGasWei).toBeGreaterThanOrEqual(tip);
        expect(fees.maxFeePerGasWei).toBeGreaterThanOrEqual(baseFee + fees.maxPriorityFeePerGasWei);
        expect(fees.maxFeePerGasWei).toBeLessThanOrEqual(cap);
      }),
    );
  });

  it('is made where it can be afforded, and not where the tip goes beyond eight times what is paid', () => {
    const outbid = { maxFeePerGasWei: 100n, maxPriorityFeePerGasWei: 16n };
    const fees: Fees = { maxFeePerGasWei: 113n, maxPriorityFeePerGasWei: 20n };
    expect(replacementFees(50n, 20n, outbid, 113n)).toEqual(fees);
    expect(replacementFees(50n, 20n, outbid, 112n)).toBeNull();
    expect(replacementFees(50n, 2n, outbid, 10n ** 9n)).toBeNull();
  });

  it('pays the tip that its rung says, rounded up', () => {
    expect(rungTip(3n, 15_000)).toBe(5n);
  });
});

describe('an order on a ladder', () => {
  let ledger: Ledger;
  let store: Store;
  let node: NodeMood;
  let moods: RelayMood[];
  let seen: string[];
  let world: World;
  let vault: VaultSetup;

  beforeEach(() => {
    ledger = new Ledger({ north: freshVault });
    ledger.mine({ drift: { north: 20n * ether } });
    store = memoryStore();
    node = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
    moods = [0, 1].map(() => ({ passesOn: false, says: 'accepted' }));
    seen = [];
    const relays = moods.map((mood, index) =>
      simulatedRelay(`relay-${index}`, ledger, mood, ({ firstBlock, lastBlock }) =>
        seen.push(`relay-${index} ${firstBlock}-${lastBlock}`),
      ),
    );
    world = simulatedWorld({ chain: simulatedChain(ledger, node), store, relays });
    const ladder = [
      rung({ relays: ['relay-0'] }),
      rung({ blocks: 2, tipMultiplierBps: 15_000 }),
      rung({ tipMultiplierBps: 30_000 }),
    ];
    vault = simulatedVault('north', { submission: { ...submission, ladder } });
  });

  const attempts = async () => {
    const [history] = await store.orders('north', 1);
    return signedOrder(orderState(history as NonNullable<typeof history>))?.attempts ?? [];
  };
  const step = async () => {
    const result = await tick(world, vault);
    ledger.mine();
    return result;
  };

  it('goes rung by rung to more relays at higher fees: one nonce, one sequence, one deadline, bytes that differ', async () => {
    for (let block = 0; block < 4; block += 1) await step();
    const signed = await attempts();
    expect(signed.map((attempt) => attempt.rung ?? 0)).toEqual([0, 1, 2]);
    expect(new Set(signed.map(({ nonce }) => nonce))).toEqual(new Set([0]));
    expect(new Set(signed.map(({ lastBlock }) => lastBlock))).toEqual(new Set([105n]));
    expect(signed.map(({ maxPriorityFeePerGasWei }) => maxPriorityFeePerGasWei)).toEqual([
      10n ** 9n,
      15n * 10n ** 8n,
      3n * 10n ** 9n,
    ]);
    expect(seen).toEqual([
      'relay-0 102-105',
      'relay-0 103-105',
      'relay-1 103-105',
      'relay-0 105-105',
      'relay-1 105-105',
    ]);
    expect(await store.orders('north', 10)).toHaveLength(1);
  });

  it('waits for the chain when the ladder has ended, and expires at its deadline', async () => {
    for (let block = 0; block < 4; block += 1) await step();
    const result = await tick(world, vault);
    expect(result.decision).toMatchObject({ kind: 'hold', code: 'orderOpen' });
    expect(seen).toHaveLength(5);
    ledger.mine();
    const [settled] = (await tick(world, vault)).settled;
    expect(settled?.event).toMatchObject({ kind: 'expired', why: 'deadline' });
  });

  it.each([0, 1, 2])('is filled by whichever attempt a block takes: number %i', async (which) => {
    for (let block = 0; block < 4; block += 1) await step();
    const signed = await attempts();
    for (const mood of moods) mood.passesOn = true;
    ledger.reorg(1);
    const { transactionHash, rawTransaction } = signed[which] as (typeof signed)[number];
    await world.relays[0]?.submit({ transactionHash, rawTransaction, firstBlock: 105n, lastBlock: 105n });
    ledger.mine();
    const [history] = (await tick(world, vault)).settled;
    expect(history?.event).toMatchObject({ kind: 'filled', fill: { transactionHash } });
    const [order] = await store.orders('north', 1);
    expect(attemptOf(orderState(order as NonNullable<typeof order>))?.transactionHash).toBe(transactionHash);
    expect(ledger.head.state.vaults.north?.nextSequence).toBe(2n);
  });

  it.each<[string, () => void]>([
    ['would fail at the head', () => Object.assign(node, { simulationFailure: 'SlippageTooHigh()' })],
    ['has no gas money left', () => Object.assign(node, { balanceWei: 1n })],
    [
      'would offer more than the cap',
      () => {
        vault = { ...vault, submission: { ...vault.submission, maxFeePerGasWei: 18n * 10n ** 9n } };
      },
    ],
    [
      'cannot be signed',
      () => {
        const [signer] = world.signers;
        if (signer === undefined) throw new Error('no signer');
        const signTransaction = () => Promise.reject(new Error('KMS is away'));
        world = { ...world, signers: [{ ...signer, signTransaction }] };
      },
    ],
  ])('signs nothing more where it %s; the next relays get what there is', async (_, happens) => {
    await step();
    happens();
    await step();
    expect(await attempts()).toHaveLength(1);
    expect(seen).toEqual(['relay-0 102-105', 'relay-1 103-105']);
  });

  it('goes on where a keeper that died left it', async () => {
    await step();
    ledger.mine();
    ledger.mine();
    await step();
    expect((await attempts()).map((attempt) => attempt.rung ?? 0)).toEqual([0, 2]);
  });
});
