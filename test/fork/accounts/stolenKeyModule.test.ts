import { encodeFunctionData } from 'viem';
import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { optionVaultAbi } from '../../../abis/optionVault.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { safe as safeAccount } from '../../../src/adapters/accounts/safe.ts';
import { openChain } from '../../../src/adapters/chain/index.ts';
import type { Order, Side } from '../../../src/core/decision.ts';
import type { Address, Hex } from '../../../src/core/units.ts';
import { type Devnet, devnetPools } from '../../../src/devnet/index.ts';
import type { TransactionIntent } from '../../../src/ports/chain.ts';
import { useDevnet } from '../../support/devnet.ts';
import { contextOf } from '../../support/vaultOnDevnet.ts';

const ONE = 10n ** 18n;
/** 20 WETH at the price of the devnet, within which the inventory may move too. */
const mandate = {
  maxSlippageBps: 50,
  turnoverCapacityQuote: 60_000n * 10n ** 6n,
  turnoverRefillPerDayQuote: 60_000n * 10n ** 6n,
  minBase: 90n * ONE,
  maxBase: 110n * ONE,
};

/** Accounts that the HedgeModule hedges, with 100 WETH and 500,000 USDC each. */
const accounts: readonly (readonly [string, (devnet: Devnet) => Promise<{ readonly address: Address }>])[] = [
  [
    'a Safe',
    ({ createSafe, tokens }) =>
      createSafe({
        mandate,
        holdings: [
          { token: tokens.weth, amount: 100 },
          { token: tokens.usdc, amount: 500_000 },
        ],
      }),
  ],
  [
    'an OptionVault',
    async ({ createOptionVault, fund, tokens }) => {
      const vault = await createOptionVault({ depositUsdc: 500_000, mandate });
      await fund(vault.address, [{ token: tokens.weth, amount: 100 }]);
      return vault;
    },
  ],
];

describe.each(accounts)('a stolen keeper key on %s with the HedgeModule', (kind, create) => {
  const lab = useDevnet({}, async (devnet) => ({
    account: (await create(devnet)).address,
    chain: await openChain({ url: devnet.url, chainId: devnet.chainId }),
  }));
  const thief = () => lab().devnet.accounts.keeper.address;
  const module = () => lab().devnet.addresses.hedgeModule;

  /** An order that the mandate allows, with the thief's changes, at any price. */
  async function orderWith(side: Side, changed: Partial<Order> = {}): Promise<TransactionIntent> {
    const { devnet, prepared } = lab();
    const head = await prepared.chain.head();
    const baseRaw = changed.baseRaw ?? ONE;
    const order: Order = {
      side,
      baseRaw,
      quoteLimitRaw: side === 'sell' ? 0n : 1n << 100n,
      expectedQuoteRaw: 0n,
      minFillBps: 0,
      legs: [
        {
          kind: 'swap',
          venue: 'uniswapV3',
          pool: devnetPools.usdcWeth500.address,
          baseRaw,
          sqrtPriceLimitX96: 0n,
        },
      ],
      sequence: await devnet.node.read(module(), hedgeModuleAbi, 'nextSequence', [prepared.account]),
      deadlineSeconds: head.timestampSeconds + 600,
      ...changed,
    };
    const { vault } = contextOf(devnet, prepared.account, head);
    return safeAccount.encode({ module: module() }, vault, order, thief());
  }

  const byKey = (to: Address, data: Hex): TransactionIntent => ({ from: thief(), to, data, valueWei: 0n });

  async function holdings(): Promise<readonly bigint[]> {
    const { devnet, prepared } = lab();
    return Promise.all(
      [devnet.tokens.weth, devnet.tokens.usdc].map(({ address }) =>
        devnet.node.read(address, erc20Abi, 'balanceOf', [prepared.account]),
      ),
    );
  }

  /** Refused in a simulation, with these words; and refused again by a block, where it moves nothing. */
  async function expectRefused(intent: TransactionIntent, words: RegExp): Promise<void> {
    const { devnet, prepared } = lab();
    const before = await holdings();
    const simulation = await prepared.chain.simulate(intent, await prepared.chain.head());
    expect(simulation).toMatchObject({ ok: false, reason: expect.stringMatching(words) });
    const sent = devnet.transact(devnet.accounts.keeper, [{ label: 'theft', ...intent }]);
    await expect(sent).rejects.toThrow('reverted');
    expect(await holdings()).toEqual(before);
  }

  it('may make the sale that all of these are changed from', async () => {
    const { devnet } = lab();
    await devnet.transact(devnet.accounts.keeper, [{ label: 'sale', ...(await orderWith('sell')) }]);
    expect((await holdings())[0]).toBe(99n * ONE);
  });

  it('cannot move funds, change recipients or run code of its own', async () => {
    const { devnet, prepared } = lab();
    const token = devnet.tokens.usdc.address;
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [thief(), 1n] });
    for (const operation of [0, 1]) {
      const args = [token, 0n, data, operation] as const;
      const byModule = encodeFunctionData({ abi: safeAbi, functionName: 'execTransactionFromModule', args });
      await expectRefused(byKey(prepared.account, byModule), kind === 'a Safe' ? /GS104/ : /^not module/);
    }
    if (kind === 'an OptionVault') {
      const execute = encodeFunctionData({
        abi: optionVaultAbi,
        functionName: 'execute',
        args: [token, 0n, data],
      });
      await expectRefused(byKey(prepared.account, execute), /^ownable unauthorized account/);
    }
    const forged = encodeFunctionData({
      abi: [
        {
          type: 'function',
          name: 'uniswapV3SwapCallback',
          stateMutability: 'nonpayable',
          inputs: [{ type: 'int256' }, { type: 'int256' }, { type: 'bytes' }],
          outputs: [],
        },
      ],
      args: [1n, -1n, data],
    });
    await expectRefused(byKey(module(), forged), /^unexpected callback/);
  });

  it('cannot trade on a pool of its own, or with another target', async () => {
    const own = { kind: 'swap', venue: 'uniswapV3', baseRaw: ONE, sqrtPriceLimitX96: 0n } as const;
    await expectRefused(await orderWith('sell', { legs: [{ ...own, pool: thief() }] }), /^pool not allowed/);
    const wrong = devnetPools.wethUsdt3000.address;
    await expectRefused(await orderWith('sell', { legs: [{ ...own, pool: wrong }] }), /^pool not allowed/);
    const foreign = await orderWith('sell');
    await expectRefused({ ...foreign, to: lab().prepared.account }, /./);
  });

  it('cannot trade at a bad price', async () => {
    const { devnet } = lab();
    const { timestampSeconds } = await devnet.node.head();
    // The pools fall by a fiftieth, and the feed has not said so yet.
    await devnet.mineBlock({ price: 2_940, timestampSeconds: timestampSeconds + 1 });
    await expectRefused(await orderWith('sell'), /^price outside oracle bound/);
  });

  it('cannot trade beyond the cap, in however many orders', async () => {
    const { devnet } = lab();
    await expectRefused(
      await orderWith('sell', { baseRaw: 21n * ONE }),
      /^(turnover exceeded|base below minimum)/,
    );
    for (let index = 0; index < 2; index += 1) {
      for (const side of ['sell', 'buy'] as const) {
        await devnet.transact(devnet.accounts.keeper, [
          { label: side, ...(await orderWith(side, { baseRaw: 4n * ONE })) },
        ]);
      }
    }
    await expectRefused(await orderWith('sell', { baseRaw: 5n * ONE }), /^turnover exceeded/);
  });

  it('cannot sell out or buy without end', async () => {
    await expectRefused(await orderWith('sell', { baseRaw: 11n * ONE }), /^base below minimum/);
    await expectRefused(await orderWith('buy', { baseRaw: 11n * ONE }), /^base above maximum/);
  });

  it('cannot send an order twice, late, or change what it is held to', async () => {
    const { devnet, prepared } = lab();
    const order = await orderWith('sell');
    await devnet.transact(devnet.accounts.keeper, [{ label: 'sale', ...order }]);
    await expectRefused(order, /^wrong sequence/);
    await expectRefused(await orderWith('sell', { deadlineSeconds: 1 }), /^deadline passed/);
    const before = await devnet.node.read(module(), hedgeModuleAbi, 'mandateOf', [prepared.account]);
    const pause = encodeFunctionData({
      abi: hedgeModuleAbi,
      functionName: 'pause',
      args: [prepared.account],
    });
    await expectRefused(byKey(module(), pause), /^not avatar or guardian/);
    // Anybody may set a mandate: for itself.
    const own = encodeFunctionData({ abi: hedgeModuleAbi, functionName: 'setMandate', args: [before] });
    await devnet.transact(devnet.accounts.keeper, [{ label: 'own mandate', to: module(), data: own }]);
    expect(await devnet.node.read(module(), hedgeModuleAbi, 'mandateOf', [prepared.account])).toEqual(before);
  });
});
