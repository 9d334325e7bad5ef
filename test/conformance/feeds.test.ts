import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as feeds from '../../src/adapters/feeds/index.ts';
import { isUsableVolatility } from '../../src/core/risk/volatilitySource.ts';
import type { BlockFacts, VolatilityReading } from '../../src/core/snapshot.ts';
import type { Devnet } from '../../src/devnet/index.ts';
import type {
  ChainVolatilityFeed,
  Feed,
  ObservedVolatilityFeed,
  PriceFeed,
  VolatilityFeed,
} from '../../src/ports/feed.ts';
import { useDevnet } from '../support/devnet.ts';
import { gbmPath, growHistory } from '../support/priceHistory.ts';
import { contextOf, readOne, type VaultOnDevnet, vaultOn } from '../support/vaultOnDevnet.ts';

const lab = useDevnet({}, vaultWithHistory);
const all: readonly (readonly [string, Feed])[] = Object.entries(feeds as Readonly<Record<string, Feed>>);
const priceFeeds = all.flatMap(([kind, feed]): [string, PriceFeed][] =>
  feed.gives === 'price' ? [[kind, feed]] : [],
);
const volatilityFeeds = all.flatMap(([kind, feed]): [string, VolatilityFeed][] =>
  feed.gives === 'volatility' ? [[kind, feed]] : [],
);
const chainVolatilityFeeds = volatilityFeeds.flatMap(([kind, feed]): [string, ChainVolatilityFeed][] =>
  'read' in feed ? [[kind, feed]] : [],
);
const observedVolatilityFeeds = volatilityFeeds.flatMap(([kind, feed]): [string, ObservedVolatilityFeed][] =>
  'observe' in feed ? [[kind, feed]] : [],
);

/** A vault on a devnet whose pools remember, and whose market has moved for five hours. */
async function vaultWithHistory(devnet: Devnet): Promise<VaultOnDevnet> {
  const prepared = await vaultOn(devnet);
  await growHistory(devnet, devnet.addresses.usdcWeth500, 200);
  for (const price of gbmPath({ seed: 1, start: 3_000, volatility: 2, seconds: 300, steps: 60 }))
    await devnet.mineBlock({ price, timestampSeconds: (await devnet.node.head()).timestampSeconds + 300 });
  for (const price of [3_000, 3_000]) await devnet.mineBlock({ price });
  return prepared;
}

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

/** A number, or a reason why there is none: never both, and never neither. */
function expectReading(value: VolatilityReading, at: BlockFacts) {
  expect(value.source).not.toBe('');
  const isFaulty = value.fault !== undefined && value.fault !== null;
  expect(isUsableVolatility(value, at)).toBe(!isFaulty);
  if (isFaulty) expect(value.fault).toMatch(/\w+ \w+/);
}

describe.each(chainVolatilityFeeds)('volatility feed %s', (_, feed) => {
  const volatilityNow = async (memory?: unknown) => {
    const { devnet, prepared } = lab();
    const at = await prepared.chain.head();
    const read = feed.read(feed.sample, contextOf(devnet, prepared.safe.address, at, memory));
    return { at, ...(await readOne(prepared.chain, read, at)) };
  };

  it('gives a volatility with source and time, in the block’s past', async () => {
    const { at, value } = await volatilityNow();
    expect(value.value.fault ?? null).toBeNull();
    expectReading(value.value, at);
    expect(value.value.observedAtSeconds).toBeLessThanOrEqual(at.timestampSeconds);
    if (value.value.stdError !== undefined) {
      expect(value.value.stdError).toBeGreaterThan(0);
      expect(value.value.stdError).toBeLessThan(value.value.volatility);
    }
  });

  it('gives the same with what it remembers, in at most one round, and what it remembers is plain JSON', async () => {
    const { value } = await volatilityNow();
    const memory = value.memory === undefined ? undefined : JSON.parse(JSON.stringify(value.memory));
    const again = await volatilityNow(memory);
    expect(again.value).toEqual(value);
    expect(again.rounds).toBeLessThanOrEqual(1);
  });

  it('takes no harm from a memory of something else', async () => {
    const { value } = await volatilityNow();
    for (const memory of [null, 7, 'text', [], { rounds: 'none' }])
      expect((await volatilityNow(memory)).value).toEqual(value);
  });
});

describe.each(observedVolatilityFeeds)('observed volatility feed %s', (_, feed) => {
  const answers: readonly (readonly [string, () => Promise<Response>])[] = [
    ['nobody answers', () => Promise.reject(new TypeError('fetch failed'))],
    ['the server is at fault', async () => new Response('busy', { status: 503 })],
    ['the answer is empty', async () => new Response('')],
    ['the answer is another page', async () => new Response('<html></html>')],
    ['the answer is other JSON', async () => Response.json({ result: [1, 2, 3] })],
  ];

  it.each(answers)('gives a reason and no number when %s', async (_words, fetch) => {
    const at = await lab().prepared.chain.head();
    const { signal } = new AbortController();
    const value = await feed.observe(feed.sample, { fetch, nowSeconds: at.timestampSeconds, signal });
    expect(value.fault).toMatch(/\w+ \w+/);
    expectReading(value, at);
  });

  it('gives up when nobody waits any more', async () => {
    const stop = new AbortController();
    const fetch: typeof globalThis.fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const asked = feed.observe(feed.sample, { fetch, nowSeconds: 0, signal: stop.signal });
    stop.abort();
    expect((await asked).fault).toMatch(/\w+ \w+/);
  });
});
