import { beforeEach, describe, expect, it } from 'vitest';
import type { BoundPolicy } from '../../../src/core/policy.ts';
import type { Address, Hash } from '../../../src/core/units.ts';
import { acknowledgeForeign, rememberUsed } from '../../../src/engine/lane/laneMemory.ts';
import { lifeCycleOf } from '../../../src/engine/order/lifeCycle.ts';
import { orderState } from '../../../src/engine/order/orderState.ts';
import { tickFleet } from '../../../src/engine/tick.ts';
import type { SubmissionSettings, VaultSetup, World } from '../../../src/engine/world.ts';
import type { Submission } from '../../../src/ports/relay.ts';
import type { Signer } from '../../../src/ports/signer.ts';
import type { Store } from '../../../src/ports/store.ts';
import { memoryStore } from '../../../src/sim/memoryStore.ts';
import type { SignedContent } from '../../support/orderCall.ts';
import { Ledger, toData } from '../../support/simulatedLedger.ts';
import {
  freshVault,
  keeperAddress,
  type NodeMood,
  simulatedChain,
  simulatedRelay,
  simulatedSigner,
  simulatedVault,
  simulatedWorld,
} from '../../support/simulatedWorld.ts';

const ether = 10n ** 18n;
const names = Array.from({ length: 20 }, (_, index) => `vault-${String(index).padStart(2, '0')}`);

/** Five base either side, with the band told, so that urgency can be measured: 1 at ten base. */
const measuredBand: BoundPolicy = {
  kind: 'measuredBand',
  verdict: ({ netDelta }) => {
    const band = { sell: { act: 5, target: 0 }, buy: { act: -5, target: 0 } };
    const why = `net delta ${netDelta}`;
    return Math.abs(netDelta) > 5
      ? { trade: true, code: 'beyondBand', why, band, targetNetDelta: 0 }
      : { trade: false, code: 'insideBand', why, band };
  },
};

describe('the lanes of a fleet', () => {
  let ledger: Ledger;
  let store: Store;
  let node: NodeMood;
  let world: World;
  let alerts: string[];
  /** Transactions that no block takes. */
  let shunned: Set<Hash>;

  beforeEach(() => {
    ledger = new Ledger(Object.fromEntries(names.map((name) => [name, freshVault])));
    store = memoryStore();
    node = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
    shunned = new Set();
    alerts = [];
    const relay = simulatedRelay('dev', ledger, { passesOn: true, says: 'accepted' });
    world = {
      ...simulatedWorld({ chain: simulatedChain(ledger, node), store, relays: [relay] }),
      alert: { send: (severity, title) => void alerts.push(`${severity}: ${title}`) },
    };
  });

  const vaultOf = (name: string, submission: Partial<SubmissionSettings> = {}): VaultSetup => {
    const vault = simulatedVault(name, { policy: measuredBand });
    return { ...vault, submission: { ...vault.submission, ...submission } };
  };
  const mine = (drift: Readonly<Record<string, bigint>> = {}) =>
    ledger.mine({ drift, take: (hash) => !shunned.has(hash) });
  const newest = async (name: string) => {
    const [history] = await store.orders(name, 1);
    if (history === undefined) throw new Error(`no order of ${name}`);
    return { record: history.record, state: orderState(history) };
  };
  const attemptsOf = async (name: string) =>
    (await store.orders(name, 100)).flatMap(({ events }) =>
      events.flatMap(({ event }) => (event.kind === 'signed' ? [event.attempt] : [])),
    );
  const shun = async (name: string) => {
    for (const { transactionHash } of await attemptsOf(name)) shunned.add(transactionHash);
  };
  const sequences = () =>
    Object.fromEntries(names.map((name) => [name, ledger.head.state.vaults[name]?.nextSequence]));
  /** A transaction that the key sends from elsewhere. */
  const sendFromElsewhere = (nonce: number) => {
    const content: SignedContent = {
      from: keeperAddress,
      chainId: 1,
      nonce,
      to: keeperAddress,
      data: '0x',
      valueWei: 1n,
      gasLimit: 21_000n,
      maxFeePerGasWei: 10n ** 13n,
      maxPriorityFeePerGasWei: 10n ** 12n,
    };
    ledger.pool.set(`0xf0${nonce}`, content);
  };

  describe('twenty vaults on one key, of which one order is stuck', () => {
    it('hedges the nineteen others within blocks, each exactly once, and tells that it did so', async () => {
      const vaults = names.map((name) => vaultOf(name));
      const [stuck = '', ...others] = names;
      mine(Object.fromEntries(names.map((name) => [name, 20n * ether])));
      let blocks = 0;
      const isDone = () => others.every((name) => sequences()[name] === 2n);
      for (; blocks < 12 && !isDone(); blocks += 1) {
        await tickFleet(world, vaults);
        await shun(stuck);
        mine();
      }
      expect(blocks).toBeLessThanOrEqual(6);
      expect(sequences()).toEqual(Object.fromEntries(names.map((name) => [name, name === stuck ? 1n : 2n])));
      shunned.clear();
      for (let block = 0; block < 8; block += 1) {
        await tickFleet(world, vaults);
        mine();
      }
      expect(new Set(Object.values(sequences()))).toEqual(new Set([2n]));
    });

    it('gives its nonce to an urgent order that comes later; it is decided again once the nonce is settled', async () => {
      const vaults = names.map((name) => vaultOf(name));
      const [patient = '', urgent = ''] = names;
      mine({ [patient]: 6n * ether });
      await tickFleet(world, vaults);
      await shun(patient);
      mine({ [urgent]: 40n * ether });
      await tickFleet(world, vaults);
      const taken = await newest(patient);
      const taker = await newest(urgent);
      expect(lifeCycleOf(taken.state)).toBe('replaced');
      expect(taken.state).toMatchObject({ replacedBy: taker.record.id, attempt: { nonce: 0 } });
      expect(taker.state).toMatchObject({ attempt: { nonce: 0 } });
      mine();
      const results = await tickFleet(world, vaults);
      expect(results[0]?.settled.map(({ event }) => event)).toMatchObject([
        { kind: 'expired', why: 'nonceUsed' },
      ]);
      expect((await newest(patient)).record.id).toBe(`${patient}#1.2`);
      mine();
      expect([sequences()[patient], sequences()[urgent]]).toEqual([2n, 2n]);
      expect(alerts).toEqual([]);
    });

    it.each(['the signer is away', 'leave is taken back'])(
      'keeps its nonce where %s when another would take it',
      async (what) => {
        const [patient = '', urgent = ''] = names;
        const vaults = [vaultOf(patient), vaultOf(urgent)];
        mine({ [patient]: 6n * ether });
        await tickFleet(world, vaults);
        await shun(patient);
        mine({ [urgent]: 40n * ether });
        const asked: Hash[] = [];
        const cancel = async ({ transactionHash }: Submission) => {
          asked.push(transactionHash);
          return { status: 'accepted' as const, detail: 'taken back' };
        };
        const relays = world.relays.map((relay) => ({ ...relay, cancel }));
        const away: Signer = {
          ...simulatedSigner,
          signTransaction: () => Promise.reject(new Error('KMS is away')),
        };
        const stops = {
          refusal: (vault: string | null) => (vault === urgent && isDecided ? 'disarmed' : null),
        };
        let isDecided = false;
        const recordDecision: Store['recordDecision'] = (record, orderOf) => {
          isDecided ||= orderOf !== undefined;
          return store.recordDecision(record, orderOf);
        };
        const changed =
          what === 'the signer is away'
            ? { signers: [away] }
            : { permission: stops, store: { ...store, recordDecision } };
        await tickFleet({ ...world, relays, ...changed }, vaults);
        expect((await newest(urgent)).state.status).toBe('abandoned');
        expect((await newest(patient)).state).toMatchObject({ status: 'submitted', replacedBy: null });
        expect(asked).toEqual([]);
      },
    );

    it('is asked back from the relays that took it, whose answer decides nothing', async () => {
      const [patient = '', urgent = ''] = names;
      const vaults = [vaultOf(patient), vaultOf(urgent)];
      const asked: Hash[] = [];
      const relays = world.relays.map((relay) => ({
        ...relay,
        cancel: ({ transactionHash }: Submission) => {
          asked.push(transactionHash);
          return Promise.reject(new Error('HTTP 500'));
        },
      }));
      world = { ...world, relays };
      mine({ [patient]: 6n * ether });
      await tickFleet(world, vaults);
      await shun(patient);
      mine({ [urgent]: 40n * ether });
      await tickFleet(world, vaults);
      expect(asked).toEqual((await attemptsOf(patient)).map(({ transactionHash }) => transactionHash));
      mine();
      expect(sequences()[urgent]).toBe(2n);
    });

    it('lands after all: the urgent order that took its nonce is decided again, neither trades twice', async () => {
      const [patient = '', urgent = ''] = names;
      const vaults = [vaultOf(patient), vaultOf(urgent)];
      mine({ [patient]: 6n * ether });
      await tickFleet(world, vaults);
      await shun(patient);
      mine({ [urgent]: 40n * ether });
      await tickFleet(world, vaults);
      shunned.clear();
      await shun(urgent);
      mine();
      for (let block = 0; block < 3; block += 1) {
        shunned.clear();
        await tickFleet(world, vaults);
        mine();
      }
      await tickFleet(world, vaults);
      expect([sequences()[patient], sequences()[urgent]]).toEqual([2n, 2n]);
      expect(alerts).toEqual([]);
    });

    it('keeps its nonce before a block has passed it over, and from anything that is not urgent', async () => {
      const [first = '', second = ''] = names;
      const vaults = [vaultOf(first), vaultOf(second)];
      mine({ [first]: 6n * ether });
      await tickFleet(world, vaults);
      await shun(first);
      mine({ [second]: 7n * ether });
      await tickFleet(world, vaults);
      expect((await newest(first)).state).toMatchObject({ status: 'submitted', replacedBy: null });
      expect((await newest(second)).state).toMatchObject({ attempt: { nonce: 1 } });
    });
  });

  describe('a gap', () => {
    it('is filled with a transaction that does nothing, journaled before it is sent, and told', async () => {
      const [first = '', second = ''] = names;
      const vaults = [vaultOf(first), vaultOf(second)];
      mine({ [first]: 6n * ether });
      await tickFleet(world, vaults);
      await shun(first);
      for (let block = 0; block < 2; block += 1) mine();
      mine({ [second]: 6n * ether });
      await tickFleet(world, vaults);
      expect((await newest(second)).state).toMatchObject({ attempt: { nonce: 1 } });
      // The first vault's exposure went away by itself, so nothing of it takes the nonce that comes round again.
      mine({ [first]: -6n * ether });
      await tickFleet(world, vaults);
      const [filler] = await store.openFillers(1, keeperAddress);
      expect(filler?.record).toMatchObject({ why: 'gap', attempt: { nonce: 0 } });
      expect(ledger.pool.has(filler?.record.attempt.transactionHash as Hash)).toBe(true);
      expect(alerts.join()).toContain('a nonce is filled');
      mine();
      await tickFleet(world, vaults);
      expect([sequences()[first], sequences()[second]]).toEqual([1n, 2n]);
      for (let block = 0; block < 9; block += 1) mine();
      await tickFleet(world, vaults);
      expect(await store.openFillers(1, keeperAddress)).toEqual([]);
    });

    it('is not filled once the keeper is told to stop', async () => {
      const [first = '', second = ''] = names;
      const vaults = [vaultOf(first), vaultOf(second)];
      mine({ [first]: 6n * ether });
      await tickFleet(world, vaults);
      await shun(first);
      for (let block = 0; block < 2; block += 1) mine();
      mine({ [second]: 6n * ether });
      await tickFleet(world, vaults);
      mine({ [first]: -6n * ether });
      await tickFleet({ ...world, stop: AbortSignal.abort() }, vaults);
      expect(await store.openFillers(1, keeperAddress)).toEqual([]);
    });

    it('is not filled where leave is taken back while the filler is signed', async () => {
      const [first = '', second = ''] = names;
      const vaults = [vaultOf(first), vaultOf(second)];
      mine({ [first]: 6n * ether });
      await tickFleet(world, vaults);
      await shun(first);
      for (let block = 0; block < 2; block += 1) mine();
      mine({ [second]: 6n * ether });
      await tickFleet(world, vaults);
      mine({ [first]: -6n * ether });
      let refusal: string | null = null;
      const signer: Signer = {
        ...simulatedSigner,
        signTransaction: (transaction) => {
          refusal = 'disarmed';
          return simulatedSigner.signTransaction(transaction);
        },
      };
      await tickFleet({ ...world, signers: [signer], permission: { refusal: () => refusal } }, vaults);
      const [filler] = await store.openFillers(1, keeperAddress);
      expect(filler).toMatchObject({ record: { why: 'gap' }, events: [] });
      expect(ledger.pool.has(filler?.record.attempt.transactionHash as Hash)).toBe(false);
    });
  });

  describe('a transaction that the journal does not know', () => {
    const what = 'critical: a transaction that is not in the journal used the signer’s nonce';

    it('is reported once and worked around: its order expires and is decided again at the next nonce', async () => {
      const [name = ''] = names;
      const vaults = [vaultOf(name)];
      mine({ [name]: 20n * ether });
      await tickFleet(world, vaults);
      await shun(name);
      sendFromElsewhere(0);
      mine();
      for (let block = 0; block < 3; block += 1) {
        await tickFleet(world, vaults);
        mine();
      }
      expect(alerts).toEqual([what]);
      expect((await newest(name)).state).toMatchObject({ status: 'filled', attempt: { nonce: 1 } });
    });

    it('halts what would be placed with that key where the config asks for it, until somebody acknowledges it', async () => {
      const [name = ''] = names;
      const vaults = [vaultOf(name, { foreignTransactions: 'halt' })];
      mine({ [name]: 20n * ether });
      await tickFleet(world, vaults);
      await shun(name);
      sendFromElsewhere(0);
      for (let block = 0; block < 20; block += 1) {
        mine();
        const [result] = await tickFleet(world, vaults);
        expect(result?.decision).toMatchObject({ kind: 'halt', code: 'foreignTransaction' });
      }
      expect(alerts.filter((alert) => alert === what)).toHaveLength(1);
      expect(await acknowledgeForeign(store, 1, keeperAddress)).toBe(0);
      const [result] = await tickFleet(world, vaults);
      expect(result?.decision.kind).toBe('hedge');
    });

    it('is acknowledged by one run that heals, also while no order uses the key', async () => {
      const [name = ''] = names;
      const halting = [vaultOf(name, { foreignTransactions: 'halt' })];
      mine({ [name]: 20n * ether });
      await tickFleet(world, halting);
      mine();
      for (let block = 0; block < 10; block += 1) {
        await tickFleet(world, halting);
        mine();
      }
      sendFromElsewhere(1);
      mine({ [name]: 20n * ether });
      await tickFleet(world, halting);
      mine({ [name]: -20n * ether });
      const idle = await tickFleet(world, [vaultOf(name)]);
      expect(idle[0]?.decision.kind).toBe('hold');
      mine({ [name]: 20n * ether });
      const [result] = await tickFleet(world, halting);
      expect(result?.decision.kind).toBe('hedge');
    });

    it('is found on an idle key too, before the next order is signed', async () => {
      const [name = ''] = names;
      const vaults = [vaultOf(name, { foreignTransactions: 'halt' })];
      mine({ [name]: 20n * ether });
      await tickFleet(world, vaults);
      mine();
      for (let block = 0; block < 10; block += 1) {
        await tickFleet(world, vaults);
        mine();
      }
      sendFromElsewhere(1);
      mine({ [name]: 20n * ether });
      const [result] = await tickFleet(world, vaults);
      expect(result?.decision).toMatchObject({ kind: 'halt', code: 'foreignTransaction' });
      expect(alerts).toContain(what);
    });

    describe('is not one of ours, where a node without an index of transactions serves no receipt', () => {
      const ticks = async (vaults: readonly VaultSetup[], blocks: number) => {
        for (let block = 0; block < blocks; block += 1) {
          await tickFleet(world, vaults);
          mine();
        }
      };

      it('a fill is found in the block that used its nonce', async () => {
        const name = names[0] as string;
        const vaults = [vaultOf(name, { foreignTransactions: 'halt' })];
        mine({ [name]: 20n * ether });
        await tickFleet(world, vaults);
        node.receiptLagBlocks = Number.MAX_SAFE_INTEGER;
        mine();
        const filledAt = ledger.head.facts.number;
        await ticks(vaults, 12);
        const { state } = await newest(name);
        expect(state).toMatchObject({ status: 'final', outcome: { fill: { blockNumber: filledAt } } });
        expect(alerts).toEqual([]);
      });

      it('a revert is found there, and its gas is booked', async () => {
        const name = names[0] as string;
        const vaults = [vaultOf(name, { foreignTransactions: 'halt' })];
        mine({ [name]: 20n * ether });
        await tickFleet(world, vaults);
        node.receiptLagBlocks = Number.MAX_SAFE_INTEGER;
        ledger.mine({ seconds: 600 });
        await ticks(vaults, 14);
        const oldest = (await store.orders(name, 10)).at(-1);
        const state = oldest && orderState(oldest);
        expect(state).toMatchObject({ status: 'final', outcome: { status: 'reverted' } });
        expect(
          state?.status === 'final' && state.outcome.status === 'reverted' && state.outcome.revert.gasPaidWei,
        ).toBeGreaterThan(0n);
        expect(alerts.filter((alert) => alert === what)).toEqual([]);
      });

      it('what is really foreign is told all the same', async () => {
        const name = names[0] as string;
        const vaults = [vaultOf(name, { foreignTransactions: 'halt' })];
        mine({ [name]: 20n * ether });
        await tickFleet(world, vaults);
        await shun(name);
        node.receiptLagBlocks = Number.MAX_SAFE_INTEGER;
        sendFromElsewhere(0);
        mine();
        await ticks(vaults, 12);
        expect(alerts).toContain(what);
        expect((await newest(name)).state).toMatchObject({ status: 'final', outcome: { status: 'expired' } });
      });
    });

    it('is not what a receipt is that comes late', async () => {
      const [name = ''] = names;
      const vaults = [vaultOf(name, { foreignTransactions: 'halt' })];
      mine({ [name]: 20n * ether });
      await tickFleet(world, vaults);
      node.receiptLagBlocks = 2;
      for (let block = 0; block < 12; block += 1) {
        mine();
        await tickFleet(world, vaults);
      }
      expect((await newest(name)).state.status).toBe('final');
      expect(alerts).toEqual([]);
    });
  });

  describe('a node whose nonces cannot be right', () => {
    const name = names[0] as string;
    /** One hedge that is filled and, after so many blocks, booked as it then stands. */
    const hedged = async (blocks: number) => {
      mine({ [name]: 20n * ether });
      await tickFleet(world, [vaultOf(name)]);
      for (let block = 0; block < blocks; block += 1) {
        mine();
        await tickFleet(world, [vaultOf(name)]);
      }
    };

    it('late with them, it does not bring a nonce round again that a booked order used', async () => {
      await hedged(1);
      expect((await newest(name)).state.status).toBe('filled');
      const late = { ...world.chain, confirmedNonce: async () => 0 };
      mine({ [name]: 20n * ether });
      const [result] = await tickFleet({ ...world, chain: late }, [vaultOf(name)]);
      expect(result?.order?.state).toMatchObject({ attempt: { nonce: 1 } });
    });

    it('with one free that was used for good, it is believed in nothing: the key is not used at all', async () => {
      await hedged(12);
      expect((await newest(name)).state.status).toBe('final');
      const other = names[1] as string;
      mine({ [other]: 20n * ether });
      const undone = { ...world.chain, confirmedNonce: async () => 0 };
      const [result] = await tickFleet({ ...world, chain: undone }, [vaultOf(other)]);
      expect(result?.decision).toMatchObject({ kind: 'halt', code: 'chainFault' });
      expect(await store.orders(other, 1)).toEqual([]);
    });

    it('with one free above an open order that was used for good, neither: the order would be given that one', async () => {
      mine({ [name]: 20n * ether });
      await tickFleet(world, [vaultOf(name)]);
      await shun(name);
      await rememberUsed(store, { chainId: 1, signer: keeperAddress }, 1);
      const other = names[1] as string;
      mine({ [other]: 20n * ether });
      const [result] = await tickFleet(world, [vaultOf(other)]);
      expect(result?.decision).toMatchObject({ kind: 'halt', code: 'chainFault' });
      expect(await store.orders(other, 1)).toEqual([]);
    });

    it('on a branch from below what was final, nothing that it shows is written down', async () => {
      await hedged(12);
      mine({ [name]: 20n * ether });
      await tickFleet(world, [vaultOf(name)]);
      await shun(name);
      const [before] = await store.orders(name, 1);
      expect(before && orderState(before).status).toBe('submitted');
      ledger.reorg(15);
      for (let block = 0; block < 30; block += 1) mine();
      const [result] = await tickFleet(world, [vaultOf(name)]);
      expect(result?.decision).toMatchObject({ kind: 'halt', code: 'finalityBroken' });
      expect((await store.orders(name, 1))[0]).toEqual(before);
    });
  });

  describe('with several keys', () => {
    const second: Address = '0x00000000000000000000000000000000000000aa';
    const signerAt = (address: Address): Signer => ({
      ...simulatedSigner,
      address,
      signTransaction: async (transaction) => toData({ ...transaction, from: address }),
    });
    const allowing = (vault: VaultSetup, ...allowed: Address[]): VaultSetup => ({
      ...vault,
      account: {
        ...vault.account,
        *read(context, keeper) {
          const state = yield* vault.account.read(context, keeper);
          return { ...state, guard: { ...state.guard, keeperAllowed: allowed.includes(keeper) } };
        },
      },
    });
    beforeEach(() => {
      world = { ...world, signers: [signerAt(keeperAddress), signerAt(second)] };
    });
    const keysUsed = async () =>
      Promise.all(names.slice(0, 4).map(async (name) => (await newest(name)).record.signer));

    it('spreads orders over the lanes with the fewest open ones', async () => {
      const four = names.slice(0, 4);
      mine(Object.fromEntries(four.map((name) => [name, 20n * ether])));
      await tickFleet(
        world,
        four.map((name) => allowing(vaultOf(name), keeperAddress, second)),
      );
      expect((await keysUsed()).sort()).toEqual([second, second, keeperAddress, keeperAddress].sort());
      mine();
      expect(four.map((name) => sequences()[name])).toEqual([2n, 2n, 2n, 2n]);
    });

    it('uses for a vault only the keys that its mandate allows', async () => {
      const four = names.slice(0, 4);
      mine(Object.fromEntries(four.map((name) => [name, 20n * ether])));
      await tickFleet(
        world,
        four.map((name) => allowing(vaultOf(name), second)),
      );
      expect(new Set(await keysUsed())).toEqual(new Set([second]));
    });

    it('halts a vault that allows none of them', async () => {
      mine({ [names[0] as string]: 20n * ether });
      const [result] = await tickFleet(world, [allowing(vaultOf(names[0] as string))]);
      expect(result?.decision).toMatchObject({ kind: 'halt', code: 'keeperNotAllowed' });
    });

    it('passes over a key on which what is still out there cannot be outbid within the cap', async () => {
      const name = names[0] as string;
      mine({ [name]: 20n * ether });
      await tickFleet(world, [allowing(vaultOf(name), keeperAddress)]);
      await shun(name);
      const [first] = await attemptsOf(name);
      for (let block = 0; block < 8; block += 1) mine();
      const capped = vaultOf(name, { maxFeePerGasWei: ((first?.maxFeePerGasWei ?? 0n) * 108n) / 100n });
      const [alone] = await tickFleet(world, [allowing(capped, keeperAddress)]);
      expect(alone?.decision).toMatchObject({ kind: 'hold', code: 'gasCap' });
      const [both] = await tickFleet(world, [allowing(capped, keeperAddress, second)]);
      expect(both?.decision.kind).toBe('hedge');
      expect((await newest(name)).record.signer).toBe(second);
    });

    it('passes over a key without gas money', async () => {
      const { chain } = world;
      const poor = {
        ...chain,
        balanceWei: async (account: Address) => (account === second ? 10n ** 20n : 1n),
      };
      mine({ [names[0] as string]: 20n * ether });
      await tickFleet({ ...world, chain: poor }, [
        allowing(vaultOf(names[0] as string), keeperAddress, second),
      ]);
      expect((await newest(names[0] as string)).record.signer).toBe(second);
    });
  });
});
