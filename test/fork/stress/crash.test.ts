import { describe, expect, it } from 'vitest';
import { crashPaths, crashRun } from '../../support/crashRuns.ts';
import { useDevnet } from '../../support/devnet.ts';

describe('a crash with a rebound that no block lies within', () => {
  const given = useDevnet({ lending: ['aaveV3'], price: 3_000 });
  const [path] = crashPaths;

  it('liquidates a borrower that only hedges', async () => {
    const run = await crashRun(given().devnet, path!, false);
    expect(run).toMatchObject({ isLiquidated: true, reductions: 0 });
    expect(run.hedges).toBeGreaterThan(1);
  });

  it('leaves one that is tried before each decision, and reduces, above liquidation', async () => {
    const run = await crashRun(given().devnet, path!, true);
    expect(run.isLiquidated).toBe(false);
    expect(run.reductions).toBeGreaterThan(0);
    expect(run.hedges).toBeGreaterThan(1);
  });
});
