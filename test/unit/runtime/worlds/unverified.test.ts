import { describe, expect, it } from 'vitest';
import { registry } from '../../../../src/runtime/registry.ts';
import { refuseUnverified, unverifiedReaders } from '../../../../src/runtime/worlds/unverified.ts';

const vault = (...positions: readonly (readonly [kind: string, allowUnverified: boolean])[]) =>
  ({
    positions: positions.map(([kind, allowUnverified]) => ({ kind, allowUnverified, config: {} })),
  }) as never;

describe('readers that only an ABI vouches for', () => {
  it('are named with their place in the config', () => {
    const vaults = [vault(['balances', false], ['opyn', false]), vault(['squeeth', true], ['gmx', false])];
    expect(unverifiedReaders({ vaults }, registry)).toEqual([
      'vaults[0].positions[1] (opyn)',
      'vaults[1].positions[1] (gmx)',
    ]);
  });

  it('are refused with what to do about it, unless each is consented to', () => {
    expect(() => refuseUnverified({ vaults: [vault(['opyn', false])] } as never, registry)).toThrow(
      expect.objectContaining({
        code: 'READER_UNVERIFIED',
        facts: { readers: 'vaults[0].positions[0] (opyn)' },
        action: expect.stringContaining('allowUnverified: true'),
      }),
    );
    expect(() => refuseUnverified({ vaults: [vault(['opyn', true])] } as never, registry)).not.toThrow();
  });

  it('do not include what was run against real contracts', () => {
    const vaults = [vault(['balances', false], ['uniswapV3Position', false], ['aaveV3', false])];
    expect(unverifiedReaders({ vaults }, registry)).toEqual([]);
  });
});
