import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalCorruptError } from '../../../../src/core/errors.ts';
import { type LifeCycle, lifeCycleOf } from '../../../../src/engine/order/lifeCycle.ts';
import {
  applyEvent,
  attemptOf,
  isLive,
  isSettled,
  type OrderState,
  orderState,
  signedOrder,
} from '../../../../src/engine/order/orderState.ts';
import { closingEventKinds, type OrderEvent } from '../../../../src/ports/store.ts';
import { hashOf, sampleAttempt, sampleFill, sampleOrder } from '../../../support/journalSamples.ts';

const attempt = sampleAttempt(3);
const transactionHash = attempt.transactionHash;
const answer = (status: 'accepted' | 'refused' | 'unknown' | 'withheld', relay = 'a'): OrderEvent => ({
  kind: 'answered',
  transactionHash,
  relay,
  answer: { status, detail: '' },
});
const signed: OrderEvent = { kind: 'signed', attempt };
const filled: OrderEvent = { kind: 'filled', fill: sampleFill(3, 101n) };
const reverted: OrderEvent = {
  kind: 'reverted',
  transactionHash,
  blockNumber: 101n,
  blockHash: hashOf(101),
  gasUsed: 1n,
  gasPaidWei: 1n,
};
const reorged: OrderEvent = { kind: 'reorged', blockHash: hashOf(101) };
const expired: OrderEvent = { kind: 'expired', why: 'deadline', atBlock: 106n, atBlockHash: hashOf(106) };
const climbed: OrderEvent = {
  kind: 'signed',
  attempt: { ...attempt, transactionHash: hashOf(8_003), rung: 1 },
};
const climbedAnswer: OrderEvent = {
  kind: 'answered',
  transactionHash: hashOf(8_003),
  relay: 'a',
  answer: { status: 'accepted', detail: '' },
};
const replaced: OrderEvent = { kind: 'replaced', by: 'w#1.1' };
const abandoned: OrderEvent = { kind: 'abandoned', why: 'stopped' };
const paper: OrderEvent = { kind: 'paper', baseRaw: 1n, quoteRaw: 2n, blockNumber: 100n };
const final: OrderEvent = { kind: 'final', blockNumber: 101n };

const stateAfter = (...events: OrderEvent[]): OrderState =>
  orderState({
    record: sampleOrder(7n),
    events: events.map((event) => ({ event, recordedAtSeconds: 1 })),
  });

describe('order state', () => {
  it.each([
    ['decided', []],
    ['signed', [signed]],
    ['submitted', [signed, answer('accepted')]],
    ['submitted', [signed, answer('refused')]],
    ['filled', [signed, answer('unknown'), filled]],
    ['filled', [signed, filled]],
    ['reverted', [signed, reverted]],
    ['expired', [signed, expired]],
    ['filled', [signed, expired, filled]],
    ['submitted', [signed, filled, reorged]],
    ['submitted', [signed, expired, reorged]],
    ['filled', [signed, filled, reorged, filled]],
    ['filled', [signed, filled, answer('accepted')]],
    ['signed', [signed, answer('accepted'), climbed]],
    ['submitted', [signed, climbed, climbedAnswer]],
    ['signed', [signed, climbed, answer('accepted')]],
    ['filled', [signed, climbed, filled]],
    ['replaced', [signed, answer('accepted'), replaced]],
    ['replaced', [signed, replaced, answer('accepted')]],
    ['filled', [signed, replaced, filled]],
    ['expired', [signed, replaced, expired]],
    ['replaced', [signed, replaced, expired, reorged]],
    ['abandoned', [abandoned]],
    ['paper', [paper]],
    ['paper', [signed, answer('withheld'), paper]],
    ['final', [signed, expired, final]],
  ] as const)('is %s after its events (%#)', (status, events) => {
    expect(stateAfter(...events).status).toBe(status);
  });

  it.each<[string, OrderEvent[]]>([
    ['an answer to what was never signed', [answer('accepted')]],
    ['a fill of what was never signed', [filled]],
    ['the same signature twice', [signed, signed]],
    ['a later attempt with another nonce', [signed, { kind: 'signed', attempt: sampleAttempt(4) }]],
    ['a later attempt after its nonce was given away', [signed, replaced, climbed]],
    ['a later attempt after an end', [signed, expired, climbed]],
    ['giving away the nonce of what was never signed', [replaced]],
    ['giving away a nonce twice', [signed, replaced, replaced]],
    ['a signature after giving up', [abandoned, signed]],
    ['giving up what was signed', [signed, abandoned]],
    ['two fills without a reorg', [signed, filled, filled]],
    ['a fill that becomes a revert without a reorg', [signed, filled, reverted]],
    ['an end after a fill', [signed, filled, expired]],
    ['a reorg of what was never mined', [signed, reorged]],
    ['finality without an outcome', [signed, final]],
    ['anything after finality', [signed, filled, final, reorged]],
    ['paper over what may be on its way', [signed, paper]],
    ['the fill of another transaction', [signed, { kind: 'filled', fill: sampleFill(4, 101n) }]],
  ])('calls the journal damaged for %s', (_, events) => {
    expect(() => stateAfter(...events)).toThrow(JournalCorruptError);
  });

  it('keeps every attempt: the newest is its transaction, or the one in the block', () => {
    expect(attemptOf(stateAfter(signed, climbed))?.rung).toBe(1);
    expect(attemptOf(stateAfter(signed, climbed, filled))).toEqual(attempt);
    expect(attemptOf(stateAfter(signed, climbed, filled, reorged))?.rung).toBe(1);
    expect(signedOrder(stateAfter(signed, climbed, filled, final))?.attempts).toHaveLength(2);
  });

  it.each<[LifeCycle, OrderEvent[]]>([
    ['decided', []],
    ['signed', [signed]],
    ['submitted', [signed, answer('refused'), answer('accepted', 'b')]],
    ['refused', [signed, answer('refused'), answer('refused', 'b')]],
    ['replaced', [signed, replaced]],
    ['included', [signed, filled]],
    ['reverted', [signed, reverted]],
    ['reorgedOut', [signed, answer('accepted'), filled, reorged]],
    ['submitted', [signed, filled, reorged, answer('unknown')]],
    ['expired', [signed, expired]],
    ['final', [signed, filled, final]],
    ['abandoned', [abandoned]],
    ['paper', [paper]],
  ])('is called %s in the words of its life (%#)', (name, events) => {
    expect(lifeCycleOf(stateAfter(...events))).toBe(name);
  });

  it('keeps the last answer of each relay, and none from before a reorg', () => {
    const state = stateAfter(signed, answer('unknown'), answer('refused', 'b'), answer('accepted'));
    expect(state).toMatchObject({ answers: { a: { status: 'accepted' }, b: { status: 'refused' } } });
    expect(stateAfter(signed, answer('accepted'), filled, reorged)).toMatchObject({ answers: {} });
  });

  it('is live, settled or waiting for finality, never two of them; only closing events settle', () => {
    const anyEvent = fc.constantFrom(
      signed,
      answer('unknown'),
      filled,
      reverted,
      reorged,
      replaced,
      climbed,
      expired,
      abandoned,
      paper,
      final,
    );
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), (events) => {
        let state: OrderState = { status: 'decided' };
        for (const event of events) {
          const before = state;
          try {
            state = applyEvent('v#1.1', before, event);
          } catch {
            continue;
          }
          expect(isSettled(before)).toBe(false);
          expect(isSettled(state)).toBe((closingEventKinds as readonly string[]).includes(event.kind));
          expect(isSettled(state) && isLive(state)).toBe(false);
        }
      }),
    );
  });
});
