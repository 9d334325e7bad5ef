import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ExecutionRecord,
  judge,
  nextHorizonBlock,
  observationAtFill,
  observeHorizons,
  type Sighting,
} from '../../../../src/core/execution/record.ts';
import { executionReport } from '../../../../src/core/execution/summary.ts';

const [near, far] = [
  '0x00000000000000000000000000000000000000aa',
  '0x00000000000000000000000000000000000000bb',
] as const;

function sighting(
  atBlock: number,
  fairPrice: number,
  nearPrice: number | null = fairPrice,
  farPrice = fairPrice,
): Sighting {
  return {
    atBlock: BigInt(atBlock),
    fairPrice,
    pools: [
      { pool: near, price: nearPrice },
      { pool: far, price: farPrice },
    ],
  };
}

/** Bought 10 at 2,010 in block 100, three quarters of it near; the fair price was 2,000. */
function filled(overrides: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return {
    orderId: 'v#1.1',
    vault: 'v',
    transactionHash: '0x01',
    fillBlockHash: '0x02',
    facts: {
      side: 'buy',
      base: 10,
      quote: 20_100,
      plannedBase: 10,
      plannedQuote: 20_100,
      plannedFeeQuote: 10,
      plannedGasQuote: 5,
      paidGasQuote: 4,
      decidedAtBlock: 99n,
      filledAtBlock: 100n,
      fairAtDecision: 2_000,
      fairAtFill: 2_000,
    },
    relays: ['first', 'second'],
    pools: [
      { venue: 'uniswapV3', pool: near, share: 0.75 },
      { venue: 'uniswapV2', pool: far, share: 0.25 },
    ],
    atFill: observationAtFill(100n, sighting(100, 2_000, 2_020, 2_000)),
    later: [],
    ...overrides,
  };
}

describe('looking back from the horizons', () => {
  it('takes one look for each horizon, and none twice', () => {
    let record = filled();
    for (let block = 100; block <= 500; block += 1) {
      const next = observeHorizons(record, sighting(block, 2_000 + block));
      expect(next === record).toBe(![101, 105, 125, 400].includes(block));
      record = next;
    }
    expect(record.later.map(({ horizonBlocks }) => horizonBlocks)).toEqual([1, 5, 25, 300]);
    expect(nextHorizonBlock(record)).toBeNull();
  });

  it('weighs the pools by what was traded on them', () => {
    const { markouts } = judge(observeHorizons(filled(), sighting(101, 2_000, 2_000, 2_000)));
    expect(markouts).toEqual([
      {
        horizonBlocks: 1,
        atBlock: 101n,
        markout: {
          markoutBps: -50,
          executionCostBps: 50,
          adverseSelectionBps: 0,
          impactDecayBps: 75,
          reversionBps: 75,
        },
      },
    ]);
  });

  it('knows no decay where one of the pools was not read', () => {
    const [markout] = judge(observeHorizons(filled(), sighting(101, 2_000, null))).markouts;
    expect(markout).toMatchObject({ markout: { impactDecayBps: null, markoutBps: -50 } });
  });

  it('states what it came too late for, and goes on', () => {
    const record = observeHorizons(filled(), sighting(126, 2_000));
    expect(judge(record).markouts).toMatchObject([
      { horizonBlocks: 1, missing: 'the first look was 25 blocks too late' },
      { horizonBlocks: 5, missing: 'the first look was 21 blocks too late' },
      { horizonBlocks: 25, atBlock: 126n },
    ]);
    expect(nextHorizonBlock(record)).not.toBeNull();
  });

  it('states that the fill’s own block was not seen, and knows no markout without it', () => {
    const record = filled({ atFill: observationAtFill(100n, sighting(103, 2_000)) });
    const [, markout] = judge(observeHorizons(record, sighting(105, 2_000))).markouts;
    expect(markout).toMatchObject({ missing: expect.stringContaining('3 blocks after the fill') });
  });

  it('does not take one look for both the fill and its horizon', () => {
    const late = sighting(101, 2_000);
    const record = filled({ atFill: observationAtFill(100n, late) });
    expect(judge(observeHorizons(record, late)).markouts).toEqual([
      { horizonBlocks: 1, missing: 'the fill was seen no earlier' },
    ]);
  });

  it('ends, whatever blocks are looked at', () => {
    const blocks = fc.array(fc.integer({ min: 100, max: 1_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(blocks, (some) => {
        const record = [...some, 1_001].reduce(
          (known, block) => observeHorizons(known, sighting(block, 2_000)),
          filled(),
        );
        expect(nextHorizonBlock(record)).toBeNull();
        expect(judge(record).markouts).toHaveLength(4);
      }),
    );
  });
});

describe('summing up', () => {
  const good = observeHorizons(filled({ relays: ['first'] }), sighting(101, 2_010));
  const late = filled({
    relays: ['first', 'second'],
    later: [{ horizonBlocks: 1, observation: { kind: 'missing', why: 'late' } }],
  });
  const report = executionReport([good, late].map(judge));

  it('counts every fill for each relay that had it and each venue it was traded on', () => {
    expect(report.all.fills).toBe(2);
    expect([report.byRelay.first?.fills, report.byRelay.second?.fills]).toEqual([2, 1]);
    expect(Object.keys(report.byVenue)).toEqual(['uniswapV2', 'uniswapV3']);
  });

  it('takes means over what is known, and counts what is missing', () => {
    const [one, five] = report.all.markouts;
    expect(one).toMatchObject({
      horizonBlocks: 1,
      seen: 1,
      missing: 1,
      markoutBps: 0,
      adverseSelectionBps: -50,
    });
    expect(five).toMatchObject({ horizonBlocks: 5, seen: 0, missing: 0, markoutBps: null });
    expect(report.all).toMatchObject({
      paidGasQuote: 8,
      plannedGasQuote: 10,
      feeQuote: 20,
      shortfallQuote: 200,
    });
  });

  it('of nothing says that nothing is known', () => {
    expect(executionReport([]).all).toMatchObject({ fills: 0, slippageBps: null, paidGasQuote: 0 });
  });
});
