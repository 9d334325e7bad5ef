import { describe, expect, it } from 'vitest';
import { useDevnet } from '../support/devnet.ts';
import { type GasRow, measureGas } from '../support/gasRoutes.ts';
import { rolesAnvilFlags } from '../support/rolesRoute.ts';

describe('gas of a hedge on anvil, every transaction cold', () => {
  const world = useDevnet({ anvil: { flags: rolesAnvilFlags } }, measureGas);
  const row = (route: string): GasRow => world().prepared.find((candidate) => candidate.route === route)!;
  const bare = () => row('bare pool.swap, no checks');
  const hedge = (feeds: number) => row(`HedgeModule on a Safe, ${feeds} feed${feeds === 1 ? '' : 's'}`);

  it.each(['firstGas', 'steadyGas'] as const)('costs at most 65,000 over a bare swap (%s)', (kind) => {
    expect(hedge(1)[kind] - bare()[kind]).toBeLessThanOrEqual(65_000);
  });

  it('costs less than the same sale through Zodiac Roles and a router', () => {
    expect(hedge(3).steadyGas).toBeLessThan(row('Safe + Zodiac Roles + SwapRouter02').steadyGas);
  });

  it.each([2, 3])('costs at most 20,000 more for feed %i', (feeds) => {
    expect(hedge(feeds).steadyGas - hedge(feeds - 1).steadyGas).toBeLessThanOrEqual(20_000);
  });
});
