import { describe, expect, it } from 'vitest';
import {
  deltaChangeOf,
  expectedOf,
  rangesAtHand,
  withdrawalOf,
  worthFreeing,
} from '../../../../../src/core/risk/reduce/rangesAtHand.ts';
import { nftManager, ownRange } from '../../../../support/ownRange.ts';
import {
  oracleAt,
  poolAt,
  raw,
  type SnapshotParts,
  snapshotWith,
  usdc,
  weth,
} from '../../../../support/snapshot.ts';

const withRanges = (positions: SnapshotParts['positions'], more: SnapshotParts = {}) =>
  snapshotWith({
    positions: positions ?? [],
    ...more,
    guard: { positionManager: nftManager, ...more.guard },
  });
const atHand = (parts: ReturnType<typeof withRanges>, spot = 3_000) =>
  rangesAtHand(parts, oracleAt(3_000), spot);

describe('ranges that a keeper may withdraw', () => {
  const base = ownRange(1n, 'base', raw(10, weth), { baseRaw: 5n, quoteRaw: 7n });
  const quote = ownRange(2n, 'quote', raw(30_000, usdc));

  it('are none where the mandate names no position manager, or another one', () => {
    expect(rangesAtHand(snapshotWith({ positions: [base] }), oracleAt(3_000), 3_000)).toEqual([]);
    const other = { guard: { positionManager: `0x${'77'.repeat(20)}` as const } };
    expect(atHand(withRanges([base], other))).toEqual([]);
  });

  it('out of the price bring their one token to the unit, fees beside it, and change no net delta', () => {
    const [first, second] = atHand(withRanges([base, quote]));
    expect(first).toMatchObject({ tokenId: 1n, isInPrice: false, fees: { baseRaw: 5n, quoteRaw: 7n } });
    expect(first!.least).toEqual(first!.expected);
    expect(Number(first!.least.baseRaw)).toBeCloseTo(1e19, -6);
    expect(first!.least.quoteRaw).toBe(0n);
    expect(first!.deltaChange).toBeCloseTo(0, 12);
    expect(second).toMatchObject({ tokenId: 2n, isInPrice: false, least: { baseRaw: 0n } });
    expect(Number(second!.least.quoteRaw)).toBeCloseTo(30_000e6, -3);
  });

  it('in the price bring less of each than is expected, since the pool may move before the block', () => {
    const [range] = atHand(withRanges([ownRange(3n, 'both', raw(10, weth))]));
    expect(range).toMatchObject({ isInPrice: true });
    expect(range!.least.baseRaw < range!.expected.baseRaw).toBe(true);
    expect(range!.least.quoteRaw < range!.expected.quoteRaw).toBe(true);
    expect(Number(range!.expected.baseRaw)).toBeCloseTo(1e19, -16);
  });

  it('in the price are left where the vault would have more gamma without them', () => {
    const range = ownRange(3n, 'both', raw(10, weth));
    const longGamma = {
      kind: 'option',
      label: 'straddle',
      type: 'call',
      strike: 3_000,
      expirySeconds: 1_770_000_000 + 7 * 86_400,
      size: 60,
      settlementPrice: null,
    } as const;
    expect(atHand(withRanges([range]))).toHaveLength(1);
    expect(atHand(withRanges([range, longGamma]))).toEqual([]);
    expect(atHand(withRanges([base, longGamma]))).toHaveLength(1);
  });

  it('are left where their pool is further from the oracle than the chain allows', () => {
    const far = withRanges([base], { chain: { pools: [poolAt(2_960)] } });
    expect(atHand(far, 2_960)).toEqual([]);
    expect(atHand(withRanges([base], { chain: { pools: [poolAt(2_975)] } }), 2_975)).toHaveLength(1);
    const unread = poolAt(3_000, { address: `0x${'66'.repeat(20)}` });
    expect(atHand(withRanges([base], { chain: { pools: [unread] } }))).toEqual([]);
  });

  it('count as in the price where it is about to enter them', () => {
    const [close] = atHand(withRanges([base], { chain: { pools: [poolAt(3_028)] } }), 3_070);
    expect(close).toMatchObject({ isInPrice: true });
  });

  it('withdrawn in part bring that part, and their fees whole', () => {
    const [range] = atHand(withRanges([base]));
    const half = withdrawalOf(range!, range!.liquidity / 2n);
    expect(Number(half.least.baseRaw - 5n)).toBeCloseTo(Number(range!.least.baseRaw) / 2, -5);
    expect(half.least.quoteRaw).toBe(7n);
    expect(expectedOf(half)).toEqual(half.least);
    expect(deltaChangeOf(half)).toBeCloseTo(0, 12);
  });

  it('are worth freeing where they lock what runs out, out of the price, for little gas beside it', () => {
    const ranges = atHand(withRanges([base, quote, ownRange(3n, 'both', raw(10, weth))]));
    expect(worthFreeing(ranges, 'base', 5).map(({ range }) => range.tokenId)).toEqual([1n]);
    expect(worthFreeing(ranges, 'quote', 5).map(({ range }) => range.tokenId)).toEqual([2n]);
    expect(worthFreeing(ranges, 'grid', 5)).toEqual([]);
    expect(worthFreeing(ranges, 'debt', 5).map(({ range }) => range.tokenId)).toEqual([1n]);
    expect(worthFreeing(ranges, 'base', 400)).toEqual([]);
  });
});
