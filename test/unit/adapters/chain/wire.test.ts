import { describe, expect, it } from 'vitest';
import { blockOf, bytesOf, integerOf, quantityOf, receiptOf } from '../../../../src/adapters/chain/wire.ts';
import { CorruptDataError } from '../../../../src/core/errors.ts';

const hash = `0x${'ab'.repeat(32)}`;
const block = { number: '0x10', hash, parentHash: hash, timestamp: '0x65', baseFeePerGas: '0x3b9aca00' };
const log = { address: `0x${'11'.repeat(20)}`, topics: [hash], data: '0x1234' };
const receipt = {
  transactionHash: hash,
  blockNumber: '0x10',
  blockHash: hash,
  status: '0x1',
  gasUsed: '0x5208',
  effectiveGasPrice: '0x1',
  logs: [log],
};

describe('what a node sends', () => {
  it('becomes a block', () => {
    expect(blockOf(block)).toEqual({
      number: 16n,
      hash,
      parentHash: hash,
      timestampSeconds: 101,
      baseFeePerGasWei: 1_000_000_000n,
    });
    expect(blockOf(null)).toBeNull();
  });

  it('becomes a receipt', () => {
    expect(receiptOf(receipt)).toMatchObject({
      succeeded: true,
      gasUsed: 21_000n,
      blockNumber: 16n,
      logs: [log],
    });
    expect(receiptOf({ ...receipt, status: '0x0' })).toMatchObject({ succeeded: false });
    expect(receiptOf(null)).toBeNull();
  });

  it('becomes a receipt with the fee for its data, where the chain charges that apart', () => {
    expect(receiptOf({ ...receipt, l1Fee: '0x10' })).toMatchObject({ dataFeeWei: 16n });
    expect(receiptOf(receipt)).not.toHaveProperty('dataFeeWei');
    expect(receiptOf({ ...receipt, l1Fee: null })).not.toHaveProperty('dataFeeWei');
    expect(() => receiptOf({ ...receipt, l1Fee: 'much' })).toThrow(CorruptDataError);
  });

  it.each(['number', 'hash', 'parentHash', 'timestamp', 'baseFeePerGas'])(
    'is corrupt without the %s of a block',
    (field) => {
      for (const wrong of [undefined, null, 5, '', '0x', 'zz', `0x${'f'.repeat(65)}`]) {
        expect(() => blockOf({ ...block, [field]: wrong }), String(wrong)).toThrow(CorruptDataError);
      }
    },
  );

  it.each(['transactionHash', 'blockNumber', 'blockHash', 'status', 'gasUsed', 'effectiveGasPrice', 'logs'])(
    'is corrupt without the %s of a receipt',
    (field) => {
      expect(() => receiptOf({ ...receipt, [field]: undefined })).toThrow(CorruptDataError);
    },
  );

  it('is corrupt with a status that is neither success nor failure', () => {
    expect(() => receiptOf({ ...receipt, status: '0x2' })).toThrow(CorruptDataError);
  });

  it('is corrupt where a number is too large to be counted with', () => {
    expect(quantityOf('x', `0x${'f'.repeat(64)}`)).toBe((1n << 256n) - 1n);
    expect(integerOf('x', '0x1fffffffffffff')).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => integerOf('x', '0x20000000000000')).toThrow(CorruptDataError);
  });

  it('is corrupt where bytes are cut', () => {
    expect(bytesOf('x', '0x')).toBe('0x');
    expect(() => bytesOf('x', '0x123')).toThrow(CorruptDataError);
    expect(() => bytesOf('x', '0x12', 2)).toThrow(CorruptDataError);
  });
});
