import { describe, expect, it } from 'vitest';
import { useDevnet } from '../support/devnet.ts';
import { type LegGas, type LegKind, measureLegGas } from '../support/legRoutes.ts';
import { rolesAnvilFlags } from '../support/rolesRoute.ts';

describe('gas of orders over several pools on anvil, every transaction cold', () => {
  const world = useDevnet(
    { anvil: { flags: rolesAnvilFlags }, venues: ['uniswapV2', 'uniswapV4'] },
    measureLegGas,
  );
  const row = (...legs: LegKind[]): LegGas =>
    world().prepared.find((candidate) => candidate.legs.join() === legs.join())!;
  const further = (route: 'universalRouter' | 'hedgeModule', ...legs: LegKind[]) =>
    row(...legs)[route] - row(...legs.slice(0, -1))[route];

  it.each<LegKind[][]>([[['v3', 'v3b']], [['v3', 'v2']], [['v3', 'v4']], [['v3', 'v2', 'v4']]])(
    'asks less for the last leg of %j than the Universal Router',
    (legs) => {
      expect(further('hedgeModule', ...legs)).toBeLessThan(further('universalRouter', ...legs));
    },
  );

  it.each<LegKind[][]>([[['v3', 'v3b']], [['v3', 'v2']]])(
    'asks less for the last leg of %j than SwapRouter02',
    (legs) => {
      const ofRouter = row(...legs).swapRouter02! - row(...legs.slice(0, -1)).swapRouter02!;
      expect(further('hedgeModule', ...legs)).toBeLessThan(ofRouter);
    },
  );

  it('stays under two thirds of Safe and Zodiac Roles for orders of several legs', () => {
    for (const { legs, hedgeModule, safeAndRoles } of world().prepared) {
      if (legs.length > 1) expect(hedgeModule * 3).toBeLessThan(safeAndRoles * 2);
    }
  });

  it.each<[LegKind, number]>([
    ['v3', 72],
    ['v2', 69],
    ['v4', 73],
  ])('asks for one leg on %s less than %i %% of Safe and Zodiac Roles', (leg, percent) => {
    expect(row(leg).hedgeModule * 100).toBeLessThan(row(leg).safeAndRoles * percent);
  });
});
