import { describe, expect, it } from 'vitest';
import { orderState } from '../../../../src/engine/order/orderState.ts';
import { planSettlement, type SettlementFacts } from '../../../../src/engine/settle/settlement.ts';
import type { Receipt } from '../../../../src/ports/chain.ts';
import type { OrderEvent } from '../../../../src/ports/store.ts';
import {
  hashOf,
  sampleAttempt,
  sampleFill,
  sampleOrder,
  sampleSnapshot,
} from '../../../support/journalSamples.ts';

const record = sampleOrder(7n);
const attempt = sampleAttempt(3);
const { block } = sampleSnapshot(103n).chain;
const deadline = record.order.deadlineSeconds;

/** As seen from a head before the deadline: nothing has happened yet. */
const nothing: SettlementFacts = {
  head: { ...block, timestampSeconds: deadline - 12 },
  nextSequence: 7n,
  sequenceTaken: false,
  confirmedNonce: 3,
  receipt: null,
  outcomeStands: true,
  nonceIsFinal: false,
};
const atDeadline = { ...nothing.head, timestampSeconds: deadline };
const receipt: Receipt = {
  transactionHash: attempt.transactionHash,
  blockNumber: 101n,
  blockHash: hashOf(101),
  succeeded: true,
  gasUsed: 160_000n,
  effectiveGasPriceWei: 10n ** 10n,
  logs: [],
};
const mined = { nextSequence: 8n, confirmedNonce: 4 };

const signed: OrderEvent = { kind: 'signed', attempt };
const filled: OrderEvent = { kind: 'filled', fill: sampleFill(3, 101n) };
const expired: OrderEvent = { kind: 'expired', why: 'deadline', atBlock: 103n, atBlockHash: hashOf(103) };

function plan(events: readonly OrderEvent[], facts: Partial<SettlementFacts>): readonly string[] {
  const state = orderState({ record, events: events.map((event) => ({ event, recordedAtSeconds: 1 })) });
  const planned = planSettlement(record, state, { ...nothing, ...facts }, () => sampleFill(3, 101n), 64);
  return planned.map((event) => (event.kind === 'expired' ? `expired ${event.why}` : event.kind));
}

describe('an order of which nothing was signed', () => {
  it('is abandoned: the keeper died before anybody could see it', () => {
    expect(plan([], {})).toEqual(['abandoned']);
  });
});

describe('an order on its way', () => {
  it('stays open while it may still execute', () => {
    expect(plan([signed], {})).toEqual([]);
  });

  it('is filled by a successful receipt that nonce and sequence agree with', () => {
    expect(plan([signed], { ...mined, receipt })).toEqual(['filled']);
  });

  it('is reverted by a failed receipt that the nonce agrees with', () => {
    const failed = { ...receipt, succeeded: false };
    expect(plan([signed], { confirmedNonce: 4, receipt: failed })).toEqual(['reverted']);
  });

  it('has paid for its data too where it reverted on a chain that charges that apart', () => {
    const failed = { ...receipt, succeeded: false, dataFeeWei: 5n };
    const state = orderState({ record, events: [{ event: signed, recordedAtSeconds: 1 }] });
    const facts = { ...nothing, confirmedNonce: 4, receipt: failed };
    const [event] = planSettlement(record, state, facts, () => sampleFill(3, 101n), 64);
    expect(event).toMatchObject({ kind: 'reverted', gasPaidWei: 160_000n * 10n ** 10n + 5n });
  });

  it('believes no receipt that the sequence or the nonce contradicts', () => {
    expect(plan([signed], { confirmedNonce: 4, receipt })).toEqual([]);
    expect(plan([signed], { nextSequence: 8n, receipt })).toEqual([]);
  });

  it('is not given up because a receipt is missing', () => {
    expect(plan([signed], { receipt: null })).toEqual([]);
    expect(plan([signed], { ...mined, receipt: null })).toEqual([]);
  });

  it('has expired when another order used its sequence', () => {
    expect(plan([signed], { nextSequence: 8n })).toEqual(['expired sequenceUsed']);
  });

  it('has expired when the order that it replaced filled after all', () => {
    expect(plan([signed], { ...mined, sequenceTaken: true })).toEqual(['expired sequenceUsed']);
  });

  it('has expired when another transaction used its nonce', () => {
    expect(plan([signed], { confirmedNonce: 4 })).toEqual(['expired nonceUsed']);
  });

  it('has expired at its deadline and not a second earlier', () => {
    expect(plan([signed], { head: { ...atDeadline, timestampSeconds: deadline - 1 } })).toEqual([]);
    expect(plan([signed], { head: atDeadline })).toEqual(['expired deadline']);
  });

  it('has expired at its deadline even where sequence and nonce are used and no receipt ever came', () => {
    expect(plan([signed], { ...mined, head: atDeadline })).toEqual(['expired sequenceUsed']);
  });

  it('is filled, not expired, by a receipt that is first seen after the deadline', () => {
    expect(plan([signed], { ...mined, receipt, head: atDeadline })).toEqual(['filled']);
  });
});

describe('an order with an outcome', () => {
  it('is not closed where nothing says what used its nonce and its sequence for good', () => {
    const late = { ...mined, nonceIsFinal: true, head: { ...nothing.head, number: 400n } };
    expect(plan([signed, expired], { ...late, isUnexplained: true })).toEqual([]);
    expect(plan([signed, expired], { ...late, isUnexplained: true, receipt })).toEqual(['filled', 'final']);
    expect(plan([signed, expired], late)).toEqual(['final']);
  });

  it('waits for finality', () => {
    const at = (number: bigint) => ({ head: { ...nothing.head, number } });
    expect(plan([signed, filled], { ...mined, ...at(164n) })).toEqual([]);
    expect(plan([signed, filled], { ...mined, ...at(165n) })).toEqual(['final']);
  });

  it('is open again when a reorg took its block', () => {
    expect(plan([signed, filled], { outcomeStands: false })).toEqual(['reorged']);
  });

  it('is booked again where a reorg moved it to another block', () => {
    expect(plan([signed, filled], { ...mined, outcomeStands: false, receipt })).toEqual([
      'reorged',
      'filled',
    ]);
  });

  it('becomes a revert where the other branch made it one', () => {
    const failed = { ...receipt, succeeded: false };
    const facts = { confirmedNonce: 4, outcomeStands: false, receipt: failed };
    expect(plan([signed, filled], facts)).toEqual(['reorged', 'reverted']);
  });
});

describe('an expired order', () => {
  it('is watched until the block that showed it is final and its nonce is used for good', () => {
    const nonceIsFinal = true;
    expect(plan([signed, expired], { nonceIsFinal, head: { ...atDeadline, number: 166n } })).toEqual([]);
    expect(plan([signed, expired], { nonceIsFinal, head: { ...atDeadline, number: 167n } })).toEqual([
      'final',
    ]);
    expect(plan([signed, expired], { head: { ...atDeadline, number: 999n } })).toEqual([]);
  });

  it('is booked as a revert when a builder includes it too late', () => {
    const failed = { ...receipt, succeeded: false };
    expect(plan([signed, expired], { confirmedNonce: 4, receipt: failed, head: atDeadline })).toEqual([
      'reverted',
    ]);
  });

  it('is booked when it shows up in the chain after all', () => {
    expect(plan([signed, expired], { ...mined, receipt, head: atDeadline })).toEqual(['filled']);
  });

  it('is open again when the block that showed it is gone and time went back with it', () => {
    expect(plan([signed, expired], { outcomeStands: false })).toEqual(['reorged']);
    expect(plan([signed, expired], { outcomeStands: false, head: atDeadline })).toEqual([
      'reorged',
      'expired deadline',
    ]);
  });
});
