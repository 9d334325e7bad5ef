import { describe, expect, it } from 'vitest';
import type { Position } from '../../../../../src/core/position.ts';
import { ownersAdvice } from '../../../../../src/core/risk/reduce/ownersAdvice.ts';
import { spotBase } from '../../../../support/snapshot.ts';
import { monthOption, stressInput } from '../../../../support/stressed.ts';

const { view } = stressInput();
const range = (tickLower: number, tickUpper: number): Position => ({
  kind: 'liquidity',
  label: `range ${tickLower}`,
  pool: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
  baseIsToken0: false,
  tickLower,
  tickUpper,
  liquidity: 10n ** 15n,
});
const kinds = (positions: readonly Position[]) =>
  ownersAdvice(positions, view).map(({ kind, label }) => `${kind} ${label}`);

describe('what the owners of a vault could do to shrink it', () => {
  it('names ranges, written options and perps short of curvature, and nothing that the keeper trades itself', () => {
    const debt: Position = { kind: 'debt', label: 'aave', asset: 'base', owedRaw: 1n, borrowRate: 0 };
    expect(kinds([spotBase(3), debt, monthOption('call', 3_000, 5)])).toEqual([]);
    expect(kinds([monthOption('call', 3_000, -5), range(193_000, 202_000)]).toSorted()).toEqual([
      'buyBackOption call 3000',
      'withdrawLiquidity range 193000',
    ]);
  });

  it('puts what frees money first, then what takes most curvature away per quote', () => {
    // Near the money an option has more curvature for its price than far in it.
    const written = [monthOption('call', 2_000, -5), monthOption('call', 3_000, -5)];
    expect(kinds([...written, range(150_000, 160_000)])).toEqual([
      'withdrawLiquidity range 150000',
      'buyBackOption call 3000',
      'buyBackOption call 2000',
    ]);
  });

  it('says what each frees or takes', () => {
    const [advice] = ownersAdvice([range(150_000, 160_000)], view);
    expect(advice!.text).toMatch(
      /^range 150000: withdraw, out of the price, frees about [\d,]+\.\d\d quote$/,
    );
    const [option] = ownersAdvice([monthOption('put', 3_000, -1)], view);
    expect(option!.text).toMatch(/^put 3000: buy back, gamma −0\.00\d\d, takes about \d+\.\d\d quote$/);
  });

  it('leaves out options that are worth nobody’s signature', () => {
    expect(kinds([monthOption('call', 3_000, -5), monthOption('call', 60_000, -5)])).toEqual([
      'buyBackOption call 3000',
    ]);
  });
});
