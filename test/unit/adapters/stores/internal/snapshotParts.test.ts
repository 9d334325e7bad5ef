import { describe, expect, it } from 'vitest';
import {
  hashesOf,
  joinSnapshot,
  splitSnapshot,
} from '../../../../../src/adapters/stores/internal/snapshotParts.ts';
import { lendingReserve } from '../../../../support/margin.ts';
import { pairAt, poolAt, snapshotWith } from '../../../../support/snapshot.ts';

/** Keeps parts under numbers instead of hashes. */
function partStore() {
  const parts: unknown[] = [];
  return {
    put: (part: unknown) => String(parts.push(part) - 1),
    get: (key: string) => parts[Number(key)],
    size: () => parts.length,
  };
}

describe('a snapshot in parts', () => {
  it('is the same snapshot when it is put together again, whatever the kinds of its pools', () => {
    const pools = [
      poolAt(3_000),
      pairAt(3_000, { address: '0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc' }),
      { ...poolAt(3_000), nativeToken0: true, protocolFeePips: { zeroForOne: 1_000, oneForZero: 500 } },
    ];
    const address = '0x00000000000000000000000000000000000000e0';
    const emptyPools = [{ kind: 'empty', venue: 'uniswapV2', address, why: 'no reserves' }] as const;
    const reserves = [lendingReserve('quote', { suppliedRaw: 7n }), lendingReserve('base', { debtRaw: 3n })];
    const lending = [
      { label: 'market', pool: address, reserves, eModeCategory: 0, healthFactor: 1.7 },
    ] as const;
    const margin = { lending, written: [] };
    const snapshot = snapshotWith({ chain: { pools, emptyPools, margin } });
    const store = partStore();
    const manifest = splitSnapshot(snapshot, store.put);
    expect(joinSnapshot(manifest, store.get)).toEqual(snapshot);
    expect(new Set(hashesOf(manifest)).size).toBe(store.size());
  });
});
