import { beforeEach, describe, expect, it } from 'vitest';
import { JournalError } from '../../../src/core/errors.ts';
import type { HaltLimits } from '../../../src/core/risk/haltLimits.ts';
import { defaultLimits } from '../../../src/core/risk/limits.ts';
import {
  keptHaltKey,
  keptHaltOf,
  resumedKey,
  resumeVault,
  resumptionOf,
} from '../../../src/engine/keptHalt.ts';
import { type TickResult, tick } from '../../../src/engine/tick.ts';
import type { VaultSetup, World } from '../../../src/engine/world.ts';
import { memoryStore } from '../../../src/sim/memoryStore.ts';
import { Ledger } from '../../support/simulatedLedger.ts';
import {
  freshVault,
  type NodeMood,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../support/simulatedWorld.ts';

const ether = 10n ** 18n;
const none: HaltLimits = {
  lossPerDayQuote: null,
  turnoverPerDayQuote: null,
  gasPerDayQuote: null,
  slippageBps: null,
  staleSeconds: null,
};

let ledger: Ledger;
let world: World;
let node: NodeMood;
beforeEach(() => {
  ledger = new Ledger({ north: freshVault });
  node = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
  const relays = [simulatedRelay('dev', ledger, { passesOn: true, says: 'accepted' })];
  world = simulatedWorld({ chain: simulatedChain(ledger, node), store: memoryStore(), relays });
});

const limited = (halts: Partial<HaltLimits>, more: Partial<VaultSetup['limits']> = {}): VaultSetup => {
  const vault = simulatedVault('north');
  return { ...vault, limits: { ...defaultLimits, ...vault.limits, ...more, halts: { ...none, ...halts } } };
};
/** The price of what is held moves net delta by so much, and the keeper looks. */
const drift = async (base: bigint, vault: VaultSetup): Promise<TickResult> => {
  ledger.mine({ drift: { north: base * ether } });
  return tick(world, vault);
};
const kept = async () => keptHaltOf(await world.store.recall('north', keptHaltKey));
const resume = async (reason = 'looked at it') => {
  const halt = await kept();
  if (halt === null) throw new Error('it is halted');
  return resumeVault(world.store, 'north', halt, { reason, by: 'ann', atSeconds: 1 });
};

describe('a limit that halts', () => {
  it.each<[TickResult['decision']['code'], Partial<HaltLimits>]>([
    ['turnoverLimit', { turnoverPerDayQuote: 60_000 }],
    ['gasLimit', { gasPerDayQuote: 1e-6 }],
    ['lossLimit', { lossPerDayQuote: 1e-6 }],
    ['slippageLimit', { slippageBps: 1e-6 }],
  ])('%s: halts, stays when a new keeper starts, and goes on once resumed', async (code, halts) => {
    const vault = limited(halts);
    let result = await drift(20n, vault);
    for (let look = 0; look < 4 && result.decision.kind !== 'halt'; look += 1)
      result = await drift(10n, vault);
    expect(result.decision).toMatchObject({ kind: 'halt', code });
    const placed = (await world.store.orders('north', 10)).length;

    // Another process over the same journal, the limit gone from its config: the halt is kept all the same.
    const unlimited = limited({});
    const next = await drift(10n, unlimited);
    expect(next.decision).toMatchObject({ kind: 'halt', code, why: result.decision.why });
    expect(await world.store.orders('north', 10)).toHaveLength(placed);

    expect(await resume('the pool was drained, it is refilled')).toMatchObject({ halt: { code } });
    expect(resumptionOf(await world.store.recall('north', resumedKey))).toMatchObject({
      reason: 'the pool was drained, it is refilled',
      by: 'ann',
    });
    expect((await drift(0n, unlimited)).decision.kind).toBe('hedge');
  });

  it('counts only what came after the last resumption', async () => {
    const vault = limited({ turnoverPerDayQuote: 60_000 });
    let result = await drift(20n, vault);
    for (let look = 0; look < 4 && result.decision.kind !== 'halt'; look += 1)
      result = await drift(10n, vault);
    await resume();
    expect((await drift(0n, vault)).decision.kind).toBe('hedge');
  });

  it('follows an order that was open when it halted', async () => {
    await drift(20n, limited({}));
    const placed = await world.store.orders('north', 10);
    const halted = await drift(0n, limited({ lossPerDayQuote: 1e-9, slippageBps: 1e-9 }));
    expect(halted.settled.map(({ event }) => event.kind)).toEqual(['filled']);
    expect(placed).toHaveLength(1);
  });

  it('keeps its first reason, and is ended only by whoever saw this very halt', async () => {
    const vault = limited({ turnoverPerDayQuote: 1 });
    await drift(20n, vault);
    const halt = await kept();
    await drift(5n, limited({ turnoverPerDayQuote: 1, gasPerDayQuote: 1e-9 }));
    expect(await kept()).toEqual(halt);
    const word = { reason: 'r', by: 'ann', atSeconds: 1 };
    expect(
      await resumeVault(world.store, 'north', { code: 'turnoverLimit', sinceSeconds: 0 }, word),
    ).toBeNull();
    expect(await kept()).toEqual(halt);
  });

  it('is found again where the journal did not keep it', async () => {
    const vault = limited({ turnoverPerDayQuote: 1 });
    const { store } = world;
    const forgetful = {
      ...store,
      remember: async () => {
        throw new JournalError('the disk is full');
      },
    };
    world = { ...world, store: forgetful };
    expect((await drift(20n, vault)).decision.code).toBe('turnoverLimit');
    expect((await drift(0n, vault)).decision.code).toBe('turnoverLimit');
    world = { ...world, store };
    await drift(0n, vault);
    expect(await kept()).not.toBeNull();
  });

  it('that a market condition outranks waits behind it', async () => {
    await drift(20n, limited({ turnoverPerDayQuote: 1 }));
    const stale = { ...limited({}), priceFeeds: [] };
    expect((await drift(0n, stale)).decision.code).toBe('dataFault');
    expect((await drift(0n, limited({}))).decision.code).toBe('turnoverLimit');
  });
});

describe('failures in a row', () => {
  it('halt, and count no more once somebody resumed', async () => {
    const vault = limited({}, { maxConsecutiveFailures: 1 });
    await drift(20n, vault);
    // Too late for its deadline when it is mined: it fails on chain.
    ledger.mine({ seconds: 100_000 });
    const failed = await tick(world, vault);
    expect(failed.settled.map(({ event }) => event.kind)).toEqual(['reverted']);
    expect(failed.decision).toMatchObject({ kind: 'halt', code: 'failures' });
    ledger.mine();
    expect((await tick(world, vault)).decision.code).toBe('failures');
    await resume();
    ledger.mine();
    expect((await tick(world, vault)).decision.kind).toBe('hedge');
  });
});
