import { beforeEach, describe, expect, it } from 'vitest';
import type { VolatilityReading } from '../../../../src/core/snapshot.ts';
import { tick, tickFleet } from '../../../../src/engine/tick.ts';
import type { VaultSetup, World } from '../../../../src/engine/world.ts';
import type { BoundVolatilityFeed } from '../../../../src/ports/feed.ts';
import type { Store } from '../../../../src/ports/store.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { Ledger } from '../../../support/simulatedLedger.ts';
import {
  freshVault,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../../support/simulatedWorld.ts';

describe('volatilities of a tick', () => {
  let ledger: Ledger;
  let store: Store;
  let world: World;
  /** What the outside says next, and how often it was asked. */
  let outside: (() => Promise<VolatilityReading>) | null;
  let asked: number;

  const now = () => ledger.head.facts.timestampSeconds;
  const reading = (volatility: number, more: Partial<VolatilityReading> = {}): VolatilityReading => ({
    source: 'ticker',
    volatility,
    observedAtSeconds: now(),
    staleAfterSeconds: 60,
    ...more,
  });
  const ticker: BoundVolatilityFeed = {
    kind: 'ticker',
    key: 'ticker:1',
    observe: () => {
      asked += 1;
      return outside === null ? new Promise(() => {}) : outside();
    },
  };
  const ofChain: BoundVolatilityFeed = {
    kind: 'pool',
    key: 'pool:1',
    *read({ block, memory }) {
      yield [];
      const reads = ((memory as { reads?: number } | undefined)?.reads ?? 0) + 1;
      const value = { source: 'pool', volatility: 0.5, observedAtSeconds: block.timestampSeconds };
      return { value, memory: { reads } };
    },
  };
  const broken: BoundVolatilityFeed = {
    kind: 'broken',
    key: 'broken:1',
    *read() {
      yield [];
      throw new RangeError('no such pool');
    },
  };
  const vaultWith = (...volatilityFeeds: BoundVolatilityFeed[]): VaultSetup =>
    simulatedVault('north', { volatilityFeeds });
  const observedBy = async (vault: VaultSetup) => (await tick(world, vault)).snapshot?.observed;

  beforeEach(() => {
    ledger = new Ledger({ north: freshVault, south: freshVault });
    store = memoryStore();
    asked = 0;
    outside = async () => reading(0.7);
    const chain = simulatedChain(ledger, {
      receiptLagBlocks: 0,
      balanceWei: 10n ** 20n,
      simulationFailure: null,
    });
    const relays = [simulatedRelay('dev', ledger, { passesOn: true, says: 'accepted' })];
    const quick = simulatedWorld({ chain, store, relays });
    // Long enough for what answers at once, and no time at all.
    const sleep = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
    world = { ...quick, clock: { nowSeconds: now, sleep } };
  });

  it('from outside the chain are asked for beside the chain’s, and priced with', async () => {
    expect(await observedBy(vaultWith(ticker, ofChain))).toEqual({ volatility: reading(0.7) });
    expect(asked).toBe(1);
  });

  it('one that several vaults share is asked for once', async () => {
    const vaults = ['north', 'south'].map((name) => simulatedVault(name, { volatilityFeeds: [ticker] }));
    const results = await tickFleet(world, vaults);
    expect(results.map(({ snapshot }) => snapshot?.observed.volatility.volatility)).toEqual([0.7, 0.7]);
    expect(asked).toBe(1);
  });

  it('fall back in the order of the config, and say why', async () => {
    outside = async () => {
      throw new TypeError('fetch failed');
    };
    expect(await observedBy(vaultWith(broken, ticker, ofChain))).toMatchObject({
      volatility: { source: 'pool', volatility: 0.5 },
      volatilityPassedOver: [
        { source: 'broken', fault: 'unexpected fault: no such pool' },
        { source: 'ticker', fault: 'unexpected fault: fetch failed' },
      ],
    });
  });

  it('do not wait for a source that hangs', async () => {
    outside = null;
    expect(await observedBy(vaultWith(ticker, ofChain))).toMatchObject({
      volatility: { source: 'pool' },
      volatilityPassedOver: [{ source: 'ticker', fault: 'no answer within 3000 ms' }],
    });
  });

  it('keep what a source last said well, while it is young enough', async () => {
    const vault = vaultWith(ticker);
    const first = reading(0.7);
    await observedBy(vault);
    outside = null;
    for (let block = 0; block < 5; block += 1) ledger.mine();
    expect(now() - first.observedAtSeconds).toBe(60);
    expect(await observedBy(vault)).toEqual({ volatility: first });
    ledger.mine();
    expect(await tick(world, vault)).toMatchObject({
      decision: { kind: 'halt', code: 'volatilityInvalid', why: expect.stringContaining('no answer within') },
    });
    outside = async () => reading(0.8);
    expect(await observedBy(vault)).toEqual({ volatility: reading(0.8) });
  });

  it('a stale answer does not take the place of a younger one that is remembered', async () => {
    const vault = vaultWith(ticker);
    const first = reading(0.7);
    await observedBy(vault);
    outside = async () => reading(0.9, { observedAtSeconds: now() - 61 });
    expect(await observedBy(vault)).toEqual({ volatility: first });
  });

  it('of the chain are given back what they remember', async () => {
    const vault = vaultWith(ofChain);
    await observedBy(vault);
    await observedBy(vault);
    expect(await store.recall('north', 'pool:1')).toEqual({ reads: 2 });
  });

  it('none that can be used halts the vault and no other, and the journal has the reason', async () => {
    const vaults = [vaultWith(broken), simulatedVault('south')];
    const [north, south] = await tickFleet(world, vaults);
    expect(north?.decision).toMatchObject({ kind: 'halt', code: 'volatilityInvalid' });
    expect(south?.decision.kind).toBe('hold');
    const stored = await store.decision(north?.decisionId ?? '');
    expect(stored?.decision.why).toBe('no volatility can be used (broken: unexpected fault: no such pool)');
  });
});
