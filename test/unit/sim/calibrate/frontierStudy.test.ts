import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { typicalPools } from '../../../../src/sim/backtest/poolPlan.ts';
import { coarseGrid } from '../../../../src/sim/calibrate/searchSpace.ts';
import { bookScale, searchSpaces } from '../../../../src/sim/calibrate/spaces.ts';
import { trialAt } from '../../../../src/sim/calibrate/trial.ts';
import { fastBacktestMany } from '../../../../src/sim/fast/fastBacktest.ts';
import { buildMarket, typicalMarket } from '../../../../src/sim/market/buildMarket.ts';
import { cleanPrices } from '../../../../src/sim/paths/cleanPrices.ts';
import { comparePolicies } from '../../../../src/sim/study/comparePolicies.ts';
import { weekBlocks } from '../../../../src/sim/study/weekBlock.ts';
import type { VaultPlan } from '../../../../src/sim/vaultPlan.ts';
import { ethHourlyCloses } from '../../../support/ethPrices.ts';
import { hasSharedData } from '../../../support/sharedData.ts';

const SIZE = 20;
const [from, to] = ['2021-11-01', '2021-12-07'].map((day) => Date.parse(day) / 1_000) as [number, number];

/** Strangles so small that gas is well over a fifth of what hedging them costs. */
const plan: VaultPlan = {
  name: 'small strangles',
  base: 3 * SIZE,
  quote: 20_000 * SIZE,
  options: (['call', 'put'] as const).map((type) => ({
    type,
    strikeOverSpot: type === 'call' ? 1.05 : 0.95,
    days: 7,
    everyDays: 7,
    sizeBase: -SIZE,
    settlement: 'quote',
  })),
  liquidity: [],
  targetDelta: 3 * SIZE,
  rate: 0,
};

const KINDS = [
  { kind: 'optimalBand', parameters: { riskAversion: 1 } },
  { kind: 'whalleyWilmott', parameters: { riskAversion: 1 } },
  { kind: 'zakamouline', parameters: { riskAversion: 1 } },
  { kind: 'fixedBand', parameters: { halfWidth: { base: 1 } } },
];

describe('five recorded weeks of small written strangles', () => {
  it.skipIf(!hasSharedData)(
    'are hedged for less by optimalBand than by any other policy, at equal hedging error',
    () => {
      const rows = ethHourlyCloses().filter(
        ({ timestampSeconds }) => timestampSeconds >= from && timestampSeconds < to,
      );
      const market = buildMarket('ETH', cleanPrices(rows).path, typicalMarket, 7);
      const scale = bookScale(plan, market);
      const limits = { ...defaultLimits, maxGasQuote: 1e6, maxTradeQuote: 1e9 };
      const prepared = { market, plan, pools: typicalPools, limits, guard: { maxSlippageBps: 100 } };
      const spaces = KINDS.flatMap((choice) => searchSpaces(choice, scale)).map((space) => ({
        ...space,
        dimensions: space.dimensions.map((dimension, index) => ({
          ...dimension,
          points: index === 0 ? 4 : 1,
        })),
      }));
      const gasShares: number[] = [];
      const runs = spaces.map((space) => {
        const trials = coarseGrid(space).map(trialAt);
        const results = fastBacktestMany(
          prepared,
          trials.map(({ key, choice }) => ({ key, policy: choice })),
        );
        if (space.policy === 'optimalBand') {
          gasShares.push(...results.flatMap(({ cost }) => (cost.total > 0 ? [cost.gas / cost.total] : [])));
        }
        const settings = results.map((result, index) => ({
          label: trials[index]!.key,
          blocks: weekBlocks(result, market).filter(({ hourlyError }) => hourlyError.length > 0),
        }));
        return { policy: space.policy, settings };
      });
      expect(Math.max(...gasShares)).toBeGreaterThan(0.2);
      const [, ...others] = comparePolicies(runs, { seed: 1, resamples: 100 });
      for (const { score } of others) expect(score!).toBeGreaterThan(1);
    },
  );
});
