import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterInclusion,
  byHealth,
  HEALTH_HALF_LIFE_SECONDS,
  healthScore,
  type InclusionSeen,
  inclusionsOf,
  type RelayHealth,
  relayHealths,
  unseenHealth,
} from '../../../../src/engine/relay/relayHealth.ts';
import type { Relay, RelayAnswer } from '../../../../src/ports/relay.ts';
import type { OrderEvent, OrderHistory } from '../../../../src/ports/store.ts';

const NOW = 1_800_000_000;
const seen = fc.record({
  wasIncluded: fc.boolean(),
  atSeconds: fc.integer({ min: NOW - 40 * 86_400, max: NOW }),
});
const fold = (all: readonly Pick<InclusionSeen, 'wasIncluded' | 'atSeconds'>[]) =>
  all.reduce<RelayHealth>(afterInclusion, unseenHealth);

describe('the health of a relay', () => {
  it('is even where nothing was seen', () => {
    expect(healthScore(unseenHealth, NOW)).toBe(0.5);
  });

  it('does not depend on the order in which orders are told', () => {
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 30 }), fc.nat(), (orders, turn) => {
        const at = orders.length === 0 ? 0 : turn % orders.length;
        const turned = [...orders.slice(at), ...orders.slice(0, at)].reverse();
        expect(healthScore(fold(turned), NOW)).toBeCloseTo(healthScore(fold(orders), NOW), 9);
      }),
    );
  });

  it('is a chance: between none and certain, higher with every inclusion and lower with every miss', () => {
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 30 }), (orders) => {
        const health = fold(orders);
        const score = healthScore(health, NOW);
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThan(1);
        const more = (wasIncluded: boolean) =>
          healthScore(afterInclusion(health, { wasIncluded, atSeconds: NOW }), NOW);
        expect(more(true)).toBeGreaterThan(score);
        expect(more(false)).toBeLessThan(score);
      }),
    );
  });

  it('counts half after a half-life, and nothing in the end', () => {
    const ten = fold(Array.from({ length: 10 }, () => ({ wasIncluded: false, atSeconds: NOW })));
    expect(healthScore(ten, NOW)).toBeCloseTo(1 / 12, 12);
    expect(healthScore(ten, NOW + HEALTH_HALF_LIFE_SECONDS)).toBeCloseTo(1 / 7, 12);
    expect(healthScore(ten, NOW + 100 * HEALTH_HALF_LIFE_SECONDS)).toBeCloseTo(0.5, 9);
  });
});

const hash = (digit: string) => `0x${digit.repeat(64)}` as const;
const signed = (digit: string, firstBlock = 10n, lastBlock = 14n): OrderEvent => ({
  kind: 'signed',
  attempt: {
    transactionHash: hash(digit),
    rawTransaction: '0x02',
    nonce: 0,
    maxFeePerGasWei: 1n,
    maxPriorityFeePerGasWei: 1n,
    firstBlock,
    lastBlock,
  },
});
const said = (digit: string, relay: string, status: RelayAnswer['status']): OrderEvent => ({
  kind: 'answered',
  transactionHash: hash(digit),
  relay,
  answer: { status, detail: '' },
});
const filled = (digit: string, blockNumber: bigint): OrderEvent => ({
  kind: 'filled',
  fill: {
    transactionHash: hash(digit),
    blockNumber,
    blockHash: hash('b'),
    side: 'sell',
    baseRaw: 1n,
    quoteRaw: 1n,
    gasUsed: 1n,
    gasPaidWei: 1n,
  },
});
const expired = (why: 'deadline' | 'nonceUsed' | 'sequenceUsed'): OrderEvent => ({
  kind: 'expired',
  why,
  atBlock: 20n,
  atBlockHash: hash('c'),
});
const history = (...events: readonly OrderEvent[]): OrderHistory => ({
  record: {} as OrderHistory['record'],
  events: events.map((event, index) => ({ event, recordedAtSeconds: NOW + index })),
});
const told = (...events: readonly OrderEvent[]) =>
  inclusionsOf(history(...events)).map(({ relay, wasIncluded }) => `${relay} ${wasIncluded}`);

describe('what an order says of the relays that accepted it', () => {
  const accepted = [signed('1'), said('1', 'a', 'accepted'), said('1', 'b', 'refused')] as const;

  it('included within the window speaks for who accepted it, and for nobody else', () => {
    expect(told(...accepted, filled('1', 14n))).toEqual(['a true']);
  });

  it('a block behind the window speaks against', () => {
    expect(told(...accepted, filled('1', 15n))).toEqual(['a false']);
  });

  it('a deadline that passed speaks against', () => {
    expect(told(...accepted, expired('deadline'))).toEqual(['a false']);
  });

  it('another transaction of the same nonce or sequence says nothing', () => {
    expect(told(...accepted, expired('nonceUsed'))).toEqual([]);
    expect(told(...accepted, expired('sequenceUsed'))).toEqual([]);
  });

  it('one that is open says nothing, nor one that a reorg took back', () => {
    expect(told(...accepted)).toEqual([]);
    expect(told(...accepted, filled('1', 12n), { kind: 'reorged', blockHash: hash('b') })).toEqual([]);
  });

  it('of several attempts, the one in the block counts', () => {
    const climbed = [...accepted, signed('2', 12n, 14n), said('2', 'b', 'accepted')];
    expect(told(...climbed, filled('2', 13n))).toEqual(['b true']);
    expect(told(...climbed, filled('1', 13n))).toEqual(['a true']);
  });

  it('a journal read again gives the same healths, so that a restart keeps them', () => {
    const orders = [
      history(...accepted, filled('1', 12n)),
      history(...accepted, expired('deadline')),
      history(signed('1'), said('1', 'b', 'accepted'), filled('1', 11n)),
    ];
    const healths = relayHealths(orders);
    expect(relayHealths(orders)).toEqual(healths);
    expect([...healths.keys()].sort()).toEqual(['a', 'b']);
    const relays = ['a', 'c', 'b'].map((name) => ({ name }) as Relay);
    expect(byHealth(relays, healths, NOW + 10).map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });
});
