import { describe, expect, it } from 'vitest';
import { aaveOracleAbi } from '../../../abis/aaveOracle.ts';
import { aavePoolAbi } from '../../../abis/aavePool.ts';
import { aaveProtocolDataProviderAbi } from '../../../abis/aaveProtocolDataProvider.ts';
import { erc20Abi } from '../../../abis/erc20.ts';
import {
  aaveRepayCalls,
  aaveWithdrawCall,
  type Devnet,
  type DevnetReserve,
  devnetReserves,
  devnetTokens,
  mainnet,
} from '../../../src/devnet/index.ts';
import { useDevnet } from '../../support/devnet.ts';

const { weth, usdc } = devnetTokens;
const reserves: readonly DevnetReserve[] = Object.values(devnetReserves);
const WAD = 10n ** 18n;

describe('Aave v3 on the devnet', () => {
  const given = useDevnet({ lending: ['aaveV3'], price: 3_000 }, (devnet) =>
    devnet.createSafe({ mandate: null }),
  );
  const healthFactor = async (devnet: Devnet, account: `0x${string}`) =>
    (await devnet.node.read(mainnet.aavePool, aavePoolAbi, 'getUserAccountData', [account]))[5];

  it("stands at mainnet's addresses, tokens too", async () => {
    const { node, addresses } = given().devnet;
    for (const [name, address] of Object.entries(addresses).filter(([name]) => name.startsWith('aave'))) {
      const code = await node.request<string>('eth_getCode', [address, 'latest']);
      expect(code.length, name).toBeGreaterThan(800);
    }
    for (const { token, aToken, variableDebtToken } of reserves) {
      const [found, , debt] = await node.read(
        mainnet.aaveProtocolDataProvider,
        aaveProtocolDataProviderAbi,
        'getReserveTokensAddresses',
        [token.address],
      );
      expect([found, debt], token.symbol).toEqual([aToken, variableDebtToken]);
    }
  });

  it('lends at the rates of its reserves, with the liquidity that it was given', async () => {
    const { node } = given().devnet;
    for (const { token, aToken, seed, rates } of reserves) {
      const state = await node.read(mainnet.aavePool, aavePoolAbi, 'getReserveData', [token.address]);
      const usage = seed.borrowed / seed.supplied;
      const expected = (usage / rates.optimalUsage) * rates.slopeBelow;
      expect(Number(state.currentVariableBorrowRate) / 1e27, token.symbol).toBeCloseTo(expected, 5);
      const idle = await node.read(token.address, erc20Abi, 'balanceOf', [aToken]);
      expect(idle).toBe(BigInt(seed.supplied - seed.borrowed) * 10n ** BigInt(token.decimals));
    }
  });

  it('its oracle follows the market, as late as the feed', async () => {
    const { devnet } = given();
    const price = () => devnet.node.read(mainnet.aaveOracle, aaveOracleAbi, 'getAssetPrice', [weth.address]);
    expect(await price()).toBe(3_000_00000000n);
    await devnet.mineBlock({ price: 2_900 });
    expect(await price()).toBe(3_000_00000000n);
    await devnet.mineBlock();
    expect(await price()).toBe(2_900_00000000n);
  });

  it('a Safe lends, borrows, pays back and takes its own back', async () => {
    const { devnet, prepared: safe } = given();
    await safe.supplyToAave([{ token: usdc, amount: 100_000 }]);
    await safe.borrowFromAave([{ token: weth, amount: 10 }]);
    expect(await devnet.node.read(weth.address, erc20Abi, 'balanceOf', [safe.address])).toBe(10n * WAD);
    const health = Number(await healthFactor(devnet, safe.address)) / 1e18;
    expect(health).toBeCloseTo((100_000 * 0.8) / 30_000, 5);
    await devnet.fund(safe.address, [{ token: weth, amount: 1 }]);
    await safe.execute([
      ...aaveRepayCalls(safe.address, weth, 'all'),
      aaveWithdrawCall(safe.address, usdc, 'all'),
    ]);
    expect(await devnet.node.read(mainnet.aaveWethVariableDebt, erc20Abi, 'balanceOf', [safe.address])).toBe(
      0n,
    );
    expect(
      await devnet.node.read(usdc.address, erc20Abi, 'balanceOf', [safe.address]),
    ).toBeGreaterThanOrEqual(100_000n * 10n ** 6n);
  });

  it('refuses a loan that the collateral does not carry', async () => {
    const { prepared: safe } = given();
    await safe.supplyToAave([{ token: usdc, amount: 10_000 }]);
    await expect(safe.borrowFromAave([{ token: weth, amount: 3 }])).rejects.toThrow(/reverted/);
  });
});
