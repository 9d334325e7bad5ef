import type { ContractFunctionArgs } from 'viem';
import { erc20Abi } from '../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { hedgeModuleAddress } from '../../adapters/chain/deployment.ts';
import type { Address } from '../../core/units.ts';
import type { DevnetAccounts } from '../accounts.ts';
import { mainnet } from '../addresses.ts';
import { type Call, callOf } from '../node/transactions.ts';
import { devnetV4Pools } from '../pools/uniswapV4.ts';
import type { DevnetVenue } from '../pools/venues.ts';

/** A mandate as the HedgeModule takes it; amounts in the smallest unit of their token. */
export type Mandate = ContractFunctionArgs<typeof hedgeModuleAbi, 'nonpayable', 'setMandate'>[0];

const NOT_USED: Mandate['quoteFeed'] = {
  aggregator: '0x0000000000000000000000000000000000000000',
  heartbeatSeconds: 0,
};
const NO_LENDING: Mandate['lending'] = {
  pool: NOT_USED.aggregator,
  minHealthFactorWad: 0n,
  maxBaseDebt: 0n,
  maxQuoteDebt: 0n,
};
/** What a Safe approves of base and quote where its mandate pays by allowance: as much as a demo could ever trade. */
const ALLOWANCE_RAW = 10n ** 30n;
/** Feeds report a block or two after their heartbeat: five minutes more than it is what a reader should allow. */
const HEARTBEAT_GRACE_SECONDS = 300;

/** A mandate that lets the devnet's keeper hedge WETH against USDC on both USDC pools, with room for a demo. */
export function defaultMandate(accounts: DevnetAccounts): Mandate {
  return {
    base: mainnet.weth,
    quote: mainnet.usdc,
    baseFeeds: [
      { aggregator: mainnet.ethUsdFeed, heartbeatSeconds: 3_600 + HEARTBEAT_GRACE_SECONDS },
      NOT_USED,
    ],
    quoteFeed: { aggregator: mainnet.usdcUsdFeed, heartbeatSeconds: 86_400 + HEARTBEAT_GRACE_SECONDS },
    sequencerFeed: NOT_USED.aggregator,
    sequencerGraceSeconds: 0,
    guardian: accounts.guardian.address,
    maxSlippageBps: 150,
    turnoverCapacityQuote: 5_000_000n * 10n ** 6n,
    turnoverRefillPerDayQuote: 5_000_000n * 10n ** 6n,
    minBase: 0n,
    maxBase: 10_000n * 10n ** 18n,
    pools: [mainnet.usdcWeth500, mainnet.usdcWeth3000],
    keepers: [accounts.keeper.address],
    poolManager: NOT_USED.aggregator,
    v4Pools: [],
    bridges: [],
    paysByAllowance: false,
    lending: NO_LENDING,
    positionManager: NOT_USED.aggregator,
  };
}

/** The pools of a default mandate, with those of WETH and USDC that other kinds of venues bring. */
export function mandatePools(
  venues: readonly DevnetVenue[],
): Pick<Mandate, 'pools' | 'poolManager' | 'v4Pools'> {
  const hasV4 = venues.includes('uniswapV4');
  return {
    pools: [
      mainnet.usdcWeth500,
      mainnet.usdcWeth3000,
      ...(venues.includes('uniswapV2') ? [mainnet.usdcWethPair] : []),
    ],
    poolManager: hasV4 ? mainnet.poolManager : NOT_USED.aggregator,
    v4Pools: hasV4 ? Object.values(devnetV4Pools).map(({ id }) => id) : [],
  };
}

/** What a Safe runs to be hedged under a mandate. */
export function mandateCalls(safe: Address, mandate: Mandate): readonly Call[] {
  return [
    callOf(safe, safeAbi, 'enableModule', [hedgeModuleAddress]),
    callOf(hedgeModuleAddress, hedgeModuleAbi, 'setMandate', [mandate]),
    ...(mandate.paysByAllowance ? [mandate.base, mandate.quote] : []).map((token) =>
      callOf(token, erc20Abi, 'approve', [hedgeModuleAddress, ALLOWANCE_RAW]),
    ),
  ];
}
