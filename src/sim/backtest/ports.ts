import type { Order } from '../../core/decision.ts';
import { CorruptDataError } from '../../core/errors.ts';
import type { BoundPolicy } from '../../core/policy.ts';
import { known, type Read } from '../../core/read.ts';
import type { Limits } from '../../core/risk/limits.ts';
import type { Hash, Hex } from '../../core/units.ts';
import { emptyNotes } from '../../engine/notes.ts';
import { defaultSubmission, type VaultSetup, type World } from '../../engine/world.ts';
import type { Chain } from '../../ports/chain.ts';
import type { Relay } from '../../ports/relay.ts';
import type { Signer } from '../../ports/signer.ts';
import type { Store } from '../../ports/store.ts';
import type { VaultPlan } from '../vaultPlan.ts';
import type { PoolPlan } from './poolPlan.ts';
import { BLOCK_SECONDS } from './replica.ts';
import {
  accountState,
  type GuardPlan,
  gasUsedBy,
  PLENTY_RAW,
  priceReading,
  receiptOf,
  type SimulatedState,
  standingGuard,
  tipWei,
  volatilityReading,
} from './simulatedState.ts';
import { BASE, KEEPER, MODULE, QUOTE, VAULT } from './tokens.ts';

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
    notes: emptyNotes(),
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
