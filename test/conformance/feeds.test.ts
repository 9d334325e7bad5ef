import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as feeds from '../../src/adapters/feeds/index.ts';
import type { Feed, PriceFeed, VolatilityFeed } from '../../src/ports/feed.ts';
import { useDevnet } from '../support/devnet.ts';
import { contextOf, readOne, vaultOn } from '../support/vaultOnDevnet.ts';

const lab = useDevnet({}, vaultOn);
const all: readonly (readonly [string, Feed])[] = Object.entries(feeds as Readonly<Record<string, Feed>>);
const priceFeeds = all.flatMap(([kind, feed]): [string, PriceFeed][] =>
  feed.gives === 'price' ? [[kind, feed]] : [],
);
const volatilityFeeds = all.flatMap(([kind, feed]): [string, VolatilityFeed][] =>
  feed.gives === 'volatility' ? [[kind, feed]] : [],
);

async function read<T>(feed: {
  sample: unknown;
  read: (config: unknown, context: ReturnType<typeof contextOf>) => T;
}) {
  const { devnet, prepared } = lab();
  const at = await prepared.chain.head();
  return { at, reading: feed.read(feed.sample, contextOf(devnet, prepared.safe.address, at)) };
}

describe.each(all)('feed %s', (_, feed) => {
  it('takes its own sample as config, refuses unknown keys, and has a schema for editors', () => {
    expect(feed.config.parse(feed.sample)).toEqual(feed.sample);
    expect(feed.config.safeParse({ ...(feed.sample as object), unknownKey: 1 }).success).toBe(false);
    expect(z.toJSONSchema(feed.config, { io: 'input' })).toMatchObject({ type: 'object' });
  });
});

describe.each(priceFeeds)('price feed %s', (_, feed) => {
  const priceNow = async () => {
    const { at, reading } = await read(feed);
    return { at, ...(await readOne(lab().prepared.chain, reading, at)) };
  };

  it('gives a price in one round: exact, without fault, in time', async () => {
    const { at, value, rounds } = await priceNow();
    expect(rounds).toBe(1);
    expect(value.fault).toBeNull();
    expect(value.updatedAtSeconds).toBeLessThanOrEqual(at.timestampSeconds);
    expect(at.timestampSeconds - value.updatedAtSeconds).toBeLessThanOrEqual(value.staleAfterSeconds);
    expect(value.source).not.toBe('');
    // A million whole tokens (18 decimals) in quote (6 decimals).
    const quoteRaw = (10n ** 24n * value.numerator) / value.denominator;
    expect(Number(quoteRaw) / 1e12 / value.price).toBeCloseTo(1, 9);
    expect(value.price).toBeCloseTo(3_000, 6);
  });

  it('follows the market', async () => {
    for (const price of [2_700, 2_700]) await lab().devnet.mineBlock({ price });
    expect((await priceNow()).value.price).toBeCloseTo(2_700, 6);
  });

  it('grows old by the block’s time', async () => {
    const { at, value } = await priceNow();
    await lab().devnet.transact(lab().devnet.accounts.user, []);
    const later = await priceNow();
    expect(later.at.timestampSeconds).toBeGreaterThan(at.timestampSeconds);
    expect(later.value.updatedAtSeconds).toBe(value.updatedAtSeconds);
  });
});

describe.each(volatilityFeeds)('volatility feed %s', (_, feed) => {
  it('gives a volatility with source and time', async () => {
    const { at, reading } = await read(feed);
    const { value } = await readOne(lab().prepared.chain, reading, at);
    expect(value.volatility).toBeGreaterThan(0);
    expect(value.source).not.toBe('');
    expect(value.observedAtSeconds).toBeLessThanOrEqual(at.timestampSeconds);
  });
});
