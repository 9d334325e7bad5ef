import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { exposureOf, totalExposure } from '../../../../src/core/exposure/exposure.ts';
import { liquidityAmounts } from '../../../../src/core/exposure/liquidity.ts';
import { blackScholes } from '../../../../src/core/options/blackScholes.ts';
import type {
  Exposure,
  LiquidityPosition,
  MarketView,
  OptionPosition,
  Position,
  SpotPosition,
} from '../../../../src/core/position.ts';
import { SECONDS_PER_DAY, SECONDS_PER_YEAR } from '../../../../src/core/units.ts';

const now = 1_700_000_000;
const view: MarketView = {
  spot: 3000,
  volatility: 0.65,
  rate: 0.04,
  nowSeconds: now,
  baseDecimals: 18,
  quoteDecimals: 6,
};

const spot: SpotPosition = {
  kind: 'spot',
  label: 'safe balance',
  asset: 'base',
  amountRaw: 10n ** 18n,
  locked: false,
};
const option: OptionPosition = {
  kind: 'option',
  label: 'short call',
  type: 'call',
  strike: 3200,
  expirySeconds: now + 14 * SECONDS_PER_DAY,
  size: -10,
  settlementPrice: null,
};
/** WETH (18) as token1 against USDC (6) as token0: price 3,000 is near tick 196,256. */
const liquidity: LiquidityPosition = {
  kind: 'liquidity',
  label: 'NFT 1',
  pool: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
  baseIsToken0: false,
  tickLower: 195_000,
  tickUpper: 197_500,
  liquidity: 10n ** 16n,
};
const liquidityBaseFirst: LiquidityPosition = {
  ...liquidity,
  baseIsToken0: true,
  tickLower: -197_500,
  tickUpper: -195_000,
};

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const views = fc
  .record({ spot: number(1000, 9000), volatility: number(0.2, 1.5), rate: number(-0.02, 0.1) })
  .map((market): MarketView => ({ ...view, ...market }));
const options = fc
  .record({
    type: fc.constantFrom('call' as const, 'put' as const),
    strike: number(1500, 6000),
    days: number(3, 200),
    size: number(-100, 100),
  })
  .map(
    ({ days, ...terms }): OptionPosition => ({
      ...option,
      ...terms,
      expirySeconds: now + days * SECONDS_PER_DAY,
    }),
  );
const spots = fc
  .record({
    asset: fc.constantFrom('base' as const, 'quote' as const),
    amountRaw: fc.bigInt({ min: 0n, max: 10n ** 24n }),
  })
  .map((held): SpotPosition => ({ ...spot, ...held }));
/** Ranges over the prices of the views, with base as either token. */
const ranges = fc
  .record({
    baseIsToken0: fc.boolean(),
    start: fc.integer({ min: 187_000, max: 207_000 }),
    width: fc.integer({ min: 10, max: 12_000 }),
    liquidity: fc.bigInt({ min: 10n ** 15n, max: 10n ** 20n }),
  })
  .map(({ baseIsToken0, start, width, liquidity: amount }): LiquidityPosition => {
    const [tickLower, tickUpper] = baseIsToken0 ? [-start - width, -start] : [start, start + width];
    return { ...liquidity, baseIsToken0, tickLower, tickUpper, liquidity: amount };
  });
const positions: fc.Arbitrary<Position> = fc.oneof(options, spots, ranges);

/** The range of a liquidity position as prices of base in quote, 12 decimals apart. */
function priceRange({ baseIsToken0, tickLower, tickUpper }: LiquidityPosition): readonly [number, number] {
  const raw = [1.0001 ** tickLower, 1.0001 ** tickUpper].map(
    (price) => (baseIsToken0 ? price : 1 / price) * 1e12,
  );
  return [Math.min(...raw), Math.max(...raw)];
}

describe('exposure of a position', () => {
  it.each([
    ['spot', spots],
    ['option', options],
    ['liquidity', ranges],
  ] as const)('of kind %s: delta and gamma are the slopes of value and delta', (_, kind) => {
    fc.assert(
      fc.property(kind as fc.Arbitrary<Position>, views, (position, market) => {
        // Small against an option's own scale; larger where amounts are whole raw units.
        const h = market.spot * (position.kind === 'option' ? 2e-5 : 2e-4);
        if (position.kind === 'liquidity') {
          // Gamma jumps at the ends of the range: there is no derivative across them.
          fc.pre(priceRange(position).every((edge) => Math.abs(edge - market.spot) > 2 * h));
        }
        const at = (price: number) => exposureOf(position, { ...market, spot: price });
        const [down, here, up] = [at(market.spot - h), at(market.spot), at(market.spot + h)];
        const own = position.kind === 'option' ? Math.abs(position.size) : Math.abs(here.delta);
        const size = Math.abs(here.valueQuote) / market.spot + own + 1e-6;
        expect(Math.abs((up.valueQuote - down.valueQuote) / (2 * h) - here.delta) / size).toBeLessThan(1e-5);
        const curvature = Math.abs(here.gamma) * market.spot + size;
        const slope = (up.delta - down.delta) / (2 * h);
        expect((Math.abs(slope - here.gamma) * market.spot) / curvature).toBeLessThan(1e-4);
      }),
    );
  });

  it('of an option: vega and theta are slopes too, and everything is linear in the size', () => {
    fc.assert(
      fc.property(options, views, (position, market) => {
        const here = exposureOf(position, market);
        const scale = Math.abs(position.size) * market.spot + 1e-9;
        const value = (change: Partial<MarketView>) =>
          exposureOf(position, { ...market, ...change }).valueQuote;
        const { volatility, nowSeconds } = market;
        const vega =
          (value({ volatility: volatility + 1e-5 }) - value({ volatility: volatility - 1e-5 })) / 2e-5;
        expect(Math.abs(vega - here.vega) / scale).toBeLessThan(1e-6);
        const theta =
          (value({ nowSeconds: nowSeconds + 100 }) - value({ nowSeconds: nowSeconds - 100 })) / 200;
        expect(Math.abs(theta * SECONDS_PER_YEAR - here.theta) / scale).toBeLessThan(1e-4);
        const opposite = exposureOf({ ...position, size: -position.size }, market);
        for (const greek of Object.keys(here) as (keyof Exposure)[])
          expect(opposite[greek] + here[greek]).toBe(0);
      }),
    );
  });

  it('of an option is Black-Scholes times the size', () => {
    const one = blackScholes({ ...view, type: 'call', strike: 3200, years: 14 / 365, dividendYield: 0 });
    expect(exposureOf(option, view)).toEqual({
      delta: -10 * one.delta,
      gamma: -10 * one.gamma,
      vega: -10 * one.vega,
      theta: -10 * one.theta,
      valueQuote: -10 * one.price,
    });
  });

  it('of an option past expiry and not settled is what settling at the present price would make it', () => {
    const expired = { ...option, expirySeconds: now - 60 };
    const flat = { gamma: 0, vega: 0, theta: 0 };
    expect(exposureOf(expired, { ...view, spot: 3500 })).toMatchObject({
      ...flat,
      delta: -10,
      valueQuote: -3000,
    });
    const below = exposureOf(expired, { ...view, spot: 3100 });
    expect(below.delta).toBeCloseTo(0, 15);
    expect(below.valueQuote).toBeCloseTo(0, 15);
  });

  it('of a settled option is cash, whatever the price does then', () => {
    const settled = { ...option, settlementPrice: 3450 };
    const cash = { delta: 0, gamma: 0, vega: 0, theta: 0, valueQuote: -2500 };
    expect(exposureOf(settled, view)).toEqual(cash);
    expect(exposureOf(settled, { ...view, spot: 1 })).toEqual(cash);
    const put = { ...option, type: 'put' as const };
    expect(exposureOf({ ...put, settlementPrice: 3000 }, view)).toEqual({ ...cash, valueQuote: -2000 });
    expect(exposureOf({ ...put, settlementPrice: 3450 }, view)).toEqual({ ...cash, valueQuote: 0 });
  });

  it('of tokens is the tokens, locked or not', () => {
    const flat = { gamma: 0, vega: 0, theta: 0 };
    expect(exposureOf({ ...spot, locked: true }, view)).toEqual({ ...flat, delta: 1, valueQuote: 3000 });
    const cash: SpotPosition = { ...spot, asset: 'quote', amountRaw: 1_250_500_000n };
    expect(exposureOf(cash, view)).toEqual({ ...flat, delta: 0, valueQuote: 1250.5 });
  });

  it('of liquidity does not care which token is base', () => {
    for (const price of [2000, 2700, 3000, 3300, 4000]) {
      const one = exposureOf(liquidity, { ...view, spot: price });
      const other = exposureOf(liquidityBaseFirst, { ...view, spot: price });
      for (const greek of Object.keys(one) as (keyof Exposure)[]) {
        expect(Math.abs(one[greek] - other[greek])).toBeLessThanOrEqual(
          1e-5 * Math.max(1e-3, Math.abs(one[greek])),
        );
      }
    }
  });

  it('of liquidity: all base below the range, all quote above, short gamma inside', () => {
    const [lower, upper] = priceRange(liquidity);
    const below = exposureOf(liquidity, { ...view, spot: lower * 0.9 });
    expect(below.valueQuote).toBeCloseTo(below.delta * lower * 0.9, 6);
    expect(below.gamma).toBe(0);
    expect(exposureOf(liquidity, { ...view, spot: upper * 1.1 })).toMatchObject({ delta: 0, gamma: 0 });
    expect(exposureOf(liquidity, view).gamma).toBeLessThan(0);
  });

  it('refuses a market that cannot be', () => {
    for (const price of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const position of [spot, option, liquidity]) {
        expect(() => exposureOf(position, { ...view, spot: price })).toThrow(InvalidInputError);
      }
    }
    expect(() => exposureOf({ ...option, size: Number.NaN }, view)).toThrow(/^size is NaN/);
    expect(() => exposureOf({ ...option, settlementPrice: -1 }, view)).toThrow(/^settlementPrice is -1/);
    expect(() => exposureOf({ ...liquidity, tickLower: 197_500 }, view)).toThrow(/^range is /);
    expect(() => exposureOf({ ...liquidity, liquidity: -1n }, view)).toThrow(/^liquidity is -1/);
  });
});

describe('amounts of liquidity', () => {
  it('are never more than they were at another split of the range', () => {
    const price = fc.bigInt({ min: 1n << 70n, max: 1n << 130n });
    const sorted = fc
      .tuple(price, price, price, price)
      .map((all) => [...all].sort((a, b) => (a < b ? -1 : 1)));
    fc.assert(
      fc.property(sorted, fc.bigInt({ min: 0n, max: 1n << 100n }), ([low, first, second, high], amount) => {
        fc.pre(low! < first! && first! < high!);
        const over = (lower: bigint, upper: bigint) =>
          liquidityAmounts({
            liquidity: amount,
            sqrtPriceX96: second!,
            sqrtPriceLowerX96: lower,
            sqrtPriceUpperX96: upper,
          });
        const whole = over(low!, high!);
        const [left, right] = [over(low!, first!), over(first!, high!)];
        const loss0 = whole.amount0Raw - left.amount0Raw - right.amount0Raw;
        const loss1 = whole.amount1Raw - left.amount1Raw - right.amount1Raw;
        expect([0n, 1n]).toContain(loss0);
        expect([0n, 1n]).toContain(loss1);
      }),
    );
  });
});

describe('exposure of a vault', () => {
  it('is the sum over its positions', () => {
    fc.assert(
      fc.property(fc.array(positions, { maxLength: 20 }), views, (held, market) => {
        const total = totalExposure(held, market);
        for (const greek of Object.keys(total) as (keyof Exposure)[]) {
          const each = held.map((position) => exposureOf(position, market)[greek]);
          const scale = each.reduce((sum, value) => sum + Math.abs(value), 1e-9);
          expect(Math.abs(total[greek] - each.reduce((sum, value) => sum + value, 0)) / scale).toBeLessThan(
            1e-14,
          );
        }
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect(totalExposure([], view)).toEqual({ delta: 0, gamma: 0, vega: 0, theta: 0, valueQuote: 0 });
  });

  it('of a long and an equal short is exactly nothing', () => {
    const total = totalExposure(
      [spot, option, { ...option, size: 10 }, { ...spot, amountRaw: -(10n ** 18n) }],
      view,
    );
    expect(total).toEqual({ delta: 0, gamma: 0, vega: 0, theta: 0, valueQuote: 0 });
  });
});
