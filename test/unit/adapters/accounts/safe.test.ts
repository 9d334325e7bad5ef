import { decodeFunctionData, encodeAbiParameters, encodeEventTopics, getAddress, zeroAddress } from 'viem';
import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../../abis/hedgeModule.ts';
import { safeAbi } from '../../../../abis/safe.ts';
import { safe } from '../../../../src/adapters/accounts/safe.ts';
import type { LendingStep, Order } from '../../../../src/core/decision.ts';
import type { Address, Hash } from '../../../../src/core/units.ts';
import type { EventLog, Receipt } from '../../../../src/ports/chain.ts';
import { contextAt } from '../../../support/readContext.ts';
import { nowSeconds, poolAddress, usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const module: Address = `0x${'88'.repeat(20)}`;
const keeper: Address = `0x${'99'.repeat(20)}`;
const config = { module };
const feed = { aggregator: zeroAddress, heartbeatSeconds: 0 };
const mandate = {
  base: weth.address,
  quote: usdc.address,
  baseFeeds: [feed, feed] as const,
  quoteFeed: feed,
  sequencerFeed: zeroAddress,
  sequencerGraceSeconds: 0,
  guardian: zeroAddress,
  maxSlippageBps: 75,
  turnoverCapacityQuote: 5n,
  turnoverRefillPerDayQuote: 6n,
  minBase: 7n,
  maxBase: 8n,
  pools: [poolAddress],
  keepers: [keeper],
  poolManager: zeroAddress,
  v4Pools: [] as Hash[],
  bridges: [] as Address[],
  paysByAllowance: false,
  lending: {
    pool: `0x${'00'.repeat(20)}` as Address,
    minHealthFactorWad: 0n,
    maxBaseDebt: 0n,
    maxQuoteDebt: 0n,
  },
  positionManager: `0x${'00'.repeat(20)}` as Address,
};
/** Uniswap's id of the pool of ETH against USDC at 0.05 %, and how an account names it. */
const v4PoolId: Hash = '0x21c67e77068de97969ba93d4aab21826d33ca12bb9f565d8496e8fda8a82ca27';
const v4PoolAddress: Address = '0xAaB21826D33ca12bB9F565D8496e8FdA8a82CA27';

const account = (terms: typeof mandate) =>
  new TableChain()
    .set(hedgeModuleAbi, module, 'stateOf', [vaultAddress], [41n, false, 3, 1_000n])
    .set(hedgeModuleAbi, module, 'mandateOf', [vaultAddress], terms)
    .set(hedgeModuleAbi, module, 'isKeeper', [vaultAddress, keeper], true)
    .set(safeAbi, vaultAddress, 'isModuleEnabled', [module], true)
    .set(erc20Abi, weth.address, 'balanceOf', [vaultAddress], 11n)
    .set(erc20Abi, usdc.address, 'balanceOf', [vaultAddress], 12n);

const order: Order = {
  side: 'sell',
  baseRaw: 1_000n,
  quoteLimitRaw: 2_900n,
  expectedQuoteRaw: 3_000n,
  minFillBps: 9_000,
  legs: [{ kind: 'swap', venue: 'uniswapV3', pool: poolAddress, baseRaw: 1_000n, sqrtPriceLimitX96: 5n }],
  sequence: 41n,
  deadlineSeconds: nowSeconds,
};
const { vault } = contextAt();

describe('reading the account', () => {
  it('gives holdings and guard in one round', () => {
    const { value, rounds } = account(mandate).run(safe.read(config, contextAt(), keeper));
    expect(rounds).toBe(1);
    expect(value).toEqual({
      holdings: { baseRaw: 11n, quoteRaw: 12n },
      guard: {
        module,
        nextSequence: 41n,
        enabled: true,
        paused: false,
        keeperAllowed: true,
        maxSlippageBps: 75,
        turnoverAvailableRaw: 1_000n,
        turnoverCapacityRaw: 5n,
        turnoverRefillPerDayRaw: 6n,
        minBaseRaw: 7n,
        maxBaseRaw: 8n,
        allowedPools: [poolAddress],
      },
    });
  });

  it('names v4 pools by the last 20 bytes of their ids, beside the other pools', () => {
    const { value } = account({ ...mandate, v4Pools: [v4PoolId] }).run(
      safe.read(config, contextAt(), keeper),
    );
    expect(value.guard.allowedPools).toEqual([poolAddress, v4PoolAddress]);
  });

  it('says what the mandate allows on its lending market, where it names one', () => {
    const lending = {
      pool: v4PoolAddress,
      minHealthFactorWad: 1_500_000_000_000_000_000n,
      maxBaseDebt: 30n,
      maxQuoteDebt: 40n,
    };
    const { value } = account({ ...mandate, lending }).run(safe.read(config, contextAt(), keeper));
    expect(value.guard.lending).toEqual({
      pool: v4PoolAddress,
      minHealthFactor: 1.5,
      maxBaseDebtRaw: 30n,
      maxQuoteDebtRaw: 40n,
    });
  });

  it('refuses a mandate for another pair', () => {
    const other = { ...mandate, quote: weth.address, base: usdc.address };
    expect(() => account(other).run(safe.read(config, contextAt(), keeper))).toThrow(
      expect.objectContaining({ code: 'MANDATE_MISMATCH' }),
    );
  });

  it('reads an account without a mandate as one that allows nothing', () => {
    const none = {
      ...mandate,
      base: zeroAddress,
      quote: zeroAddress,
      pools: [] as Address[],
      maxSlippageBps: 0,
    };
    const { value } = account(none as unknown as typeof mandate).run(safe.read(config, contextAt(), keeper));
    expect(value.guard).toMatchObject({ allowedPools: [], maxSlippageBps: 0 });
  });
});

describe('encoding an order', () => {
  it('calls hedge on the module with every field', () => {
    const intent = safe.encode(config, vault, order, keeper);
    expect(intent).toMatchObject({ from: keeper, to: module, valueWei: 0n });
    expect(decodeFunctionData({ abi: hedgeModuleAbi, data: intent.data })).toEqual({
      functionName: 'hedge',
      args: [
        {
          avatar: vaultAddress,
          sequence: 41n,
          deadline: BigInt(nowSeconds),
          sellBase: true,
          baseAmount: 1_000n,
          quoteLimit: 2_900n,
          minFillBps: 9_000,
          legs: [
            {
              kind: 0,
              pool: poolAddress,
              baseAmount: 1_000n,
              sqrtPriceLimitX96: 5n,
              fee: 0,
              tickSpacing: 0,
            },
          ],
        },
      ],
    });
  });

  it('gives each kind of venue its number, and a v4 pool its key', () => {
    const [leg] = order.legs;
    const legs = [
      { ...leg!, venue: 'uniswapV2' },
      { ...leg!, venue: 'uniswapV4', pool: v4PoolAddress, v4Key: { fee: 500, tickSpacing: 10 } },
    ];
    const { args } = decodeFunctionData({
      abi: hedgeModuleAbi,
      data: safe.encode(config, vault, { ...order, legs }, keeper).data,
    });
    expect(args?.[0]).toMatchObject({
      legs: [
        { kind: 1, pool: poolAddress, fee: 0, tickSpacing: 0 },
        { kind: 2, pool: v4PoolAddress, fee: 500, tickSpacing: 10 },
      ],
    });
  });

  it('writes a leg over two pools as two: the far one marked, without an amount, in its own terms', () => {
    const [leg] = order.legs as [Order['legs'][number]];
    const via = { token: keeper, venue: 'uniswapV2', pool: v4PoolAddress, sqrtPriceLimitX96: 6n };
    const v4 = { ...via, venue: 'uniswapV4', v4Key: { fee: 100, tickSpacing: 1 } };
    const legs = [
      { ...leg, via },
      { ...leg, venue: 'uniswapV2' },
      { ...leg, via: v4 },
    ];
    const { data } = safe.encode(config, vault, { ...order, legs }, keeper);
    const { args } = decodeFunctionData({ abi: hedgeModuleAbi, data });
    const [{ legs: written }] = args as unknown as [{ legs: readonly Record<string, unknown>[] }];
    expect(written).toEqual([
      { kind: 0, pool: poolAddress, baseAmount: 1_000n, sqrtPriceLimitX96: 5n, fee: 0, tickSpacing: 0 },
      { kind: 0x81, pool: v4PoolAddress, baseAmount: 0n, sqrtPriceLimitX96: 6n, fee: 0, tickSpacing: 0 },
      { kind: 1, pool: poolAddress, baseAmount: 1_000n, sqrtPriceLimitX96: 5n, fee: 0, tickSpacing: 0 },
      { kind: 0, pool: poolAddress, baseAmount: 1_000n, sqrtPriceLimitX96: 5n, fee: 0, tickSpacing: 0 },
      { kind: 0x82, pool: v4PoolAddress, baseAmount: 0n, sqrtPriceLimitX96: 6n, fee: 100, tickSpacing: 1 },
    ]);
  });

  it('writes withdrawals of liquidity first: the position manager as the pool, the id as the limit', () => {
    const withdrawal = {
      label: 'uniswap v3 #77',
      manager: keeper,
      tokenId: 77n,
      liquidity: 5_000n,
      baseRaw: 1n,
      quoteRaw: 2n,
    };
    const repay: LendingStep = { kind: 'repay', asset: 'base', amountRaw: 3n, pool: v4PoolAddress };
    const { data } = safe.encode(
      config,
      vault,
      { ...order, withdrawals: [withdrawal], lending: { before: [repay], after: [] } },
      keeper,
    );
    const { args } = decodeFunctionData({ abi: hedgeModuleAbi, data });
    const [{ legs }] = args as unknown as [{ legs: readonly { readonly kind: number }[] }];
    expect(legs.map(({ kind }) => kind)).toEqual([24, 19, 0]);
    expect(legs[0]).toEqual({
      kind: 24,
      pool: getAddress(keeper),
      baseAmount: 5_000n,
      sqrtPriceLimitX96: 77n,
      fee: 0,
      tickSpacing: 0,
    });
  });

  it('writes lending steps around the swaps: exact before them, all that there is after them', () => {
    const step = (
      kind: LendingStep['kind'],
      asset: LendingStep['asset'],
      amountRaw: bigint,
    ): LendingStep => ({
      kind,
      asset,
      amountRaw,
      pool: v4PoolAddress,
    });
    const lending = {
      before: [step('withdraw', 'base', 3n), step('borrow', 'quote', 4n)],
      after: [step('repay', 'base', 5n), step('supply', 'quote', 6n)],
    };
    const { data } = safe.encode(config, vault, { ...order, lending }, keeper);
    const { args } = decodeFunctionData({ abi: hedgeModuleAbi, data });
    const [{ legs }] = args as unknown as [
      { legs: readonly { kind: number; pool: Address; baseAmount: bigint }[] },
    ];
    const all = 2n ** 128n - 1n;
    expect(legs.map(({ kind, baseAmount }) => [kind, baseAmount])).toEqual([
      [17, 3n],
      [22, 4n],
      [0, 1_000n],
      [19, all],
      [20, all],
    ]);
    expect(legs.filter(({ kind }) => kind >= 16).every(({ pool }) => pool === v4PoolAddress)).toBe(true);
  });

  it('refuses a v4 pool without a key: it has hooks', () => {
    const hooked = { ...order, legs: [{ ...order.legs[0]!, venue: 'uniswapV4' }] };
    expect(() => safe.encode(config, vault, hooked, keeper)).toThrow(
      expect.objectContaining({ code: 'LEG_UNSUPPORTED' }),
    );
  });

  it('refuses a leg on a venue that the module does not know', () => {
    const unknown = { ...order, legs: [{ ...order.legs[0]!, venue: 'somewhere' }] };
    expect(() => safe.encode(config, vault, unknown, keeper)).toThrow(
      expect.objectContaining({ code: 'LEG_UNSUPPORTED' }),
    );
  });
});

interface Event {
  readonly emitter?: Address;
  readonly avatar?: Address;
  readonly sequence?: bigint;
  readonly sellBase?: boolean;
  readonly base?: bigint;
}

function hedged({
  emitter = module,
  avatar = vaultAddress,
  sequence = 41n,
  sellBase = true,
  base = 950n,
}: Event = {}): EventLog {
  const topics = encodeEventTopics({
    abi: hedgeModuleAbi,
    eventName: 'Hedged',
    args: { avatar, sequence, keeper },
  });
  const types = [{ type: 'bool' }, { type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }] as const;
  const data = encodeAbiParameters(types, [sellBase, base, 2_850n, 1n]);
  return { address: emitter, topics: topics as EventLog['topics'], data };
}

const receiptWith = (...logs: readonly EventLog[]): Receipt => ({
  transactionHash: `0x${'01'.repeat(32)}`,
  blockNumber: 9n,
  blockHash: `0x${'02'.repeat(32)}`,
  succeeded: true,
  gasUsed: 150_000n,
  effectiveGasPriceWei: 2n,
  logs,
});

describe('reading the fill', () => {
  const transfer: EventLog = { address: weth.address, topics: [`0x${'03'.repeat(32)}`], data: '0x' };

  it('takes what the module measured', () => {
    expect(safe.fill(config, vault, order, receiptWith(transfer, hedged()))).toEqual({
      transactionHash: `0x${'01'.repeat(32)}`,
      blockNumber: 9n,
      blockHash: `0x${'02'.repeat(32)}`,
      side: 'sell',
      baseRaw: 950n,
      quoteRaw: 2_850n,
      gasUsed: 150_000n,
      gasPaidWei: 300_000n,
    });
  });

  it('counts the fee for its data as gas paid, where a chain charges that apart', () => {
    const receipt = { ...receiptWith(hedged()), dataFeeWei: 7n };
    expect(safe.fill(config, vault, order, receipt).gasPaidWei).toBe(300_007n);
  });

  it.each<[string, readonly EventLog[]]>([
    ['no event', [transfer]],
    ['the event of another contract', [hedged({ emitter: weth.address })]],
    ['the event of another avatar', [hedged({ avatar: keeper })]],
    ['the event of another sequence', [hedged({ sequence: 40n })]],
    ['two events', [hedged(), hedged()]],
    ['the other side', [hedged({ sellBase: false })]],
    ['more than was ordered', [hedged({ base: 1_001n })]],
    ['less than the least fill', [hedged({ base: 899n })]],
  ])('refuses a receipt with %s', (_, logs) => {
    expect(() => safe.fill(config, vault, order, receiptWith(...logs))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });
});
