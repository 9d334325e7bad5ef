import { decodeErrorResult, parseAbi } from 'viem';
import { messageOf } from '../../core/errors.ts';
import type { Address, Hex } from '../../core/units.ts';
import type { AnvilNode } from '../node/node.ts';
import { readBlock } from './blocks.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import { effectiveTipWei } from './feeRules.ts';
import { createNonceBook } from './sequence.ts';
import { type SimulatedTransaction, simulate } from './simulation.ts';
import { bundleHash } from './transaction.ts';
import type { SignedTransaction } from './types.ts';

const REVERT_REASON = parseAbi(['error Error(string)']);
/** Seconds after its state block that a historical simulation runs at, where the caller names no time. */
const SLOT_SECONDS = 12;

/** A bundle to simulate; times in seconds. */
export interface BundleCall {
  readonly transactions: readonly SignedTransaction[];
  readonly blockNumber: bigint;
  readonly stateBlock: bigint | 'latest';
  readonly timestampSeconds: number | null;
  readonly producer: Address | null;
}

/**
 * Simulates a bundle at the top of a block and reports in the format of eth_callBundle.
 *
 * @throws RelayRefusalError in the words of the relay (`err: nonce too low: …`) when a transaction could not be in the block
 */
export async function callBundle(node: AnvilNode, call: BundleCall): Promise<object> {
  const { transactions } = call;
  const state = await readBlock(node, call.stateBlock);
  if (state === null)
    throw new RelayRefusalError(RPC_CODE.rejected, `header not found: block ${call.stateBlock}`);
  const next = await nextBlock(node, call.stateBlock, state.number);
  const baseFeePerGasWei = next?.baseFeePerGasWei ?? state.baseFeePerGasWei;
  const problem = await createNonceBook(node, call.stateBlock).problem(transactions, baseFeePerGasWei);
  if (problem !== null) throw impossible(problem.message, problem.transaction);
  const simulated = await run(node, call, {
    number: call.blockNumber,
    timestampSeconds:
      call.timestampSeconds ?? next?.timestampSeconds ?? state.timestampSeconds + SLOT_SECONDS,
    baseFeePerGasWei,
    producer: call.producer ?? state.miner,
    stateBlock: call.stateBlock,
  });
  return describeBundle(transactions, simulated, baseFeePerGasWei, state.number);
}

function nextBlock(node: AnvilNode, stateBlock: bigint | 'latest', number: bigint) {
  return readBlock(node, stateBlock === 'latest' ? 'pending' : number + 1n);
}

async function run(node: AnvilNode, call: BundleCall, block: Parameters<typeof simulate>[2]) {
  try {
    return await simulate(node, call.transactions, block);
  } catch (error) {
    throw impossible(
      messageOf(error).replace(/^devnet: eth_simulateV1: /, ''),
      call.transactions[0] as SignedTransaction,
    );
  }
}

function impossible(message: string, { hash }: SignedTransaction): RelayRefusalError {
  return new RelayRefusalError(RPC_CODE.rejected, `err: ${message}; txhash ${hash}`);
}

/** The documented result of eth_callBundle; amounts are decimal strings in wei, `gasPrice` is what the producer gets per gas. */
export function describeBundle(
  transactions: readonly SignedTransaction[],
  simulated: readonly SimulatedTransaction[],
  baseFeePerGasWei: bigint,
  stateBlockNumber: bigint,
): object {
  const results = transactions.map((transaction, index) => {
    const outcome = simulated[index] as SimulatedTransaction;
    const gasFees = outcome.gasUsed * effectiveTipWei(transaction, baseFeePerGasWei);
    return { transaction, outcome, gasFees, coinbaseDiff: gasFees + outcome.sentToProducerWei };
  });
  const totalOf = (value: (result: (typeof results)[number]) => bigint) =>
    results.reduce((sum, result) => sum + value(result), 0n);
  const totalGasUsed = totalOf(({ outcome }) => outcome.gasUsed);
  const coinbaseDiff = totalOf((result) => result.coinbaseDiff);
  return {
    bundleGasPrice: String(perGas(coinbaseDiff, totalGasUsed)),
    bundleHash: bundleHash(transactions.map(({ hash }) => hash)),
    coinbaseDiff: String(coinbaseDiff),
    ethSentToCoinbase: String(totalOf(({ outcome }) => outcome.sentToProducerWei)),
    gasFees: String(totalOf(({ gasFees }) => gasFees)),
    results: results.map(({ transaction, outcome, gasFees, coinbaseDiff: diff }) => ({
      coinbaseDiff: String(diff),
      ethSentToCoinbase: String(outcome.sentToProducerWei),
      fromAddress: transaction.sender,
      gasFees: String(gasFees),
      gasPrice: String(perGas(diff, outcome.gasUsed)),
      gasUsed: Number(outcome.gasUsed),
      toAddress: transaction.to,
      txHash: transaction.hash,
      ...(outcome.succeeded ? { value: outcome.returnData } : failure(outcome.returnData)),
    })),
    stateBlockNumber: Number(stateBlockNumber),
    totalGasUsed: Number(totalGasUsed),
  };
}

function failure(returnData: Hex): object {
  return { error: 'execution reverted', revert: revertReason(returnData) };
}

/** The text of a `revert("…")`, any other revert data as it is. */
function revertReason(returnData: Hex): string {
  try {
    return decodeErrorResult({ abi: REVERT_REASON, data: returnData }).args[0];
  } catch {
    return returnData;
  }
}

function perGas(wei: bigint, gas: bigint): bigint {
  return gas === 0n ? 0n : wei / gas;
}
