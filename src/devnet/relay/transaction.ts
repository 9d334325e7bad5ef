import { keccak256, parseTransaction, recoverTransactionAddress } from 'viem';
import type { Hash, Hex } from '../../core/units.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import type { SignedTransaction } from './types.ts';

/** geth's own bound on one transaction (core/txpool/legacypool: txMaxSize). */
const MAX_TRANSACTION_BYTES = 128 * 1024;

/**
 * Takes a raw transaction apart and recovers its sender.
 *
 * @param where names the parameter in errors, for example `params[0].txs[1]`
 * @throws RelayRefusalError when it is malformed, unsigned, for another chain, or of a type that cannot be simulated here
 */
export async function readTransaction(raw: Hex, where: string, chainId: number): Promise<SignedTransaction> {
  if (raw.length / 2 - 1 > MAX_TRANSACTION_BYTES)
    throw invalid(where, `is above ${MAX_TRANSACTION_BYTES} bytes`);
  const parsed = parse(raw, where);
  if (parsed.type === 'eip4844' || parsed.type === 'eip7702') {
    throw invalid(where, `is of type ${parsed.type}, which this relay does not take`);
  }
  if (!parsed.to) throw invalid(where, 'creates a contract, which this relay cannot simulate');
  if (parsed.chainId !== undefined && parsed.chainId !== chainId) {
    throw invalid(where, `is for chain ${parsed.chainId}, this relay serves chain ${chainId}`);
  }
  const gasPriceWei = parsed.gasPrice ?? 0n;
  const transaction = {
    raw,
    hash: keccak256(raw),
    sender: await sender(raw, where),
    nonce: parsed.nonce ?? 0,
    to: parsed.to,
    data: parsed.data ?? '0x',
    valueWei: parsed.value ?? 0n,
    gasLimit: parsed.gas ?? 0n,
    feeCapWei: parsed.maxFeePerGas ?? gasPriceWei,
    tipCapWei: parsed.type === 'eip1559' ? (parsed.maxPriorityFeePerGas ?? 0n) : gasPriceWei,
    accessList: parsed.accessList ?? [],
  };
  if (transaction.tipCapWei > transaction.feeCapWei) throw invalid(where, 'has a tip above its fee cap');
  return transaction;
}

function parse(raw: Hex, where: string): ReturnType<typeof parseTransaction> {
  try {
    return parseTransaction(raw);
  } catch {
    throw invalid(where, 'is not a serialised transaction');
  }
}

async function sender(raw: Hex, where: string): Promise<Hex> {
  try {
    return await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` });
  } catch {
    throw invalid(where, 'has no valid signature');
  }
}

function invalid(where: string, what: string): RelayRefusalError {
  return new RelayRefusalError(RPC_CODE.invalidParams, `${where} ${what}`);
}

/** The hash of a bundle: keccak of its transaction hashes in a row, as the relay's clients compute it. */
export function bundleHash(transactionHashes: readonly Hash[]): Hash {
  return keccak256(`0x${transactionHashes.map((hash) => hash.slice(2)).join('')}`);
}
