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

  it('stays under two thirds of Safe and Zodiac Roles for one leg on v4', () => {
    const { hedgeModule, safeAndRoles } = row('v4');
    expect(hedgeModule.steady * 3).toBeLessThan(safeAndRoles!.steady * 2);
  });

  // Above two thirds: a price feed, which Roles has no counterpart of, is 13,600 of each.
  it.each<[LegKind, number]>([
    ['v3', 69],
    ['v2', 69],
    ['v3>v3', 82],
  ])('asks for one leg on %s less than %i %% of Safe and Zodiac Roles doing the same', (leg, percent) => {
    expect(row(leg).hedgeModule.steady * 100).toBeLessThan(row(leg).safeAndRoles!.steady * percent);
  });
});
