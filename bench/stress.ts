/**
 * What being tried before a decision costs, for a vault with 100 options, two liquidity ranges and a loan: figures of margin
 * and stress (target: under 1 ms), and for comparison the same cells priced position by position: `npx tsx bench/stress.ts`.
 */
import { totalExposure } from '../src/core/exposure/exposure.ts';
import type { Position } from '../src/core/position.ts';
import { bookInMarkets } from '../src/core/risk/stress/bookInMarkets.ts';
import { stressConditions } from '../src/core/risk/stress/conditions.ts';
import { defaultStressLimits } from '../src/core/risk/stress/stressLimits.ts';
import type { StressInput } from '../src/core/risk/stress/stressTest.ts';
import { stressView } from '../src/core/risk/stress/stressView.ts';
import { medianMs } from './support/medianMs.ts';

const NOW = 1_770_000_000;
const TARGET_MS = 1;

const options = Array.from(
  { length: 100 },
  (_, n): Position => ({
    kind: 'option',
    label: `option ${n}`,
    type: n % 2 === 0 ? 'call' : 'put',
    strike: 2_000 + 20 * n,
    expirySeconds: NOW + (1 + (n % 10)) * 7 * 86_400,
    size: n % 3 === 0 ? 2 : -3,
    settlementPrice: null,
  }),
);
const ranges = [-600, 0].map(
  (shift): Position => ({
    kind: 'liquidity',
    label: `range ${shift}`,
    pool: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
    baseIsToken0: false,
    tickLower: 195_000 + shift,
    tickUpper: 197_000 + shift,
    liquidity: 10n ** 17n,
  }),
);
const base = 10n ** 18n;
const loan: Position = { kind: 'debt', label: 'aave', asset: 'base', owedRaw: 20n * base, borrowRate: 0.03 };
const positions = [...options, ...ranges, loan];
const costs = { cost: (q: number) => 1.5 * q + 0.01 * q * q, marginal: (q: number) => 1.5 + 0.02 * q };
const reserve = {
  decimals: 18,
  suppliedRaw: 0n,
  isCollateral: true,
  debtRaw: 0n,
  liquidationThreshold: 0.8,
  loanToValue: 0.75,
  borrowRate: 0.03,
  supplyRate: 0.02,
  rateCurve: { utilization: 0.5, optimalUtilization: 0.8, baseRate: 0, slopeBelow: 0.04, slopeAbove: 0.8 },
  availableRaw: 10n ** 24n,
  borrowCapLeftRaw: null,
  supplyCapLeftRaw: null,
  isBorrowingEnabled: true,
  isFrozen: false,
  isPaused: false,
  token: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
} as const;
const input: StressInput = {
  positions,
  view: { spot: 3_000, volatility: 0.65, rate: 0, nowSeconds: NOW, baseDecimals: 18, quoteDecimals: 6 },
  neutral: { targetDelta: 0, numeraire: 'quote' },
  lending: [
    {
      label: 'aave',
      pool: '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2',
      reserves: [
        { ...reserve, asset: 'base', symbol: 'WETH', priceQuote: 3_000, debtRaw: 20n * base },
        { ...reserve, asset: 'quote', symbol: 'USDC', decimals: 6, priceQuote: 1, suppliedRaw: 10n ** 12n },
      ],
      eModeCategory: 0,
      healthFactor: 4,
    },
  ],
  debtBase: 20,
  sellableBase: 0,
  quote: 300_000,
  borrowing: { minHealthFactor: 1.5, maxDebtBase: 100, mayWithdraw: true },
  market: {
    sell: costs,
    buy: costs,
    capacity: { sell: 500, buy: 500 },
    gasQuote: 2,
    largestPoolShare: 0.5,
    maxSlippageBps: 100,
  },
  priceChanges: defaultStressLimits.priceChanges,
  volatilityChanges: defaultStressLimits.volatilityChanges,
};

const whole = medianMs(() => stressView(input, defaultStressLimits));
const points = Array.from({ length: 36 }, (_, n) => ({ spot: 1_800 + 66 * n, volatility: 0.65 }));
const fast = medianMs(() => bookInMarkets(positions, input.view, points));
const slow = medianMs(() => points.map((point) => totalExposure(positions, { ...input.view, ...point })));
const cells =
  defaultStressLimits.priceChanges.length *
  defaultStressLimits.volatilityChanges.length *
  stressConditions().length;

console.log(`${positions.length} positions, ${cells} cases and the reach both ways`);
console.log(
  `margin and stress        ${whole.toFixed(3)} ms   target ${TARGET_MS} ms   ${whole <= TARGET_MS ? 'met' : 'MISSED'}`,
);
console.log(
  `36 market points         ${fast.toFixed(3)} ms   position by position ${slow.toFixed(3)} ms   ${(slow / fast).toFixed(1)}x`,
);
