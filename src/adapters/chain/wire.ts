import { CorruptDataError } from '../../core/errors.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import type { Address, Hash, Hex } from '../../core/units.ts';
import type { EventLog, Receipt } from '../../ports/chain.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A JSON object, or CorruptDataError. */
export function fieldsOf(what: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CorruptDataError(what, typeof value, 'an object');
  }
  return value as Fields;
}

/** A JSON array, or CorruptDataError. */
export function listOf(what: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new CorruptDataError(what, typeof value, 'an array');
  return value;
}

/** A `0x` quantity of at most 256 bits, or CorruptDataError; never a silent zero. */
export function quantityOf(what: string, value: unknown): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) {
    throw new CorruptDataError(what, value, 'a hexadecimal quantity of at most 256 bits');
  }
  return BigInt(value);
}

/** A quantity that a double holds exactly. */
export function integerOf(what: string, value: unknown): number {
  const quantity = quantityOf(what, value);
  if (quantity > BigInt(Number.MAX_SAFE_INTEGER)) throw new CorruptDataError(what, value, 'less than 2^53');
  return Number(quantity);
}

/** Whole bytes in hexadecimal, `length` of them where it is given. */
export function bytesOf(what: string, value: unknown, length?: number): Hex {
  const wellFormed = typeof value === 'string' && value.length % 2 === 0 && /^0x[0-9a-fA-F]*$/.test(value);
  if (!wellFormed || (length !== undefined && value.length !== 2 + 2 * length)) {
    throw new CorruptDataError(
      what,
      value,
      length === undefined ? 'hexadecimal bytes' : `${length} hexadecimal bytes`,
    );
  }
  return value as Hex;
}

/** A block as `eth_getBlockBy…` gives it, null where the node has none. */
export function blockOf(value: unknown): BlockFacts | null {
  if (value === null || value === undefined) return null;
  const block = fieldsOf('block', value);
  return {
    number: quantityOf('block.number', block.number),
    hash: bytesOf('block.hash', block.hash, 32) as Hash,
    parentHash: bytesOf('block.parentHash', block.parentHash, 32) as Hash,
    timestampSeconds: integerOf('block.timestamp', block.timestamp),
    baseFeePerGasWei: quantityOf('block.baseFeePerGas', block.baseFeePerGas),
  };
}

/** A receipt as `eth_getTransactionReceipt` gives it, null where the node has none. */
export function receiptOf(value: unknown): Receipt | null {
  if (value === null || value === undefined) return null;
  const receipt = fieldsOf('receipt', value);
  const status = quantityOf('receipt.status', receipt.status);
  if (status > 1n) throw new CorruptDataError('receipt.status', status, '0 or 1');
  // Only OP-stack chains charge data apart; Arbitrum counts it in the gas.
  const { l1Fee } = receipt;
  const isApart = l1Fee !== undefined && l1Fee !== null;
  return {
    transactionHash: bytesOf('receipt.transactionHash', receipt.transactionHash, 32) as Hash,
    blockNumber: quantityOf('receipt.blockNumber', receipt.blockNumber),
    blockHash: bytesOf('receipt.blockHash', receipt.blockHash, 32) as Hash,
    succeeded: status === 1n,
    gasUsed: quantityOf('receipt.gasUsed', receipt.gasUsed),
    effectiveGasPriceWei: quantityOf('receipt.effectiveGasPrice', receipt.effectiveGasPrice),
    ...(isApart ? { dataFeeWei: quantityOf('receipt.l1Fee', l1Fee) } : {}),
    logs: listOf('receipt.logs', receipt.logs).map(logOf),
  };
}

function logOf(value: unknown): EventLog {
  const log = fieldsOf('log', value);
  return {
    address: bytesOf('log.address', log.address, 20) as Address,
    topics: listOf('log.topics', log.topics).map((topic) => bytesOf('log.topic', topic, 32)),
    data: bytesOf('log.data', log.data),
  };
}
