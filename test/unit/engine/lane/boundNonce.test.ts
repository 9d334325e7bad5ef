import { describe, expect, it } from 'vitest';
import { boundNonceConflict } from '../../../../src/engine/lane/boundNonce.ts';
import { type TrackedOrder, track } from '../../../../src/engine/order/tracked.ts';
import type { OrderEvent } from '../../../../src/ports/store.ts';
import { hashOf, sampleAttempt, sampleOrder, signerAddress } from '../../../support/journalSamples.ts';

const expired: OrderEvent = { kind: 'expired', why: 'deadline', atBlock: 100n, atBlockHash: hashOf(100) };
const final: OrderEvent = { kind: 'final', blockNumber: 100n };

function order(nonce: number, ...later: OrderEvent[]): TrackedOrder {
  const events: OrderEvent[] = [{ kind: 'signed', attempt: sampleAttempt(nonce) }, ...later];
  return track({
    record: sampleOrder(7n),
    events: events.map((event) => ({ event, recordedAtSeconds: 1 })),
  });
}

describe('an order of an account whose chain takes any sequence stays bound to its nonce', () => {
  it('its replacement takes the same nonce of the same key', () => {
    expect(boundNonceConflict([order(5, expired)], signerAddress, 5)).toBeNull();
  });

  it('another nonce, or another key, waits', () => {
    expect(boundNonceConflict([order(5, expired)], signerAddress, 6)).toMatch(/nonce 5 .* not used for good/);
    const other = '0x00000000000000000000000000000000000E0002';
    expect(boundNonceConflict([order(5, expired)], other, 5)).toMatch(/nonce 5/);
  });

  it('until its nonce is final', () => {
    expect(boundNonceConflict([order(5, expired, final)], signerAddress, 6)).toBeNull();
    expect(boundNonceConflict([], signerAddress, 6)).toBeNull();
  });
});
