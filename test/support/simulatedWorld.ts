import { keccak256 } from 'viem';
import { BlockGoneError, CorruptDataError } from '../../src/core/errors.ts';
import type { BoundPolicy } from '../../src/core/policy.ts';
import type { CallResult, Read } from '../../src/core/read.ts';
import { defaultLimits } from '../../src/core/risk/limits.ts';
import type { BlockFacts } from '../../src/core/snapshot.ts';
import type { Address, Hex } from '../../src/core/units.ts';
import { emptyNotes } from '../../src/engine/notes.ts';
import type { VaultSetup, World } from '../../src/engine/world.ts';
import type { BoundAccount, SimulatedFill } from '../../src/ports/account.ts';
import type { Chain, Outcome, Receipt } from '../../src/ports/chain.ts';
import type { Relay, RelayAnswer, Submission } from '../../src/ports/relay.ts';
import type { Signer } from '../../src/ports/signer.ts';
import type { Store } from '../../src/ports/store.ts';
import type { OrderCall, SignedContent } from './orderCall.ts';
import { execute, fromData, type Ledger, toData, type VaultState } from './simulatedLedger.ts';
import { oracleAt, poolAddress, poolAt, usdc, vaultAddress, weth } from './snapshot.ts';

export const keeperAddress: Address = '0x00000000000000000000000000000000000c0ffe';
const moduleAddress: Address = '0x0000000000000000000000000000000000000d01';
const gasUsed = 160_000n;
const pool = poolAt(2_000);

/** A vault of the simulation that owns 100 base and 1,000,000 quote and wants to stay at 100 base. */
export const freshVault: VaultState = {
  baseRaw: 100n * 10n ** 18n,
  quoteRaw: 1_000_000n * 10n ** 6n,
  lockedRaw: 0n,
  nextSequence: 1n,
};

/** Trades back to zero outside of five base either side. */
const fiveBaseBand: BoundPolicy = {
  kind: 'fiveBaseBand',
  verdict: ({ netDelta }) =>
    Math.abs(netDelta) > 5
      ? { trade: true, code: 'beyondBand', why: `net delta ${netDelta}`, band: null, targetNetDelta: 0 }
      : { trade: false, code: 'insideBand', why: `net delta ${netDelta}`, band: null },
};

function answer(ledger: Ledger, at: BlockFacts, data: `0x${string}`): CallResult {
  const block = ledger.byHash(at.hash);
  if (block === undefined) throw new BlockGoneError(at.hash);
  const vault = block.state.vaults[fromData<{ vault: string }>(data).vault];
  return vault === undefined ? { ok: false, data: '0x' } : { ok: true, data: toData(vault) };
}

function* readState(vault: string): Read<VaultState> {
  const [result] = yield [{ to: vaultAddress, data: toData({ vault }) }];
  if (!result?.ok) throw new CorruptDataError('vault state', 'a revert', 'an answer');
  return fromData<VaultState>(result.data);
}

const simulatedAccount = (vault: string): BoundAccount => ({
  kind: 'simulated',
  *read(_context, keeper) {
    const state = yield* readState(vault);
    return {
      holdings: { baseRaw: state.baseRaw, quoteRaw: state.quoteRaw },
      guard: {
        module: moduleAddress,
        nextSequence: state.nextSequence,
        enabled: true,
        paused: false,
        keeperAllowed: keeper === keeperAddress,
        maxSlippageBps: 100,
        turnoverAvailableRaw: 10n ** 18n,
        minBaseRaw: 0n,
        maxBaseRaw: 10n ** 30n,
        allowedPools: [poolAddress],
      },
    };
  },
  encode: (_terms, order, keeper) => ({
    from: keeper,
    to: moduleAddress,
    data: toData({ vault, order }),
    valueWei: 0n,
  }),
  simulatedFill: (data) => fromData<SimulatedFill>(data),
  fill: (_terms, order, receipt) => {
    const [log] = receipt.logs;
    if (log === undefined) throw new CorruptDataError('logs of a hedge', 'none', 'one fill');
    const { baseRaw, quoteRaw } = fromData<{ baseRaw: bigint; quoteRaw: bigint }>(log.data);
    const { transactionHash, blockNumber, blockHash } = receipt;
    const gasPaidWei = receipt.gasUsed * receipt.effectiveGasPriceWei;
    return {
      transactionHash,
      blockNumber,
      blockHash,
      side: order.side,
      baseRaw,
      quoteRaw,
      gasUsed: receipt.gasUsed,
      gasPaidWei,
    };
  },
});

/** A vault of the simulation, ready for the engine. */
export function simulatedVault(name: string, overrides: Partial<VaultSetup> = {}): VaultSetup {
  return {
    terms: {
      name,
      chainId: 1,
      account: vaultAddress,
      base: weth,
      quote: usdc,
      numeraire: 'quote',
      deltaModel: 'stickyStrike',
      targetDelta: 100,
      rate: 0,
    },
    protocols: [
      {
        kind: 'simulated',
        key: 'positions',
        *read() {
          const { baseRaw, quoteRaw, lockedRaw } = yield* readState(name);
          const spot = { kind: 'spot', label: 'simulated' } as const;
          return {
            value: [
              { ...spot, asset: 'base', amountRaw: baseRaw, locked: false },
              { ...spot, asset: 'base', amountRaw: lockedRaw, locked: true },
              { ...spot, asset: 'quote', amountRaw: quoteRaw, locked: false },
            ],
            memory: { positions: 3 },
          };
        },
      },
    ],
    account: simulatedAccount(name),
    venues: [
      {
        kind: 'uniswapV3',
        key: 'pool',
        *read() {
          yield* readState(name);
          return { value: pool, memory: null };
        },
      },
    ],
    priceFeeds: [
      {
        kind: 'simulated',
        *read({ block }) {
          yield* readState(name);
          return oracleAt(2_000, { updatedAtSeconds: block.timestampSeconds - 60 });
        },
      },
    ],
    volatilityFeeds: [
      {
        kind: 'fixed',
        key: 'volatility',
        *read({ block }) {
          yield* readState(name);
          const value = { source: 'fixed', volatility: 0.6, observedAtSeconds: block.timestampSeconds };
          return { value, memory: undefined };
        },
      },
    ],
    policy: fiveBaseBand,
    limits: { ...defaultLimits, maxConsecutiveFailures: 1_000 },
    nativePrice: 'base',
    keeper: null,
    submission: {
      windowBlocks: 3,
      blockSeconds: 12,
      finalityBlocks: 8,
      gasLimitMarginBps: 2_500,
      maxFeePerGasWei: 10n ** 15n,
      minTipWei: 10n ** 9n,
    },
    ...overrides,
  };
}

function run<T>(ledger: Ledger, read: Read<T>, at: BlockFacts): T {
  let step = read.next();
  while (!step.done) step = read.next(step.value.map(({ data }) => answer(ledger, at, data)));
  return step.value;
}

/** How the simulated node misbehaves; change it while the world runs. */
export interface NodeMood {
  /** Receipts of transactions in the newest blocks are not served yet. */
  receiptLagBlocks: number;
  /** Whether it gives no whole block's receipts either; it does unless given. */
  withoutBlockReceipts?: boolean;
  balanceWei: bigint;
  simulationFailure: string | null;
  /** What a simulation returns; the order's own plan unless given. */
  simulatedFill?: Hex;
  /** Base fees of recent blocks; not told unless given. */
  recentBaseFeesWei?: readonly bigint[];
  /** What the chain calls final; nothing unless given. */
  finalized?: BlockFacts;
}

/** What an order fills on the simulated chain, as its log and its simulation carry it; null where it carries none. */
function fillData(calldata: Hex): Hex | null {
  if (calldata === '0x') return null;
  const { order } = fromData<OrderCall>(calldata);
  return toData({ baseRaw: order.baseRaw, quoteRaw: order.expectedQuoteRaw });
}

/** The chain port over a ledger. */
export function simulatedChain(ledger: Ledger, mood: NodeMood): Chain {
  const stateAt = (at: BlockFacts) => {
    const block = ledger.byHash(at.hash);
    if (block === undefined) throw new BlockGoneError(at.hash);
    return block.state;
  };
  return {
    chainId: 1,
    head: async () => ledger.head.facts,
    blockAt: async (number) => ledger.at(number)?.facts ?? null,
    read: async <T>(reads: readonly Read<T>[], at: BlockFacts) =>
      reads.map((read): Outcome<T> => {
        try {
          return { ok: true, value: run(ledger, read, at) };
        } catch (thrown) {
          return { ok: false, error: thrown as CorruptDataError };
        }
      }),
    confirmedNonce: async (account, at) => stateAt(at).nonces[account] ?? 0,
    balanceWei: async () => mood.balanceWei,
    receipt: async (hash, within): Promise<Receipt | null> => {
      const found = ledger.holding(hash);
      if (found === undefined) return null;
      const { block, included } = found;
      const isLooked = within?.hash === block.facts.hash && mood.withoutBlockReceipts !== true;
      const isServed = ledger.head.facts.number - block.facts.number >= BigInt(mood.receiptLagBlocks);
      if (!isLooked && !isServed) return null;
      const data = fillData(included.content.data);
      return {
        transactionHash: hash,
        blockNumber: block.facts.number,
        blockHash: block.facts.hash,
        succeeded: included.succeeded,
        gasUsed,
        effectiveGasPriceWei: block.facts.baseFeePerGasWei + included.content.maxPriorityFeePerGasWei,
        logs: included.succeeded && data !== null ? [{ address: moduleAddress, topics: [], data }] : [],
      };
    },
    suggestedTipWei: async () => 10n ** 9n,
    recentBaseFeesWei: async () => mood.recentBaseFeesWei ?? [],
    finalized: async () => mood.finalized ?? null,
    simulate: async (transaction, at) => {
      if (transaction.data === '0x') return { ok: true, gasUsed: 21_000n, returnData: '0x' };
      const { vault, order } = fromData<OrderCall>(transaction.data);
      const after = execute(stateAt(at).vaults[vault], order, at.timestampSeconds + 12);
      const reason = mood.simulationFailure ?? (after === null ? 'the module refuses' : null);
      return reason === null
        ? { ok: true, gasUsed, returnData: mood.simulatedFill ?? fillData(transaction.data) ?? '0x' }
        : { ok: false, reason, data: '0x' };
    },
  };
}

/** What a simulated relay does with a transaction: pass it on or not, and what it says about it. */
export interface RelayMood {
  passesOn: boolean;
  says: RelayAnswer['status'];
}

/** A relay into a ledger's builders. `onSubmit` sees every submission first. */
export function simulatedRelay(
  name: string,
  ledger: Ledger,
  mood: RelayMood,
  onSubmit: (submission: Submission) => void = () => {},
): Relay {
  return {
    name,
    isPrivate: true,
    isLoopback: true,
    submit: async (submission) => {
      onSubmit(submission);
      if (mood.passesOn) {
        ledger.pool.set(submission.transactionHash, fromData<SignedContent>(submission.rawTransaction));
      }
      return { status: mood.says, detail: `told to say ${mood.says}` };
    },
  };
}

/** A signer whose signature is its name. */
export const simulatedSigner: Signer = {
  address: keeperAddress,
  signTransaction: async (transaction) => toData({ ...transaction, from: keeperAddress }),
  signMessage: async (message) => toData(message),
};

const quiet = () => {};

/** A world around a chain, a journal and relays; nothing in it looks at a real clock. */
export function simulatedWorld(
  parts: Pick<World, 'chain' | 'relays'> & { readonly store: Store; readonly signers?: readonly Signer[] },
): World {
  return {
    chain: parts.chain,
    store: parts.store,
    relays: parts.relays,
    signers: parts.signers ?? [simulatedSigner],
    clock: { nowSeconds: () => 1_770_000_000.5, sleep: async () => {} },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    metrics: { count: quiet, gauge: quiet },
    alert: { send: quiet },
    keccak256: (bytes) => keccak256(bytes),
    notes: emptyNotes(),
    stop: null,
  };
}
