import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  premiaOracleAdapterAbi,
  premiaPoolAbi,
} from '../../../../src/adapters/protocols/internal/premiaAbi.ts';
import {
  decodeRangeOrder,
  type RangeOrder,
  rangeContents,
} from '../../../../src/adapters/protocols/internal/premiaRange.ts';
import { premia } from '../../../../src/adapters/protocols/premia.ts';
import { totalExposure } from '../../../../src/core/exposure/exposure.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const pool: Address = `0x${'9e'.repeat(20)}`;
const adapter: Address = `0x${'ad'.repeat(20)}`;
const operator: Address = '0x00000000000000000000000000000000DeaDBeef';
const ether = 10n ** 18n;
const milli = 10n ** 15n;
const maturity = 1_770_364_800;
const config = { pools: [pool] };
const orderId = (type: bigint, lower: bigint, upper: bigint) =>
  (1n << 252n) + (type << 180n) + (BigInt(operator) << 20n) + (upper << 10n) + lower;

interface Contents {
  readonly isCall?: boolean;
  readonly strike?: bigint;
  readonly balances?: Readonly<Record<string, bigint>>;
  readonly fees?: bigint;
  readonly kept?: bigint;
  readonly fixed?: bigint | null;
  readonly base?: Address;
}

/** A pool of one option at a market price of 0.15 of its collateral. */
function ledger(contents: Contents = {}): TableChain {
  const {
    isCall = true,
    strike = 3_500n * ether,
    balances = {},
    fees = 0n,
    kept = 0n,
    fixed = null,
  } = contents;
  const { base = weth.address } = contents;
  const held = Object.entries(balances).filter(([, amount]) => amount > 0n);
  const chain = new TableChain()
    .set(
      premiaPoolAbi,
      pool,
      'getPoolSettings',
      [],
      [base, usdc.address, adapter, strike, BigInt(maturity), isCall],
    )
    .set(premiaPoolAbi, pool, 'marketPrice', [], 150n * milli)
    .set(premiaPoolAbi, pool, 'getSettlementPrice', [], kept)
    .set(
      premiaPoolAbi,
      pool,
      'tokensByAccount',
      [vaultAddress],
      held.map(([id]) => BigInt(id)),
    )
    .set(premiaPoolAbi, pool, 'balanceOf', [vaultAddress, 0n], 0n)
    .set(premiaPoolAbi, pool, 'balanceOf', [vaultAddress, 1n], 0n);
  for (const [id, amount] of held) {
    chain.set(premiaPoolAbi, pool, 'balanceOf', [vaultAddress, BigInt(id)], amount);
    if (BigInt(id) < 2n) continue;
    const { lowerWad: lower, upperWad: upper } = decodeRangeOrder(BigInt(id));
    const orderType = Number((BigInt(id) >> 180n) & 15n);
    chain.set(
      premiaPoolAbi,
      pool,
      'getClaimableFees',
      [{ owner: vaultAddress, operator, lower, upper, orderType }],
      fees,
    );
  }
  const args = [base, usdc.address, BigInt(maturity)] as const;
  return fixed === null
    ? chain.revert(premiaOracleAdapterAbi, adapter, 'getPriceAt', args)
    : chain.set(premiaOracleAdapterAbi, adapter, 'getPriceAt', args, fixed);
}

const read = (chain: TableChain, timestampSeconds = maturity - 86_400, memory?: unknown) =>
  chain.run(premia.read(config, contextAt({ timestampSeconds, memory })));

describe('contracts', () => {
  it('are options; short ones have their collateral beside them, one base for a call', () => {
    expect(read(ledger({ balances: { 0: 3n * ether, 1: ether / 2n } })).value.value).toMatchObject([
      { kind: 'option', type: 'call', strike: 3_500, size: 0.5, settlement: 'base', settlementPrice: null },
      { kind: 'option', type: 'call', size: -3, expirySeconds: maturity },
      { kind: 'spot', asset: 'base', amountRaw: 3n * ether, locked: true },
    ]);
  });

  it('that are short are backed in full, and the margin says so', () => {
    const { margin } = read(ledger({ balances: { 0: 3n * ether } })).value;
    const backed = {
      label: 'premia collateral',
      asset: 'base',
      lockedRaw: 3n * ether,
      requiredRaw: 3n * ether,
    };
    expect(margin).toEqual({ written: [backed] });
    expect(read(ledger({ balances: { 1: ether } })).value).not.toHaveProperty('margin');
  });

  it('of a put are backed by the strike, in quote with its own decimals', () => {
    expect(
      read(ledger({ isCall: false, strike: 2_500n * ether, balances: { 0: 3n * ether } })).value.value,
    ).toMatchObject([
      { kind: 'option', type: 'put', strike: 2_500, size: -3, settlement: 'quote' },
      { kind: 'spot', asset: 'quote', amountRaw: 7_500_000_000n },
    ]);
  });

  it('of none, and dust, are what they are', () => {
    expect(read(ledger()).value.value).toEqual([]);
    const dust = read(ledger({ isCall: false, balances: { 0: 1n } })).value.value;
    expect(dust).toMatchObject([{ kind: 'option', size: -1e-18 }]);
  });

  it('on another pair are refused', () => {
    expect(() => read(ledger({ base: adapter }))).toThrow(
      expect.objectContaining({ code: 'OPTION_UNSUPPORTED' }),
    );
    expect(() => read(ledger({ strike: 0n }))).toThrow(expect.objectContaining({ code: 'CORRUPT_DATA' }));
  });
});

describe('maturity', () => {
  const short = { balances: { 0: 3n * ether } };

  it('leaves the price open until the adapter has one, then fixes it, then it is final', () => {
    const option = (contents: Contents) =>
      read(ledger({ ...short, ...contents }), maturity + 60).value.value[0];
    expect(option({})).toMatchObject({ settlementPrice: null });
    expect(option({})).not.toHaveProperty('fixingPrice');
    expect(option({ fixed: 4_000n * ether })).toMatchObject({ settlementPrice: null, fixingPrice: 4_000 });
    expect(option({ fixed: 4_000n * ether, kept: 4_000n * ether })).toMatchObject({ settlementPrice: 4_000 });
  });

  it('pays the seller of a call its collateral less the payoff in base', () => {
    const { value } = read(ledger({ ...short, kept: 4_000n * ether }), maturity + 60);
    const view = {
      spot: 4_200,
      volatility: 0.6,
      rate: 0,
      nowSeconds: maturity + 60,
      baseDecimals: 18,
      quoteDecimals: 6,
    };
    // size - size x (settlement - strike) / settlement
    expect(totalExposure(value.value, view).delta).toBeCloseTo(3 - (3 * 500) / 4_000, 12);
  });
});

describe('range orders', () => {
  it('are taken apart, whatever was put into their id', () => {
    const any = fc.record({
      type: fc.bigInt({ min: 0n, max: 2n }),
      lower: fc.bigInt({ min: 1n, max: 999n }),
      span: fc.bigInt({ min: 1n, max: 999n }),
    });
    fc.assert(
      fc.property(any, ({ type, lower, span }) => {
        const upper = lower + span > 1_000n ? 1_000n : lower + span;
        fc.pre(upper > lower);
        const decoded = decodeRangeOrder(orderId(type, lower, upper));
        expect(decoded).toMatchObject({ lowerWad: lower * milli, upperWad: upper * milli });
        expect(decoded.operator.toLowerCase()).toBe(operator.toLowerCase());
      }),
    );
  });

  it.each([
    ['of another version', orderId(1n, 100n, 200n) + (1n << 252n)],
    ['of no order type', orderId(3n, 100n, 200n)],
    ['whose range is upside down', orderId(1n, 200n, 100n)],
    ['that is neither', 2n],
  ])('%s are refused', (_, id) => {
    expect(() => decodeRangeOrder(id)).toThrow(expect.objectContaining({ code: 'CORRUPT_DATA' }));
  });

  const order = (orderType: RangeOrder['orderType']): RangeOrder => ({
    id: 0n,
    operator,
    lowerWad: 100n * milli,
    upperWad: 200n * milli,
    orderType,
  });

  it.each([
    // price, longs, shorts, collateral of 10 contracts between 0.1 and 0.2
    ['collateralShort', 50n, 0n, 0n, 10_000n],
    ['collateralShort', 150n, 0n, 5_000n, 5_000n + 625n],
    ['collateralShort', 900n, 0n, 10_000n, 1_500n],
    ['collateralShortUsingPremiums', 50n, 0n, 0n, 10_000n - 1_500n],
    ['collateralShortUsingPremiums', 150n, 0n, 5_000n, 5_000n - 875n],
    ['collateralShortUsingPremiums', 900n, 0n, 10_000n, 0n],
    ['longCollateral', 50n, 10_000n, 0n, 0n],
    ['longCollateral', 150n, 5_000n, 0n, 625n],
    ['longCollateral', 900n, 0n, 0n, 1_500n],
  ] as const)('%s at %d thousandths', (orderType, price, long, short, collateral) => {
    expect(rangeContents(order(orderType), 10n * ether, price * milli)).toEqual({
      longWad: long * milli,
      shortWad: short * milli,
      collateralContractsWad: collateral * milli,
    });
  });

  it('hold options, their collateral, what is idle, and fees', () => {
    const balances = { [String(orderId(1n, 100n, 200n))]: 10n * ether };
    expect(read(ledger({ balances, fees: 77n })).value.value).toMatchObject([
      { kind: 'option', size: -5 },
      { kind: 'spot', label: 'premia range 0.1 to 0.2 collateral', amountRaw: 5n * ether },
      { kind: 'spot', label: 'premia range 0.1 to 0.2 idle', amountRaw: 5n * ether + 625n * milli },
      { kind: 'spot', label: 'premia range 0.1 to 0.2 fees', amountRaw: 77n },
    ]);
  });

  it('are remembered: one round, and gone when they are withdrawn', () => {
    const balances = { [String(orderId(1n, 100n, 200n))]: 10n * ether };
    const first = read(ledger({ balances }));
    const memory = JSON.parse(JSON.stringify(first.value.memory));
    expect(read(ledger({ balances }), maturity - 86_400, memory)).toMatchObject({
      rounds: 1,
      value: first.value,
    });
    const key = { owner: vaultAddress, operator, lower: 100n * milli, upper: 200n * milli, orderType: 1 };
    const withdrawn = ledger()
      .set(premiaPoolAbi, pool, 'balanceOf', [vaultAddress, orderId(1n, 100n, 200n)], 0n)
      .set(premiaPoolAbi, pool, 'getClaimableFees', [key], 0n);
    expect(read(withdrawn, maturity - 86_400, memory).value.value).toEqual([]);
  });
});
