import type { Decision } from '../../src/core/decision.ts';
import type { ExecutionRecord } from '../../src/core/execution/record.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Address, Hash } from '../../src/core/units.ts';
import type { Fill } from '../../src/ports/account.ts';
import type { DecisionRecord, OrderRecord, SignedAttempt, Store } from '../../src/ports/store.ts';

export const signerAddress: Address = '0xAbCd000000000000000000000000000000000001';
export const hashOf = (n: number): Hash => `0x${n.toString(16).padStart(64, '0')}`;

const pool: Address = '0x0000000000000000000000000000000000000bb1';
const base = { address: '0x000000000000000000000000000000000000ba5e', symbol: 'WETH', decimals: 18 } as const;
const quote = { address: '0x00000000000000000000000000000000000c0de5', symbol: 'USDC', decimals: 6 } as const;

/** A snapshot with every kind of part, at a block and a pool price. */
export function sampleSnapshot(blockNumber: bigint, sqrtPriceX96 = 1n << 96n): Snapshot {
  return {
    schema: 1,
    vault: {
      name: 'eth-strangle',
      chainId: 1,
      account: '0x0000000000000000000000000000000000005afe',
      base,
      quote,
      numeraire: 'quote',
      deltaModel: 'stickyStrike',
      targetDelta: 0,
      rate: 0.04,
    },
    chain: {
      block: {
        number: blockNumber,
        hash: hashOf(Number(blockNumber)),
        parentHash: hashOf(Number(blockNumber) - 1),
        timestampSeconds: 1_700_000_000 + Number(blockNumber) * 12,
        baseFeePerGasWei: 9_007_199_254_740_993n,
      },
      positions: [
        { kind: 'spot', label: 'safe balance', asset: 'base', amountRaw: 12n * 10n ** 18n, locked: false },
        {
          kind: 'option',
          label: 'short call',
          type: 'call',
          strike: 2_400.5,
          expirySeconds: 1_710_000_000,
          size: -10,
          settlementPrice: null,
        },
      ],
      holdings: { baseRaw: 12n * 10n ** 18n, quoteRaw: 1_000_000n },
      pools: [
        {
          kind: 'concentrated',
          venue: 'uniswapV3',
          address: pool,
          token0: base.address,
          token1: quote.address,
          feePips: 500,
          tickSpacing: 10,
          sqrtPriceX96,
          tick: 0,
          liquidity: 10n ** 22n,
          ticks: Array.from({ length: 200 }, (_, n) => ({
            index: n * 10 - 1_000,
            liquidityNet: BigInt(n - 100),
          })),
          knownTicks: { lower: -1_000, upper: 1_000 },
        },
      ],
      prices: [
        {
          source: 'chainlink',
          price: 1,
          numerator: 1n,
          denominator: 1n,
          updatedAtSeconds: 1_700_000_000,
          staleAfterSeconds: Number.POSITIVE_INFINITY,
          fault: null,
        },
      ],
      guard: {
        module: '0x0000000000000000000000000000000000000d01',
        nextSequence: 7n,
        enabled: true,
        paused: false,
        keeperAllowed: true,
        maxSlippageBps: 100,
        turnoverAvailableRaw: 2n ** 200n,
        minBaseRaw: 0n,
        maxBaseRaw: 2n ** 128n - 1n,
        allowedPools: [pool],
      },
    },
    observed: { volatility: { source: 'fixed', volatility: 0.62, observedAtSeconds: 1_700_000_000 } },
    history: { lastHedge: null, consecutiveFailures: 0, paper: { baseRaw: -5n, quoteRaw: 11n } },
    native: { priceQuote: 2_000.25, baseFeePerGasWei: 10n ** 10n, priorityFeePerGasWei: 10n ** 8n },
  };
}

const sampleHold: Decision = {
  kind: 'hold',
  code: 'insideBand',
  why: 'net delta +0.31 is inside -1.00 … +1.00',
  warnings: [{ code: 'inventory', text: 'little quote is left' }],
  numbers: {
    spot: 2_000.25,
    exposure: { delta: 0.31, gamma: -0.002, vega: -120.5, theta: 900.25, valueQuote: 1e6 },
    netDelta: 0.31,
    band: { sell: { act: 1, target: 0 }, buy: { act: -1, target: 0 } },
    cost: null,
  },
};

/** A decision of a vault at a block. */
export function sampleDecision(blockNumber: bigint, vault = 'eth-strangle'): DecisionRecord {
  return {
    vault,
    policy: 'fixedBand',
    recordedAtSeconds: 1_700_000_000.25,
    blockNumber,
    snapshot: sampleSnapshot(blockNumber),
    decision: sampleHold,
  };
}

/** An order of a vault at a sequence. */
export function sampleOrder(sequence: bigint, attempt = 1, vault = 'eth-strangle'): OrderRecord {
  return {
    id: `${vault}#${sequence}.${attempt}`,
    vault,
    chainId: 1,
    signer: signerAddress,
    decisionId: 'd-1',
    decidedAtBlock: 100n,
    decidedAtSeconds: 1_700_001_200,
    order: {
      side: 'sell',
      baseRaw: 3n * 10n ** 18n,
      quoteLimitRaw: 5_900_000_000n,
      expectedQuoteRaw: 6_000_000_000n,
      minFillBps: 5_000,
      legs: [
        {
          kind: 'swap',
          venue: 'uniswapV3',
          pool,
          baseRaw: 3n * 10n ** 18n,
          sqrtPriceLimitX96: (1n << 96n) - 1n,
        },
      ],
      sequence,
      deadlineSeconds: 1_700_001_272,
    },
    plannedGasQuote: 4.2,
  };
}

/** A signed attempt with a nonce. */
export function sampleAttempt(nonce: number): SignedAttempt {
  return {
    transactionHash: hashOf(7_000 + nonce),
    rawTransaction: `0x02f8${nonce.toString(16).padStart(4, '0')}`,
    nonce,
    maxFeePerGasWei: 20_000_000_000n,
    maxPriorityFeePerGasWei: 1_000_000_000n,
    firstBlock: 101n,
    lastBlock: 105n,
  };
}

/** A fill of {@link sampleAttempt} in a block. */
export function sampleFill(nonce: number, blockNumber: bigint): Fill {
  return {
    transactionHash: hashOf(7_000 + nonce),
    blockNumber,
    blockHash: hashOf(Number(blockNumber)),
    side: 'sell',
    baseRaw: 3n * 10n ** 18n,
    quoteRaw: 6_000_000_000n,
    gasUsed: 160_000n,
    gasPaidWei: 160_000n * 10n ** 10n,
  };
}

/** Journals an order, with a decision that leads to it. */
export async function recordOrder(store: Store, order: OrderRecord): Promise<void> {
  await store.recordDecision(sampleDecision(order.decidedAtBlock, order.vault), () => order);
}

/** What is kept of a fill that was looked back on once. */
export function sampleExecution(orderId: string): ExecutionRecord {
  const sighting = { atBlock: 101n, fairPrice: 2_400.5, pools: [{ pool, price: 2_401.25 }] };
  return {
    orderId,
    vault: 'eth-strangle',
    transactionHash: hashOf(7_003),
    fillBlockHash: hashOf(101),
    facts: {
      side: 'sell',
      base: 2,
      quote: 4_801,
      plannedBase: 2,
      plannedQuote: 4_802,
      plannedFeeQuote: 2.4,
      plannedGasQuote: 3,
      paidGasQuote: 2.5,
      decidedAtBlock: 100n,
      filledAtBlock: 101n,
      fairAtDecision: 2_400,
      fairAtFill: 2_400.5,
    },
    relays: ['dev'],
    pools: [{ venue: 'uniswapV3', pool, share: 1 }],
    atFill: { kind: 'seen', sighting },
    later: [{ horizonBlocks: 1, observation: { kind: 'seen', sighting: { ...sighting, atBlock: 102n } } }],
  };
}
