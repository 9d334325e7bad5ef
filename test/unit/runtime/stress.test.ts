import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../src/core/risk/limits.ts';
import type { VaultSetup } from '../../../src/engine/world.ts';
import { stressReport } from '../../../src/runtime/stress.ts';
import { nftManager, ownRange } from '../../support/ownRange.ts';
import { raw, type SnapshotParts, snapshotWith, weth } from '../../support/snapshot.ts';

describe('what a stress report leaves to the owners', () => {
  const ownersOf = (guard: SnapshotParts['guard']) => {
    const snapshot = snapshotWith({ positions: [ownRange(7n, 'base', raw(10, weth))], guard: guard ?? {} });
    const vault = { terms: snapshot.vault, limits: defaultLimits } as unknown as VaultSetup;
    const report = stressReport(snapshot, vault);
    if ('why' in report) throw new Error(report.why);
    return report.owners.map(({ kind, label }) => `${kind} ${label}`);
  };

  it('is liquidity too, where the mandate does not reach it', () => {
    expect(ownersOf({})).toEqual(['withdrawLiquidity uniswap v3 #7']);
    expect(ownersOf({ positionManager: `0x${'77'.repeat(20)}` })).toHaveLength(1);
  });

  it('is none of what the keeper withdraws itself', () => {
    expect(ownersOf({ positionManager: nftManager })).toEqual([]);
  });
});
