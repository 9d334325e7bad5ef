import { describe, expect, it } from 'vitest';
import { laneSettings } from '../../../../src/engine/lane/fleet.ts';
import { mayStillBeOffered } from '../../../../src/engine/lane/nonceLane.ts';
import { replaces } from '../../../../src/engine/submit/fees.ts';
import type { SubmissionSettings } from '../../../../src/engine/world.ts';
import {
  sampleAttempt,
  sampleOrder,
  sampleSnapshot,
  signerAddress,
} from '../../../support/journalSamples.ts';
import { simulatedVault } from '../../../support/simulatedWorld.ts';

const vaultWith = (submission: Partial<SubmissionSettings>) => {
  const vault = simulatedVault('north');
  return { ...vault, submission: { ...vault.submission, ...submission } };
};

describe('how lanes of several vaults are looked after', () => {
  it('is the strictest of everything that any of them asks for, whichever comes first', () => {
    const ladder = [{ relays: null, blocks: 3, tipMultiplierBps: 10_000, publicMempool: false }];
    const easy = vaultWith({ finalityBlocks: 8, maxFeePerGasWei: 90n, stuckAfterBlocks: 1 });
    const strict = vaultWith({
      finalityBlocks: 64,
      finality: 'finalized',
      foreignTransactions: 'halt',
      maxFeePerGasWei: 50n,
      stuckAfterBlocks: 3,
      ladder,
    });
    const expected = {
      finalityBlocks: 64,
      finality: 'finalized',
      foreignTransactions: 'halt',
      maxFeePerGasWei: 50n,
      stuckAfterBlocks: 3,
      ladder,
    };
    expect(laneSettings([easy, strict])).toMatchObject(expected);
    expect(laneSettings([strict, easy])).toMatchObject(expected);
    expect(laneSettings([])).toBeNull();
  });
});

describe('fees in the place of earlier ones', () => {
  const earlier = { maxFeePerGasWei: 100n, maxPriorityFeePerGasWei: 10n };

  it('are taken for a tenth more on both, and not for a tenth more on one', () => {
    expect(replaces({ maxFeePerGasWei: 110n, maxPriorityFeePerGasWei: 11n }, earlier)).toBe(true);
    expect(replaces({ maxFeePerGasWei: 109n, maxPriorityFeePerGasWei: 20n }, earlier)).toBe(false);
    expect(replaces({ maxFeePerGasWei: 200n, maxPriorityFeePerGasWei: 10n }, earlier)).toBe(false);
    const withoutTip = { maxFeePerGasWei: 100n, maxPriorityFeePerGasWei: 0n };
    expect(replaces({ ...withoutTip, maxFeePerGasWei: 200n }, withoutTip)).toBe(false);
  });

  it('matter as long as somebody may still offer the earlier transaction', () => {
    const attempt = sampleAttempt(3);
    const state = { status: 'signed', attempts: [attempt], attempt, replacedBy: null } as const;
    const orders = [{ record: sampleOrder(7n), state }];
    const lane = { signer: signerAddress, confirmedNonce: 3, orders, fillers: [] };
    const at = (number: bigint) => ({ ...sampleSnapshot(1n).chain.block, number });
    expect(mayStillBeOffered(lane, 3, at(attempt.lastBlock + 25n))).toBe(true);
    expect(mayStillBeOffered(lane, 3, at(attempt.lastBlock + 26n))).toBe(false);
    expect(mayStillBeOffered(lane, 4, at(attempt.lastBlock))).toBe(false);
  });
});
