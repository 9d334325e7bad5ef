import { describe, expect, it } from 'vitest';
import type { Fill } from '../../../../src/ports/account.ts';
import type { OrderEvent, OrderHistory } from '../../../../src/ports/store.ts';
import type { HedgeEvent } from '../../../../src/runtime/rehearse/chainRecord.ts';
import { judge } from '../../../../src/runtime/rehearse/verdict.ts';
import { sampleAttempt, sampleFill, sampleOrder } from '../../../support/journalSamples.ts';

const history = (sequence: bigint, ...events: readonly OrderEvent[]): OrderHistory => ({
  record: sampleOrder(sequence),
  events: events.map((event) => ({ event, recordedAtSeconds: 1 })),
});

const signed = (n: number): OrderEvent => ({ kind: 'signed', attempt: sampleAttempt(n) });
const fillOf = (n: number): Fill => ({
  ...sampleFill(n, 1n),
  transactionHash: sampleAttempt(n).transactionHash,
});

function filled(sequence: bigint, n: number): OrderHistory {
  return history(sequence, signed(n), { kind: 'filled', fill: fillOf(n) });
}

function announced(sequence: bigint, n: number): HedgeEvent {
  const { vault } = sampleOrder(sequence);
  const { transactionHash, side, baseRaw, quoteRaw } = fillOf(n);
  return { vault, sequence: sampleOrder(sequence).order.sequence, transactionHash, side, baseRaw, quoteRaw };
}

describe('a journal held against its chain', () => {
  it('is right where each hedge of the chain is booked as it happened', () => {
    const verdict = judge([filled(2n, 2), filled(1n, 1)], [announced(1n, 1), announced(2n, 2)]);
    expect(verdict).toEqual({ doubleHedges: 0, lostOrders: 0, findings: [] });
  });

  it('finds a sequence that was executed twice', () => {
    const { doubleHedges, findings } = judge([filled(1n, 1)], [announced(1n, 1), announced(1n, 2)]);
    expect(doubleHedges).toBe(1);
    expect(findings.join()).toMatch(/sequence 1 was executed more than once/);
  });

  it('finds two fills booked for one sequence', () => {
    expect(judge([filled(1n, 1), filled(1n, 2)], [announced(1n, 1)]).doubleHedges).toBe(1);
  });

  it.each([
    ['a hedge that is not booked', [], [announced(1n, 1)], /not booked as it happened/],
    [
      'a hedge that is booked with another amount',
      [filled(1n, 1)],
      [{ ...announced(1n, 1), baseRaw: 7n }],
      /not booked as it happened/,
    ],
    ['a booking without a hedge', [filled(1n, 1)], [], /booked and not in the chain/],
    ['an order that may still execute', [history(1n, signed(1))], [], /is still signed/],
    ['an order that was forgotten', [history(1n)], [], /nothing became of it/],
  ] as const)('finds %s', (_, orders, events, words) => {
    const { lostOrders, doubleHedges, findings } = judge(orders, events);
    expect(lostOrders).toBeGreaterThan(0);
    expect(doubleHedges).toBe(0);
    expect(findings.join()).toMatch(words);
  });
});
