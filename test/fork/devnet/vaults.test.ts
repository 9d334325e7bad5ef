import { encodeFunctionData } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { nonfungiblePositionManagerAbi } from '../../../abis/nonfungiblePositionManager.ts';
import { opynControllerStandInAbi } from '../../../abis/opynControllerStandIn.ts';
import { opynOracleStandInAbi } from '../../../abis/opynOracleStandIn.ts';
import { otokenStandInAbi } from '../../../abis/otokenStandIn.ts';
import { safeAbi } from '../../../abis/safe.ts';
import type { Address, Hex } from '../../../src/core/units.ts';
import { callOf, type Devnet, nextExpiry } from '../../../src/devnet/index.ts';
import { useDevnet } from '../../support/devnet.ts';

const ETHER = 10n ** 18n;
const DOLLAR = 10n ** 6n;
const OTOKEN = 10n ** 8n;

const get = useDevnet({ timestampSeconds: 1_800_000_000 }, (devnet) =>
  devnet.createSafe({
    holdings: [
      { token: devnet.tokens.weth, amount: 100 },
      { token: devnet.tokens.usdc, amount: 300_000 },
    ],
  }),
);

const balance = (devnet: Devnet, token: Address, owner: Address) =>
  devnet.node.read(token, erc20Abi, 'balanceOf', [owner]);

/** An order of the keeper on the deepest pool, signed. */
async function signedHedge(devnet: Devnet, avatar: Address, baseAmount: bigint): Promise<Hex> {
  const { timestampSeconds } = await devnet.node.head();
  const order = {
    avatar,
    sequence: await devnet.node.read(devnet.addresses.hedgeModule, hedgeModuleAbi, 'nextSequence', [avatar]),
    deadline: BigInt(timestampSeconds + 60),
    sellBase: true,
    baseAmount,
    quoteLimit: 1n,
    minFillBps: 10_000,
    legs: [
      {
        kind: 0,
        pool: devnet.addresses.usdcWeth500,
        baseAmount,
        sqrtPriceLimitX96: 0n,
        fee: 0,
        tickSpacing: 0,
      },
    ],
  };
  return privateKeyToAccount(devnet.accounts.keeper.privateKey).signTransaction({
    type: 'eip1559',
    chainId: devnet.chainId,
    nonce: 0,
    to: devnet.addresses.hedgeModule,
    data: encodeFunctionData({ abi: hedgeModuleAbi, functionName: 'hedge', args: [order] }),
    gas: 600_000n,
    maxFeePerGas: 10_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
  });
}

describe('a Safe of the devnet', () => {
  it('is a real Safe of its owner, with money and the HedgeModule enabled', async () => {
    const { devnet, prepared: safe } = get();
    const { node, addresses, tokens, accounts } = devnet;
    expect(await node.read(safe.address, safeAbi, 'VERSION')).toBe('1.4.1');
    expect(await node.read(safe.address, safeAbi, 'getOwners')).toEqual([accounts.owner.address]);
    expect(await node.read(safe.address, safeAbi, 'isModuleEnabled', [addresses.hedgeModule])).toBe(true);
    expect(await balance(devnet, tokens.weth.address, safe.address)).toBe(100n * ETHER);
    expect(await balance(devnet, tokens.usdc.address, safe.address)).toBe(300_000n * DOLLAR);
  });

  it('can be hedged by the keeper under its mandate, by a transaction in the block', async () => {
    const { devnet, prepared: safe } = get();
    const raw = await signedHedge(devnet, safe.address, 10n * ETHER);
    const block = await devnet.mineBlock({ rawTransactions: [raw] });
    expect(block.transactionHashes).toHaveLength(1);
    expect(await balance(devnet, devnet.tokens.weth.address, safe.address)).toBe(90n * ETHER);
    const received = (await balance(devnet, devnet.tokens.usdc.address, safe.address)) - 300_000n * DOLLAR;
    expect(Number(received) / 1e6 / 10 / 3_000).toBeCloseTo(1 - 0.00067, 4);
  });

  it('cannot be hedged without a mandate', async () => {
    const { devnet } = get();
    const bare = await devnet.createSafe({
      mandate: null,
      holdings: [{ token: devnet.tokens.weth, amount: 100 }],
    });
    await devnet.mineBlock({ rawTransactions: [await signedHedge(devnet, bare.address, ETHER)] });
    expect(await balance(devnet, devnet.tokens.weth.address, bare.address)).toBe(100n * ETHER);
  });

  it('holds a liquidity position in range, as an NFT of the real position manager', async () => {
    const { devnet, prepared: safe } = get();
    for (const pool of devnet.pools) {
      const id = await safe.provideLiquidity({
        pool,
        lowerPrice: 2_500,
        upperPrice: 3_600,
        baseAmount: 50,
        quoteAmount: 150_000,
      });
      const manager = devnet.addresses.nonfungiblePositionManager;
      const position = await devnet.node.read(manager, nonfungiblePositionManagerAbi, 'positions', [id]);
      expect(await devnet.node.read(manager, nonfungiblePositionManagerAbi, 'ownerOf', [id])).toBe(
        safe.address,
      );
      expect(position[4]).toBe(pool.feePips);
      expect(position[7]).toBeGreaterThan(0n);
    }
  });

  it('says which of its calls failed', async () => {
    const { devnet, prepared: safe } = get();
    const steal = callOf(devnet.tokens.usdc.address, erc20Abi, 'transferFrom', [
      devnet.accounts.arbitrageur.address,
      safe.address,
      1n,
    ]);
    await expect(safe.execute([steal])).rejects.toThrow(/Safe batch \(transferFrom\) reverted/);
  });
});

describe('options on the Opyn stand-in', () => {
  const series = (devnet: { readonly type: 'call' | 'put'; readonly strike: number }) => ({
    ...devnet,
    expirySeconds: nextExpiry(1_800_000_000, 14),
    amount: 10,
  });

  it('are written into vaults that the real ABI reads, fully collateralised', async () => {
    const { devnet, prepared: safe } = get();
    const { opynController: controller, weth, usdc } = devnet.addresses;
    const otokens = await safe.writeOptions([
      series({ type: 'call', strike: 3_300 }),
      series({ type: 'put', strike: 2_700 }),
    ]);
    const read = (id: bigint) =>
      devnet.node.read(controller, opynControllerStandInAbi, 'getVault', [safe.address, id]);
    expect(
      await devnet.node.read(controller, opynControllerStandInAbi, 'getAccountVaultCounter', [safe.address]),
    ).toBe(2n);
    expect(await read(1n)).toEqual({
      shortOtokens: [otokens[0]],
      shortAmounts: [10n * OTOKEN],
      collateralAssets: [weth],
      collateralAmounts: [10n * ETHER],
      longOtokens: [],
      longAmounts: [],
    });
    expect(await read(2n)).toMatchObject({
      shortOtokens: [otokens[1]],
      collateralAssets: [usdc],
      collateralAmounts: [27_000n * DOLLAR],
    });
    const details = await devnet.node.read(otokens[1]!, otokenStandInAbi, 'getOtokenDetails');
    expect(details).toEqual([usdc, weth, usdc, 2_700n * OTOKEN, BigInt(nextExpiry(1_800_000_000, 14)), true]);
  });

  it('are held as balances where they were bought, in the same series', async () => {
    const { devnet, prepared: safe } = get();
    const [written] = await safe.writeOptions([series({ type: 'call', strike: 3_300 })]);
    const [held] = await safe.holdOptions([{ ...series({ type: 'call', strike: 3_300 }), amount: 2.5 }]);
    expect(held).toBe(written);
    expect(await balance(devnet, held!, safe.address)).toBe((25n * OTOKEN) / 10n);
  });

  it.each([
    ['call', 3_300, 3_500, 10n * ETHER - (10n * ETHER * 200n) / 3_500n],
    ['call', 3_300, 3_000, 10n * ETHER],
    ['put', 2_700, 2_500, 10n * 2_500n * DOLLAR],
    ['put', 2_700, 3_000, 27_000n * DOLLAR],
  ] as const)('settle: a %s of %d at a price of %d', async (type, strike, price, left) => {
    const { devnet, prepared: safe } = get();
    const { opynController: controller, opynOracle, weth } = devnet.addresses;
    await safe.writeOptions([series({ type, strike })]);
    const { expirySeconds } = series({ type, strike });
    const settle = callOf(controller, opynControllerStandInAbi, 'settleVault', [1n, safe.address]);
    await expect(safe.execute([settle])).rejects.toThrow(/reverted/);

    await devnet.mineBlock({ timestampSeconds: expirySeconds });
    const priceRaw = BigInt(price) * OTOKEN;
    await devnet.transact(devnet.accounts.user, [
      callOf(opynOracle, opynOracleStandInAbi, 'setExpiryPrice', [weth, BigInt(expirySeconds), priceRaw]),
    ]);
    const collateral = type === 'call' ? devnet.tokens.weth : devnet.tokens.usdc;
    const before = await balance(devnet, collateral.address, safe.address);
    await safe.execute([settle]);
    const received = (await balance(devnet, collateral.address, safe.address)) - before;
    expect(received).toBeGreaterThanOrEqual(left);
    expect(received).toBeLessThanOrEqual(left + 1n);
  });

  it('cannot be written beyond their collateral', async () => {
    const { devnet, prepared: safe } = get();
    const { opynController: controller, weth } = devnet.addresses;
    const [otoken] = await safe.holdOptions([series({ type: 'call', strike: 3_300 })]);
    const write = callOf(controller, opynControllerStandInAbi, 'openShort', [
      otoken!,
      10n * OTOKEN,
      10n * ETHER - 1n,
      safe.address,
    ]);
    const approve = callOf(weth, erc20Abi, 'approve', [controller, 10n * ETHER]);
    await expect(safe.execute([approve, write])).rejects.toThrow(/reverted/);
  });
});
