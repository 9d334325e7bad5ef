import { InvalidInputError } from '../errors.ts';
import { max } from '../units.ts';

/** What publishing a transaction's bytes costs on its chain, as the chain's own contracts say at one block. */
export type DataFeeTerms =
  /** OP-stack chains since Ecotone (2024); since Fjord (2024) by the compressed size. */
  | {
      readonly kind: 'opStack';
      readonly isFjord: boolean;
      readonly l1BaseFeeWei: bigint;
      readonly blobBaseFeeWei: bigint;
      /** In millionths. */
      readonly baseFeeScalar: bigint;
      readonly blobBaseFeeScalar: bigint;
    }
  /** Arbitrum Nitro: wei for each byte of the compressed transaction. */
  | { readonly kind: 'arbitrum'; readonly weiPerByte: bigint };

/** A signed transaction by what chains measure its data by. */
export interface TransactionBytes {
  readonly zero: number;
  readonly nonZero: number;
  /** Length after FastLZ. */
  readonly fastLz: number;
}

const MILLION = 1_000_000n;
/** Linear regression of a batch's size on a transaction's own (Fjord, specs.optimism.io, 2024), in millionths. */
const FJORD_INTERCEPT = -42_585_600n;
const FJORD_SLOPE = 836_500n;
const FJORD_LEAST_BYTES = 100n;
/** Nitro pads what it estimates by 16 bytes and by a hundredth, since another nonce may compress worse. */
const NITRO_PADDING_BYTES = 16n;

/** Chains of the two families by their ids; the list only says where to look for the fee, the fee is read. */
const FAMILIES: ReadonlyMap<number, DataFeeTerms['kind']> = new Map([
  ...[10, 130, 252, 480, 1868, 8453, 34443, 57073, 60808, 7777777, 84532, 11155420].map(
    (id) => [id, 'opStack'] as const,
  ),
  ...[42161, 42170, 421614].map((id) => [id, 'arbitrum'] as const),
]);

/** Which family of chains an id belongs to; null where a transaction's data cost gas and nothing else. */
export function dataFeeFamily(chainId: number): DataFeeTerms['kind'] | null {
  return FAMILIES.get(chainId) ?? null;
}

/**
 * Fee for publishing a transaction's data, wei, beside its gas on the chain itself. OP-stack: Ecotone and Fjord
 * (specs.optimism.io, 2024), rounded down as the chain does. Arbitrum: bytes after compression times the price of a byte,
 * padded as Nitro's own estimate; FastLZ stands in for its brotli at level 0, so it is an estimate.
 *
 * @throws InvalidInputError on a negative or fractional count
 */
export function dataFeeWei(terms: DataFeeTerms, bytes: TransactionBytes): bigint {
  for (const [field, count] of Object.entries(bytes))
    if (!Number.isSafeInteger(count) || count < 0) throw new InvalidInputError(field, count, 'a whole count');
  if (terms.kind === 'arbitrum')
    return ((BigInt(bytes.fastLz) + NITRO_PADDING_BYTES) * terms.weiPerByte * 101n) / 100n;
  const weighted =
    16n * terms.baseFeeScalar * terms.l1BaseFeeWei + terms.blobBaseFeeScalar * terms.blobBaseFeeWei;
  if (!terms.isFjord) {
    const calldataGas = 4n * BigInt(bytes.zero) + 16n * BigInt(bytes.nonZero);
    return (calldataGas * weighted) / (16n * MILLION);
  }
  const estimated = FJORD_INTERCEPT + FJORD_SLOPE * BigInt(bytes.fastLz);
  return (max(FJORD_LEAST_BYTES * MILLION, estimated) * weighted) / MILLION ** 2n;
}

/**
 * A signed hedge through the HedgeModule, measured on random orders: addresses and amounts do not compress, the words
 * around them do. The upper end of what was measured.
 */
export const hedgeBytes: {
  readonly firstLeg: TransactionBytes;
  readonly furtherLeg: TransactionBytes;
} = {
  firstLeg: { zero: 450, nonZero: 245, fastLz: 310 },
  furtherLeg: { zero: 160, nonZero: 46, fastLz: 54 },
};

/** Data fee of a hedge, wei: of one leg, and what each further leg adds. */
export interface HedgeDataFee {
  readonly firstLeg: bigint;
  readonly furtherLeg: bigint;
}

/** Data fee of a hedge of usual size on a chain with these terms. */
export function hedgeDataFee(terms: DataFeeTerms): HedgeDataFee {
  const { firstLeg, furtherLeg } = hedgeBytes;
  const both = {
    zero: firstLeg.zero + furtherLeg.zero,
    nonZero: firstLeg.nonZero + furtherLeg.nonZero,
    fastLz: firstLeg.fastLz + furtherLeg.fastLz,
  };
  const first = dataFeeWei(terms, firstLeg);
  return { firstLeg: first, furtherLeg: dataFeeWei(terms, both) - first };
}
