import { describe, expect, it } from 'vitest';
import { devnetFeedProxyAbi } from '../../../abis/devnetFeedProxy.ts';
import { openChain } from '../../../src/adapters/chain/openChain.ts';
import { chainlinkVolatility, uniswapVolatility } from '../../../src/adapters/feeds/index.ts';
import type { VolatilityReading } from '../../../src/core/snapshot.ts';
import { type Devnet, devnetAggregators } from '../../../src/devnet/index.ts';
import { callOf } from '../../../src/devnet/node/transactions.ts';
import type { Memory } from '../../../src/ports/protocol.ts';
import { useDevnet } from '../../support/devnet.ts';
import { gbmPath, growHistory } from '../../support/priceHistory.ts';
import { contextOf, readOne } from '../../support/vaultOnDevnet.ts';

const truth = 1.5;
const seconds = 60;
const steps = 300;

/** A market that has followed a diffusion of known volatility for five hours, a block a minute. */
async function afterDiffusion(devnet: Devnet) {
  await growHistory(devnet, devnet.addresses.usdcWeth500, 600);
  const path = gbmPath({ seed: 11, start: 3_000, volatility: truth, seconds, steps });
  let { timestampSeconds } = await devnet.node.head();
  for (const price of path) {
    timestampSeconds += seconds;
    await devnet.mineBlock({ price, timestampSeconds });
  }
  return openChain({ url: devnet.url, chainId: devnet.chainId });
}

const lab = useDevnet({}, afterDiffusion);

async function readAt(
  feed: typeof uniswapVolatility | typeof chainlinkVolatility,
  change: Record<string, unknown> = {},
  memory?: Memory,
) {
  const { devnet, prepared: chain } = lab();
  const at = await chain.head();
  const context = contextOf(devnet, devnet.accounts.user.address, at, memory);
  const config = { ...feed.sample, ...change } as never;
  const { value, rounds } = await readOne(chain, feed.read(config, context), at);
  return { at, reading: value.value, memory: value.memory, rounds };
}

/** Within two of its own standard errors of the truth, and not by saying nothing. */
function expectTruth({ volatility, stdError, fault }: VolatilityReading, worstError: number) {
  expect(fault).toBeNull();
  expect(Math.abs(volatility - truth)).toBeLessThan(2 * (stdError ?? 0));
  expect(stdError).toBeLessThan(worstError * truth);
}

describe('after a diffusion of known volatility', () => {
  it.each([
    ['realized', { kind: 'realized' }],
    ['ewma', { kind: 'ewma', halfLifeSeconds: 10_800 }],
    ['garch', { kind: 'garch', model: 'garch', horizonSeconds: 86_400 }],
  ])('the pool’s memory gives it, within its own error: %s', async (_, method) => {
    const { reading, rounds } = await readAt(uniswapVolatility, {
      windowSeconds: 17_400,
      intervalSeconds: 300,
      method,
    });
    expect(rounds).toBe(1);
    expectTruth(reading, 0.25);
  });

  it('the feed’s rounds give it, within its own error', async () => {
    const { reading } = await readAt(chainlinkVolatility, { rounds: 200, halfLifeSeconds: 43_200 });
    expectTruth(reading, 0.25);
  });

  it('the answer changes once an interval, not with every block', async () => {
    const { devnet } = lab();
    const before = await readAt(uniswapVolatility);
    const { timestampSeconds } = await devnet.node.head();
    const next = (Math.floor(timestampSeconds / 300) + 1) * 300;
    await devnet.mineBlock({ price: 3_100, timestampSeconds: next - 1 });
    expect((await readAt(uniswapVolatility)).reading).toEqual(before.reading);
    await devnet.mineBlock({ price: 3_100, timestampSeconds: next + 1 });
    expect((await readAt(uniswapVolatility)).reading.volatility).not.toBe(before.reading.volatility);
  });
});

describe('a pool that stands still', () => {
  it('grows stale by the block’s time', async () => {
    const { devnet } = lab();
    const { timestampSeconds } = await devnet.node.head();
    await devnet.mineBlock({ timestampSeconds: timestampSeconds + 5_000 });
    const still = await readAt(uniswapVolatility);
    expect(still.at.timestampSeconds - still.reading.observedAtSeconds).toBeGreaterThan(
      still.reading.staleAfterSeconds ?? Number.POSITIVE_INFINITY,
    );
  });

  it.each([1, 60, 150, 240, 299])(
    'the move after it is no return, when it comes %i s into an interval',
    async (secondsIn) => {
      const { devnet } = lab();
      const before = await readAt(uniswapVolatility);
      const { timestampSeconds } = await devnet.node.head();
      const interval = Math.ceil((timestampSeconds + 5_000) / 300) * 300;
      // Down by a third over the hole: were it a return, the volatility would be many hundred per cent.
      await devnet.mineBlock({ price: 2_000, timestampSeconds: interval + secondsIn });
      await devnet.mineBlock({ price: 2_001, timestampSeconds: interval + 900 });
      const after = await readAt(uniswapVolatility, { windowSeconds: 17_400 });
      expect(after.reading.fault).toBeNull();
      expect(after.reading.volatility).toBeLessThan(1.2 * before.reading.volatility);
    },
  );
});

describe('a window that the pool does not remember', () => {
  it('is a fault that says what to do', async () => {
    const { reading } = await readAt(uniswapVolatility, { windowSeconds: 86_400 });
    expect(reading).toMatchObject({ volatility: 0 });
    expect(reading.fault).toMatch(
      /remembers less than 86400 s \(it keeps 600 observations, at most one a block\)/,
    );
    expect(reading.fault).toContain('increaseObservationCardinalityNext');
  });

  it('so is a pool that keeps next to nothing', async () => {
    const { reading } = await readAt(uniswapVolatility, { pool: lab().devnet.addresses.usdcWeth3000 });
    expect(reading.fault).toMatch(/remembers less than 7200 s \(it keeps 32 observations/);
  });

  it('so is a pool of another pair', async () => {
    const { devnet, prepared: chain } = lab();
    const at = await chain.head();
    const context = contextOf(devnet, devnet.accounts.user.address, at);
    const vault = { ...context.vault, base: devnet.tokens.wbtc };
    const read = uniswapVolatility.read(uniswapVolatility.sample, { ...context, vault });
    const { value } = await readOne(chain, read, at);
    expect(value.value.fault).toBe('the pool does not trade WBTC');
  });
});

describe('a feed’s rounds', () => {
  it('take two rounds of calls at first, and one with what is remembered, also after new answers', async () => {
    const { devnet } = lab();
    const first = await readAt(chainlinkVolatility);
    expect(first.rounds).toBe(2);
    for (const price of [4_000, 5_000, 6_000]) await devnet.mineBlock({ price });
    const then = await readAt(chainlinkVolatility, {}, JSON.parse(JSON.stringify(first.memory)));
    expect(then.rounds).toBe(1);
    expect(then.reading.volatility).toBeGreaterThan(first.reading.volatility);
    expect(then.reading).toEqual((await readAt(chainlinkVolatility)).reading);
  });

  it('are followed across a change of the aggregator behind the proxy', async () => {
    const { devnet } = lab();
    const before = await readAt(chainlinkVolatility);
    // The same aggregator as a second phase: its rounds are there twice, at the same times, and count once.
    await devnet.transact(devnet.accounts.user, [
      callOf(devnet.addresses.ethUsdFeed, devnetFeedProxyAbi, 'setAggregator', [devnetAggregators.ethUsd]),
    ]);
    const after = await readAt(chainlinkVolatility);
    expect(after.reading).toEqual(before.reading);
    expect((await readAt(chainlinkVolatility, {}, before.memory)).reading).toEqual(before.reading);
  });
});
