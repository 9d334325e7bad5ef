import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tickFleet } from '../../../src/engine/tick.ts';
import type { LadderRung } from '../../../src/engine/world.ts';
import type { PricedTransaction } from '../../../src/ports/signer.ts';
import { fuse, interruption } from '../../support/fuse.ts';
import { SimulatedFleet } from '../../support/simulatedFleet.ts';
import type { RelayMood } from '../../support/simulatedWorld.ts';

const ether = 10n ** 18n;

type Step =
  | { readonly kind: 'tick' }
  | { readonly kind: 'crash'; readonly atCall: number; readonly when: 'before' | 'after' }
  | { readonly kind: 'tickWhileMining'; readonly atCall: number }
  | {
      readonly kind: 'mine';
      readonly take: number;
      readonly reverts: boolean;
      readonly north: number;
      readonly south: number;
    }
  | { readonly kind: 'reorg'; readonly depth: number }
  | { readonly kind: 'relay'; readonly relays: readonly number[]; readonly mood: RelayMood }
  | { readonly kind: 'receiptLag'; readonly blocks: number };

const mood = fc.constantFrom<RelayMood>(
  { passesOn: true, says: 'accepted' },
  { passesOn: false, says: 'accepted' },
  { passesOn: true, says: 'unknown' },
  { passesOn: false, says: 'unknown' },
  { passesOn: false, says: 'refused' },
  { passesOn: true, says: 'refused' },
);

const atCall = fc.integer({ min: 1, max: 60 });
const drift = fc.integer({ min: -15, max: 15 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ kind: fc.constant('tick' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      atCall,
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tickWhileMining' as const), atCall }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('mine' as const),
      take: fc.integer({ min: 0, max: 3 }),
      reverts: fc.boolean(),
      north: drift,
      south: drift,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('reorg' as const), depth: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('relay' as const),
      relays: fc.constantFrom<readonly number[]>([0], [1], [0, 1]),
      mood,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('receiptLag' as const),
      blocks: fc.integer({ min: 0, max: 3 }),
    }),
  },
);

/** What the seeds have to reach: a property that never saw a reorg says nothing about reorgs. */
const mustHappen = [
  'decided > abandoned',
  'signed > filled',
  'signed > expired deadline',
  'signed > expired sequenceUsed',
  'signed > expired nonceUsed',
  'filled > reorged',
  'reorged > filled',
  'reorged > expired deadline',
  'expired deadline > reorged',
  'expired deadline > reverted',
  'expired deadline > final',
  'expired sequenceUsed > filled',
  'reverted > final',
  'filled > final',
];

/** Ticks once more at the same head: a fleet that has just been looked after needs nothing. */
async function expectNothingMoreToDo(fleet: SimulatedFleet): Promise<void> {
  const again = await fleet.tick();
  for (const { settled, order } of again) {
    expect(settled).toEqual([]);
    expect(order).toBeNull();
  }
}

/** A vault owns 100 base and can hedge no more than that: exposure that runs away would end in `inventory`. */
function withinReach(fleet: SimulatedFleet, vault: string, wholeBase: number): bigint {
  const change = BigInt(wholeBase) * ether;
  const after = (fleet.ledger.head.state.vaults[vault]?.lockedRaw ?? 0n) + change;
  return after > 80n * ether || after < -80n * ether ? 0n : change;
}

async function play(fleet: SimulatedFleet, one: Step): Promise<void> {
  switch (one.kind) {
    case 'tick':
      await fleet.tick();
      return expectNothingMoreToDo(fleet);
    case 'crash':
      await fleet.tick(fuse(one.atCall, one.when));
      return;
    case 'tickWhileMining':
      await fleet.tick(interruption(one.atCall, () => fleet.ledger.mine()));
      return;
    case 'mine': {
      const { take, reverts, north, south } = one;
      const drift = { north: withinReach(fleet, 'north', north), south: withinReach(fleet, 'south', south) };
      fleet.ledger.mine({
        take: (hash) => (Number.parseInt(hash.slice(-1), 16) & 3) <= take,
        reverts,
        drift,
      });
      return;
    }
    case 'reorg':
      fleet.reorg(one.depth);
      fleet.ledger.mine({ take: () => false });
      return;
    case 'relay':
      for (const index of one.relays) Object.assign(fleet.relays[index] as RelayMood, one.mood);
      return;
    case 'receiptLag':
      fleet.node.receiptLagBlocks = one.blocks;
  }
}

/** Three rungs of a block each: one relay, then both, then both at twice the tip. */
const ladder: readonly LadderRung[] = [
  { relays: ['relay-0'], blocks: 1, tipMultiplierBps: 10_000, publicMempool: false },
  { relays: null, blocks: 1, tipMultiplierBps: 15_000, publicMempool: false },
  { relays: null, blocks: 1, tipMultiplierBps: 20_000, publicMempool: false },
];

/** What only a ladder or a lane that is looked after reaches. */
const mustHappenOnLadder = [
  ...mustHappen,
  'signed > signed',
  'replaced > filled',
  'replaced > expired nonceUsed',
];

describe.each([
  ['with one rung', {}, mustHappen],
  ['with a ladder', { ladder, stuckAfterBlocks: 1 }, mustHappenOnLadder],
] as const)('a keeper that dies anywhere, on a chain that does anything, %s', (_, submission, must) => {
  it('never has two orders of a vault out, loses nothing, books everything, and ends neutral', async () => {
    const happened = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50, size: 'max' }), async (steps) => {
        const fleet = new SimulatedFleet(submission);
        for (const one of steps) await play(fleet, one);
        await fleet.heal();
        await fleet.expectEverythingBooked();
        for (const what of await fleet.happened()) happened.set(what, (happened.get(what) ?? 0) + 1);
      }),
      // What must happen below does happen on these histories.
      { numRuns: Number(process.env.BALLAST_RUNS ?? 60), seed: 1 },
    );
    expect([...happened.keys()]).toEqual(expect.arrayContaining([...must]));
  }, 600_000);

  it('recovers from a death at every single call of a tick that hedges both vaults', async () => {
    const calls = await callsOfOneTick();
    expect(calls).toBeGreaterThan(30);
    for (let atCall = 1; atCall <= calls; atCall += 1) {
      for (const when of ['before', 'after'] as const) {
        const fleet = new SimulatedFleet(submission);
        fleet.ledger.mine({ drift: { north: 20n * ether, south: -20n * ether } });
        await fleet.tick(fuse(atCall, when));
        fleet.ledger.mine();
        await fleet.tick();
        await expectNothingMoreToDo(fleet);
        await fleet.heal();
        await fleet.expectEverythingBooked();
        const { north, south } = fleet.ledger.head.state.vaults;
        expect([north?.nextSequence, south?.nextSequence], `${when} call ${atCall}`).toEqual([2n, 2n]);
      }
    }
  });
});

describe('a kill switch at any await', () => {
  it('is followed by no signature, in a tick that places orders and in one that climbs', async () => {
    for (const climbs of [false, true]) {
      for (let atCall = 1; ; atCall += 1) {
        const fleet = new SimulatedFleet({ ladder });
        fleet.ledger.mine({ drift: { north: 20n * ether, south: -20n * ether } });
        if (climbs) {
          for (const relay of fleet.relays) relay.passesOn = false;
          await fleet.tick();
          fleet.ledger.mine();
        }
        const stopping = new AbortController();
        const through = interruption(atCall, () => stopping.abort());
        const world = fleet.world(through);
        const late: number[] = [];
        const signers = world.signers.map((signer) => ({
          ...signer,
          address: signer.address,
          signTransaction: (transaction: PricedTransaction) => {
            if (stopping.signal.aborted) late.push(through.calls);
            return signer.signTransaction(transaction);
          },
        }));
        await tickFleet({ ...world, signers, stop: stopping.signal }, fleet.vaults);
        expect(late, `stopped at call ${atCall}`).toEqual([]);
        if (!stopping.signal.aborted) {
          expect(atCall).toBeGreaterThan(30);
          break;
        }
      }
    }
  });
});

async function callsOfOneTick(): Promise<number> {
  const fleet = new SimulatedFleet();
  fleet.ledger.mine({ drift: { north: 20n * ether, south: -20n * ether } });
  const counter = fuse(0);
  const results = await fleet.tick(counter);
  expect(results.map(({ decision }) => decision.kind)).toEqual(['hedge', 'hedge']);
  return counter.calls;
}
