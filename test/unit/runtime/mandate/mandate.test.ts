import { decodeFunctionData, getAddress } from 'viem';
import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../../abis/erc20.ts';
import { uniswapV4 } from '../../../../src/adapters/venues/index.ts';
import type { Address } from '../../../../src/core/units.ts';
import { devnetV4Pools, mainnet } from '../../../../src/devnet/index.ts';
import type { VaultSetup } from '../../../../src/engine/world.ts';
import type { VaultConfig } from '../../../../src/runtime/config/schema.ts';
import { mandateBatch, mandateWords } from '../../../../src/runtime/mandate/batch.ts';
import { mandateOf } from '../../../../src/runtime/mandate/mandate.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, weth } from '../../../support/snapshot.ts';

const keeper: Address = `0x${'99'.repeat(20)}`;
const vault = {
  terms: {
    ...contextAt().vault,
    base: { ...weth, address: mainnet.weth },
    quote: { ...usdc, address: mainnet.usdc },
  },
} as unknown as VaultSetup;

const v3 = { kind: 'uniswapV3', config: { pool: mainnet.usdcWeth500 } };
const v2 = { kind: 'uniswapV2', config: { pool: mainnet.usdcWethPair } };
const v4 = { kind: 'uniswapV4', config: uniswapV4.sample };
const v4Tokens = {
  kind: 'uniswapV4',
  config: { ...uniswapV4.sample, native: undefined, fee: 3_000, tickSpacing: 60 },
};

const mandateWith = (...venues: readonly object[]) => mandateFor({}, ...venues);

const mandateFor = (section: object, ...venues: readonly object[]) =>
  mandateOf(
    {
      name: 'test',
      venues,
      prices: [
        { kind: 'chainlink', config: { base: [{ feed: mainnet.ethUsdFeed, heartbeatSeconds: 3_900 }] } },
      ],
      mandate: {
        keepers: [],
        guardian: null,
        maxSlippageBps: 100,
        turnoverCapacityQuote: 1_000,
        turnoverRefillPerDayQuote: 1_000,
        minBase: 0,
        maxBase: 10,
        allowance: null,
        lending: null,
        ...section,
      },
    } as unknown as VaultConfig,
    vault,
    [keeper],
  );

describe('the pools that a mandate names', () => {
  it('are addresses of v2 and v3, and of v4 ids with their PoolManager', () => {
    expect(mandateWith(v3, v2, v4, v4Tokens)).toMatchObject({
      pools: [mainnet.usdcWeth500, mainnet.usdcWethPair],
      poolManager: mainnet.poolManager,
      v4Pools: [devnetV4Pools.ethUsdc500.id, devnetV4Pools.usdcWeth3000.id],
    });
  });

  it('need no PoolManager without v4, and no others beside v4', () => {
    expect(mandateWith(v3)).toMatchObject({ poolManager: `0x${'00'.repeat(20)}`, v4Pools: [] });
    expect(mandateWith(v4)).toMatchObject({ pools: [], v4Pools: [devnetV4Pools.ethUsdc500.id] });
  });

  it('leave out a v4 pool with hooks', () => {
    const hooked = { ...v4, config: { ...uniswapV4.sample, hooks: keeper } };
    expect(mandateWith(v3, hooked)).toMatchObject({ poolManager: `0x${'00'.repeat(20)}`, v4Pools: [] });
    expect(() => mandateWith(hooked)).toThrow(expect.objectContaining({ code: 'MANDATE_INCOMPLETE' }));
  });

  it('cannot be of two PoolManagers', () => {
    const other = { ...v4Tokens, config: { ...v4Tokens.config, poolManager: keeper } };
    expect(() => mandateWith(v4, other)).toThrow(/two PoolManagers/);
  });

  it('are all listed in words', () => {
    const [may] = mandateWords(mandateWith(v3, v4), vault);
    expect(may).toContain(mainnet.usdcWeth500);
    expect(may).toContain(`v4 ${devnetV4Pools.ethUsdc500.id}`);
    expect(may).toContain('2 pools');
  });
});

describe('how a mandate pays and what it lends', () => {
  const lending = { pool: keeper, minHealthFactor: 1.5, maxBaseDebt: 2.5, maxQuoteDebt: 1_000 };
  const facts = { module: keeper, deployment: null, isEnabled: true };

  it('is by calls and nothing unless the config says so', () => {
    expect(mandateWith(v3)).toMatchObject({
      paysByAllowance: false,
      lending: { pool: `0x${'00'.repeat(20)}`, minHealthFactorWad: 0n, maxBaseDebt: 0n, maxQuoteDebt: 0n },
    });
    expect(mandateBatch(mandateWith(v3), vault, { ...facts, allowance: null })).toHaveLength(1);
  });

  it('takes the floor in 18 decimals, and the caps in those of their token', () => {
    const mandate = mandateFor({ lending, minBase: -2.5 }, v3);
    expect(mandate).toMatchObject({
      minBase: -25n * 10n ** 17n,
      lending: {
        pool: keeper,
        minHealthFactorWad: 15n * 10n ** 17n,
        maxBaseDebt: 25n * 10n ** 17n,
        maxQuoteDebt: 1_000n * 10n ** 6n,
      },
    });
    const words = mandateWords(mandate, vault).join('\n');
    expect(words).toContain('debt: at most 2.5000 WETH and 1,000.00 USDC, health factor not below 1.50');
  });

  it('reaches no positions unless the config names their manager, and says so in words', () => {
    expect(mandateWith(v3).positionManager).toBe(`0x${'00'.repeat(20)}`);
    expect(mandateWords(mandateWith(v3), vault).join()).not.toContain('positions:');
    const mandate = mandateFor({ positionManager: keeper }, v3);
    expect(mandate.positionManager).toBe(keeper);
    expect(mandateWords(mandate, vault).join()).toMatch(/positions: withdraws liquidity .* to the account/);
  });

  it('approves for the module what the config allows and no more', () => {
    const allowance = { baseRaw: 3n, quoteRaw: 4n };
    const mandate = mandateFor({ allowance: { base: 1, quote: 1 } }, v3);
    expect(mandate.paysByAllowance).toBe(true);
    const [, ofBase, ofQuote] = mandateBatch(mandate, vault, { ...facts, allowance });
    expect([ofBase!.to, ofQuote!.to]).toEqual([mainnet.weth, mainnet.usdc]);
    const approved = [ofBase!, ofQuote!].map(({ data }) => decodeFunctionData({ abi: erc20Abi, data }));
    expect(approved).toEqual([
      { functionName: 'approve', args: [getAddress(keeper), 3n] },
      { functionName: 'approve', args: [getAddress(keeper), 4n] },
    ]);
  });
});
