import type { Order } from '../../core/decision.ts';
import { exactRatio } from '../../core/math/ratio.ts';
import type { Limits } from '../../core/risk/limits.ts';
import type { BlockFacts, GuardState, PriceReading, VolatilityReading } from '../../core/snapshot.ts';
import type { Hash, Hex } from '../../core/units.ts';
import type { AccountState } from '../../ports/account.ts';
import type { Receipt } from '../../ports/chain.ts';
import type { MarketPath } from '../market/marketPath.ts';
import { type PoolPlan, planAddress } from './poolPlan.ts';
import type { Replica } from './replica.ts';
import { BASE, MODULE, QUOTE } from './tokens.ts';
import type { VaultBook } from './vaultBook.ts';

/** What the guard of a simulated vault allows. */
export interface GuardPlan {
  readonly maxSlippageBps: number;
}

/** What the simulated ports stand on. */
export interface SimulatedState {
  readonly market: MarketPath;
  readonly replica: Replica;
  readonly book: VaultBook;
  /** Orders by the data of the transaction that carries them. */
  readonly orders: Map<Hex, Order>;
  /** Sequence that the vault's next order has to carry. */
  nextSequence: bigint;
}

const WEI_PER_GWEI = 1e9;
/** More than anything costs: what a simulated keeper has for gas, and a guard lets through, raw. */
export const PLENTY_RAW = 10n ** 30n;

/** Gas that an order of so many legs uses: what decisions count with. */
export function gasUsedBy(order: Order, { gasUnits }: Pick<Limits, 'gasUnits'>): bigint {
  return BigInt(gasUnits.firstLeg + (order.legs.length - 1) * gasUnits.furtherLeg);
}

/** The receipt of a transaction; null where it is in no block. */
export function receiptOf({ replica }: SimulatedState, limits: Limits, hash: Hash): Receipt | null {
  const found = replica.inclusion(hash);
  if (found === null) return null;
  return {
    transactionHash: hash,
    blockNumber: found.block,
    blockHash: replica.blockAt(found.block).hash,
    succeeded: found.fill !== null,
    gasUsed: gasUsedBy(found.order, limits),
    effectiveGasPriceWei: found.gasPriceWei,
    logs: [],
  };
}

/** The going tip at the present step. */
export function tipWei({ market, replica }: SimulatedState): bigint {
  return BigInt(Math.round(market.tipGwei[replica.step]! * WEI_PER_GWEI));
}

/** What of a simulated vault's guard stays as it is. */
export type StandingGuard = Omit<GuardState, 'nextSequence'>;

/** A guard that allows the pools of a plan, and refuses nothing but a price beyond its bound. */
export function standingGuard({
  pools,
  guard,
}: {
  readonly pools: readonly PoolPlan[];
  readonly guard: GuardPlan;
}): StandingGuard {
  return {
    module: MODULE,
    enabled: true,
    paused: false,
    keeperAllowed: true,
    maxSlippageBps: guard.maxSlippageBps,
    turnoverAvailableRaw: PLENTY_RAW,
    minBaseRaw: 0n,
    maxBaseRaw: PLENTY_RAW,
    allowedPools: pools.map((_, index) => planAddress(index)),
  };
}

/** What the account holds and what its guard allows. */
export function accountState({ book, nextSequence }: SimulatedState, standing: StandingGuard): AccountState {
  return {
    holdings: {
      baseRaw: book.baseRaw > 0n ? book.baseRaw : 0n,
      quoteRaw: book.quoteRaw > 0n ? book.quoteRaw : 0n,
    },
    guard: { ...standing, nextSequence },
  };
}

/** What the price feed says at a step. @throws InvalidInputError when it is no price */
export function priceReading(
  market: MarketPath,
  step: number,
  { timestampSeconds }: BlockFacts,
): PriceReading {
  const price = market.oracle[step]!;
  const { numerator, denominator } = exactRatio(price);
  return {
    source: 'simulated feed',
    price,
    numerator: numerator * 10n ** BigInt(QUOTE.decimals),
    denominator: denominator * 10n ** BigInt(BASE.decimals),
    updatedAtSeconds: timestampSeconds,
    staleAfterSeconds: 3_900,
    fault: null,
  };
}

/** What options are marked with at a step. */
export function volatilityReading(
  market: MarketPath,
  step: number,
  { timestampSeconds }: BlockFacts,
): VolatilityReading {
  return {
    source: 'mark',
    volatility: market.impliedVolatility[step]!,
    observedAtSeconds: timestampSeconds,
  };
}
