import { describe, expect, it } from 'vitest';
import { useDevnet } from '../support/devnet.ts';
import { type GasRow, measureGas } from '../support/gasRoutes.ts';

describe('gas of a hedge on anvil, every transaction cold', () => {
  const world = useDevnet({}, measureGas);
  const row = (route: string): GasRow => world().prepared.find((candidate) => candidate.route === route)!;
  const bare = () => row('bare pool.swap, no checks');
  const hedge = (feeds: number) => row(`HedgeModule on a Safe, ${feeds} feed${feeds === 1 ? '' : 's'}`);

  it.each(['firstGas', 'steadyGas'] as const)('costs at most 65,000 over a bare swap (%s)', (kind) => {
    expect(hedge(1)[kind] - bare()[kind]).toBeLessThanOrEqual(65_000);
  });

  it.each([2, 3])('costs at most 20,000 more for feed %i', (feeds) => {
    expect(hedge(feeds).steadyGas - hedge(feeds - 1).steadyGas).toBeLessThanOrEqual(20_000);
  });
});
