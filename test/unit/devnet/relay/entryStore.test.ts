import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEntryStore } from '../../../../src/devnet/relay/entryStore.ts';
import { bundle, transaction } from './support.ts';

const limits = { maxStoredTransactions: 20, maxStoredBytes: 1_000 };
const sender = (index: number) => `0x${String(index).padStart(2, '0').repeat(20)}` as const;

describe('what waits for its block', () => {
  it('never exceeds its bounds, whatever arrives', () => {
    const arrival = fc.record({
      sender: fc.nat(8).map(sender),
      nonce: fc.nat(3),
      feeCapWei: fc.bigInt({ min: 1n, max: 1_000n }),
      count: fc.integer({ min: 1, max: 6 }),
      block: fc.bigInt({ min: 1n, max: 5n }),
    });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
        const store = createEntryStore(limits);
        for (const { count, block, ...wish } of arrivals) {
          const row = Array.from({ length: count }, (_, step) =>
            transaction({ ...wish, nonce: wish.nonce + step }),
          );
          const before = store.transactionCount;
          try {
            store.add(bundle(row, { firstBlock: block, lastBlock: block }));
          } catch {
            expect(store.transactionCount).toBe(before);
          }
          expect(store.transactionCount).toBeLessThanOrEqual(limits.maxStoredTransactions);
        }
      }),
    );
  });

  it('is bounded in bytes', () => {
    const store = createEntryStore({ ...limits, maxStoredBytes: 3 });
    store.add(bundle([transaction()]));
    expect(() => store.add(bundle([transaction({ nonce: 1 })]))).toThrow(/as many transactions as it can/);
  });

  it('leaves the store as it was when a replacement is refused', () => {
    const store = createEntryStore(limits);
    const held = bundle([transaction({ feeCapWei: 100n, tipCapWei: 10n })]);
    store.add(held);
    expect(() => store.add(bundle([transaction({ feeCapWei: 105n, tipCapWei: 11n })]))).toThrow(
      /underpriced/,
    );
    expect(store.candidates(10n, 0)).toEqual([held]);
  });

  it('loses a whole bundle when one of its transactions is outbid', () => {
    const store = createEntryStore(limits);
    store.add(bundle([transaction({ nonce: 0 }), transaction({ nonce: 1 })]));
    const better = bundle([transaction({ nonce: 1, feeCapWei: 200n, tipCapWei: 20n })]);
    store.add(better);
    expect(store.candidates(10n, 0)).toEqual([better]);
  });

  it('keeps what competes for no nonce', () => {
    const store = createEntryStore(limits);
    store.add(bundle([transaction({ sender: sender(1) })]));
    store.add(bundle([transaction({ sender: sender(2) })]));
    expect(store.candidates(10n, 0)).toHaveLength(2);
  });

  it('forgets what was mined, what can no longer be, and nothing else', () => {
    const store = createEntryStore(limits);
    const mined = transaction({ sender: sender(1) });
    const waiting = bundle([transaction({ sender: sender(3) })], { firstBlock: 12n, lastBlock: 12n });
    store.add(bundle([mined], { lastBlock: 20n }));
    store.add(bundle([transaction({ sender: sender(2) })], { firstBlock: 10n, lastBlock: 10n }));
    store.add(waiting);
    store.book({ number: 10n, transactionHashes: [mined.hash] });
    expect(store.remove(() => true)).toEqual([waiting]);
  });
});
