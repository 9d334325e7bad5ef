import { describe, expect, it } from 'vitest';
import { netExposure } from '../../../../src/core/exposure/netExposure.ts';
import { raw, snapshotWith, spotBase, usdc, weth } from '../../../support/snapshot.ts';

describe('net exposure', () => {
  const paper = { baseRaw: raw(-2, weth), quoteRaw: raw(9_000, usdc) };
  const held = (numeraire: 'quote' | 'base', fills = paper) =>
    netExposure(
      snapshotWith({
        positions: [spotBase(10)],
        vault: { numeraire, targetDelta: 1 },
        history: { paper: fills },
      }),
      3_000,
    );

  it('of a vault that counts in quote is its delta and that of its paper fills, less the target', () => {
    expect(held('quote')).toMatchObject({
      netDelta: 7,
      grossDelta: 12,
      exposure: { delta: 8, valueQuote: 33_000 },
    });
  });

  it('of a vault that counts in base is less all that it is worth, paper quote included', () => {
    expect(held('base').netDelta).toBeCloseTo(8 - 33_000 / 3_000 - 1, 12);
    expect(held('base', { baseRaw: 0n, quoteRaw: raw(6_000, usdc) }).netDelta).toBeCloseTo(10 - 12 - 1, 12);
    expect(held('base', { baseRaw: raw(-2, weth), quoteRaw: 0n }).netDelta).toBeCloseTo(8 - 8 - 1, 12);
  });
});
