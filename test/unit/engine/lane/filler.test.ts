import { beforeEach, describe, expect, it } from 'vitest';
import { fillNonce, followFillers } from '../../../../src/engine/lane/filler.ts';
import { isConsumerKnown, lowestUsedForGood } from '../../../../src/engine/lane/laneMemory.ts';
import type { FillerPlan, Lane } from '../../../../src/engine/lane/nonceLane.ts';
import { track } from '../../../../src/engine/order/tracked.ts';
import { viewFrom } from '../../../../src/engine/read/chainView.ts';
import type { SubmissionSettings, World } from '../../../../src/engine/world.ts';
import type { Chain } from '../../../../src/ports/chain.ts';
import type { Submission } from '../../../../src/ports/relay.ts';
import type { FillerHistory, Store } from '../../../../src/ports/store.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { recordOrder, sampleAttempt, sampleOrder } from '../../../support/journalSamples.ts';
import type { SignedContent } from '../../../support/orderCall.ts';
import { fromData, Ledger } from '../../../support/simulatedLedger.ts';
import {
  freshVault,
  keeperAddress,
  type RelayMood,
  simulatedChain,
  simulatedRelay,
  simulatedSigner,
  simulatedVault,
  simulatedWorld,
} from '../../../support/simulatedWorld.ts';

const tipWei = 10n ** 9n;
/** What a transfer of nothing takes, with the margin of a quarter. */
const gasLimit = 26_250n;

describe('a transaction that only uses a nonce up', () => {
  let ledger: Ledger;
  let store: Store;
  let steps: string[];
  let given: Submission[];
  let node: { receiptLagBlocks: number; balanceWei: bigint; simulationFailure: null };
  let moods: { first: RelayMood; second: RelayMood };
  let submission: SubmissionSettings;

  beforeEach(() => {
    ledger = new Ledger({ north: freshVault });
    steps = [];
    given = [];
    node = { receiptLagBlocks: 0, balanceWei: 10n ** 30n, simulationFailure: null };
    moods = { first: { passesOn: true, says: 'accepted' }, second: { passesOn: true, says: 'accepted' } };
    submission = simulatedVault('north').submission;
    const kept = memoryStore();
    store = {
      ...kept,
      appendEvent: async (id, event, at) => {
        steps.push(`${id} ${event.kind}`);
        await kept.appendEvent(id, event, at);
      },
      recordFiller: async (record) => {
        steps.push(`journal ${record.id}`);
        await kept.recordFiller(record);
      },
      appendFillerEvent: async (id, event, at) => {
        await kept.appendFillerEvent(id, event, at);
        steps.push(`journal ${id} ${event.kind}`);
      },
    };
  });

  const worldWith = (more: Partial<World> = {}, chain: Partial<Chain> = {}): World => ({
    ...simulatedWorld({
      chain: { ...simulatedChain(ledger, node), ...chain },
      store,
      relays: (['first', 'second'] as const).map((name) =>
        simulatedRelay(name, ledger, moods[name], (one) => {
          steps.push(`hand to ${name}`);
          given.push(one);
        }),
      ),
    }),
    ...more,
  });
  const lane = (more: Partial<Lane> = {}): Lane => ({
    signer: keeperAddress,
    confirmedNonce: 0,
    orders: [],
    fillers: [],
    ...more,
  });
  const gap: FillerPlan = { nonce: 0, outbid: null, why: 'gap', replaces: [] };
  const fill = (world: World, plan: FillerPlan = gap, of: Lane = lane()) =>
    fillNonce(world, of, plan, submission, viewFrom(world.chain, ledger.head.facts));
  const baseFeeWei = () => {
    let fee = ledger.head.facts.baseFeePerGasWei;
    for (let block = 0; block < submission.windowBlocks; block += 1) fee += fee / 8n > 1n ? fee / 8n : 1n;
    return fee;
  };

  it('pays the key itself nothing, for the going tip and the base fee that the window can reach', async () => {
    const filler = await fill(worldWith());
    const [first] = given;
    const content = fromData<SignedContent>(first?.rawTransaction ?? '0x');
    expect(content).toMatchObject({
      nonce: 0,
      to: keeperAddress,
      data: '0x',
      valueWei: 0n,
      gasLimit,
      maxPriorityFeePerGasWei: tipWei,
      maxFeePerGasWei: baseFeeWei() + tipWei,
    });
    const { number } = ledger.head.facts;
    expect(filler?.record).toMatchObject({ why: 'gap', signedAtBlock: number });
    expect(filler?.record.attempt).toMatchObject({ firstBlock: number + 1n, lastBlock: number + 3n });
    expect(first).toMatchObject({ firstBlock: number + 1n, lastBlock: number + 3n });
  });

  it('is in the journal before anybody is given it, and the orders that it takes the nonce from before that', async () => {
    const attempt = { ...sampleAttempt(0), lastBlock: 10_000n };
    const record = sampleOrder(7n);
    await recordOrder(store, record);
    const order = track({ record, events: [{ event: { kind: 'signed', attempt }, recordedAtSeconds: 1 }] });
    await store.appendEvent(record.id, { kind: 'signed', attempt }, 1);
    steps.length = 0;
    const { maxFeePerGasWei, maxPriorityFeePerGasWei } = attempt;
    const outbid = { maxFeePerGasWei, maxPriorityFeePerGasWei };
    await fill(worldWith(), { ...gap, why: 'stuck', outbid, replaces: [order] });
    const id = `1:${keeperAddress.toLowerCase()}:0.1`;
    expect(steps).toEqual([
      `${record.id} replaced`,
      `journal ${id}`,
      'hand to first',
      'hand to second',
      `journal ${id} answered`,
      `journal ${id} answered`,
    ]);
    const content = fromData<SignedContent>(given[0]?.rawTransaction ?? '0x');
    expect(content.maxFeePerGasWei).toBeGreaterThanOrEqual((maxFeePerGasWei * 9n) / 8n);
    expect(content.maxPriorityFeePerGasWei).toBe((maxPriorityFeePerGasWei * 9n) / 8n);
  });

  it.each([
    { usualWei: 3n * tipWei, paidWei: 3n * tipWei },
    { usualWei: tipWei / 2n, paidWei: tipWei },
  ])('tips what is usual, and never less than the config says: $usualWei', async ({ usualWei, paidWei }) => {
    const filler = await fill(worldWith({}, { suggestedTipWei: async () => usualWei }));
    expect(filler?.record.attempt.maxPriorityFeePerGasWei).toBe(paidWei);
  });

  it('counts its attempts at a nonce', async () => {
    const world = worldWith();
    const first = (await fill(world)) as FillerHistory;
    const again = await fill(world, gap, lane({ fillers: [first] }));
    expect(again?.record.id).toBe(`${first.record.id.slice(0, -1)}2`);
    const elsewhere = await fill(world, { ...gap, nonce: 1 }, lane({ fillers: [first] }));
    expect(elsewhere?.record.id).toMatch(/:1\.1$/);
  });

  describe('is not signed', () => {
    const expectNothing = async (world: World, plan: FillerPlan = gap, of: Lane = lane()) => {
      let signatures = 0;
      const signTransaction: typeof simulatedSigner.signTransaction = (transaction) => {
        signatures += 1;
        return simulatedSigner.signTransaction(transaction);
      };
      const signers = world.signers.map((signer) => ({ ...signer, signTransaction }));
      expect(await fill({ ...world, signers }, plan, of)).toBeNull();
      expect({ signatures, steps }).toEqual({ signatures: 0, steps: [] });
    };

    it('with a key that the keeper does not have', () =>
      expectNothing(worldWith(), gap, lane({ signer: '0x00000000000000000000000000000000000E0002' })));

    it('where its gas cannot be paid for, to the wei', async () => {
      const cost = gasLimit * (baseFeeWei() + tipWei);
      node.balanceWei = cost - 1n;
      await expectNothing(worldWith());
      node.balanceWei = cost;
      expect(await fill(worldWith())).not.toBeNull();
    });

    it('above the cap on fees, to the wei', async () => {
      submission = { ...submission, maxFeePerGasWei: baseFeeWei() + tipWei - 1n };
      await expectNothing(worldWith());
      submission = { ...submission, maxFeePerGasWei: baseFeeWei() + tipWei };
      expect(await fill(worldWith())).not.toBeNull();
    });

    it('against an order that it could only outbid above the cap', () => {
      const outbid = { maxFeePerGasWei: submission.maxFeePerGasWei, maxPriorityFeePerGasWei: tipWei };
      return expectNothing(worldWith(), { ...gap, why: 'stuck', outbid });
    });

    it('where the chain would refuse it', () =>
      expectNothing(worldWith({}, { simulate: async () => ({ ok: false, reason: 'no', data: '0x' }) })));

    it('once the keeper was told to stop, or may not trade', async () => {
      await expectNothing(worldWith({ stop: AbortSignal.abort() }));
      await expectNothing(worldWith({ permission: { refusal: () => 'disarmed' } }));
    });
  });

  it('is journalled and kept where leave is taken away while it is signed', async () => {
    let isAllowed = true;
    const signTransaction: typeof simulatedSigner.signTransaction = async (transaction) => {
      isAllowed = false;
      return simulatedSigner.signTransaction(transaction);
    };
    const permission = { refusal: () => (isAllowed ? null : 'disarmed') };
    const filler = await fill(worldWith({ permission, signers: [{ ...simulatedSigner, signTransaction }] }));
    expect(steps).toEqual([`journal ${filler?.record.id}`]);
  });

  describe('afterwards', () => {
    let world: World;
    let fillers: readonly FillerHistory[];
    beforeEach(async () => {
      moods.second.says = 'refused';
      moods.first.passesOn = false;
      moods.second.passesOn = false;
      world = worldWith();
      await fill(world);
      fillers = await store.openFillers(1, keeperAddress);
      steps.length = 0;
    });
    const follow = (more: Partial<Lane> = {}, through = world) =>
      followFillers(
        through,
        lane({ fillers, ...more }),
        submission,
        viewFrom(world.chain, ledger.head.facts),
      );
    const mine = (blocks: number) => {
      for (let block = 0; block < blocks; block += 1) ledger.mine();
    };

    it('is handed again to who did not take it, as long as a block of its window is left', async () => {
      const [filler] = fillers;
      await follow();
      expect(steps).toEqual(['hand to second', `journal ${filler?.record.id} answered`]);
      mine(3);
      await follow();
      expect(steps).toHaveLength(2);
    });

    it('is not handed out without leave, nor where an order offers more for its nonce', async () => {
      await follow({}, { ...world, permission: { refusal: () => 'disarmed' } });
      const more = { ...sampleAttempt(0), maxFeePerGasWei: 10n ** 14n, lastBlock: 10_000n };
      const signed = { event: { kind: 'signed', attempt: more } as const, recordedAtSeconds: 1 };
      await follow({ orders: [track({ record: sampleOrder(7n), events: [signed] })] });
      expect(steps).toEqual([]);
    });

    it('is closed once its nonce is used for good, and it is known by what', async () => {
      const [filler] = fillers;
      const content = fromData<SignedContent>(filler?.record.attempt.rawTransaction ?? '0x');
      ledger.pool.set(filler?.record.attempt.transactionHash ?? '0x', content);
      mine(submission.finalityBlocks);
      await follow({ confirmedNonce: 1 });
      expect(steps).toEqual([]);
      mine(1);
      await follow({ confirmedNonce: 1 });
      expect(steps).toEqual([`journal ${filler?.record.id} closed`]);
      expect(await isConsumerKnown(store, 1, keeperAddress, 0)).toBe(true);
      expect(await store.openFillers(1, keeperAddress)).toEqual([]);
    });

    it('is closed where something else used its nonce, and that is remembered as such', async () => {
      const [filler] = fillers;
      const content = fromData<SignedContent>(filler?.record.attempt.rawTransaction ?? '0x');
      ledger.pool.set(`0x${'9'.repeat(64)}`, content);
      mine(submission.finalityBlocks + 1);
      await follow({ confirmedNonce: 1 });
      expect(steps).toEqual([`journal ${filler?.record.id} closed`]);
      expect(await isConsumerKnown(store, 1, keeperAddress, 0)).toBe(false);
      expect(await lowestUsedForGood(store, 1, keeperAddress, [0])).toBe(0);
    });
  });
});
