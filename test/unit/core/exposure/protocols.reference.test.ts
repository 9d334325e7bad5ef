import { describe, expect, it } from 'vitest';
import { sumExposures } from '../../../../src/core/exposure/exposure.ts';
import { panopticLegExposure } from '../../../../src/core/exposure/panopticLeg.ts';
import { normalizationFactorAfter, powerPerpExposure } from '../../../../src/core/exposure/powerPerp.ts';
import { spotExposure } from '../../../../src/core/exposure/spot.ts';
import type { MarketView } from '../../../../src/core/position.ts';
import { hasSharedData, referenceItems } from '../../../support/sharedData.ts';

type Inputs = Readonly<Record<string, number>>;
type Expected = Readonly<Record<string, number | boolean>>;

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

const protocols = referenceItems<Inputs, Expected>('onchain_protocols');
const startingWith = (prefix: string) => protocols.filter(({ id }) => id.startsWith(prefix));
const legs = referenceItems<LegInputs, Readonly<Record<string, string>>>('uniswap_lp_greeks').filter(
  ({ inputs }) => inputs.positionSize !== undefined,
);

const ethView = (spot: number): MarketView => ({
  spot,
  volatility: 1,
  rate: 0,
  nowSeconds: 0,
  baseDecimals: 18,
  quoteDecimals: 6,
});

describe.skipIf(!hasSharedData)('published numbers of protocols', () => {
  it('of power perps are all used', () => {
    const used = ['squeeth-oSQTH', 'squeeth-daily-return', 'squeeth-normfactor', 'crab'].flatMap(
      startingWith,
    );
    expect(used).toHaveLength(protocols.filter(({ id }) => /squeeth|crab/.test(id)).length);
  });

  it.each(startingWith('squeeth-oSQTH'))('$id', ({ inputs, expected }) => {
    const { S, normFactor, markOverIndex } = inputs;
    const perp = { size: 1, normalizationFactor: normFactor!, markToIndex: markOverIndex!, spot: S! };
    const { valueQuote, delta, gamma } = powerPerpExposure(perp);
    expect(valueQuote).toBeCloseTo(Number(expected.valueUsd), 9);
    expect(delta).toBeCloseTo(Number(expected.deltaEth), 12);
    expect(gamma).toBeCloseTo(Number(expected.gamma), 14);
    expect(valueQuote / S!).toBeCloseTo(Number(expected.priceInEth), 12);
  });

  // A square is its own second-order expansion, so delta and gamma give the return of any move.
  it.each(startingWith('squeeth-daily-return'))('$id', ({ inputs, expected }) => {
    const { ethReturn, funding, collateralRatio } = inputs;
    const spot = 3000;
    const perp = powerPerpExposure({ size: 1, normalizationFactor: 1, markToIndex: 1, spot });
    const move = ethReturn! * spot;
    const gain = (perp.delta * move + (perp.gamma / 2) * move * move) / perp.valueQuote - funding!;
    if (collateralRatio === undefined) expect(gain).toBeCloseTo(Number(expected.longReturn), 12);
    else {
      const equity = collateralRatio - 1;
      expect((collateralRatio * ethReturn! - gain) / equity).toBeCloseTo(Number(expected.shortReturn), 12);
    }
  });

  it.each(startingWith('squeeth-normfactor'))('$id', ({ inputs, expected }) => {
    const { oldNorm, markOverIndex, seconds } = inputs;
    const state = { normalizationFactor: oldNorm!, markToIndex: markOverIndex! };
    expect(normalizationFactorAfter(state, seconds!)).toBeCloseTo(Number(expected.newNorm), 12);
  });

  // Collateral and short perp; each perp sold for base takes its price off the net delta once more.
  it.each(startingWith('crab'))('$id', ({ inputs, expected }) => {
    const { collateralEth, debtWSqueeth, wSqueethPriceEth } = inputs;
    const spot = 3000;
    const normalizationFactor = (wSqueethPriceEth! * 10_000) / spot;
    const short = powerPerpExposure({ size: -debtWSqueeth!, normalizationFactor, markToIndex: 1, spot });
    const amountRaw = BigInt(collateralEth! * 1e6) * 10n ** 12n;
    const collateral = spotExposure(
      { kind: 'spot', label: 'collateral', asset: 'base', amountRaw, locked: true },
      ethView(spot),
    );
    const { delta } = sumExposures([short, collateral]);
    expect(delta).toBeCloseTo(Number(expected.netDeltaEth), 12);
    expect(Math.abs(delta) / wSqueethPriceEth!).toBeCloseTo(Number(expected.targetHedgeWSqueeth), 12);
    expect(delta > 0).toBe(expected.isSellingWSqueeth);
  });

  it.each(legs)('$id', ({ inputs, expected }) => {
    const priceAt = (tick: number) => 1.0001 ** tick;
    const size = Number(inputs.positionSize) * inputs.optionRatio;
    const spot = priceAt(inputs.currentTick);
    const strike = priceAt(inputs.strike);
    const leg = {
      type: inputs.tokenType === 0 ? ('call' as const) : ('put' as const),
      size: inputs.isLong ? size : -size,
      strike,
      rangeRatio: priceAt((inputs.width * inputs.tickSpacing) / 2),
      mintPrice: priceAt(inputs.mintTick),
      spot,
    };
    const { valueQuote, delta, gamma } = panopticLegExposure(leg);
    // Two units for a division that the source rounds, and the digits that a double has.
    const near = (found: number, name: string, scale: number) =>
      expect(Math.abs(found - Number(expected[name])), name).toBeLessThanOrEqual(3 + 1e-10 * scale);
    near(valueQuote, 'value', size * strike);
    near(delta, 'delta', size);
    near(gamma * spot * spot, 'gamma', Math.abs(Number(expected.gamma)));
  });
});
