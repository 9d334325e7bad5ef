import { describe, expect, it } from 'vitest';
import { optimalBand } from '../../../../../src/core/hedge/bands/optimalBand.ts';
import { randomStream } from '../../../../../src/sim/random.ts';
import { stationaryCost } from '../../../../support/stationaryCost.ts';

const fee = { feeRate: 0.0005, impactQuotePerBase2: 0 };
const problem = {
  spot: 3_000,
  gamma: 0.66,
  volatility: 0.7,
  riskAversion: 1e-6,
  gasQuote: 9,
  sell: fee,
  buy: fee,
};
const side = { cost: (base: number) => 1.5 * base, marginal: () => 1.5 };
const optimal = optimalBand({ ...problem, sell: side, buy: side, deltaDrift: 0 });
const band = {
  sellAct: optimal.sell.act,
  sellTarget: optimal.sell.target,
  buyAct: optimal.buy.act,
  buyTarget: optimal.buy.target,
};
const blocks = 4_000_000;
const costWith = (delayBlocks: number, levels = band, blockSeconds = 60) =>
  stationaryCost(problem, levels, { blockSeconds, delayBlocks, blocks }, randomStream(1, 'net delta'));

describe('a band over a book that never ends', () => {
  it('costs what the closed form says, and trades as often', () => {
    const { costRate, tradesPerYear } = costWith(0);
    expect(costRate / optimal.costRate).toBeCloseTo(1, 1);
    // Looking once a minute overshoots the level a little, so it trades a little less often than 153 times.
    expect(tradesPerYear).toBeGreaterThan(130);
    expect(tradesPerYear).toBeLessThan(165);
  });

  it('loses less than half a per cent when what it decides is in the chain one block later', () => {
    const ratio = costWith(1, band, 12).costRate / costWith(0, band, 12).costRate;
    expect(ratio).toBeGreaterThan(0.99);
    expect(ratio).toBeLessThan(1.005);
  });

  it('costs more when it is wider or narrower: it is where the cost is least', () => {
    const scaled = (factor: number) => ({
      sellAct: band.sellAct * factor,
      sellTarget: band.sellTarget * factor,
      buyAct: band.buyAct * factor,
      buyTarget: band.buyTarget * factor,
    });
    const least = costWith(0).costRate;
    expect(costWith(0, scaled(1.4)).costRate).toBeGreaterThan(least);
    expect(costWith(0, scaled(0.7)).costRate).toBeGreaterThan(least);
  });

  it('refuses a rhythm that cannot be', () => {
    const rhythm = { blockSeconds: 12, delayBlocks: -1, blocks: 10 };
    expect(() => stationaryCost(problem, band, rhythm, randomStream(1, 'x'))).toThrow('delayBlocks');
  });
});
