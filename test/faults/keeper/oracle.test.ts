import { describe, expect, it } from 'vitest';
import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import { callOf, devnetAggregators } from '../../../src/devnet/index.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();

const dollars = (price: number) => BigInt(Math.round(price * 1e8));

/** The feed answers this, as of so many seconds after the block that carries it; `null` = a round that did not finish. */
async function answers({ devnet }: KeeperOnDevnet, answer: bigint, updatedIn: number | null = 0) {
  const now = (await devnet.node.head()).timestampSeconds + 12;
  const updatedAt = updatedIn === null ? 0 : now + updatedIn;
  await devnet.transact(devnet.accounts.reporter, [
    callOf(devnetAggregators.ethUsd, devnetAggregatorAbi, 'transmitAt', [answer, now, updatedAt]),
  ]);
}

describe('the oracle', () => {
  it('stale: halts, waits for it to update, then hedges once', async () => {
    const keeper = get();
    const { devnet } = keeper;
    const { timestampSeconds } = await devnet.node.head();
    await devnet.mineBlock({ timestampSeconds: timestampSeconds + 3_960, feed: false });
    await keeper.expectNothingSent('halt', 'oracleStale', /\d+ s old, its heartbeat is 3900 s: wait for it/);
    await answers(keeper, dollars(3_000));
    await keeper.expectHedgesOnce();
  });

  it.each([
    ['zero', 0n, 0, /answers 0, which is no price/],
    ['negative', -1n, 0, /answers -1, which is no price/],
    ['an unfinished round', dollars(3_000), null, /has not finished round \d+/],
    ['from the future', dollars(3_000), 600, /was updated 600 s after this block/],
  ] as const)('%s: halts and says which feed is wrong', async (_, answer, updatedIn, why) => {
    const keeper = get();
    await answers(keeper, answer, updatedIn);
    const { decision } = await keeper.expectNothingSent('halt', 'oracleInvalid', why);
    expect(decision.why.toLowerCase()).toContain(keeper.devnet.addresses.ethUsdFeed.toLowerCase());
    await answers(keeper, dollars(3_000));
    await keeper.expectHedgesOnce();
  });

  it.each([
    ['above', 3_150],
    ['below', 2_850],
  ])('far %s the pools: halts rather than believe either', async (_, price) => {
    const keeper = get();
    await answers(keeper, dollars(price));
    await keeper.expectNothingSent(
      'halt',
      'oracleDiverges',
      /a pool or feed is \d+ bps from the oracle, at most 200/,
    );
    await answers(keeper, dollars(3_000));
    await keeper.expectHedgesOnce();
  });

  it('gone bad between decision and inclusion: the module refuses, and the keeper decides again', async () => {
    const keeper = get();
    expect((await keeper.tick()).decision.kind).toBe('hedge');
    const before = await keeper.traces();
    await keeper.devnet.transact(keeper.devnet.accounts.reporter, [
      callOf(devnetAggregators.ethUsd, devnetAggregatorAbi, 'transmit', [0n]),
    ]);
    expect((await keeper.traces()).sequence).toBe(before.sequence);
    expect((await keeper.tick()).decision).toMatchObject({ kind: 'halt', code: 'oracleInvalid' });
    await answers(keeper, dollars(3_000));
    await keeper.expectHedgesOnce();
  });
});
