import { opynControllerStandInAbi } from '../../../abis/opynControllerStandIn.ts';
import { opynOtokenFactoryStandInAbi } from '../../../abis/opynOtokenFactoryStandIn.ts';
import { InvalidInputError } from '../../core/errors.ts';
import { type Address, SECONDS_PER_DAY, toRawDown, toRawUp } from '../../core/units.ts';
import { mainnet } from '../addresses.ts';
import type { AnvilNode } from '../node/node.ts';
import { type Call, callOf } from '../node/transactions.ts';
import { devnetTokens } from '../pools/pools.ts';
import { approveCall } from '../seed.ts';

/** A European option on WETH in dollars: calls are backed by WETH, puts by USDC, as on mainnet. */
export interface OptionSeries {
  readonly type: 'call' | 'put';
  /** Dollars. */
  readonly strike: number;
  /** Must be 08:00 UTC of a day to come, see {@link nextExpiry}. */
  readonly expirySeconds: number;
}

/** Options to be written. */
export interface ShortOption extends OptionSeries {
  /** Number of options, each on one WETH. */
  readonly amount: number;
}

const OTOKEN_DECIMALS = 8;
const EXPIRY_HOUR_SECONDS = 8 * 3_600;

/** The first 08:00 UTC that is at least so many days after a time: when Opyn's series expire. */
export function nextExpiry(fromSeconds: number, days: number): number {
  const earliest = fromSeconds + days * SECONDS_PER_DAY;
  return (
    Math.ceil((earliest - EXPIRY_HOUR_SECONDS) / SECONDS_PER_DAY) * SECONDS_PER_DAY + EXPIRY_HOUR_SECONDS
  );
}

/** The token that backs a series. */
export function collateralOf({ type }: OptionSeries) {
  return type === 'call' ? devnetTokens.weth : devnetTokens.usdc;
}

/** What full collateral for some options is, in whole tokens of {@link collateralOf}. */
export function collateralAmount(option: ShortOption): number {
  return option.type === 'call' ? option.amount : option.amount * option.strike;
}

/**
 * Finds a series' oToken, or says how to make it.
 *
 * @returns its address, and the call that creates it where it does not exist yet
 */
export async function resolveSeries(
  node: AnvilNode,
  series: OptionSeries,
): Promise<{ readonly otoken: Address; readonly creation: Call | null }> {
  const args = seriesArguments(series);
  const found = await node.read(mainnet.opynOtokenFactory, opynOtokenFactoryStandInAbi, 'getOtoken', args);
  if (BigInt(found) !== 0n) return { otoken: found, creation: null };
  const creation = callOf(mainnet.opynOtokenFactory, opynOtokenFactoryStandInAbi, 'createOtoken', args);
  const otoken = await node.read(
    mainnet.opynOtokenFactory,
    opynOtokenFactoryStandInAbi,
    'createOtoken',
    args,
  );
  return { otoken, creation };
}

/** The calls by which an account writes options, fully collateralised, into a new vault of its own. */
export function writeOptionCalls(option: ShortOption, otoken: Address, buyer: Address): readonly Call[] {
  const collateral = collateralOf(option);
  const collateralRaw = toRawUp(collateralAmount(option), collateral.decimals);
  const amountRaw = toRawDown(option.amount, OTOKEN_DECIMALS);
  return [
    approveCall(collateral.address, mainnet.opynController, collateralRaw),
    callOf(mainnet.opynController, opynControllerStandInAbi, 'openShort', [
      otoken,
      amountRaw,
      collateralRaw,
      buyer,
    ]),
  ];
}

function seriesArguments(series: OptionSeries) {
  const { type, strike, expirySeconds } = series;
  if (expirySeconds % SECONDS_PER_DAY !== EXPIRY_HOUR_SECONDS) {
    throw new InvalidInputError('expirySeconds', expirySeconds, '08:00 UTC of a day');
  }
  return [
    mainnet.weth,
    mainnet.usdc,
    collateralOf(series).address,
    toRawDown(strike, OTOKEN_DECIMALS),
    BigInt(expirySeconds),
    type === 'put',
  ] as const;
}
