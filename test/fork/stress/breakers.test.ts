import { describe, expect, it } from 'vitest';
import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import type { BreakerName } from '../../../src/core/risk/breakers/breaker.ts';
import type { Address, Hex } from '../../../src/core/units.ts';
import { callOf, type Devnet, devnetAggregators, devnetPools, mainnet } from '../../../src/devnet/index.ts';
import type { TickResult } from '../../../src/engine/tick.ts';
import { useKeeper } from '../../support/keeperOnDevnet.ts';

const direct = async (url: string) => ({ url, stop: async () => {} });

/** Tight enough that a test moves the real thing a little; a wide band, so that only breakers stand in the way. */
const breakers = [
  'oracleAgainstPoolsBps: 100',
  'secondFeedBps: 100',
  'quotePegBps: 40',
  'priceJumpBps: 300',
  'volatilityGap: 3',
  'depthFall: 0.5',
  'ownImpact: 0.05',
  'warmUpSeconds: 24',
].join(', ');
const peg = `    quotePeg: { kind: chainlink, base: [{ feed: "${mainnet.usdcUsdFeed}", heartbeatSeconds: 86700 }] }\n`;
/** An uptime feed: an aggregator of its own, which nobody but the test reports to; 0 = up. */
const uptimeFeed: Address = '0x5e90000000000000000000000000000000000001';
const sequencer = `    sequencer: { feed: "${uptimeFeed}", graceSeconds: 60 }\n`;

async function placeUptimeFeed({ node, accounts, transact }: Devnet): Promise<void> {
  const code = await node.request<Hex>('eth_getCode', [devnetAggregators.usdtUsd, 'latest']);
  await node.request('anvil_setCode', [uptimeFeed, code]);
  await transact(accounts.reporter, [callOf(uptimeFeed, devnetAggregatorAbi, 'transmit', [0n])]);
}

function careful(text: string): string {
  return text
    .replace('halfWidth: { base: 4 }', 'halfWidth: { base: 200 }')
    .replace('maxDivergenceBps: 200 }', `maxDivergenceBps: 2000, breakers: { ${breakers} } }`)
    .replace('    policy:', `${peg}${sequencer}    policy:`);
}

describe('breakers, by the things that they watch', () => {
  const given = useKeeper(direct, careful);
  const trippedIn = ({ decision }: TickResult): readonly BreakerName[] =>
    (decision.precautions?.tripped ?? []).map(({ name }) => name);
  const transmit = async (aggregator: Address, answer: bigint) => {
    const { devnet } = given();
    await devnet.transact(devnet.accounts.reporter, [
      callOf(aggregator, devnetAggregatorAbi, 'transmit', [answer]),
    ]);
  };
  /** A market that has stood still for some blocks, its sequencer long up. */
  const calm = async () => {
    const { devnet } = given();
    await placeUptimeFeed(devnet);
    let last = await given().tick();
    for (let block = 0; block < 6; block += 1) {
      await devnet.mineBlock();
      last = await given().tick();
    }
    expect(trippedIn(last)).toEqual([]);
    expect(last.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
  };
  const next = async (move: { price?: number; feed?: boolean; arbitrage?: boolean } = {}) => {
    await given().devnet.mineBlock(move);
    return given().tick();
  };

  it('oracleAgainstPools: pools move and the feed does not; it clears when the feed follows', async () => {
    await calm();
    const apart = await next({ price: 3_060, feed: false });
    // Pools above the oracle take less within its bound as well.
    expect(trippedIn(apart)).toContain('oracleAgainstPools');
    expect(apart.decision).toMatchObject({ kind: 'halt', code: 'breaker' });
    await next();
    expect(trippedIn(await next())).not.toContain('oracleAgainstPools');
  });

  it('priceJump: the price moves within a block; the next one clears it', async () => {
    await calm();
    // The feed is a block late: it is made to answer in the very block.
    await given().devnet.mineBlock({ price: 3_150 });
    await transmit(devnetAggregators.ethUsd, 3_150n * 10n ** 8n);
    const jumped = await given().tick();
    expect(trippedIn(jumped)).toContain('priceJump');
    expect(jumped.decision.code).toBe('breaker');
    await next();
    expect(trippedIn(await next())).not.toContain('priceJump');
  });

  it('volatilityGap: realised beyond forecast; it clears as the moves get old', async () => {
    await calm();
    let last = await next();
    for (const price of [3_025, 3_000, 3_025, 3_000, 3_025, 3_000]) {
      await given().devnet.mineBlock({ price });
      await transmit(devnetAggregators.ethUsd, BigInt(price) * 10n ** 8n);
      last = await given().tick();
    }
    expect(trippedIn(last)).toContain('volatilityGap');
    // What needs no loan goes on.
    expect(last.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    const { timestampSeconds } = await given().devnet.node.head();
    await given().devnet.mineBlock({ timestampSeconds: timestampSeconds + 3 * 3_600 });
    expect(trippedIn(await given().tick())).toEqual([]);
  });

  it('quotePeg: the dollar token is worth less than a dollar; it clears when it is again', async () => {
    await calm();
    await transmit(devnetAggregators.usdcUsd, 99_400_000n);
    expect(trippedIn(await given().tick())).toEqual(['quotePeg']);
    await transmit(devnetAggregators.usdcUsd, 100_000_000n);
    expect(trippedIn(await given().tick())).toEqual([]);
  });

  it('sequencer: down halts, up halts until its grace time is over', async () => {
    await calm();
    await transmit(uptimeFeed, 1n);
    const down = await given().tick();
    expect(trippedIn(down)).toEqual(['sequencer']);
    expect(down.decision).toMatchObject({ kind: 'halt', code: 'breaker' });
    await transmit(uptimeFeed, 0n);
    expect(trippedIn(await given().tick())).toEqual(['sequencer']);
    const { timestampSeconds } = await given().devnet.node.head();
    await given().devnet.mineBlock({ timestampSeconds: timestampSeconds + 60 });
    expect(trippedIn(await given().tick())).toEqual([]);
  });

  it('depthFall: liquidity leaves the pools', async () => {
    await calm();
    const { devnet } = given();
    await devnet.withdrawLiquidity(devnetPools.usdcWeth500, 0.9);
    await devnet.withdrawLiquidity(devnetPools.usdcWeth3000, 0.9);
    expect(trippedIn(await given().tick())).toEqual(['depthFall']);
  });
});

describe('a breaker over the vault’s own hedges', () => {
  const given = useKeeper(direct, (text) =>
    careful(text).replace('halfWidth: { base: 200 }', 'halfWidth: { base: 4 }'),
  );

  it('ownImpact: makes the next hedge wait until the market has had time, and then lets it through', async () => {
    const keeper = given();
    const { devnet } = keeper;
    await placeUptimeFeed(devnet);
    const { timestampSeconds } = await devnet.node.head();
    await devnet.mineBlock({ timestampSeconds: timestampSeconds + 60 });
    await devnet.withdrawLiquidity(devnetPools.usdcWeth500, 0.9);
    await devnet.withdrawLiquidity(devnetPools.usdcWeth3000, 0.9);
    await keeper.tick();
    await keeper.settle();
    // Arbitrage brings the pools back after the hedge.
    await devnet.mineBlock();
    const { weth } = devnet.tokens;
    await devnet.fund(keeper.safe.address, [{ token: weth, amount: 10 }]);
    const waits = await keeper.tick();
    expect(waits.decision).toMatchObject({ kind: 'hold', code: 'breaker' });
    expect(waits.decision.precautions?.tripped.map(({ name }) => name)).toEqual(['ownImpact']);
    const later = (await devnet.node.head()).timestampSeconds + 4 * 3_600;
    await devnet.mineBlock({ timestampSeconds: later });
    await devnet.mineBlock();
    await keeper.tick();
    expect((await keeper.settle()).decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    expect(await keeper.events()).toHaveLength(2);
  });
});
