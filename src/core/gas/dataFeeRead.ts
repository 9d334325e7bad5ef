import { CorruptDataError } from '../errors.ts';
import { all, known, type Read } from '../read.ts';
import type { Address, Hex } from '../units.ts';
import { type DataFeeTerms, dataFeeFamily } from './dataFee.ts';

/** The GasPriceOracle predeploy of every OP-stack chain. */
export const GAS_PRICE_ORACLE: Address = '0x420000000000000000000000000000000000000F';
/** The ArbGasInfo precompile of every Arbitrum chain; NodeInterface is none that a contract, and so a batch, can ask. */
export const ARB_GAS_INFO: Address = '0x000000000000000000000000000000000000006C';

/** Selectors of the functions without arguments that are asked; a test derives them from their names. */
export const selectors = {
  'isEcotone()': '0x4ef6e224',
  'isFjord()': '0x960e3a23',
  'l1BaseFee()': '0x519b4bd3',
  'blobBaseFee()': '0xf8206140',
  'baseFeeScalar()': '0xc5985918',
  'blobBaseFeeScalar()': '0x68d5dca6',
  'getPricesInWei()': '0x41b247a8',
} as const satisfies Readonly<Record<string, Hex>>;

type Question = keyof typeof selectors;

/** The words of an answer, 32 bytes each; at least so many. */
function* words(to: Address, question: Question, atLeast: number): Read<readonly bigint[]> {
  const [result] = yield [{ to, data: selectors[question] }];
  const digits = result?.ok ? result.data.slice(2) : '';
  if (digits.length < 64 * atLeast || digits.length % 64 !== 0) {
    throw new CorruptDataError(
      `${question} at ${to}`,
      result?.ok ? `${digits.length / 2} bytes` : 'a revert',
      `${atLeast} words`,
    );
  }
  return (digits.match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`));
}

function* word(to: Address, question: Question): Read<bigint> {
  const [first = 0n] = yield* words(to, question, 1);
  return first;
}

/** Before Fjord the oracle does not know the question. */
function* isSince(question: 'isEcotone()' | 'isFjord()'): Read<boolean> {
  const [result] = yield [{ to: GAS_PRICE_ORACLE, data: selectors[question] }];
  if (!result?.ok) return false;
  if (!/^0x[0-9a-fA-F]{64}$/.test(result.data)) {
    throw new CorruptDataError(`${question} at ${GAS_PRICE_ORACLE}`, result.data.slice(0, 20), 'one word');
  }
  return BigInt(result.data) === 1n;
}

function* readOpStack(): Read<DataFeeTerms> {
  const at = (question: Question) => word(GAS_PRICE_ORACLE, question);
  const [isEcotone, isFjord, l1BaseFeeWei, blobBaseFeeWei, baseFeeScalar, blobBaseFeeScalar] = yield* all([
    isSince('isEcotone()'),
    isSince('isFjord()'),
    at('l1BaseFee()'),
    at('blobBaseFee()'),
    at('baseFeeScalar()'),
    at('blobBaseFeeScalar()'),
  ]);
  if (!isEcotone && !isFjord)
    throw new CorruptDataError('the OP-stack version', 'before Ecotone', 'Ecotone (2024) or later');
  return { kind: 'opStack', isFjord, l1BaseFeeWei, blobBaseFeeWei, baseFeeScalar, blobBaseFeeScalar };
}

/** getPricesInWei gives for each transaction, for each byte of L1 calldata, for storage, and three of gas. */
function* readArbitrum(): Read<DataFeeTerms> {
  const [, weiPerByte = 0n] = yield* words(ARB_GAS_INFO, 'getPricesInWei()', 6);
  return { kind: 'arbitrum', weiPerByte };
}

/**
 * What publishing data costs on a chain at the block of the read; null, without a round, where there is no such fee.
 *
 * @throws CorruptDataError where a chain of such a family does not answer as one
 */
export function readDataFeeTerms(chainId: number): Read<DataFeeTerms | null> {
  switch (dataFeeFamily(chainId)) {
    case 'opStack':
      return readOpStack();
    case 'arbitrum':
      return readArbitrum();
    case null:
      return known(null);
  }
}
