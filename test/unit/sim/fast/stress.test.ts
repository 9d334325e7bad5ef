import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../../src/core/decision.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { typicalPools } from '../../../../src/sim/backtest/poolPlan.ts';
import { policyOf } from '../../../../src/sim/fast/candidate.ts';
import { fastBacktest } from '../../../../src/sim/fast/fastBacktest.ts';
import { buildMarket, typicalMarket } from '../../../../src/sim/market/buildMarket.ts';
import { type MarketPath, NOT_INCLUDED } from '../../../../src/sim/market/marketPath.ts';
import { gbmPath } from '../../../../src/sim/paths/gbm.ts';
import type { PricePath } from '../../../../src/sim/paths/pricePath.ts';
import { randomStream } from '../../../../src/sim/random.ts';
import type { VaultPlan } from '../../../../src/sim/vaultPlan.ts';

const STEPS = 60;
const CRASH = 30;

const gbm = (volatility: number, startPrice = 2_000): PricePath =>
  gbmPath(
    { startSeconds: 1_700_000_000, stepSeconds: 3_600, steps: STEPS },
    { startPrice, drift: 0, volatility },
    randomStream(11, 'price'),
  );
const shaped = (factor: (step: number) => number): PricePath => {
  const path = gbm(0.6);
  return { ...path, price: path.price.map((price, step) => price * factor(step)) };
};

type Change = Partial<
  Record<'depthScale' | 'baseFeeGwei' | 'oracle' | 'inclusionBlocks' | 'forecastVolatility', number>
>;

/** A market with some of its columns changed step by step. */
function marketOf(
  path: PricePath,
  change: (step: number, market: MarketPath) => Change = () => ({}),
): MarketPath {
  const market = buildMarket('stress', path, typicalMarket, 5);
  const along = (name: keyof Change) =>
    Float64Array.from(market.spot, (_, step) => change(step, market)[name] ?? market[name][step]!);
  return {
    ...market,
    depthScale: along('depthScale'),
    baseFeeGwei: along('baseFeeGwei'),
    oracle: along('oracle'),
    inclusionBlocks: Uint8Array.from(along('inclusionBlocks')),
    forecastVolatility: along('forecastVolatility'),
    impliedVolatility: along('forecastVolatility'),
  };
}

const isCrash = (step: number) => step >= CRASH && step < CRASH + 24;
const crash = shaped((step) => (step < CRASH ? 1 : Math.max(0.6, 1 - (0.4 * (step - CRASH)) / 24)));

const markets: Readonly<Record<string, MarketPath>> = {
  'a fall of 40 % in a day, a fifth of the depth, twenty times the gas': marketOf(crash, (step) =>
    isCrash(step) ? { depthScale: 0.2, baseFeeGwei: 400, inclusionBlocks: 9 } : {},
  ),
  'the same with a feed two hours late': marketOf(crash, (step, { spot }) =>
    isCrash(step) ? { depthScale: 0.2, oracle: spot[step - 2]! } : {},
  ),
  'a price that halves and comes back': marketOf(
    shaped((step) => [0.7, 0.5, 0.8][step - CRASH] ?? 1),
    (step) => (step >= CRASH && step < CRASH + 4 ? { depthScale: 0.1, baseFeeGwei: 1_500 } : {}),
  ),
  'no gas at all': marketOf(gbm(0.8), () => ({ baseFeeGwei: 0 })),
  'a volatility of 600 %': marketOf(gbm(6)),
  'a price that hardly moves': marketOf(gbm(0.01)),
  'pools that all but emptied': marketOf(gbm(1), () => ({ depthScale: 1e-4 })),
  'blocks that take no order': marketOf(gbm(1), () => ({ inclusionBlocks: NOT_INCLUDED })),
  'volatility marks that jump between 1 % and 500 %': marketOf(gbm(0.6), (step) => ({
    forecastVolatility: step % 20 < 10 ? 0.01 : 5,
  })),
  'a base of next to no price': marketOf(gbm(0.9, 1e-4)),
};

/** Several expiries, liquidity of its own, options that pay in base and in quote. */
const plan = (size: number, spot: number): VaultPlan => ({
  name: 'stress',
  base: 20 * size,
  quote: 40 * size * spot,
  options: [
    {
      type: 'call',
      strikeOverSpot: 1.05,
      days: 1.5,
      everyDays: 1.5,
      sizeBase: -20 * size,
      settlement: 'quote',
    },
    { type: 'put', strikeOverSpot: 0.95, days: 7, everyDays: 7, sizeBase: -20 * size, settlement: 'base' },
    { type: 'call', strikeOverSpot: 1.3, days: 28, everyDays: 28, sizeBase: 5 * size, settlement: 'quote' },
  ],
  liquidity: [{ lowerOverSpot: 0.9, upperOverSpot: 1.1, valueQuote: 2 * size * spot }],
  targetDelta: 0,
  rate: 0.02,
});

const policies = [
  { kind: 'fixedBand', parameters: { halfWidth: { shareOfGross: 0.03 }, tradeTo: 'centre' } },
  { kind: 'leland', parameters: { seconds: 14_400 } },
  { kind: 'whalleyWilmott', parameters: { relativeRiskAversion: 3 } },
  { kind: 'zakamouline', parameters: { relativeRiskAversion: 3 } },
  { kind: 'optimalBand', parameters: { relativeRiskAversion: 3 } },
  {
    kind: 'optimalBand',
    parameters: { relativeRiskAversion: 300, refillHalfLifeSeconds: 3_600, carryRate: 0.03 },
  },
];

const limits = {
  ...defaultLimits,
  maxGasQuote: 1e9,
  minTradeQuote: 1e-6,
  maxTradeQuote: 1e12,
  maxDivergenceBps: 10_000,
  maxConsecutiveFailures: 1_000,
};

/** What is wrong with a decision whatever the market; null where nothing is. */
function absurdity(decision: Decision): string | null {
  const { netDelta, band } = decision.numbers;
  if (decision.code === 'dataFault') return decision.why;
  if (/NaN|undefined/u.test(decision.why)) return decision.why;
  if (band !== null) {
    const { sell, buy } = band;
    const levels = [sell.act, sell.target, buy.act, buy.target];
    if (levels.some(Number.isNaN)) return `levels ${levels}`;
    const slack = 1e-9 * Math.max(...levels.map(Math.abs));
    if (sell.act < sell.target - slack || buy.act > buy.target + slack || sell.act < buy.act - slack)
      return `levels ${levels} out of order`;
  }
  if (decision.kind !== 'hedge' || band === null || netDelta === null) return null;
  const target = decision.plan.side === 'sell' ? band.sell.target : band.buy.target;
  if (decision.plan.side === 'sell' ? netDelta <= target : netDelta >= target)
    return `a ${decision.plan.side} at ${netDelta} with a target of ${target}`;
  const [before, after] = [Math.abs(netDelta - target), Math.abs(decision.netDeltaAfter - target)];
  return after > before ? `from ${netDelta} to ${decision.netDeltaAfter}, away from ${target}` : null;
}

describe('in markets wilder than any on record', () => {
  it.each(Object.entries(markets))(
    '%s: no policy fails or does what makes no sense',
    (_, market) => {
      for (const size of [1e-3, 1e3]) {
        for (const policy of policies) {
          const found: string[] = [];
          const result = fastBacktest({
            market,
            plan: plan(size, market.spot[0]!),
            pools: typicalPools,
            policy: policyOf(policy),
            limits,
            guard: { maxSlippageBps: 300 },
            onDecision: (step, decision) => {
              const wrong = absurdity(decision);
              if (wrong !== null) found.push(`${policy.kind} x ${size} at ${step}: ${wrong}`);
            },
          });
          expect(found).toEqual([]);
          const { cost, profit } = result;
          for (const figure of [...Object.values(cost), ...Object.values(profit)])
            expect(Number.isFinite(figure)).toBe(true);
        }
      }
    },
    240_000,
  );
});
