import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aavePoolAbi } from '../../../abis/aavePool.ts';
import { erc20Abi } from '../../../abis/erc20.ts';
import { toRawUp, toWhole } from '../../../src/core/units.ts';
import { mainnet } from '../../../src/devnet/index.ts';
import { callOf } from '../../../src/devnet/node/transactions.ts';
import { startDevRelay } from '../../../src/devnet/relay/index.ts';
import { BorrowerOnDevnet, lendingMandate } from '../../support/borrowerOnDevnet.ts';
import { useDevnet } from '../../support/devnet.ts';

const FLOOR = 1.3;
const OWED = 20;

describe('a Safe that owes ether and whose dollars all lie with the lender', () => {
  const given = useDevnet({ lending: ['aaveV3'], price: 3_000 }, async (devnet) => {
    const { usdc, weth } = devnet.tokens;
    const safe = await devnet.createSafe({
      mandate: lendingMandate({ minHealthFactor: FLOOR, maxBaseDebt: 2 * OWED }),
    });
    await safe.supplyToAave([{ token: usdc, amount: 100_000 }]);
    await safe.borrowFromAave([{ token: weth, amount: OWED }]);
    const gone = [devnet.accounts.deployer.address, toRawUp(OWED, weth.decimals)] as const;
    await safe.execute([callOf(weth.address, erc20Abi, 'transfer', gone)]);
    return safe;
  });
  let keeper: BorrowerOnDevnet | undefined;
  beforeAll(async () => {
    const { devnet, prepared } = given();
    const folder = await mkdtemp(join(tmpdir(), 'ballast-buys-back-'));
    const relay = await startDevRelay({ rpcUrl: devnet.url });
    const removePool = devnet.addPrivatePool(relay.pool);
    keeper = new BorrowerOnDevnet(devnet, prepared, relay, folder, devnet.url);
    keeper.atEnd(() => rm(folder, { recursive: true, force: true }));
    keeper.atEnd(() => relay.stop());
    keeper.atEnd(async () => removePool());
  });
  afterAll(() => keeper?.end());

  it('withdraws them, buys and repays in one transaction each, health rising, until its band is reached', async () => {
    const { devnet, prepared } = given();
    const borrower = keeper!;
    const health = async () =>
      toWhole(
        (await devnet.node.read(mainnet.aavePool, aavePoolAbi, 'getUserAccountData', [prepared.address]))[5],
        18,
      );
    const healths = [await health()];
    const first = await borrower.tick();
    if (first.decision.kind !== 'hedge') throw new Error(first.decision.why);
    const { lending, side } = first.decision.plan;
    expect(side).toBe('buy');
    expect(lending?.before.map(({ kind, asset }) => `${kind} ${asset}`)).toEqual(['withdraw quote']);
    expect(lending?.after.map(({ kind, asset }) => `${kind} ${asset}`)).toEqual(['repay base']);
    // Not all at once: the dollars leave before the debt does, and the way there has to stand.
    for (let order = 0; order < 6; order += 1) {
      const { decision } = await borrower.settle();
      healths.push(await health());
      if (decision.kind === 'hold' && decision.code === 'insideBand') break;
    }
    expect(healths).toEqual(healths.toSorted((a, b) => a - b));
    expect(healths.at(-1)).toBeGreaterThan(2);
    expect(await borrower.debtBase()).toBeLessThan(4.1);
    const [base, quote] = (await borrower.balances()).map(Number);
    expect(base).toBe(0);
    // What the limits of the swaps left over, no more.
    expect(quote! / 1e6).toBeLessThan(500);
    await borrower.expectBooked();
  });
});
