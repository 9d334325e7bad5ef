import type { Order } from '../../core/decision.ts';
import { CorruptDataError } from '../../core/errors.ts';
import { exactRatio } from '../../core/math/ratio.ts';
import type { BoundPolicy } from '../../core/policy.ts';
import { known, type Read } from '../../core/read.ts';
import type { Limits } from '../../core/risk/limits.ts';
import type { BlockFacts, GuardState, PriceReading, VolatilityReading } from '../../core/snapshot.ts';
import type { Hash, Hex } from '../../core/units.ts';
import { defaultSubmission, type VaultSetup, type World } from '../../engine/world.ts';
import type { AccountState } from '../../ports/account.ts';
import type { Chain, Receipt } from '../../ports/chain.ts';
import type { Relay } from '../../ports/relay.ts';
import type { Signer } from '../../ports/signer.ts';
import type { Store } from '../../ports/store.ts';
import type { MarketPath } from '../market/marketPath.ts';
import type { VaultPlan } from '../vaultPlan.ts';
import { type PoolPlan, planAddress } from './poolPlan.ts';
import { BLOCK_SECONDS, type Replica } from './replica.ts';
import { BASE, KEEPER, MODULE, QUOTE, VAULT } from './tokens.ts';
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
export function standingGuard({ pools, guard }: Pick<BacktestSettings, 'pools' | 'guard'>): StandingGuard {
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

/** The keeper's nonce and the sequence are read from what the replica included. */
function simulatedChain(state: SimulatedState, limits: Limits): Chain {
  const { replica } = state;
  return {
    chainId: 1,
    head: async () => replica.head,
    blockAt: async (number) => replica.blockAt(number),
    read: async <T>(reads: readonly Read<T>[]) =>
      reads.map((read) => {
        const step = read.next();
        if (!step.done) throw new CorruptDataError('a simulated read', 'a call', 'none');
        return { ok: true as const, value: step.value };
      }),
    confirmedNonce: async (_account, at) => replica.includedUpTo(at.number),
    balanceWei: async () => PLENTY_RAW,
    receipt: async (hash) => receiptOf(state, limits, hash),
    suggestedTipWei: async () => tipWei(state),
    simulate: async ({ data }) => {
      const order = state.orders.get(data);
      if (order === undefined || replica.tryOrder(order) === null) {
        return { ok: false, reason: 'the guard refuses', data: '0x' };
      }
      return { ok: true, gasUsed: gasUsedBy(order, limits), returnData: '0x' };
    },
  };
}

/** Bytes that name the order, its nonce and its fees, so that every attempt has a hash of its own. */
const simulatedSigner: Signer = {
  address: KEEPER,
  signTransaction: async ({ data, nonce, maxFeePerGasWei, maxPriorityFeePerGasWei }) => {
    const fields = [nonce, maxFeePerGasWei, maxPriorityFeePerGasWei].map((field) =>
      field.toString(16).padStart(16, '0'),
    );
    return `${data}${fields.join('')}`;
  },
  signMessage: async () => '0x',
};

function simulatedRelay(state: SimulatedState): Relay {
  return {
    name: 'simulated',
    isPrivate: true,
    isLoopback: true,
    submit: async ({ rawTransaction, transactionHash, lastBlock }) => {
      const order = state.orders.get(rawTransaction.slice(0, -48) as Hex);
      if (order === undefined) return { status: 'refused', detail: 'an order that nobody encoded' };
      state.replica.submit(transactionHash, order, lastBlock);
      return { status: 'accepted', detail: '' };
    },
  };
}

const quiet = () => {};

/** The world of a backtest: every port answered from a market path. */
export function backtestWorld(state: SimulatedState, store: Store, limits: Limits): World {
  return {
    chain: simulatedChain(state, limits),
    store,
    relays: [simulatedRelay(state)],
    signers: [simulatedSigner],
    clock: { nowSeconds: () => state.replica.head.timestampSeconds, sleep: async () => {} },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    metrics: { count: quiet, gauge: quiet },
    alert: { send: quiet },
    keccak256: (bytes) => `0x${bytes.slice(2).padStart(64, '0')}` as Hash,
    stop: null,
  };
}

/** What a vault is run with. */
export interface BacktestSettings {
  readonly plan: VaultPlan;
  readonly pools: readonly PoolPlan[];
  readonly policy: BoundPolicy;
  readonly limits: Limits;
  readonly guard: GuardPlan;
}

/** The vault of a backtest as the engine sees any other: its plug-ins read the simulated state. */
export function backtestSetup(state: SimulatedState, settings: BacktestSettings): VaultSetup {
  const { plan, pools, policy, limits } = settings;
  const { replica, market, book } = state;
  const guard = standingGuard(settings);
  const registered = (order: Order): Hex => {
    const data: Hex = `0x${state.orders.size.toString(16).padStart(16, '0')}`;
    state.orders.set(data, order);
    return data;
  };
  return {
    terms: {
      name: plan.name,
      chainId: 1,
      account: VAULT,
      base: BASE,
      quote: QUOTE,
      numeraire: 'quote',
      deltaModel: 'stickyStrike',
      targetDelta: plan.targetDelta,
      rate: plan.rate,
    },
    protocols: [
      {
        kind: 'simulated',
        key: 'positions',
        read: () => known({ value: book.positions(), memory: undefined }),
      },
    ],
    account: {
      kind: 'simulated',
      read: () => known(accountState(state, guard)),
      encode: (_terms, order, keeper) => ({
        from: keeper,
        to: MODULE,
        data: registered(order),
        valueWei: 0n,
      }),
      fill: (_terms, order, receipt) => {
        const fill = replica.inclusion(receipt.transactionHash)?.fill;
        if (!fill) throw new CorruptDataError('a simulated receipt', 'no fill', 'one');
        const { transactionHash, blockNumber, blockHash, gasUsed } = receipt;
        const gasPaidWei = gasUsed * receipt.effectiveGasPriceWei;
        const { baseRaw, quoteRaw } = fill;
        return {
          transactionHash,
          blockNumber,
          blockHash,
          side: order.side,
          baseRaw,
          quoteRaw,
          gasUsed,
          gasPaidWei,
        };
      },
    },
    venues: pools.map((_, index) => ({
      kind: 'simulated',
      key: `pool ${index}`,
      read: () => known({ value: replica.pools[index]!, memory: undefined }),
    })),
    priceFeeds: [
      {
        kind: 'simulated',
        read: ({ block }) => known(priceReading(market, replica.step, block)),
      },
    ],
    volatilityFeeds: [
      {
        kind: 'simulated',
        key: 'volatility',
        read: ({ block }) =>
          known({ value: volatilityReading(market, replica.step, block), memory: undefined }),
      },
    ],
    policy,
    limits,
    toxicityAt: ({ timestampSeconds }) => {
      const vpin = market.toxicity?.[replica.step] ?? Number.NaN;
      return Number.isNaN(vpin)
        ? null
        : { source: 'recorded swaps', vpin, observedAtSeconds: timestampSeconds };
    },
    nativePrice: 'base',
    keeper: null,
    submission: { ...defaultSubmission, blockSeconds: BLOCK_SECONDS, finalityBlocks: 1, minTipWei: 0n },
  };
}
