import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aavePoolAbi } from '../../../abis/aavePool.ts';
import { toWhole } from '../../../src/core/units.ts';
import { mainnet, nextExpiry } from '../../../src/devnet/index.ts';
import { startDevRelay } from '../../../src/devnet/relay/index.ts';
import { BorrowerOnDevnet, lendingMandate } from '../../support/borrowerOnDevnet.ts';
import { useDevnet } from '../../support/devnet.ts';

const DAYS = 14;
const FLOOR = 1.5;

describe('a Safe that is short puts, owns no base and may borrow it', () => {
  const given = useDevnet({ lending: ['aaveV3'], price: 3_000 }, async (devnet) => {
    const { usdc } = devnet.tokens;
    const safe = await devnet.createSafe({
      holdings: [{ token: usdc, amount: 700_000 }],
      mandate: lendingMandate({ minHealthFactor: FLOOR, maxBaseDebt: 80 }),
    });
    const expirySeconds = nextExpiry((await devnet.node.head()).timestampSeconds, DAYS);
    await safe.writeOptions([{ type: 'put', strike: 3_000, expirySeconds, amount: 60 }]);
    await safe.supplyToAave([{ token: usdc, amount: 400_000 }]);
    return { safe, expirySeconds };
  });
  let keeper: BorrowerOnDevnet | undefined;
  beforeAll(async () => {
    const { devnet, prepared } = given();
    const folder = await mkdtemp(join(tmpdir(), 'ballast-lending-'));
    const relay = await startDevRelay({ rpcUrl: devnet.url });
    const removePool = devnet.addPrivatePool(relay.pool);
    keeper = new BorrowerOnDevnet(devnet, prepared.safe, relay, folder, devnet.url);
    keeper.atEnd(() => rm(folder, { recursive: true, force: true }));
    keeper.atEnd(() => relay.stop());
    keeper.atEnd(async () => removePool());
  });
  afterAll(() => keeper?.end());

  it('is brought to neutral by borrowing and selling in one transaction, follows a fall and a rise, and ends without debt', async () => {
    const { devnet, prepared } = given();
    const borrower = keeper!;
    const health = async () => {
      const data = await devnet.node.read(mainnet.aavePool, aavePoolAbi, 'getUserAccountData', [
        prepared.safe.address,
      ]);
      return toWhole(data[5], 18);
    };
    const debt = () => borrower.debtBase();

    const first = await borrower.tick();
    expect(first.decision).toMatchObject({ kind: 'hedge', plan: { side: 'sell' } });
    if (first.decision.kind !== 'hedge') throw new Error(first.decision.why);
    expect(first.decision.plan.lending?.before.map(({ kind }) => kind)).toEqual(['borrow']);
    expect(first.decision.instruments?.[0]).toMatchObject({ kind: 'borrow' });
    const { decision } = await borrower.settle();
    expect(decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    expect(await borrower.events()).toHaveLength(1);
    expect(await debt()).toBeGreaterThan(20);
    const [base] = await borrower.balances();
    expect(base).toBe(0n);

    let lowest = await health();
    let most = 0;
    const path = [...fall(3_000, 2_100, 9), ...fall(2_100, 3_600, 14)];
    for (const price of path) {
      await devnet.mineBlock({ price });
      await devnet.mineBlock();
      const settled = await borrower.settle();
      expect(settled.decision.kind).toBe('hold');
      expect(Math.abs(settled.decision.numbers.netDelta ?? Number.NaN)).toBeLessThan(4.1);
      lowest = Math.min(lowest, await health());
      most = Math.max(most, await debt());
    }
    expect(lowest).toBeGreaterThan(FLOOR);
    expect(most).toBeGreaterThan(50);

    await devnet.mineBlock({ timestampSeconds: prepared.expirySeconds + 60, price: 3_600 });
    await devnet.mineBlock();
    await borrower.settle();
    // What is left is the interest of the blocks between decision and inclusion.
    expect(await debt()).toBeLessThan(1e-3);
    await borrower.expectBooked();
  });
});

function fall(from: number, to: number, steps: number): readonly number[] {
  return Array.from({ length: steps }, (_, n) => from + ((to - from) * (n + 1)) / steps);
}
