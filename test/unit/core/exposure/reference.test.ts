import { describe, expect, it } from 'vitest';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import { liquidityExposure, rawLiquidityExposure } from '../../../../src/core/exposure/liquidity.ts';
import { hasSharedData, referenceItems } from '../../../support/sharedData.ts';

interface PositionInputs {
  readonly liquidity: string;
  readonly tickLower: number;
  readonly tickUpper: number;
  readonly currentTick: number;
  readonly assetIndex: 0 | 1;
}

interface RealInputs {
  readonly L: number;
  readonly pa: number;
  readonly pb: number;
  readonly P: number;
}

interface LegInputs {
  readonly tokenType: 0 | 1;
  readonly isLong: boolean;
  readonly optionRatio: number;
  readonly strike: number;
  readonly width: number;
  readonly tickSpacing: number;
  readonly mintTick: number;
  readonly currentTick: number;
  readonly positionSize: string;
}

type Expected = Readonly<Record<string, string | number>>;

const items = referenceItems<PositionInputs & RealInputs & LegInputs, Expected>('uniswap_lp_greeks');
const positions = items.filter(({ inputs }) => inputs.tickLower !== undefined);
const reals = items.filter(({ inputs }) => inputs.pa !== undefined);
const legs = items.filter(({ inputs }) => inputs.positionSize !== undefined);

const priceAt = (tick: number) => 1.0001 ** tick;
const sqrtX96 = (price: number) => BigInt(Math.round(Math.sqrt(price) * 2 ** 96));

/** A range of real prices; 18 decimals on both sides make one whole of liquidity 1e18. */
function exposureOfRange(liquidity: number, lower: number, upper: number, price: number) {
  const scale = 1e18;
  const raw = rawLiquidityExposure(
    {
      liquidity: BigInt(Math.round(liquidity * scale)),
      sqrtPriceX96: sqrtX96(price),
      sqrtPriceLowerX96: sqrtX96(lower),
      sqrtPriceUpperX96: sqrtX96(upper),
    },
    true,
  );
  return {
    amount0: Number(raw.amount0Raw) / scale,
    amount1: Number(raw.amount1Raw) / scale,
    value: Number(raw.valueRaw) / scale,
    delta: Number(raw.deltaRaw) / scale,
    gamma: Number(raw.dollarGammaRaw) / scale / price ** 2,
    dollarGammaP2: Number(raw.dollarGammaRaw) / scale,
  };
}

describe.skipIf(!hasSharedData)('published greeks of Uniswap liquidity', () => {
  it('are all used', () => {
    expect(positions.length + reals.length + legs.length).toBe(items.length);
  });

  it.each(positions)('$id to two units', ({ inputs, expected }) => {
    const found = rawLiquidityExposure(
      {
        liquidity: BigInt(inputs.liquidity),
        sqrtPriceX96: sqrtPriceAtTick(inputs.currentTick),
        sqrtPriceLowerX96: sqrtPriceAtTick(inputs.tickLower),
        sqrtPriceUpperX96: sqrtPriceAtTick(inputs.tickUpper),
      },
      inputs.assetIndex === 0,
    );
    const pairs: readonly (readonly [string, bigint])[] = [
      ['amount0', found.amount0Raw],
      ['amount1', found.amount1Raw],
      ['value', found.valueRaw],
      ['delta', found.deltaRaw],
      ['gamma', found.dollarGammaRaw],
    ];
    for (const [name, value] of pairs) {
      const off = value - BigInt(expected[name]!);
      expect(off >= -2n && off <= 2n, `${name}: ${value}, expected ${expected[name]}`).toBe(true);
    }
  });

  it.each(positions)('$id in whole tokens', ({ inputs, expected }) => {
    const baseIsToken0 = inputs.assetIndex === 0;
    const spot = baseIsToken0 ? priceAt(inputs.currentTick) : 1 / priceAt(inputs.currentTick);
    const { tickLower, tickUpper, currentTick } = inputs;
    const atEdge = currentTick === tickLower || currentTick === tickUpper;
    const found = liquidityExposure({
      liquidity: BigInt(inputs.liquidity),
      tickLower,
      tickUpper,
      baseIsToken0,
      baseDecimals: 18,
      quoteDecimals: 6,
      // The price is worth what it says: quote has 6 decimals, so a raw ratio of 1 is 1e12 quote per base.
      spot: spot * 1e12,
    });
    expect(found.valueQuote / (Number(expected.value) / 1e6)).toBeCloseTo(1, 6);
    // Amounts near an edge of the range are differences of nearly equal roots: compare with the whole of the position.
    const most = Number(expected.value) / 1e6 / (spot * 1e12);
    expect((found.delta - Number(expected.delta) / 1e18) / most).toBeCloseTo(0, 6);
    if (!atEdge) {
      const dollarGamma = found.gamma * (spot * 1e12) ** 2;
      expect((dollarGamma - Number(expected.gamma) / 1e6) / (Number(expected.value) / 1e6)).toBeCloseTo(0, 6);
    }
  });

  it.each(reals)('$id', ({ inputs: { L, pa, pb, P }, expected }) => {
    const found: Readonly<Record<string, number>> = exposureOfRange(L, pa, pb, P);
    for (const [name, value] of Object.entries(expected)) {
      expect(Math.abs(found[name]! - Number(value)), name).toBeLessThanOrEqual(
        1e-9 * Math.max(1, Math.abs(Number(value))),
      );
    }
  });

  /*
   * A Panoptic leg is liquidity lent or borrowed: of size m in base, short it is the liquidity less the token that it
   * was made of (m base for a call, m x strike quote for a put), plus what had to be added when it was opened in the
   * money; long it is the opposite. So its greeks are those of liquidity and of linear parts.
   */
  it.each(legs)('$id', ({ inputs, expected }) => {
    const halfWidth = priceAt((inputs.width * inputs.tickSpacing) / 2);
    const strike = priceAt(inputs.strike);
    const size = Number(inputs.positionSize) * inputs.optionRatio;
    const [lower, upper] = [strike / halfWidth, strike * halfWidth];
    const liquidity = ((size / 1e18) * Math.sqrt(upper)) / (halfWidth - 1);
    const [price, mintPrice] = [priceAt(inputs.currentTick), priceAt(inputs.mintTick)];
    const now = exposureOfRange(liquidity, lower, upper, price);
    const atMint = exposureOfRange(liquidity, lower, upper, mintPrice);
    const whole = size / 1e18;
    const isCall = inputs.tokenType === 0;
    const inTheMoney = isCall ? whole - atMint.value / mintPrice : whole * strike - atMint.value;
    const linear = isCall ? (inTheMoney - whole) * price : inTheMoney - whole * strike;
    const sign = inputs.isLong ? -1 : 1;

    const near = (found: number, name: string, scale: number) => {
      expect(Math.abs(sign * found * 1e18 - Number(expected[name])), name).toBeLessThanOrEqual(
        3 + 1e-8 * scale,
      );
    };
    near(now.value + linear, 'value', size * strike);
    near(now.delta + (isCall ? inTheMoney - whole : 0), 'delta', size);
    near(now.dollarGammaP2, 'gamma', Math.abs(Number(expected.gamma)));
  });
});
