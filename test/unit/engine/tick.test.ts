import { beforeEach, describe, expect, it } from 'vitest';
import { ChainUnavailableError, JournalCorruptError, JournalError } from '../../../src/core/errors.ts';
import { orderState } from '../../../src/engine/order/orderState.ts';
import { tick, tickFleet } from '../../../src/engine/tick.ts';
import type { VaultSetup, World } from '../../../src/engine/world.ts';
import type { Chain } from '../../../src/ports/chain.ts';
import type { Relay, Submission } from '../../../src/ports/relay.ts';
import type { Store } from '../../../src/ports/store.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { memoryStore } from '../../../src/sim/memoryStore.ts';
import { Ledger, toData } from '../../support/simulatedLedger.ts';
import {
  freshVault,
  keeperAddress,
  type NodeMood,
  type RelayMood,
  simulatedChain,
  simulatedRelay,
  simulatedSigner,
  simulatedVault,
  simulatedWorld,
} from '../../support/simulatedWorld.ts';

const ether = 10n ** 18n;

describe('tick', () => {
  let ledger: Ledger;
  let store: Store;
  let node: NodeMood;
  let relay: RelayMood;
  let submissions: Submission[];
  let vault: VaultSetup;
  let chain: Chain;
  let world: World;

  /** The same world with some ports behaving otherwise. */
  const worldWith = (parts: Partial<World>): World => ({ ...world, ...parts });
  const failing = (error: Error) => async () => {
    throw error;
  };
  const only = async (name = 'north') =>
    (await store.orders(name, 10)).map((history) => orderState(history).status);

  beforeEach(() => {
    ledger = new Ledger({ north: freshVault, south: freshVault });
    ledger.mine({ drift: { north: 20n * ether } });
    store = memoryStore();
    node = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
    relay = { passesOn: true, says: 'accepted' };
    submissions = [];
    vault = simulatedVault('north');
    chain = simulatedChain(ledger, node);
    const relays = [simulatedRelay('dev', ledger, relay, (submission) => submissions.push(submission))];
    world = simulatedWorld({ chain, store, relays });
  });

  describe('with everything in order', () => {
    it('hedges, journals what it did, and says so', async () => {
      const result = await tick(world, vault);
      expect(result).toMatchObject({
        vault: 'north',
        block: ledger.head.facts,
        decision: { kind: 'hedge', code: 'beyondBand', plan: { side: 'sell', baseRaw: 20n * ether } },
        order: {
          record: { id: 'north#1.1', signer: keeperAddress, order: { sequence: 1n } },
          state: { status: 'submitted', answers: { dev: { status: 'accepted' } } },
        },
        settled: [],
      });
      expect(result.open.map(({ record }) => record.id)).toEqual(['north#1.1']);
      const decision = await store.decision(result.decisionId ?? '');
      expect(decision).toMatchObject({ vault: 'north', policy: 'fiveBaseBand', decision: result.decision });
      expect(decision?.snapshot).toEqual(result.snapshot);
    });

    it('bounds the order in blocks and in time', async () => {
      await tick(world, vault);
      const { number, timestampSeconds } = ledger.head.facts;
      expect(submissions).toMatchObject([{ firstBlock: number + 1n, lastBlock: number + 3n }]);
      const [history] = await store.orders('north', 1);
      expect(history?.record.order.deadlineSeconds).toBe(timestampSeconds + 4 * 12);
    });

    it('finds the fill in the next tick and holds', async () => {
      await tick(world, vault);
      const block = ledger.mine();
      const result = await tick(world, vault);
      expect(result.settled).toMatchObject([
        {
          orderId: 'north#1.1',
          event: { kind: 'filled', fill: { blockHash: block.facts.hash, baseRaw: 20n * ether } },
        },
      ]);
      expect(result.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
      expect(result.snapshot?.history.lastHedge).toMatchObject({ side: 'sell', baseRaw: 20n * ether });
    });

    it.each(['accepted', 'unknown', 'refused'] as const)(
      'decides nothing new while an order may still execute, though relays said %s',
      async (says) => {
        Object.assign(relay, { passesOn: false, says });
        await tick(world, vault);
        ledger.mine();
        const result = await tick(world, vault);
        expect(result.decision).toMatchObject({ kind: 'hold', code: 'orderOpen' });
        expect(await only()).toEqual(['submitted']);
      },
    );

    it('books no receipt that came from another branch than the head, but what the next head says', async () => {
      await tick(world, vault);
      ledger.mine();
      let hasForked = false;
      const forking: Chain = {
        ...chain,
        receipt: async (hash) => {
          if (!hasForked) {
            hasForked = true;
            ledger.reorg(1);
            ledger.mine();
          }
          return chain.receipt(hash);
        },
      };
      const result = await tick(worldWith({ chain: forking }), vault);
      expect(hasForked).toBe(true);
      expect(result.settled).toEqual([]);
      expect(await only()).toEqual(['submitted']);
      const next = await tick(world, vault);
      const fill = { blockHash: ledger.head.facts.hash };
      expect(next.settled).toMatchObject([{ event: { kind: 'filled', fill } }]);
    });

    it('replaces an order that no block took with the same sequence and nonce, outbidding it', async () => {
      relay.passesOn = false;
      await tick(world, vault);
      for (let block = 0; block < 4; block += 1) ledger.mine();
      const result = await tick(world, vault);
      expect(result.settled).toMatchObject([{ event: { kind: 'expired', why: 'deadline' } }]);
      expect(result.order?.record.id).toBe('north#1.2');
      const [second, first] = (await store.orders('north', 2)).map((history) => orderState(history));
      if (first?.status !== 'expired' || second?.status !== 'submitted') throw new Error('unexpected states');
      expect(second.attempt.nonce).toBe(first.attempt.nonce);
      expect(second.attempt.maxFeePerGasWei * 8n).toBeGreaterThanOrEqual(first.attempt.maxFeePerGasWei * 9n);
    });

    it('reads any number of vaults together, and gives each signature the next nonce', async () => {
      ledger.mine({ drift: { south: -20n * ether } });
      let reads = 0;
      const counting: Chain = {
        ...chain,
        read: (...given) => {
          reads += 1;
          return chain.read(...given);
        },
      };
      const results = await tickFleet(worldWith({ chain: counting }), [vault, simulatedVault('south')]);
      expect(reads).toBe(1);
      const nonces = results.map(
        ({ order }) => order?.state.status === 'submitted' && order.state.attempt.nonce,
      );
      expect(nonces).toEqual([0, 1]);
    });

    it('gives plug-ins back what they remembered', async () => {
      const seen: unknown[] = [];
      const [protocol] = vault.protocols;
      if (protocol === undefined || !('read' in protocol)) throw new Error('no protocol of the chain');
      const watched = {
        ...protocol,
        read: (context: Parameters<typeof protocol.read>[0]) => {
          seen.push(context.memory);
          return protocol.read(context);
        },
      };
      const watchedVault = { ...vault, protocols: [watched] };
      await tick(world, watchedVault);
      await tick(world, watchedVault);
      expect(seen).toEqual([undefined, { positions: 3 }]);
    });
  });

  it('writes a memory only where it changed, however the journal orders its keys', async () => {
    const [protocol] = vault.protocols;
    if (protocol === undefined || !('read' in protocol)) throw new Error('no protocol of the chain');
    const remembering = {
      ...protocol,
      *read(context: Parameters<typeof protocol.read>[0]) {
        const { value } = yield* protocol.read(context);
        return { value, memory: { z: 1n, a: [{ d: 1, c: 2 }] } };
      },
    };
    const written: string[] = [];
    const journal: Store = {
      ...store,
      recall: async (_, key) => (key === 'positions' ? { a: [{ c: 2, d: 1 }], z: 1n } : null),
      remember: async (_, key) => void written.push(key),
    };
    await tick(worldWith({ store: journal }), { ...vault, protocols: [remembering] });
    expect(written.filter((key) => !key.startsWith('engine.'))).toEqual([]);
  });

  describe('with relays that fail', () => {
    it('journals the bytes before any relay sees them', async () => {
      const journaled: boolean[] = [];
      const submit = async ({ transactionHash }: Submission) => {
        const states = (await store.orders('north', 1)).map((history) => orderState(history));
        journaled.push(
          states[0]?.status === 'signed' && states[0].attempt.transactionHash === transactionHash,
        );
        return { status: 'accepted', detail: '' } as const;
      };
      await tick(worldWith({ relays: [{ name: 'a', isPrivate: true, isLoopback: true, submit }] }), vault);
      expect(journaled).toEqual([true]);
    });

    it('takes an exception for “unknown” and hands the same bytes out again', async () => {
      const broken = {
        name: 'broken',
        isPrivate: true,
        isLoopback: true,
        submit: failing(new Error('socket hang up')),
      };
      const result = await tick(worldWith({ relays: [broken] }), vault);
      const answer = { status: 'unknown', detail: 'unexpected fault: socket hang up' };
      expect(result.order?.state).toMatchObject({ status: 'submitted', answers: { broken: answer } });
      ledger.mine();
      await tick(world, vault);
      ledger.mine();
      await tick(world, vault);
      expect(submissions.map(({ firstBlock }) => firstBlock)).toEqual([ledger.head.facts.number]);
      expect(await only()).toEqual(['filled']);
    });

    it('does not hand out again what was accepted, nor anything outside its window', async () => {
      relay.passesOn = false;
      for (let block = 0; block < 3; block += 1) {
        await tick(world, vault);
        ledger.mine();
      }
      expect(submissions).toHaveLength(1);
      relay.says = 'unknown';
      ledger.mine();
      await tick(world, vault);
      for (let block = 0; block < 3; block += 1) {
        ledger.mine();
        await tick(world, vault);
      }
      expect(submissions.slice(1).map(({ firstBlock, lastBlock }) => Number(lastBlock - firstBlock))).toEqual(
        [2, 1, 0],
      );
    });
  });

  describe('with a node that fails', () => {
    const gone = new ChainUnavailableError('eth_call');
    const dies: readonly (keyof Chain)[] = [
      'head',
      'read',
      'suggestedTipWei',
      'simulate',
      'confirmedNonce',
      'balanceWei',
    ];

    it.each(dies)('halts when it is gone at %s: nothing is signed, and the journal knows', async (method) => {
      const result = await tick(worldWith({ chain: { ...chain, [method]: failing(gone) } }), vault);
      expect(result.decision).toMatchObject({ kind: 'halt', code: 'chainFault' });
      expect(result.order).toBeNull();
      expect(await only()).toEqual([]);
      expect(submissions).toEqual([]);
      expect((await store.decision(result.decisionId ?? ''))?.decision.code).toBe('chainFault');
      expect((await tick(world, vault)).decision.kind).toBe('hedge');
    });

    it.each(['head', 'read', 'confirmedNonce', 'receipt', 'blockAt'] as const)(
      'keeps an order open when it is gone at %s',
      async (method) => {
        await tick(world, vault);
        ledger.mine();
        const result = await tick(worldWith({ chain: { ...chain, [method]: failing(gone) } }), vault);
        expect(result.open.map(({ record }) => record.id)).toEqual(['north#1.1']);
        expect(result.decision).toMatchObject({ kind: 'halt', code: 'chainFault' });
        expect(await only()).toEqual(['submitted']);
        await tick(world, vault);
        expect(await only()).toEqual(['filled']);
      },
    );

    it('halts where the chain went back beyond what was final', async () => {
      await tick(world, vault);
      for (let block = 0; block < 10; block += 1) ledger.mine();
      await tick(world, vault);
      expect(await only()).toEqual(['final']);
      ledger.reorg(10);
      ledger.mine({ take: () => false });
      const result = await tick(world, vault);
      expect(result.decision).toMatchObject({ kind: 'halt', code: 'chainFault' });
      expect(result.decision.why).toContain('north#1.1 was final');
    });

    it('halts one vault for its own fault and goes on with the others', async () => {
      ledger.mine({ drift: { south: 20n * ether } });
      const bug = {
        kind: 'bug',
        key: 'bug',
        read: () => {
          throw new TypeError('undefined is not a function');
        },
      };
      const results = await tickFleet(world, [
        { ...vault, account: { ...vault.account, read: bug.read } },
        { ...vault, protocols: [bug] },
        simulatedVault('south'),
        simulatedVault('nowhere'),
      ]);
      expect(results.map(({ decision }) => [decision.kind, decision.code])).toEqual([
        ['halt', 'dataFault'],
        ['halt', 'dataFault'],
        ['hedge', 'beyondBand'],
        ['halt', 'dataFault'],
      ]);
    });

    it('settles open orders even where the market cannot be read', async () => {
      await tick(world, vault);
      ledger.mine();
      const blind = {
        ...vault,
        venues: [
          {
            kind: 'x',
            key: 'x',
            read: () => {
              throw new Error('no pool');
            },
          },
        ],
      };
      const result = await tick(world, blind);
      expect(result.decision).toMatchObject({ kind: 'halt', code: 'dataFault' });
      expect(result.settled.map(({ event }) => event.kind)).toEqual(['filled']);
    });
  });

  describe('with a journal that fails', () => {
    const full = new JournalError('database or disk is full');

    it.each(['unsettledOrders', 'recall', 'orders', 'unsettledOrdersOfSigner', 'recordDecision'] as const)(
      'signs nothing when it fails at %s',
      async (method) => {
        let signatures = 0;
        const signer = {
          ...simulatedSigner,
          signTransaction: async (...given: Parameters<typeof simulatedSigner.signTransaction>) => {
            signatures += 1;
            return simulatedSigner.signTransaction(...given);
          },
        };
        const broken = worldWith({ store: { ...store, [method]: failing(full) }, signers: [signer] });
        const result = await tick(broken, vault);
        expect(result.decision).toMatchObject({ kind: 'halt', code: 'journalFault' });
        expect(signatures).toBe(0);
        expect(submissions).toEqual([]);
      },
    );

    it('hands nothing out when the signed bytes cannot be journaled', async () => {
      const result = await tick(worldWith({ store: { ...store, appendEvent: failing(full) } }), vault);
      expect(result.decision).toMatchObject({ kind: 'halt', code: 'journalFault' });
      expect(submissions).toEqual([]);
      await tick(world, vault);
      expect(await only()).toEqual(['submitted', 'abandoned']);
    });

    it('halts on a damaged journal, and on one whose events make no sense', async () => {
      const damaged = new JournalCorruptError('a row of orders does not match its checksum');
      const result = await tick(worldWith({ store: { ...store, unsettledOrders: failing(damaged) } }), vault);
      expect(result.decision).toMatchObject({ kind: 'halt', code: 'journalFault' });
      await tick(world, vault);
      await store.appendEvent('north#1.1', { kind: 'abandoned', why: 'by hand' }, 1);
      expect((await tick(world, vault)).decision).toMatchObject({ kind: 'halt', code: 'journalFault' });
    });

    it('keeps a sent order open when an answer cannot be journaled', async () => {
      const appendEvent: Store['appendEvent'] = async (id, event, at) => {
        if (event.kind === 'answered') throw full;
        return store.appendEvent(id, event, at);
      };
      const result = await tick(worldWith({ store: { ...store, appendEvent } }), vault);
      expect(result.decision).toMatchObject({ kind: 'halt', code: 'journalFault' });
      expect(result.open.map(({ record }) => record.id)).toEqual(['north#1.1']);
      ledger.mine();
      expect((await tick(world, vault)).settled.map(({ event }) => event.kind)).toEqual(['filled']);
    });
  });

  describe('a tick that took longer than an order may', () => {
    let now = 1_000_000;
    const clock = { ...systemClock, nowSeconds: () => now };
    /** Ten minutes pass where this is asked for: a process that was paused there. */
    const paused = async <T>(answer: Promise<T>): Promise<T> => {
      now += 600;
      return answer;
    };

    it('signs nothing of what it decided before', async () => {
      const simulate: Chain['simulate'] = (...given) => paused(chain.simulate(...given));
      const result = await tick(worldWith({ clock, chain: { ...chain, simulate } }), vault);
      expect(await only()).toEqual(['abandoned']);
      expect(result.order?.state).toMatchObject({ why: expect.stringContaining('too old to act on') });
      expect(submissions).toEqual([]);
    });

    it('hands out nothing that was signed meanwhile, and the next one looks again', async () => {
      const signTransaction: typeof simulatedSigner.signTransaction = (transaction) =>
        paused(simulatedSigner.signTransaction(transaction));
      await tick(worldWith({ clock, signers: [{ ...simulatedSigner, signTransaction }] }), vault);
      expect(await only()).toEqual(['signed']);
      expect(submissions).toEqual([]);
      await tick(worldWith({ clock }), vault);
      expect(await only()).toEqual(['submitted']);
    });

    it('halts where it took so long before anything was decided', async () => {
      const read: Chain['read'] = (...given) => paused(chain.read(...given));
      const result = await tick(worldWith({ clock, chain: { ...chain, read } }), vault);
      expect(result.decision).toMatchObject({ kind: 'halt', code: 'chainFault' });
      expect(await only()).toEqual([]);
    });
  });

  it('ends when every relay has answered, also where one answer cannot be journaled', async () => {
    let isAnswered = false;
    const slow: Relay = {
      ...simulatedRelay('slow', ledger, { passesOn: true, says: 'accepted' }),
      submit: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        isAnswered = true;
        return { status: 'accepted', detail: 'late' };
      },
    };
    const appendEvent: Store['appendEvent'] = async (id, event, at) => {
      if (event.kind === 'answered' && event.relay !== 'slow') throw new JournalError('disk is full');
      return store.appendEvent(id, event, at);
    };
    const relays = [...world.relays, slow];
    const result = await tick(worldWith({ relays, store: { ...store, appendEvent } }), vault);
    expect(result.decision).toMatchObject({ kind: 'halt', code: 'journalFault' });
    expect(isAnswered).toBe(true);
  });

  describe('before it signs', () => {
    it('runs the order on the head and holds where it would fail, in the contract’s words', async () => {
      node.simulationFailure = 'SlippageTooHigh()';
      const result = await tick(world, vault);
      expect(result.decision).toMatchObject({ kind: 'hold', code: 'simulation' });
      expect(result.decision.why).toContain('SlippageTooHigh()');
      expect(await only()).toEqual([]);
    });

    it('halts without gas money', async () => {
      node.balanceWei = 10n ** 12n;
      expect((await tick(world, vault)).decision).toMatchObject({ kind: 'halt', code: 'gasMoney' });
      expect(await only()).toEqual([]);
    });

    it('holds above the fee cap', async () => {
      const capped = { ...vault, submission: { ...vault.submission, maxFeePerGasWei: 10n ** 10n } };
      expect((await tick(world, capped)).decision).toMatchObject({ kind: 'hold', code: 'gasCap' });
      expect(await only()).toEqual([]);
    });

    it('abandons the order when the signer does not sign', async () => {
      const signer = { ...simulatedSigner, signTransaction: failing(new Error('KMS is away')) };
      const result = await tick(worldWith({ signers: [signer] }), vault);
      expect(result.decision).toMatchObject({ kind: 'halt', code: 'signerFault' });
      expect(result.decision.why).toContain('KMS is away');
      expect(await only()).toEqual(['abandoned']);
    });

    it('places nothing once it is told to stop, and follows what is open', async () => {
      const stop = AbortSignal.abort();
      expect((await tick(worldWith({ stop }), vault)).decision).toMatchObject({
        kind: 'hold',
        code: 'stopping',
      });
      await tick(world, vault);
      ledger.mine();
      expect((await tick(worldWith({ stop }), vault)).settled.map(({ event }) => event.kind)).toEqual([
        'filled',
      ]);
    });

    it('signs nothing when it is told to stop in the middle of placing', async () => {
      const stopping = new AbortController();
      const recordDecision: Store['recordDecision'] = async (...args) => {
        const id = await store.recordDecision(...args);
        stopping.abort();
        return id;
      };
      await tick(worldWith({ store: { ...store, recordDecision }, stop: stopping.signal }), vault);
      expect(await only()).toEqual(['abandoned']);
      expect(submissions).toEqual([]);
    });
  });

  describe('on paper', () => {
    it('needs no key: the order is filled at the expected price, and not decided again', async () => {
      const shadow = worldWith({ signers: [] });
      const first = await tick(shadow, vault);
      expect(first.order?.state).toMatchObject({ status: 'paper', paper: { baseRaw: 20n * ether } });
      expect(submissions).toEqual([]);
      ledger.mine();
      const second = await tick(shadow, vault);
      expect(second.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
      expect(second.snapshot?.history.paper.baseRaw).toBe(-20n * ether);
      expect(second.snapshot?.chain.holdings.baseRaw).toBe(100n * ether);
    });

    it('adds up any number of paper fills', async () => {
      const shadow = worldWith({ signers: [] });
      for (let hedge = 0; hedge < 120; hedge += 1) {
        await tick(shadow, vault);
        ledger.mine({ drift: { north: hedge % 2 === 0 ? -20n * ether : 20n * ether } });
      }
      const { snapshot } = await tick(shadow, vault);
      expect((await store.orders('north', 1_000)).length).toBe(121);
      expect(snapshot?.history.paper.baseRaw).toBe(0n);
    });

    it('fills on paper what every relay withheld', async () => {
      Object.assign(relay, { passesOn: false, says: 'withheld' });
      const result = await tick(world, vault);
      expect(result.order?.state.status).toBe('paper');
      expect(result.open).toEqual([]);
    });

    it('does not take for paper what one of two relays passed on', async () => {
      const withholding = simulatedRelay('shadow', ledger, { passesOn: false, says: 'withheld' });
      const result = await tick(worldWith({ relays: [withholding, ...world.relays] }), vault);
      expect(result.order?.state.status).toBe('submitted');
    });

    it('counts no paper of a rehearsal once a key is there', async () => {
      await tick(worldWith({ signers: [] }), vault);
      const result = await tick(world, vault);
      expect(result.snapshot?.history.paper).toEqual({ baseRaw: 0n, quoteRaw: 0n });
      expect(result.decision.kind).toBe('hedge');
    });
  });

  describe('towards people', () => {
    const alerts: string[] = [];
    const alert = { send: (severity: string, title: string) => void alerts.push(`${severity}: ${title}`) };
    beforeEach(() => alerts.splice(0));

    it('alerts when a vault halts and when it goes on, once each', async () => {
      node.balanceWei = 0n;
      for (let block = 0; block < 3; block += 1) await tick(worldWith({ alert }), vault);
      expect(alerts).toEqual(['critical: north halted: gasMoney']);
      node.balanceWei = 10n ** 20n;
      await tick(worldWith({ alert }), vault);
      expect(alerts.slice(1)).toEqual(['info: north goes on']);
    });

    it('alerts once of a journal that cannot be read, or takes nothing, however many blocks that lasts', async () => {
      const away = () => Promise.reject(new JournalError('the disk is full'));
      const unread = { ...store, unsettledOrders: away, recall: away, remember: away, recordDecision: away };
      for (let block = 0; block < 3; block += 1) await tick(worldWith({ alert, store: unread }), vault);
      expect(alerts).toEqual(['critical: north halted: journalFault']);
      const full = { ...store, remember: away, recordDecision: away };
      for (let block = 0; block < 3; block += 1) await tick(worldWith({ alert, store: full }), vault);
      expect(alerts).toEqual(['critical: north halted: journalFault']);
      await tick(worldWith({ alert }), vault);
      expect(alerts.slice(1)).toEqual(['info: north goes on']);
    });

    it('alerts again in a process that starts while the journal takes nothing: whom the last one told it cannot know', async () => {
      const away = () => Promise.reject(new JournalError('the disk is full'));
      const full = { ...store, remember: away, recordDecision: away };
      for (let process = 0; process < 2; process += 1) {
        const started = { ...simulatedWorld({ chain, store: full, relays: [] }), alert };
        for (let block = 0; block < 2; block += 1) await tick(started, vault);
      }
      expect(alerts).toEqual(Array(2).fill('critical: north halted: journalFault'));
    });

    it('alerts when somebody else uses the signer’s nonce', async () => {
      relay.passesOn = false;
      await tick(world, vault);
      const data = toData({ vault: 'elsewhere', order: { sequence: 9n } });
      ledger.pool.set('0xff', {
        from: keeperAddress,
        chainId: 1,
        nonce: 0,
        to: keeperAddress,
        data,
        valueWei: 0n,
        gasLimit: 21_000n,
        maxFeePerGasWei: 10n ** 12n,
        maxPriorityFeePerGasWei: 1n,
      });
      ledger.mine();
      const result = await tick(worldWith({ alert }), vault);
      expect(result.settled).toMatchObject([{ event: { kind: 'expired', why: 'nonceUsed' } }]);
      expect(alerts.join()).toContain('critical: a transaction that is not in the journal');
    });

    it('counts failures in a row until a hedge lands', async () => {
      const limited = { ...vault, limits: { ...vault.limits, maxConsecutiveFailures: 1 } };
      await tick(world, limited);
      ledger.mine({ seconds: 600 });
      const result = await tick(world, limited);
      expect(result.settled.map(({ event }) => event.kind)).toEqual(['reverted']);
      expect(result.decision).toMatchObject({ kind: 'halt', code: 'failures' });
    });
  });
});
