import { beforeEach, describe, expect, it } from 'vitest';
import { BallastError } from '../../../../src/core/errors.ts';
import type { SpotPosition } from '../../../../src/core/position.ts';
import { tick, tickFleet } from '../../../../src/engine/tick.ts';
import type { World } from '../../../../src/engine/world.ts';
import type { BoundProtocol, StatedPositions } from '../../../../src/ports/protocol.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { Ledger } from '../../../support/simulatedLedger.ts';
import {
  freshVault,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../../support/simulatedWorld.ts';

const held: SpotPosition = { kind: 'spot', label: 'book 1', asset: 'base', amountRaw: 7n, locked: true };

describe('positions that somebody outside the chain states', () => {
  let ledger: Ledger;
  let world: World;
  let outside: (() => Promise<StatedPositions>) | null;

  const now = () => ledger.head.facts.timestampSeconds;
  const statement = (ageSeconds = 0): StatedPositions => ({
    source: 'book',
    observedAtSeconds: now() - ageSeconds,
    staleAfterSeconds: 60,
    positions: [held],
  });
  const book: BoundProtocol = {
    kind: 'book',
    key: 'book:1',
    observe: () => (outside === null ? new Promise(() => {}) : outside()),
  };
  const away = new BallastError('AWAY', 'nobody there', { retryable: true });
  const vaultNamed = (name: string) => {
    const vault = simulatedVault(name);
    return { ...vault, protocols: [...vault.protocols, book] };
  };
  const failing = (error: Error) => async () => {
    throw error;
  };

  beforeEach(() => {
    ledger = new Ledger({ north: freshVault, south: freshVault });
    outside = async () => statement();
    const chain = simulatedChain(ledger, {
      receiptLagBlocks: 0,
      balanceWei: 10n ** 20n,
      simulationFailure: null,
    });
    const relays = [simulatedRelay('dev', ledger, { passesOn: true, says: 'accepted' })];
    const quick = simulatedWorld({ chain, store: memoryStore(), relays });
    const sleep = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
    world = { ...quick, clock: { nowSeconds: now, sleep } };
  });

  it('count beside those of the chain, with who stated them and when', async () => {
    const { snapshot } = await tick(world, vaultNamed('north'));
    const { positions, ...facts } = statement();
    expect(snapshot?.chain.positions).toEqual(expect.arrayContaining([...positions]));
    expect(snapshot?.observed.statements).toEqual([facts]);
  });

  it('that are too old, or of a time to come, leave the vault undecided', async () => {
    for (const [age, words] of [
      [61, '61 s old'],
      [-61, '61 s ahead of the chain'],
    ] as const) {
      outside = async () => statement(age);
      const { decision, snapshot } = await tick(world, vaultNamed('north'));
      expect(snapshot).toBeNull();
      expect(decision).toMatchObject({ kind: 'halt', why: expect.stringContaining(words) });
    }
  });

  it('that make no sense leave it undecided, whatever was stated before', async () => {
    await tick(world, vaultNamed('north'));
    outside = failing(new BallastError('BOOK_INVALID', 'line 3, strike: not a number'));
    const { decision } = await tick(world, vaultNamed('north'));
    expect(decision).toMatchObject({ kind: 'halt', why: expect.stringContaining('line 3, strike') });
  });

  it.each([
    ['its smallest unit', 3_000_000_000],
    ['18 decimals', 3e21],
    ['base per quote', 1 / 3_000],
  ])('whose strike is in %s leave it undecided, naming it', async (_, strike) => {
    const option = {
      kind: 'option',
      label: 'book line 3',
      type: 'call',
      expirySeconds: 2 ** 31,
      size: -25,
      settlementPrice: null,
    } as const;
    outside = async () => ({ ...statement(), positions: [{ ...option, strike: 3_000 }] });
    expect((await tick(world, vaultNamed('north'))).snapshot).not.toBeNull();
    outside = async () => ({ ...statement(), positions: [held, { ...option, strike }] });
    const { decision, snapshot } = await tick(world, vaultNamed('north'));
    expect(snapshot).toBeNull();
    expect(decision).toMatchObject({
      kind: 'halt',
      why: expect.stringContaining(`book: book line 3, strike: ${strike}`),
    });
  });

  it('are those that were stated last where nobody answers, while they are young enough', async () => {
    const first = statement();
    await tick(world, vaultNamed('north'));
    for (const silence of [failing(away), null]) {
      outside = silence;
      const { snapshot } = await tick(world, vaultNamed('north'));
      expect(snapshot?.chain.positions).toEqual(expect.arrayContaining([held]));
      expect(snapshot?.observed.statements).toMatchObject([{ observedAtSeconds: first.observedAtSeconds }]);
    }
    for (let block = 0; block < 6; block += 1) ledger.mine();
    expect((await tick(world, vaultNamed('north'))).decision).toMatchObject({
      kind: 'halt',
      why: expect.stringContaining('did not answer within 3000 ms'),
    });
  });

  it('halt their own vault alone', async () => {
    outside = failing(away);
    const results = await tickFleet(world, [vaultNamed('north'), simulatedVault('south')]);
    expect(results.map(({ snapshot }) => snapshot === null)).toEqual([true, false]);
  });
});
