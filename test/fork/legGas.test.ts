import { describe, expect, it } from 'vitest';
import { useDevnet } from '../support/devnet.ts';
import { type LegGas, measureLegGas } from '../support/legRoutes.ts';
import { rolesAnvilFlags } from '../support/rolesRoute.ts';
import type { LegKind } from '../support/routerCalls.ts';

describe('gas of orders over several pools on anvil, every transaction cold', () => {
  const world = useDevnet(
    { anvil: { flags: rolesAnvilFlags }, venues: ['uniswapV2', 'uniswapV4'] },
    measureLegGas,
  );
  const row = (...legs: LegKind[]): LegGas =>
    world().prepared.find((candidate) => candidate.legs.join() === legs.join())!;
  const further = (route: 'universalRouter' | 'hedgeModule', ...legs: LegKind[]) =>
    row(...legs)[route].steady - row(...legs.slice(0, -1))[route].steady;

  it.each<LegKind[][]>([[['v3', 'v3b']], [['v3', 'v2']], [['v3', 'v4']], [['v3', 'v2', 'v4']]])(
    'asks less for the last leg of %j than the Universal Router',
    (legs) => {
      expect(further('hedgeModule', ...legs)).toBeLessThan(further('universalRouter', ...legs));
    },
  );

  it.each<LegKind[][]>([[['v3', 'v3b']], [['v3', 'v2']]])(
    'asks less for the last leg of %j than SwapRouter02',
    (legs) => {
      const ofRouter = row(...legs).swapRouter02!.steady - row(...legs.slice(0, -1)).swapRouter02!.steady;
      expect(further('hedgeModule', ...legs)).toBeLessThan(ofRouter);
    },
  );

  it('stays under two thirds of Safe and Zodiac Roles for orders of several legs', () => {
    for (const { legs, hedgeModule, safeAndRoles } of world().prepared) {
      if (legs.length === 1) continue;
      for (const state of ['first', 'steady'] as const) {
        expect(hedgeModule[state] * 3).toBeLessThan(safeAndRoles![state] * 2);
      }
    }
  });

  it.each<[LegKind]>([['v3'], ['v2'], ['v4']])(
    'stays under two thirds of Safe and Zodiac Roles for one leg on %s, both paying by allowance',
    (leg) => {
      const { hedgeModule, safeAndRoles } = row(leg);
      expect(hedgeModule.steady * 1_000).toBeLessThan(safeAndRoles!.steady * 666);
    },
  );

  // Above two thirds: the Safe's own call for the payment is 12,500, which Roles spares by an allowance of the router.
  it.each<[LegKind, number]>([
    ['v3', 69],
    ['v2', 69],
    ['v4', 67],
    ['v3>v3', 82],
  ])('asks for one leg on %s, paid by the Safe, less than %i %% of Safe and Zodiac Roles', (leg, percent) => {
    expect(row(leg).hedgeByCalls.steady * 100).toBeLessThan(row(leg).safeAndRoles!.steady * percent);
  });
});
