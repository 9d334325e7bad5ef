import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/core/decision.ts';
import { calmLevels } from '../../../src/core/risk/stress/stressFigures.ts';
import { keepPrecautions, recalledPrecautions } from '../../../src/engine/keptPrecautions.ts';
import type { Memory } from '../../../src/ports/protocol.ts';
import type { Store } from '../../../src/ports/store.ts';

const track = {
  blockNumber: 7,
  timestampSeconds: 1_000,
  spot: 3_000,
  variancePerSecond: 1e-8,
  usualDepthBase: 100,
  ownTradedBase: 0,
  coveredSeconds: 90,
};
const levels = { ...calmLevels, margin: 'reduce' as const };

describe('what one decision leaves to the next', () => {
  it('is the same after a journal had it, breakers that wait for their figure among it', async () => {
    const remembered: Memory[] = [];
    const store = {
      remember: async (_vault: string, _key: string, memory: Memory) => void remembered.push(memory),
    } as unknown as Store;
    const record = {
      track,
      levels,
      held: ['quotePeg'],
      level: 'reduce',
      figures: null,
      tripped: [],
      events: null,
    };
    await keepPrecautions(store, 'vault', { precautions: record } as unknown as Decision);
    const read = JSON.parse(JSON.stringify(remembered[0]));
    expect(recalledPrecautions(read)).toEqual({ track, levels, held: ['quotePeg'] });
  });

  it('is nothing where it is not what was kept, and what an older keeper kept still counts', () => {
    expect(recalledPrecautions({ track, levels })).toEqual({ track, levels });
    expect(recalledPrecautions({ track: { ...track, spot: null }, levels })).toBeNull();
    expect(recalledPrecautions({ track, levels: { ...levels, cost: 'calm' } })).toBeNull();
    expect(recalledPrecautions({ track, levels, held: ['moon'] })).toBeNull();
    expect(recalledPrecautions(undefined)).toBeNull();
  });
});
