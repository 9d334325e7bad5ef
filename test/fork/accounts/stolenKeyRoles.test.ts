import { encodeFunctionData, type Hex, parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { rolesAbi } from '../../../abis/roles.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { swapRouter02Abi } from '../../../abis/swapRouter02.ts';
import { openChain } from '../../../src/adapters/chain/index.ts';
import { type OrderShape, priceBounds, roleKey } from '../../../src/adapters/chain/roles/terms.ts';
import type { Address } from '../../../src/core/units.ts';
import type { TransactionIntent } from '../../../src/ports/chain.ts';
import { worstRoleCaseQuote } from '../../../src/runtime/mandate/rolesMandate.ts';
import { useDevnet } from '../../support/devnet.ts';

const WETH_A_DAY = 20n * 10n ** 18n;

const lab = useDevnet({}, async (devnet) => {
  const { weth, usdc } = devnet.tokens;
  const safe = await devnet.createRolesSafe({
    terms: {
      sellPerDayRaw: WETH_A_DAY,
      spendPerDayRaw: 60_000n * 10n ** 6n,
      minPrice: 2_800,
      maxPrice: 3_200,
    },
    holdings: [
      { token: weth, amount: 100 },
      { token: usdc, amount: 500_000 },
    ],
  });
  return { safe, chain: await openChain({ url: devnet.url, chainId: devnet.chainId }) };
});

const CALL = 0;
const DELEGATE_CALL = 1;
const SELL: OrderShape = { side: 'sell', isSplit: false };
const ONE = 10n ** 18n;

/** What the thief changes about an honest sale of 1 WETH. */
interface Sale {
  readonly tokenIn: Address;
  readonly tokenOut: Address;
  readonly fee: number;
  readonly recipient: Address;
  readonly amountIn: bigint;
  readonly amountOutMinimum: bigint;
  readonly sqrtPriceLimitX96: bigint;
}

function saleWith(changed: Partial<Sale> = {}): Hex {
  const { devnet, prepared } = lab();
  const { weth, usdc } = devnet.tokens;
  const sale: Sale = {
    tokenIn: weth.address,
    tokenOut: usdc.address,
    fee: 500,
    recipient: prepared.safe.address,
    amountIn: ONE,
    amountOutMinimum: 0n,
    sqrtPriceLimitX96: priceBounds(prepared.safe.terms).sell,
    ...changed,
  };
  return encodeFunctionData({ abi: swapRouter02Abi, functionName: 'exactInputSingle', args: [sale] });
}

function purchaseWith(
  changed: Partial<{
    recipient: Address;
    amountOut: bigint;
    amountInMaximum: bigint;
    sqrtPriceLimitX96: bigint;
  }>,
): Hex {
  const { devnet, prepared } = lab();
  const purchase = {
    tokenIn: devnet.tokens.usdc.address,
    tokenOut: devnet.tokens.weth.address,
    fee: 500,
    recipient: prepared.safe.address,
    amountOut: ONE,
    amountInMaximum: 4_000n * 10n ** 6n,
    sqrtPriceLimitX96: priceBounds(prepared.safe.terms).buy,
    ...changed,
  };
  return encodeFunctionData({ abi: swapRouter02Abi, functionName: 'exactOutputSingle', args: [purchase] });
}

const multicall = (data: readonly Hex[], deadline = 1n << 40n): Hex =>
  encodeFunctionData({ abi: swapRouter02Abi, functionName: 'multicall', args: [deadline, [...data]] });

/** A call through the role, by the stolen key. */
function throughRole(
  data: Hex,
  changed: { to?: Address; valueWei?: bigint; operation?: number; shape?: OrderShape } = {},
) {
  const { devnet, prepared } = lab();
  const { to = devnet.addresses.swapRouter02, valueWei = 0n, operation = CALL, shape = SELL } = changed;
  const { roles, role } = prepared.safe.terms;
  return byKey(
    roles,
    encodeFunctionData({
      abi: rolesAbi,
      functionName: 'execTransactionWithRole',
      args: [to, valueWei, data, operation, roleKey(role, shape), true],
    }),
  );
}

function byKey(to: Address, data: Hex): TransactionIntent {
  return { from: lab().devnet.accounts.keeper.address, to, data, valueWei: 0n };
}

async function holdings(): Promise<readonly bigint[]> {
  const { devnet, prepared } = lab();
  const { weth, usdc } = devnet.tokens;
  return Promise.all(
    [weth, usdc].map(({ address }) =>
      devnet.node.read(address, erc20Abi, 'balanceOf', [prepared.safe.address]),
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

describe('a stolen keeper key on a Safe with a role', () => {
  const token = () => lab().devnet.tokens.usdc.address;
  const thief = () => lab().devnet.accounts.keeper.address;
  const transfer = () => encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [thief(), 1n] });
  const approve = () => encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [thief(), 1n] });
  const other = parseAbi([
    'function unwrapWETH9(uint256 amountMinimum)',
    'function sweepToken(address token, uint256 amountMinimum, address recipient)',
    'function multicall(bytes[] data)',
  ]);

  it('may make the sale and the purchase that all of these are changed from', async () => {
    const { devnet } = lab();
    const [weth, usdc] = await holdings();
    await devnet.transact(devnet.accounts.keeper, [
      { label: 'sale', ...throughRole(multicall([saleWith()])) },
    ]);
    const purchase = throughRole(multicall([purchaseWith({})]), { shape: { side: 'buy', isSplit: false } });
    await devnet.transact(devnet.accounts.keeper, [{ label: 'purchase', ...purchase }]);
    const [wethAfter, usdcAfter] = await holdings();
    expect(wethAfter).toBe(weth);
    expect(usdcAfter).toBeLessThan(usdc as bigint);
  });

  it.each<[string, () => TransactionIntent, RegExp]>([
    ['send tokens to itself', () => throughRole(transfer(), { to: token() }), /target is not allowed$/],
    ['approve itself', () => throughRole(approve(), { to: token() }), /target is not allowed$/],
    [
      'have the Safe change itself',
      () => throughRole('0x', { to: lab().prepared.safe.address }),
      /target is not allowed/,
    ],
    [
      'run code of its own as the Safe',
      () => throughRole(multicall([saleWith()]), { operation: DELEGATE_CALL }),
      /delegatecall is not allowed/,
    ],
    [
      'send ether along',
      () => throughRole(multicall([saleWith()]), { valueWei: 1n }),
      /sending ether is not allowed/,
    ],
    ['swap without a deadline', () => throughRole(saleWith()), /function is not allowed \(0x04e45aaf\)/],
    [
      'use the other multicall',
      () => throughRole(encodeFunctionData({ abi: other, functionName: 'multicall', args: [[saleWith()]] })),
      /function is not allowed \(0xac9650d8\)/,
    ],
    [
      'hide another function inside',
      () =>
        throughRole(multicall([encodeFunctionData({ abi: other, functionName: 'unwrapWETH9', args: [0n] })])),
      /the role refuses|out of bounds/,
    ],
    [
      'hide a sweep behind arguments that fit',
      () => throughRole(multicall([`0xdf2ab5bb${saleWith().slice(10)}`])),
      /call inside is of another function/,
    ],
    [
      'call a purchase by the role of sales',
      () => throughRole(multicall([purchaseWith({})])),
      /the role refuses/,
    ],
    [
      'be paid itself',
      () => throughRole(multicall([saleWith({ recipient: thief() })])),
      /not the one that is allowed/,
    ],
    [
      'leave the proceeds in the router',
      () => throughRole(multicall([saleWith({ recipient: '0x0000000000000000000000000000000000000002' })])),
      /not the one that is allowed/,
    ],
    [
      'sell for another token',
      () => throughRole(multicall([saleWith({ tokenOut: lab().devnet.tokens.usdt.address })])),
      /not the one that is allowed/,
    ],
    [
      'sell another token',
      () => throughRole(multicall([saleWith({ tokenIn: lab().devnet.tokens.usdt.address })])),
      /not the one that is allowed/,
    ],
    [
      'use another pool',
      () => throughRole(multicall([saleWith({ fee: 10_000 })])),
      /none of the alternatives fits/,
    ],
    [
      'trade beyond the cap',
      () => throughRole(multicall([saleWith({ amountIn: WETH_A_DAY + 1n })])),
      /what is left of the allowance \(ballast\.sell\)/,
    ],
    [
      'spend beyond the cap',
      () =>
        throughRole(multicall([purchaseWith({ amountInMaximum: 60_000n * 10n ** 6n + 1n })]), {
          shape: { side: 'buy', isSplit: false },
        }),
      /what is left of the allowance \(ballast\.spend\)/,
    ],
    [
      'sell at any price',
      () => throughRole(multicall([saleWith({ sqrtPriceLimitX96: 0n })])),
      /less than what is allowed/,
    ],
    [
      'sell below the lowest price',
      () =>
        throughRole(
          multicall([saleWith({ sqrtPriceLimitX96: priceBounds(lab().prepared.safe.terms).sell + 1n })]),
        ),
      /more than what is allowed/,
    ],
    [
      'buy above the highest price',
      () =>
        throughRole(
          multicall([purchaseWith({ sqrtPriceLimitX96: priceBounds(lab().prepared.safe.terms).buy - 1n })]),
          {
            shape: { side: 'buy', isSplit: false },
          },
        ),
      /less than what is allowed/,
    ],
    [
      'slip a bad swap in behind a good one',
      () =>
        throughRole(multicall([saleWith(), saleWith({ recipient: thief() })]), {
          shape: { side: 'sell', isSplit: true },
        }),
      /one of several swaps is not what is allowed/,
    ],
    [
      'split what is beyond the cap',
      () =>
        throughRole(multicall([saleWith({ amountIn: WETH_A_DAY }), saleWith()]), {
          shape: { side: 'sell', isSplit: true },
        }),
      /one of several swaps is not what is allowed/,
    ],
    [
      'make several swaps by the role for one',
      () => throughRole(multicall([saleWith(), saleWith()])),
      /shape that is allowed/,
    ],
    [
      'send an order after its deadline',
      () => throughRole(multicall([saleWith()], 1n)),
      /module transaction failed/,
    ],
  ])('cannot %s', async (_what, intent, words) => {
    await expectRefused(intent(), words);
  });

  it('cannot go round the role', async () => {
    const { prepared } = lab();
    const { roles, role } = prepared.safe.terms;
    const key = roleKey(role, SELL);
    const execute = [token(), 0n, transfer(), CALL] as const;
    const bySafe = encodeFunctionData({
      abi: safeAbi,
      functionName: 'execTransactionFromModule',
      args: execute,
    });
    await expectRefused(byKey(prepared.safe.address, bySafe), /GS104/);
    const byDefault = encodeFunctionData({
      abi: rolesAbi,
      functionName: 'execTransactionFromModule',
      args: execute,
    });
    await expectRefused(byKey(roles, byDefault), /no membership/);
    const unowned = /owner/i;
    const asOwner: readonly Hex[] = [
      encodeFunctionData({ abi: rolesAbi, functionName: 'allowTarget', args: [key, token(), 3] }),
      encodeFunctionData({ abi: rolesAbi, functionName: 'setAvatar', args: [thief()] }),
      encodeFunctionData({ abi: rolesAbi, functionName: 'setTarget', args: [thief()] }),
      encodeFunctionData({ abi: rolesAbi, functionName: 'transferOwnership', args: [thief()] }),
      encodeFunctionData({ abi: rolesAbi, functionName: 'setAllowance', args: [key, 1n, 1n, 1n, 1n, 0n] }),
    ];
    for (const data of asOwner) await expectRefused(byKey(roles, data), unowned);
  });

  it('trades no more in a day than the cap, in however many orders', async () => {
    const { devnet } = lab();
    const sale = (whole: bigint) => ({
      label: 'sale',
      ...throughRole(multicall([saleWith({ amountIn: whole * ONE })])),
    });
    await devnet.transact(devnet.accounts.keeper, [sale(15n), sale(5n)]);
    await expectRefused(sale(1n), /what is left of the allowance/);
    const { timestampSeconds } = await devnet.node.head();
    await devnet.mineBlock({ timestampSeconds: timestampSeconds + 86_400, arbitrage: false });
    await devnet.transact(devnet.accounts.keeper, [sale(20n)]);
    await expectRefused(sale(1n), /what is left of the allowance/);
  });

  it('loses no more than is said where the market goes from one price to the other, and near to it', async () => {
    const { devnet, prepared } = lab();
    let lostQuote = 0;
    /** What a trade cost at the market's price; whoever has the key has pushed the pools to another one. */
    async function steal(market: number, pushedTo: number, data: Hex, shape: OrderShape) {
      await devnet.mineBlock({ price: pushedTo });
      const before = await holdings();
      const intent = throughRole(multicall([data]), { shape });
      await devnet.transact(devnet.accounts.keeper, [{ label: 'theft', ...intent }]);
      const [base, quote] = (await holdings()).map((after, index) => Number(after - (before[index] ?? 0n)));
      lostQuote -= ((base ?? 0) / 1e18) * market + (quote ?? 0) / 1e6;
    }
    for (const _ of [1, 2]) {
      const { timestampSeconds } = await devnet.node.head();
      await devnet.mineBlock({ timestampSeconds: timestampSeconds + 86_400, arbitrage: false });
      await steal(3_200, 2_815, saleWith({ amountIn: WETH_A_DAY }), SELL);
      const all = 60_000n * 10n ** 6n;
      const purchase = purchaseWith({ amountOut: (187n * ONE) / 10n, amountInMaximum: all });
      await steal(2_800, 3_185, purchase, { side: 'buy', isSplit: false });
    }
    const said = worstRoleCaseQuote(prepared.safe.terms, 1);
    expect(lostQuote).toBeLessThan(said);
    expect(lostQuote).toBeGreaterThan(0.95 * said);
  });

  it('sells nothing in a pool whose price is below the lowest', async () => {
    await lab().devnet.mineBlock({ price: 2_700 });
    await expectRefused(throughRole(multicall([saleWith()])), /module transaction failed/);
  });
});
