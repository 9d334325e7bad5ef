import { describe, expect, it } from 'vitest';
import { isContested, isOutbid, type Lane, nextNonce } from '../../../../src/engine/lane/nonceLane.ts';
import { type TrackedOrder, track } from '../../../../src/engine/order/tracked.ts';
import type { OrderEvent } from '../../../../src/ports/store.ts';
import {
  hashOf,
  sampleAttempt,
  sampleFill,
  sampleOrder,
  sampleSnapshot,
  signerAddress,
} from '../../../support/journalSamples.ts';

const head = sampleSnapshot(100n).chain.block;
const live = head.timestampSeconds + 60;
const over = head.timestampSeconds;

function order(nonce: number | null, deadlineSeconds: number, ...later: OrderEvent[]): TrackedOrder {
  const record = sampleOrder(7n);
  const signed: OrderEvent[] = nonce === null ? [] : [{ kind: 'signed', attempt: sampleAttempt(nonce) }];
  return track({
    record: { ...record, order: { ...record.order, deadlineSeconds } },
    events: [...signed, ...later].map((event) => ({ event, recordedAtSeconds: 1 })),
  });
}

/** A lane whose next nonce on chain is 5. */
const lane = (orders: readonly TrackedOrder[] = []): Lane => ({
  signer: signerAddress,
  confirmedNonce: 5,
  orders,
  fillers: [],
});

describe('the nonce lane', () => {
  it('starts at the nonce that the chain expects', () => {
    expect(nextNonce(lane(), head)).toEqual({ nonce: 5, outbid: null });
    expect(nextNonce(lane([order(null, live)]), head)).toEqual({ nonce: 5, outbid: null });
  });

  it('passes over nonces that live orders of any vault hold', () => {
    expect(nextNonce(lane([order(5, live), order(6, live)]), head).nonce).toBe(7);
  });

  it('fills a gap before it goes on: later transactions wait for it', () => {
    expect(nextNonce(lane([order(6, live)]), head).nonce).toBe(5);
  });

  it('gives the nonce of an order past its deadline away again, to be outbid', () => {
    const { maxFeePerGasWei, maxPriorityFeePerGasWei } = sampleAttempt(5);
    const outbid = { maxFeePerGasWei, maxPriorityFeePerGasWei };
    expect(nextNonce(lane([order(5, over)]), head)).toEqual({ nonce: 5, outbid });
    const expired: OrderEvent = { kind: 'expired', why: 'deadline', atBlock: 100n, atBlockHash: hashOf(100) };
    expect(nextNonce(lane([order(5, over, expired)]), head)).toEqual({ nonce: 5, outbid });
  });

  it('never lets a filled order go back below what the chain says', () => {
    const filled: OrderEvent = { kind: 'filled', fill: sampleFill(4, 99n) };
    expect(nextNonce(lane([order(4, live, filled)]), head)).toEqual({ nonce: 5, outbid: null });
  });

  it('holds the nonce of an order whose fill the head cannot see yet', () => {
    const filled: OrderEvent = { kind: 'filled', fill: sampleFill(5, 101n) };
    expect(nextNonce(lane([order(5, live, filled)]), head).nonce).toBe(6);
  });

  it('is contested by another order that may execute with its nonce and does not know that it lost it', () => {
    const [mine, other] = [order(5, live), order(5, over)];
    const named = { ...other, record: { ...other.record, id: 'south#1.1' } };
    const with5 = (...events: OrderEvent[]) => ({ ...named, state: order(5, over, ...events).state });
    const expired: OrderEvent = { kind: 'expired', why: 'deadline', atBlock: 100n, atBlockHash: hashOf(100) };
    const reopened: OrderEvent = { kind: 'reorged', blockHash: hashOf(100) };
    expect(isContested(lane([mine, with5(expired)]), mine)).toBe(false);
    expect(isContested(lane([mine, with5(expired, reopened)]), mine)).toBe(true);
    expect(isContested(lane([mine, with5({ kind: 'replaced', by: mine.record.id })]), mine)).toBe(false);
    expect(isContested(lane([mine, { ...named, state: order(6, live).state }]), mine)).toBe(false);
  });
});

describe('a filler', () => {
  const attempt = sampleAttempt(5);
  const filler = {
    record: { id: 'f', chainId: 1, signer: signerAddress, why: 'gap' as const, signedAtBlock: 90n, attempt },
    events: [],
  };
  const paying = (maxFeePerGasWei: bigint, ...later: OrderEvent[]) =>
    track({
      record: sampleOrder(7n),
      events: [{ kind: 'signed', attempt: { ...attempt, maxFeePerGasWei } } as const, ...later].map(
        (event) => ({
          event,
          recordedAtSeconds: 1,
        }),
      ),
    });
  const more = attempt.maxFeePerGasWei + 1n;

  it('is outbid by a live order that pays more for its nonce, and by no other', () => {
    expect(isOutbid(lane([paying(more)]), filler)).toBe(true);
    expect(isOutbid(lane([paying(attempt.maxFeePerGasWei)]), filler)).toBe(false);
    expect(isOutbid(lane([order(6, live)]), filler)).toBe(false);
    expect(isOutbid(lane([paying(more, { kind: 'replaced', by: 'f' })]), filler)).toBe(false);
    const expired: OrderEvent = { kind: 'expired', why: 'deadline', atBlock: 100n, atBlockHash: hashOf(100) };
    expect(isOutbid(lane([paying(more, expired)]), filler)).toBe(false);
  });
});
