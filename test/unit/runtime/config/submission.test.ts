import { describe, expect, it } from 'vitest';
import { submissionSchema } from '../../../../src/runtime/config/submission.ts';

describe('how a config says that orders are submitted', () => {
  it('is one rung, finality by blocks, patience and healing unless it says otherwise', () => {
    const usual = submissionSchema.parse({});
    expect(usual).toMatchObject({
      windowBlocks: 5,
      finality: 'blocks',
      finalityBlocks: 64,
      foreignTransactions: 'heal',
      stuckAfterBlocks: 2,
      patience: { quantile: 0.5, blocks: 300, urgentAt: 0.5 },
    });
    expect(usual.ladder).toBeUndefined();
  });

  it('names rungs with relays, blocks and tips; the public mempool only where it is allowed', () => {
    const ladder = [
      { relays: ['flashbots'], blocks: 2 },
      { blocks: 3, tipMultiplier: 1.5 },
    ];
    const rungs = (more: object) => submissionSchema.parse({ ladder, ...more }).ladder;
    expect(rungs({})).toEqual([
      { relays: ['flashbots'], blocks: 2, tipMultiplierBps: 10_000, publicMempool: false },
      { relays: null, blocks: 3, tipMultiplierBps: 15_000, publicMempool: false },
    ]);
    expect(rungs({ publicMempool: true })?.map(({ publicMempool }) => publicMempool)).toEqual([true, true]);
    const own = [ladder[0], { blocks: 3, publicMempool: true }];
    expect(rungs({ ladder: own })?.map(({ publicMempool }) => publicMempool)).toEqual([false, true]);
  });

  it('keeps out of the public mempool where it says so, whatever a relay allows, also without a ladder', () => {
    expect(submissionSchema.parse({ publicMempool: false, windowBlocks: 3 }).ladder).toEqual([
      { relays: null, blocks: 3, tipMultiplierBps: 10_000, publicMempool: false },
    ]);
    expect(submissionSchema.parse({ publicMempool: true }).ladder).toBeUndefined();
  });

  it('takes finality from the chain, or as a number of blocks', () => {
    expect(submissionSchema.parse({ finality: 'finalized' }).finality).toBe('finalized');
    expect(submissionSchema.parse({ finality: { blocks: 12 } })).toMatchObject({
      finality: 'blocks',
      finalityBlocks: 12,
    });
  });

  it('can be without patience', () => {
    expect(submissionSchema.parse({ patience: null }).patience).toBeUndefined();
  });

  it.each([
    ['a rung without blocks', { ladder: [{}] }],
    ['a ladder without rungs', { ladder: [] }],
    ['a rung that lowers the tip', { ladder: [{ blocks: 1, tipMultiplier: 0.5 }] }],
    ['a rung with a misspelt key', { ladder: [{ blocks: 1, relay: ['a'] }] }],
  ])('refuses %s', (_, config) => {
    expect(submissionSchema.safeParse(config).success).toBe(false);
  });
});
