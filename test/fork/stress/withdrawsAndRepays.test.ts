import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aavePoolAbi } from '../../../abis/aavePool.ts';
import { erc20Abi } from '../../../abis/erc20.ts';
import { nonfungiblePositionManagerAbi } from '../../../abis/nonfungiblePositionManager.ts';
import { toRawUp, toWhole } from '../../../src/core/units.ts';
import { devnetPools, mainnet } from '../../../src/devnet/index.ts';
import { callOf } from '../../../src/devnet/node/transactions.ts';
import { startDevRelay } from '../../../src/devnet/relay/index.ts';
import { BorrowerOnDevnet, lendingMandate } from '../../support/borrowerOnDevnet.ts';
import { useDevnet } from '../../support/devnet.ts';

const manager = mainnet.nonfungiblePositionManager;
const FLOOR = 1.3;
const OWED = 18;

/** A borrower that is tried before each decision. */
class StressedBorrower extends BorrowerOnDevnet {
  override get configText(): string {
    const stress = `{ minHealthFactor: ${FLOOR}, priceChanges: [-0.2, 0, 0.2] }`;
    return super.configText.replace('maxDivergenceBps: 200 }', `maxDivergenceBps: 200, stress: ${stress} }`);
  }
}

describe('a Safe near its floor, whose ether lies in a range out of the price', () => {
  const given = useDevnet({ lending: ['aaveV3'], price: 3_000 }, async (devnet) => {
    const { usdc, weth } = devnet.tokens;
    const safe = await devnet.createSafe({
      mandate: { ...lendingMandate({ minHealthFactor: FLOOR, maxBaseDebt: 40 }), positionManager: manager },
    });
    await safe.supplyToAave([{ token: usdc, amount: 100_000 }]);
    await safe.borrowFromAave([{ token: weth, amount: OWED }]);
    const tokenId = await safe.provideLiquidity({
      pool: devnetPools.usdcWeth500,
      lowerPrice: 3_300,
      upperPrice: 3_600,
      baseAmount: OWED,
      quoteAmount: 0,
    });
    // The range was given its own ether: what was borrowed is gone.
    const gone = [devnet.accounts.deployer.address, toRawUp(OWED, weth.decimals)] as const;
    await safe.execute([callOf(weth.address, erc20Abi, 'transfer', gone)]);
    return { safe, tokenId };
  });
  let keeper: StressedBorrower | undefined;
  beforeAll(async () => {
    const { devnet, prepared } = given();
    const folder = await mkdtemp(join(tmpdir(), 'ballast-ranges-'));
    const relay = await startDevRelay({ rpcUrl: devnet.url });
    const removePool = devnet.addPrivatePool(relay.pool);
    keeper = new StressedBorrower(devnet, prepared.safe, relay, folder, devnet.url);
    keeper.atEnd(() => rm(folder, { recursive: true, force: true }));
    keeper.atEnd(() => relay.stop());
    keeper.atEnd(async () => removePool());
  });
  afterAll(() => keeper?.end());

  it('has it withdrawn and its debt repaid in one order, and ends above its reserve', async () => {
    const { devnet, prepared } = given();
    const borrower = keeper!;
    const { safe, tokenId } = prepared;
    const health = async () =>
      toWhole(
        (await devnet.node.read(mainnet.aavePool, aavePoolAbi, 'getUserAccountData', [safe.address]))[5],
        18,
      );
    const position = () => devnet.node.read(manager, nonfungiblePositionManagerAbi, 'positions', [tokenId]);
    const before = await health();
    const owedBefore = await borrower.debtBase();

    const { decision } = await borrower.tick();
    expect(decision).toMatchObject({
      kind: 'reduce',
      code: 'reducing',
      plan: { legs: [], withdrawals: [{ tokenId }], lending: { before: [{ kind: 'repay', asset: 'base' }] } },
    });
    if (decision.kind !== 'reduce') throw new Error(decision.why);
    expect(decision.netDeltaAfter).toBeCloseTo(decision.numbers.netDelta ?? Number.NaN, 6);
    const settled = await borrower.settle();

    expect((await position())[7]).toBe(0n);
    expect(await devnet.node.read(manager, nonfungiblePositionManagerAbi, 'ownerOf', [tokenId])).toBe(
      safe.address,
    );
    const owed = await borrower.debtBase();
    expect(owed).toBeLessThan(owedBefore - 1);
    const [base] = await borrower.balances();
    expect(toWhole(base, 18) + owedBefore - owed).toBeCloseTo(OWED, 3);
    expect(await health()).toBeGreaterThan(before);
    // What a rise of a fifth would leave is above the reserve again, with room to the level's own exit.
    expect(settled.decision.precautions?.levels.margin).not.toBe('reduce');
    expect(settled.decision.precautions?.figures?.margin.use).toBeLessThan(0.85);
    expect(await borrower.events()).toHaveLength(1);
    await borrower.expectBooked();
  });
});
