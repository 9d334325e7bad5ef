import { describe, expect, it } from 'vitest';
import { devnetPools } from '../../../src/devnet/index.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();
const { usdcWeth500, usdcWeth3000 } = devnetPools;

async function drain({ devnet }: KeeperOnDevnet, share: number) {
  await devnet.withdrawLiquidity(usdcWeth500, share);
  await devnet.withdrawLiquidity(usdcWeth3000, share);
}

/** Somebody else provides liquidity again. */
async function refill({ devnet }: KeeperOnDevnet) {
  const somebody = await devnet.createSafe({ mandate: null });
  const pool = usdcWeth500;
  await somebody.provideLiquidity({
    pool,
    lowerPrice: 2_000,
    upperPrice: 4_500,
    baseAmount: 10_000,
    quoteAmount: 30_000_000,
  });
}

describe('pools that were drained', () => {
  it('empty: holds with a warning, and hedges once there is liquidity again', async () => {
    const keeper = get();
    await drain(keeper, 1);
    const held = await keeper.expectNothingSent(
      'hold',
      'noLiquidity',
      /no allowed pool would buy within 150 bps/,
    );
    const texts = held.decision.warnings.map(({ text }) => text);
    expect(texts).toEqual([
      expect.stringMatching(/net delta stays at \+30/),
      ...[usdcWeth500, usdcWeth3000].map(({ address }) =>
        expect.stringContaining(`pool ${address} takes less than 100 USDC`),
      ),
    ]);
    await refill(keeper);
    await keeper.expectHedgesOnce();
  });

  it('nearly empty: hedges in part, says so, and the rest when it can', async () => {
    const keeper = get();
    await drain(keeper, 0.999);
    const { decision } = await keeper.tick();
    expect(decision).toMatchObject({ kind: 'hedge', code: 'noLiquidity' });
    expect(decision.why).toMatch(/only in part: pools take [\d.]+ WETH within 150 bps of the oracle/);
    const part = decision.kind === 'hedge' ? decision.plan.baseRaw : 0n;
    expect(part).toBeGreaterThan(0n);
    expect(part).toBeLessThan(30n * 10n ** 18n);
    await keeper.devnet.mineBlock({ arbitrage: false });
    const { settled } = await keeper.tick();
    expect(settled.map(({ event }) => event.kind)).toEqual(['filled']);
    await keeper.expectBooked();
  });

  it('drained between decision and inclusion: the order is refused by its price bound, and decided again', async () => {
    const keeper = get();
    expect((await keeper.tick()).decision.kind).toBe('hedge');
    await drain(keeper, 1);
    for (let block = 0; block < 4; block += 1) await keeper.devnet.mineBlock();
    await keeper.settle();
    expect(await keeper.events()).toEqual([]);
    await refill(keeper);
    await keeper.expectHedgesOnce();
  });
});
