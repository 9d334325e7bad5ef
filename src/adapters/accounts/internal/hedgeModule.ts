import {
  type Abi,
  decodeEventLog,
  decodeFunctionResult,
  encodeFunctionData,
  getAddress,
  prepareEncodeFunctionData,
  sliceHex,
  zeroAddress,
} from 'viem';
import { z } from 'zod';
import { erc20Abi } from '../../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../../abis/hedgeModule.ts';
import { safeAbi } from '../../../../abis/safe.ts';
import type { V4PoolKey } from '../../../core/amm/pool.ts';
import type { FarSwap, Leg, LendingStep, Order, WithdrawalStep } from '../../../core/decision.ts';
import { BallastError, CorruptDataError } from '../../../core/errors.ts';
import { all, type Read } from '../../../core/read.ts';
import type { LendingGuard, VaultTerms } from '../../../core/snapshot.ts';
import { type Address, BPS, type Hash, type Hex, sameAddress, toWhole } from '../../../core/units.ts';
import type { AccountState, Fill, SimulatedFill } from '../../../ports/account.ts';
import type { EventLog, Receipt, TransactionIntent } from '../../../ports/chain.ts';
import type { ReadContext } from '../../../ports/protocol.ts';
import { addressSchema } from '../../chain/addressSchema.ts';
import { hedgeModuleAddress } from '../../chain/deployment.ts';
import { call } from '../../chain/index.ts';

/** What the config says of an account that the HedgeModule hedges. */
export const moduleAccountConfig = z.strictObject({
  module: addressSchema
    .default(hedgeModuleAddress)
    .describe('the HedgeModule; the one of this build unless given'),
});
/** See {@link moduleAccountConfig}. */
export type ModuleAccountConfig = z.infer<typeof moduleAccountConfig>;
/** The module of this build. */
export const moduleAccountSample: ModuleAccountConfig = { module: hedgeModuleAddress };

/** The mandate on chain is for another pair than the vault of the config. */
export class MandateMismatchError extends BallastError {
  constructor(vault: VaultTerms, base: Address, quote: Address) {
    super(
      'MANDATE_MISMATCH',
      `the mandate of ${vault.account} is for another pair than vault ${vault.name}`,
      {
        facts: {
          mandateBase: base,
          mandateQuote: quote,
          base: vault.base.address,
          quote: vault.quote.address,
        },
        action: 'correct base and quote in the config, or set a new mandate with ballast mandate',
      },
    );
  }
}

/** Mandate, state and balances of such an account, in one round. @throws MandateMismatchError */
export function* readModuleAccount(
  { module }: ModuleAccountConfig,
  { vault }: ReadContext,
  keeper: Address,
): Read<AccountState> {
  const { account } = vault;
  const [state, mandate, keeperAllowed, enabled, baseRaw, quoteRaw] = yield* all([
    call(hedgeModuleAbi, module, 'stateOf', [account]),
    call(hedgeModuleAbi, module, 'mandateOf', [account]),
    call(hedgeModuleAbi, module, 'isKeeper', [account, keeper]),
    call(safeAbi, account, 'isModuleEnabled', [module]),
    call(erc20Abi, vault.base.address, 'balanceOf', [account]),
    call(erc20Abi, vault.quote.address, 'balanceOf', [account]),
  ]);
  const samePair =
    sameAddress(mandate.base, vault.base.address) && sameAddress(mandate.quote, vault.quote.address);
  if (mandate.base !== zeroAddress && !samePair)
    throw new MandateMismatchError(vault, mandate.base, mandate.quote);
  const [nextSequence, paused, , turnoverAvailableRaw] = state;
  return {
    holdings: { baseRaw, quoteRaw },
    guard: {
      module,
      nextSequence,
      enabled,
      paused,
      keeperAllowed,
      maxSlippageBps: mandate.maxSlippageBps,
      turnoverAvailableRaw,
      turnoverCapacityRaw: mandate.turnoverCapacityQuote,
      turnoverRefillPerDayRaw: mandate.turnoverRefillPerDayQuote,
      minBaseRaw: mandate.minBase,
      maxBaseRaw: mandate.maxBase,
      allowedPools: [...mandate.pools, ...mandate.v4Pools.map(addressOfV4Pool)],
      ...lendingOf(mandate.lending),
      ...(mandate.positionManager === zeroAddress ? {} : { positionManager: mandate.positionManager }),
    },
  };
}

/** What a mandate allows on a lending market; nothing where it names none. */
function lendingOf(lending: {
  readonly pool: Address;
  readonly minHealthFactorWad: bigint;
  readonly maxBaseDebt: bigint;
  readonly maxQuoteDebt: bigint;
}): { readonly lending?: LendingGuard } {
  if (lending.pool === zeroAddress) return {};
  return {
    lending: {
      pool: lending.pool,
      minHealthFactor: toWhole(lending.minHealthFactorWad, WAD_DECIMALS),
      maxBaseDebtRaw: lending.maxBaseDebt,
      maxQuoteDebtRaw: lending.maxQuoteDebt,
    },
  };
}

/** Found among the module's functions once: that takes a hash. */
const hedgeFunction = prepareEncodeFunctionData({ abi: hedgeModuleAbi, functionName: 'hedge' });

/** The order as the module's `hedge` takes it. */
export function encodeHedge(
  { module }: ModuleAccountConfig,
  { account }: VaultTerms,
  order: Order,
  keeper: Address,
): TransactionIntent {
  const data = encodeFunctionData({
    ...hedgeFunction,
    args: [
      {
        avatar: account,
        sequence: order.sequence,
        deadline: BigInt(order.deadlineSeconds),
        sellBase: order.side === 'sell',
        baseAmount: order.baseRaw,
        quoteLimit: order.quoteLimitRaw,
        minFillBps: order.minFillBps,
        legs: [
          ...(order.withdrawals ?? []).map(encodeWithdrawal),
          ...(order.lending?.before ?? []).map((step) => encodeStep(step, step.amountRaw)),
          ...order.legs.flatMap(encodeLeg),
          ...(order.lending?.after ?? []).map((step) => encodeStep(step, amountAfter(step))),
        ],
      },
    ],
  });
  return { from: keeper, to: module, data, valueWei: 0n };
}

/** The fill that the module announced. @throws CorruptDataError */
export function fillOfHedge(
  { module }: ModuleAccountConfig,
  vault: VaultTerms,
  order: Order,
  receipt: Receipt,
): Fill {
  const events = receipt.logs.flatMap((log) =>
    sameAddress(log.address, module) ? (hedgedIn(log) ?? []) : [],
  );
  const own = events.filter(
    ({ avatar, sequence }) => sameAddress(avatar, vault.account) && sequence === order.sequence,
  );
  const [event] = own;
  if (!event || own.length > 1) {
    throw unlikeOrder(receipt, 'Hedged events of this order', own.length, 'exactly one');
  }
  return fillOf(order, receipt, event);
}

/** What `hedge` returned in a simulation. @throws CorruptDataError */
export function simulatedHedge(_: ModuleAccountConfig, returnData: Hex): SimulatedFill {
  try {
    const [baseRaw, quoteRaw] = decodeFunctionResult({
      abi: hedgeModuleAbi,
      functionName: 'hedge',
      data: returnData,
    });
    return { baseRaw, quoteRaw };
  } catch (cause) {
    throw new CorruptDataError('what a simulated hedge returned', returnData, 'two amounts', { cause });
  }
}

/** Leg kinds of the HedgeModule, by venue plug-in. */
const legKinds: Readonly<Record<string, number>> = { uniswapV3: 0, uniswapV2: 1, uniswapV4: 2 };

/** Lending steps of the HedgeModule, of base; those of quote are four further on. */
const stepKinds = { supply: 16, withdraw: 17, borrow: 18, repay: 19 } as const;
const OF_QUOTE = 4;
const WAD_DECIMALS = 18;

/** Stands for all there is: what the order brought to supply, what is owned to repay. */
const ALL = (1n << 128n) - 1n;

/** After a swap that may have filled in part, a debt is repaid with what is there, never with more. */
function amountAfter({ kind, amountRaw }: LendingStep): bigint {
  return kind === 'repay' || kind === 'supply' ? ALL : amountRaw;
}

function encodeStep({ kind, asset, pool }: LendingStep, amountRaw: bigint) {
  const shift = asset === 'quote' ? OF_QUOTE : 0;
  return { ...NO_KEY, kind: stepKinds[kind] + shift, pool, baseAmount: amountRaw, sqrtPriceLimitX96: 0n };
}

/** Withdraws liquidity of a Uniswap v3 position: its NFT's id stands where a swap has its price limit. */
const WITHDRAW_LIQUIDITY = 24;

function encodeWithdrawal({ manager, tokenId, liquidity }: WithdrawalStep) {
  return {
    ...NO_KEY,
    kind: WITHDRAW_LIQUIDITY,
    pool: manager,
    baseAmount: liquidity,
    sqrtPriceLimitX96: tokenId,
  };
}

/** Pools of the other kinds are found by their address alone. */
const NO_KEY: V4PoolKey = { fee: 0, tickSpacing: 0 };

/** What stands for a v4 pool where an address is wanted: the last 20 bytes of its id. */
function addressOfV4Pool(id: Hash): Address {
  return getAddress(sliceHex(id, 12));
}

/** Marks a leg as the far hop of the one before it. */
const FAR_HOP = 0x80;

/** A leg over two pools is two legs of the module: the second trades what the first brings or needs. */
function encodeLeg({ via, ...near }: Leg) {
  const first = { ...encodeSwap(near), baseAmount: near.baseRaw };
  if (via === undefined) return [first];
  const second = encodeSwap(via);
  return [first, { ...second, kind: second.kind + FAR_HOP, baseAmount: 0n }];
}

function encodeSwap({ venue, pool, sqrtPriceLimitX96, v4Key }: Omit<FarSwap, 'token'>) {
  const kind = legKinds[venue];
  const hasHooks = venue === 'uniswapV4' && v4Key === undefined;
  if (kind === undefined || hasHooks) {
    const where = hasHooks ? 'a v4 pool with hooks' : venue;
    throw new BallastError('LEG_UNSUPPORTED', `the HedgeModule cannot swap on ${where}`, {
      facts: { venue, pool },
      action: `hedge on ${Object.keys(legKinds).join(', ')}, or keep this venue for prices only`,
    });
  }
  const { fee, tickSpacing } = v4Key ?? NO_KEY;
  return { kind, pool, sqrtPriceLimitX96, fee, tickSpacing };
}

interface Hedged {
  readonly avatar: Address;
  readonly sequence: bigint;
  readonly sellBase: boolean;
  readonly baseFilled: bigint;
  readonly quoteFilled: bigint;
}

const hedgedAbi = hedgeModuleAbi.filter((item) => item.type === 'event' && item.name === 'Hedged');

/** Null where the log is another event. */
function hedgedIn({ topics, data }: EventLog): Hedged | null {
  try {
    const abi: Abi = hedgedAbi;
    const { args } = decodeEventLog({ abi, topics: [...topics] as [`0x${string}`], data, strict: true });
    return args as unknown as Hedged;
  } catch {
    return null;
  }
}

function fillOf(order: Order, receipt: Receipt, event: Hedged): Fill {
  const side = event.sellBase ? 'sell' : 'buy';
  if (side !== order.side) throw unlikeOrder(receipt, 'side of the fill', side, order.side);
  const leastBaseRaw = (order.baseRaw * BigInt(order.minFillBps)) / BPS;
  if (event.baseFilled > order.baseRaw || event.baseFilled < leastBaseRaw) {
    throw unlikeOrder(receipt, 'base filled', event.baseFilled, `${leastBaseRaw} to ${order.baseRaw}`);
  }
  return {
    transactionHash: receipt.transactionHash,
    blockNumber: receipt.blockNumber,
    blockHash: receipt.blockHash,
    side,
    baseRaw: event.baseFilled,
    quoteRaw: event.quoteFilled,
    gasUsed: receipt.gasUsed,
    gasPaidWei: receipt.gasUsed * receipt.effectiveGasPriceWei + (receipt.dataFeeWei ?? 0n),
  };
}

function unlikeOrder(
  { transactionHash }: Receipt,
  what: string,
  found: unknown,
  expected: string,
): CorruptDataError {
  return new CorruptDataError(what, found, expected, { facts: { transactionHash } });
}
