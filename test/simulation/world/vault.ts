import type { Order } from '../../../src/core/decision.ts';
import { CorruptDataError } from '../../../src/core/errors.ts';
import type { BoundPolicy } from '../../../src/core/policy.ts';
import type { CallResult, Read } from '../../../src/core/read.ts';
import { defaultLimits, type Limits } from '../../../src/core/risk/limits.ts';
import { type Address, type Hex, toRawDown } from '../../../src/core/units.ts';
import { defaultSubmission, type SubmissionSettings, type VaultSetup } from '../../../src/engine/world.ts';
import type { BoundAccount, Fill } from '../../../src/ports/account.ts';
import type { OrderCall } from '../../support/orderCall.ts';
import type { Bytes } from './bytes.ts';
import type { LedgerBlock } from './ledger.ts';
import { accrued, otherExposure, simulatedBase, simulatedPool, simulatedQuote } from './module.ts';

/** Where simulated orders go. */
export const simulatedModule: Address = '0x0000000000000000000000000000000000000d01';
const simulatedAvatar: Address = '0x0000000000000000000000000000000000000a01';

/** Net delta at which a simulated vault trades back to zero, base units either side. */
export const simulatedBandBase = 5;
/** Base that a simulated vault wants to be exposed to, base units. */
export const simulatedTargetBase = 100;
/** Blocks on top after which a simulated block stays. */
export const simulatedFinalityBlocks = 8;

const band: BoundPolicy = {
  kind: 'simulatedBand',
  verdict: ({ netDelta }) =>
    Math.abs(netDelta) > simulatedBandBase
      ? { trade: true, code: 'beyondBand', why: `net delta ${netDelta}`, band: null, targetNetDelta: 0 }
      : { trade: false, code: 'insideBand', why: `net delta ${netDelta}`, band: null },
};

/** Asks the simulated chain for the block that a read is pinned to. */
function* readBlock(bytes: Bytes, question: Hex): Read<LedgerBlock> {
  const [result] = (yield [{ to: simulatedAvatar, data: question }]) as readonly (CallResult | undefined)[];
  if (!result?.ok) throw new CorruptDataError('simulated block', 'a revert', 'an answer');
  return bytes.read<LedgerBlock>(result.data);
}

function stateOf(block: LedgerBlock, name: string) {
  const state = block.state.vaults.get(name);
  if (state === undefined) throw new CorruptDataError('simulated vault', name, 'a known one');
  return state;
}

/** Calldata of an order, and the identity under which it has always the same bytes. */
function orderBytes(bytes: Bytes, vault: string, order: Order): Hex {
  const { sequence, side, baseRaw, quoteLimitRaw, deadlineSeconds, expectedQuoteRaw } = order;
  const identity = `order ${vault} ${sequence} ${side} ${baseRaw} ${quoteLimitRaw} ${deadlineSeconds} ${expectedQuoteRaw}`;
  const call: OrderCall = { vault, order };
  return bytes.of(identity, call);
}

function simulatedAccount(bytes: Bytes, name: string, question: Hex): BoundAccount {
  return {
    kind: 'simulated',
    *read() {
      const block = yield* readBlock(bytes, question);
      const state = stateOf(block, name);
      const { market } = block.state;
      return {
        holdings: { baseRaw: state.baseRaw, quoteRaw: state.quoteRaw },
        guard: {
          module: simulatedModule,
          nextSequence: state.nextSequence,
          enabled: true,
          paused: market.paused,
          keeperAllowed: !market.revoked,
          maxSlippageBps: 100,
          turnoverAvailableRaw: accrued(state, block.facts.timestampSeconds),
          minBaseRaw: 0n,
          maxBaseRaw: 10n ** 30n,
          allowedPools: [simulatedPool],
        },
      };
    },
    encode: (_terms, order, keeper) => ({
      from: keeper,
      to: simulatedModule,
      data: orderBytes(bytes, name, order),
      valueWei: 0n,
    }),
    fill: (_terms, order, receipt): Fill => {
      const [log] = receipt.logs;
      if (log === undefined) throw new CorruptDataError('logs of a hedge', 'none', 'one fill');
      const { transactionHash, blockNumber, blockHash, gasUsed } = receipt;
      return {
        transactionHash,
        blockNumber,
        blockHash,
        side: order.side,
        ...bytes.read<{ baseRaw: bigint; quoteRaw: bigint }>(log.data),
        gasUsed,
        gasPaidWei: gasUsed * receipt.effectiveGasPriceWei,
      };
    },
  };
}

const signedRaw = (whole: number): bigint => (whole < 0 ? -toRawDown(-whole, 18) : toRawDown(whole, 18));

/** Limits of a simulated vault: failures do not halt it, since a simulation makes more of them than a market. */
const simulatedLimits: Limits = { ...defaultLimits, maxConsecutiveFailures: 1_000 };

/**
 * A vault of a simulation, ready for the engine: it owns base and quote, has other positions whose exposure follows the
 * price, and trades back to zero outside of a fixed band.
 *
 * @param bytes in which calls and answers are written
 * @param submission settings that differ from the usual ones
 */
export function simulatedVault(
  bytes: Bytes,
  name: string,
  submission: Partial<SubmissionSettings> = {},
): VaultSetup {
  const question = bytes.of(`question ${name}`, name);
  const spot = { kind: 'spot', label: 'simulated' } as const;
  return {
    terms: {
      name,
      chainId: 1,
      account: simulatedAvatar,
      base: simulatedBase,
      quote: simulatedQuote,
      numeraire: 'quote',
      deltaModel: 'stickyStrike',
      targetDelta: simulatedTargetBase,
      rate: 0,
    },
    protocols: [
      {
        kind: 'simulated',
        key: 'positions',
        *read() {
          const block = yield* readBlock(bytes, question);
          const state = stateOf(block, name);
          const otherRaw = signedRaw(otherExposure(state, block.state.market));
          return {
            value: [
              { ...spot, asset: 'base', amountRaw: state.baseRaw, locked: false },
              { ...spot, asset: 'base', amountRaw: otherRaw, locked: true },
            ],
            memory: undefined,
          };
        },
      },
    ],
    account: simulatedAccount(bytes, name, question),
    venues: [
      {
        kind: 'simulated',
        key: 'pool',
        *read() {
          return { value: (yield* readBlock(bytes, question)).state.market.pool, memory: undefined };
        },
      },
    ],
    priceFeeds: [
      {
        kind: 'simulated',
        *read() {
          return (yield* readBlock(bytes, question)).state.market.oracle;
        },
      },
    ],
    volatilityFeeds: [
      {
        kind: 'fixed',
        key: 'volatility',
        *read({ block }) {
          yield* readBlock(bytes, question);
          const value = { source: 'fixed', volatility: 0.6, observedAtSeconds: block.timestampSeconds };
          return { value, memory: undefined };
        },
      },
    ],
    policy: band,
    limits: simulatedLimits,
    nativePrice: 2_000,
    keeper: null,
    submission: {
      ...defaultSubmission,
      windowBlocks: 3,
      blockSeconds: 12,
      finalityBlocks: simulatedFinalityBlocks,
      minTipWei: 10n ** 9n,
      ...submission,
    },
  };
}
