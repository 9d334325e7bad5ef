import type { Address, Token } from '../../core/units.ts';
import { mainnet } from '../addresses.ts';
import { devnetTokens } from '../pools/pools.ts';

/** One asset of the devnet's Aave market, with terms close to mainnet's of 2024. */
export interface DevnetReserve {
  readonly token: Token;
  /** What a supplier holds. */
  readonly aToken: Address;
  readonly variableDebtToken: Address;
  /** The dollar feed that Aave's oracle reads. */
  readonly feed: Address;
  /** Of the configurator when it makes the reserve's tokens: mainnet's, so that their addresses are mainnet's. */
  readonly configuratorNonce: bigint;
  readonly loanToValueBps: bigint;
  readonly liquidationThresholdBps: bigint;
  /** What a liquidator gets for 100 % of debt, in basis points. */
  readonly liquidationBonusBps: bigint;
  readonly reserveFactorBps: bigint;
  /** Whole tokens. */
  readonly supplyCap: bigint;
  readonly borrowCap: bigint;
  /** Shares per year; the kink lies at `optimalUsage`. */
  readonly rates: {
    readonly optimalUsage: number;
    readonly slopeBelow: number;
    readonly slopeAbove: number;
  };
  /** What the market's lender supplies and owes at the start, whole tokens. */
  readonly seed: { readonly supplied: number; readonly borrowed: number };
  /** The e-mode category that it belongs to, 0 for none. */
  readonly eModeCategory: number;
}

const { weth, usdc, usdt } = devnetTokens;

/** The market's assets, by their symbol. */
export const devnetReserves = {
  weth: {
    token: weth,
    aToken: mainnet.aaveWeth,
    variableDebtToken: mainnet.aaveWethVariableDebt,
    feed: mainnet.ethUsdFeed,
    configuratorNonce: 1n,
    loanToValueBps: 8_050n,
    liquidationThresholdBps: 8_300n,
    liquidationBonusBps: 10_500n,
    reserveFactorBps: 1_500n,
    supplyCap: 1_800_000n,
    borrowCap: 1_400_000n,
    rates: { optimalUsage: 0.8, slopeBelow: 0.033, slopeAbove: 0.8 },
    seed: { supplied: 100_000, borrowed: 60_000 },
    eModeCategory: 1,
  },
  usdc: {
    token: usdc,
    aToken: mainnet.aaveUsdc,
    variableDebtToken: mainnet.aaveUsdcVariableDebt,
    feed: mainnet.usdcUsdFeed,
    configuratorNonce: 10n,
    loanToValueBps: 7_700n,
    liquidationThresholdBps: 8_000n,
    liquidationBonusBps: 10_450n,
    reserveFactorBps: 1_000n,
    supplyCap: 1_760_000_000n,
    borrowCap: 1_580_000_000n,
    rates: { optimalUsage: 0.9, slopeBelow: 0.06, slopeAbove: 0.6 },
    seed: { supplied: 500_000_000, borrowed: 300_000_000 },
    eModeCategory: 0,
  },
  usdt: {
    token: usdt,
    aToken: mainnet.aaveUsdt,
    variableDebtToken: mainnet.aaveUsdtVariableDebt,
    feed: mainnet.usdtUsdFeed,
    configuratorNonce: 25n,
    loanToValueBps: 7_400n,
    liquidationThresholdBps: 7_600n,
    liquidationBonusBps: 10_450n,
    reserveFactorBps: 1_000n,
    supplyCap: 1_040_000_000n,
    borrowCap: 940_000_000n,
    rates: { optimalUsage: 0.9, slopeBelow: 0.06, slopeAbove: 0.75 },
    seed: { supplied: 200_000_000, borrowed: 120_000_000 },
    eModeCategory: 0,
  },
} as const satisfies Readonly<Record<string, DevnetReserve>>;

/** The market's only e-mode: ether against what follows ether. */
export const etherEMode = {
  category: 1,
  label: 'ETH correlated',
  loanToValueBps: 9_000,
  liquidationThresholdBps: 9_300,
  liquidationBonusBps: 10_100,
} as const;
