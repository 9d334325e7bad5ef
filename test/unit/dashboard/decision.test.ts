import { describe, expect, it } from 'vitest';
import type { Decision, OrderPlan } from '../../../src/core/decision.ts';
import type { PrecautionRecord } from '../../../src/core/risk/precautionRecord.ts';
import { DecisionColumns } from '../../../src/dashboard/history/decisionColumns.ts';
import { decisionDocument } from '../../../src/dashboard/views/decision.ts';
import { memoryStore } from '../../../src/sim/memoryStore.ts';

const numbers = { spot: 3_000, exposure: null, netDelta: 12, band: null, cost: null };
const precautions: PrecautionRecord = {
  track: null,
  levels: { margin: 'reduce', cost: 'normal', reach: 'normal' },
  level: 'reduce',
  figures: {
    margin: { use: 1.1, text: '-20 %: health factor 1.31, floor 1.50' },
    cost: { use: 0.2, text: '-10 %: 900' },
    reach: { use: Number.POSITIVE_INFINITY, text: 'no pool left' },
  },
  tripped: [
    {
      name: 'quotePeg',
      figure: 90,
      limit: 50,
      unit: 'bps',
      tripped: true,
      effect: 'reduceOnly',
      text: 'USDC is 90 bps off its peg, more than 50',
    },
  ],
  events: 'merge in 2 h: band halved',
};

async function shown(decision: Decision) {
  const store = memoryStore();
  const recorded = { vault: 'north', policy: 'fixedBand', recordedAtSeconds: 1, blockNumber: 1n };
  const id = await store.recordDecision({ ...recorded, snapshot: null, decision });
  return decisionDocument(store, [], id);
}

describe('a decision on the page', () => {
  const held = { kind: 'hold', code: 'insideBand', why: 'inside', warnings: [], numbers } as const;

  it('says what was looked at before it: breakers, stress, events', async () => {
    const found = await shown({ ...held, precautions });
    expect(found?.precautions).toEqual({
      level: 'reduce',
      rows: [
        { name: 'breaker quotePeg, reduceOnly', use: null, text: precautions.tripped[0]?.text },
        { name: 'stress, margin: reduce', use: 1.1, text: precautions.figures?.margin.text },
        { name: 'stress, cost: normal', use: 0.2, text: '-10 %: 900' },
        { name: 'stress, reach: normal', use: null, text: 'no pool left' },
        { name: 'event', use: null, text: precautions.events },
      ],
    });
  });

  it('says nothing of it where nothing is set for the vault', async () => {
    expect(await shown(held)).toMatchObject({ precautions: null, instruments: [] });
  });

  it('says what a trade is done with, and what that costs to hold', async () => {
    const plan = { side: 'sell', baseRaw: 1n, legs: [] } as unknown as OrderPlan;
    const instruments = [{ kind: 'borrow', base: 6, onceQuote: 1, perDayQuote: 2 }] as const;
    const hedge = {
      ...held,
      kind: 'hedge',
      code: 'beyondBand',
      plan,
      netDeltaAfter: 0,
      instruments,
    } as const;
    expect((await shown(hedge))?.instruments).toEqual(instruments);
  });

  it('is listed with where it leaves the vault, also when it only makes it safer', () => {
    const columns = new DecisionColumns();
    const plan = { legs: [] } as unknown as OrderPlan;
    const decision = {
      ...held,
      kind: 'reduce',
      code: 'marginLow',
      plan,
      netDeltaAfter: 12,
    } as unknown as Decision;
    columns.append({
      id: 'd-1',
      vault: 'north',
      policy: 'fixedBand',
      recordedAtSeconds: 1,
      blockNumber: 1n,
      decision,
      facts: null,
    });
    expect([...columns.column('netDeltaAfter')]).toEqual([12]);
  });
});
