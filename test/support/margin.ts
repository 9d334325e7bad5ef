import type { LendingReserve } from '../../src/core/margin.ts';

const tokens = {
  base: {
    symbol: 'WETH',
    token: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
    decimals: 18,
    priceQuote: 3_000,
    liquidationThreshold: 0.83,
    loanToValue: 0.805,
  },
  quote: {
    symbol: 'USDC',
    token: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
    decimals: 6,
    priceQuote: 1,
    liquidationThreshold: 0.78,
    loanToValue: 0.75,
  },
} as const;

/** A reserve of WETH or USDC with nothing in it of the account's, and no obstacle. */
export function lendingReserve(
  asset: 'base' | 'quote',
  change: Partial<LendingReserve> = {},
): LendingReserve {
  return {
    asset,
    ...tokens[asset],
    suppliedRaw: 0n,
    isCollateral: true,
    debtRaw: 0n,
    borrowRate: 0.03,
    supplyRate: 0.02,
    rateCurve: {
      utilization: 0.5,
      optimalUtilization: 0.8,
      baseRate: 0,
      slopeBelow: 0.04,
      slopeAbove: 0.8,
    },
    availableRaw: 10n ** 22n,
    borrowCapLeftRaw: null,
    supplyCapLeftRaw: null,
    isBorrowingEnabled: true,
    isFrozen: false,
    isPaused: false,
    ...change,
  };
}
