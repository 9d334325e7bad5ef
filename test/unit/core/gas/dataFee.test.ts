import fc from 'fast-check';
import { toFunctionSelector, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { safe } from '../../../../src/adapters/accounts/index.ts';
import type { Order } from '../../../../src/core/decision.ts';
import {
  type DataFeeTerms,
  dataFeeFamily,
  dataFeeWei,
  hedgeBytes,
  hedgeDataFee,
} from '../../../../src/core/gas/dataFee.ts';
import {
  ARB_GAS_INFO,
  GAS_PRICE_ORACLE,
  readDataFeeTerms,
  selectors,
} from '../../../../src/core/gas/dataFeeRead.ts';
import type { Call, CallResult } from '../../../../src/core/read.ts';
import { fastLzLength } from '../../../support/fastLz.ts';
import { snapshotWith } from '../../../support/snapshot.ts';

/** The settings of op-geth's own tests. */
const opGeth: Extract<DataFeeTerms, { kind: 'opStack' }> = {
  kind: 'opStack',
  isFjord: true,
  l1BaseFeeWei: 1_000_000_000n,
  blobBaseFeeWei: 10_000_000n,
  baseFeeScalar: 2n,
  blobBaseFeeScalar: 3n,
};
/** Its empty transaction: 480 of calldata gas, 31 bytes after FastLZ. */
const emptyTransaction = { zero: 0, nonZero: 30, fastLz: 31 };

describe('the data fee of an OP-stack chain', () => {
  it('is op-geth’s since Ecotone: (480 / 16) * (2 * 16 * 1000 + 3 * 10)', () => {
    expect(dataFeeWei({ ...opGeth, isFjord: false }, emptyTransaction)).toBe(960_900n);
  });

  it('counts a zero byte a quarter since Ecotone', () => {
    const zeros = { ...emptyTransaction, zero: 120, nonZero: 0 };
    expect(dataFeeWei({ ...opGeth, isFjord: false }, zeros)).toBe(960_900n);
  });

  it('is op-geth’s since Fjord, where a small transaction counts as 100 bytes', () => {
    expect(dataFeeWei(opGeth, emptyTransaction)).toBe(3_203_000n);
  });

  it('follows the regression since Fjord: 200 bytes after FastLZ are 124.7144', () => {
    expect(dataFeeWei(opGeth, { ...emptyTransaction, fastLz: 200 })).toBe(
      (124_714_400n * 32_030_000_000n) / 10n ** 12n,
    );
  });
});

describe('the data fee of an Arbitrum chain', () => {
  it('is the price of a byte times the bytes after compression, padded as Nitro pads it', () => {
    const terms: DataFeeTerms = { kind: 'arbitrum', weiPerByte: 1_000_000n };
    expect(dataFeeWei(terms, { zero: 0, nonZero: 0, fastLz: 184 })).toBe(202_000_000n);
  });
});

describe('every data fee', () => {
  const gwei = fc.bigInt(0n, 10n ** 12n);
  const terms = fc.oneof(
    fc.record({
      kind: fc.constant('opStack' as const),
      isFjord: fc.boolean(),
      l1BaseFeeWei: gwei,
      blobBaseFeeWei: gwei,
      baseFeeScalar: fc.bigInt(0n, 10n ** 7n),
      blobBaseFeeScalar: fc.bigInt(0n, 10n ** 7n),
    }),
    fc.record({ kind: fc.constant('arbitrum' as const), weiPerByte: gwei }),
  );

  it('of a hedge is never negative, and a further leg never makes it cheaper', () => {
    fc.assert(
      fc.property(terms, (some) => {
        const { firstLeg, furtherLeg } = hedgeDataFee(some);
        expect(firstLeg >= 0n && furtherLeg >= 0n).toBe(true);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN])('refuses a count of %d', (fastLz) => {
    expect(() => dataFeeWei(opGeth, { zero: 0, nonZero: 0, fastLz })).toThrow(/fastLz/);
  });
});

/** Answers every call of a read; null is a revert. */
function answered(chainId: number, answer: (call: Call) => readonly bigint[] | null) {
  const read = readDataFeeTerms(chainId);
  let step = read.next();
  let rounds = 0;
  while (!step.done) {
    rounds += 1;
    const results = step.value.map((call): CallResult => {
      const words = answer(call);
      if (words === null) return { ok: false, data: '0x' };
      return { ok: true, data: `0x${words.map((word) => toHex(word, { size: 32 }).slice(2)).join('')}` };
    });
    step = read.next(results);
  }
  return { terms: step.value, rounds };
}

const oracle = (answers: Partial<Record<keyof typeof selectors, bigint>>) => (call: Call) => {
  expect(call.to).toBe(GAS_PRICE_ORACLE);
  const found = Object.entries(selectors).find(([, selector]) => selector === call.data)?.[0];
  const word = answers[found as keyof typeof selectors];
  return word === undefined ? null : [word];
};

const fjord = {
  'isEcotone()': 1n,
  'isFjord()': 1n,
  'l1BaseFee()': 1_000_000_000n,
  'blobBaseFee()': 10_000_000n,
  'baseFeeScalar()': 2n,
  'blobBaseFeeScalar()': 3n,
};

describe('reading what data cost', () => {
  it('asks for functions by their names', () => {
    for (const [name, selector] of Object.entries(selectors)) expect(toFunctionSelector(name)).toBe(selector);
  });

  it('asks an OP-stack chain’s oracle in one round', () => {
    expect(answered(10, oracle(fjord))).toEqual({ terms: opGeth, rounds: 1 });
  });

  it('knows a chain between Ecotone and Fjord by what its oracle does not know', () => {
    const { 'isFjord()': _, ...ecotone } = fjord;
    expect(answered(8453, oracle(ecotone)).terms).toEqual({ ...opGeth, isFjord: false });
  });

  it('asks Arbitrum’s ArbGasInfo for the price of a byte', () => {
    const arbitrum = answered(42161, ({ to, data }) => {
      expect([to, data]).toEqual([ARB_GAS_INFO, selectors['getPricesInWei()']]);
      return [1n, 2n, 3n, 4n, 5n, 6n];
    });
    expect(arbitrum).toEqual({ terms: { kind: 'arbitrum', weiPerByte: 2n }, rounds: 1 });
  });

  it('asks nothing where data cost gas alone', () => {
    expect(answered(1, () => null)).toEqual({ terms: null, rounds: 0 });
    expect(dataFeeFamily(31337)).toBe(null);
  });

  it.each<[string, number, (call: Call) => readonly bigint[] | null]>([
    ['an OP-stack chain whose oracle is not there', 10, () => []],
    ['an OP-stack chain whose oracle refuses', 10, () => null],
    ['an OP-stack chain before Ecotone', 10, oracle({ ...fjord, 'isEcotone()': 0n, 'isFjord()': 0n })],
    ['an Arbitrum chain that answers too little', 42161, () => [1n, 2n]],
  ])('never takes %s to cost nothing', (_, chainId, answer) => {
    expect(() => answered(chainId, answer)).toThrow(/found/);
  });
});

describe('the usual size of a hedge', () => {
  const account = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');

  const random = (seed: number, bytes: number) => {
    let state = BigInt(seed) * 0x9e3779b97f4a7c15n + 1n;
    let value = 0n;
    for (let index = 0; index < bytes; index += 1) {
      state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & (2n ** 64n - 1n);
      value = (value << 8n) | (state >> 56n);
    }
    return value;
  };

  async function bytesOf(legs: number, seed: number) {
    const order: Order = {
      side: seed % 2 === 0 ? 'sell' : 'buy',
      baseRaw: random(seed, 8),
      quoteLimitRaw: random(seed + 1, 6),
      expectedQuoteRaw: 1n,
      minFillBps: 9_000,
      sequence: BigInt(seed % 5_000),
      deadlineSeconds: 1_800_000_000 + seed,
      legs: Array.from({ length: legs }, (_, index) => ({
        kind: 'swap' as const,
        venue: 'uniswapV3',
        pool: toHex(random(seed + 7 * index + 3, 20), { size: 20 }),
        baseRaw: random(seed + index, 8),
        sqrtPriceLimitX96: random(seed + index + 2, 12),
      })),
    };
    const vault = { ...snapshotWith().vault, account: toHex(random(seed + 9, 20), { size: 20 }) };
    const { to, data } = safe.encode(safe.sample, vault, order, account.address);
    const transaction = {
      type: 'eip1559' as const,
      chainId: 8453,
      nonce: seed % 10_000,
      to,
      data,
      gas: 300_000n,
      maxFeePerGas: random(seed, 4),
      maxPriorityFeePerGas: random(seed, 3),
    };
    const raw = await account.signTransaction(transaction);
    const bytes = Buffer.from(raw.slice(2), 'hex');
    const zero = bytes.filter((byte) => byte === 0).length;
    return { zero, nonZero: bytes.length - zero, fastLz: fastLzLength(bytes) };
  }

  it('covers signed hedges of one to four legs, and is at most a quarter above the largest', async () => {
    const largest = { zero: 0, nonZero: 0, fastLz: 0 };
    const grown = { zero: 0, nonZero: 0, fastLz: 0 };
    for (let seed = 1; seed <= 60; seed += 1) {
      const one = await bytesOf(1, seed);
      const four = await bytesOf(4, seed);
      for (const key of ['zero', 'nonZero', 'fastLz'] as const) {
        largest[key] = Math.max(largest[key], one[key]);
        grown[key] = Math.max(grown[key], (four[key] - one[key]) / 3);
      }
    }
    for (const key of ['zero', 'nonZero', 'fastLz'] as const) {
      expect(hedgeBytes.firstLeg[key]).toBeGreaterThanOrEqual(largest[key]);
      expect(hedgeBytes.firstLeg[key]).toBeLessThanOrEqual(largest[key] * 1.25);
      expect(hedgeBytes.furtherLeg[key]).toBeGreaterThanOrEqual(grown[key]);
      expect(hedgeBytes.furtherLeg[key]).toBeLessThanOrEqual(grown[key] * 1.25);
    }
  });
});
