import { describe, expect, it } from 'vitest';
import type { Config } from '../../../../src/runtime/config/schema.ts';
import { refuseSharedMandate } from '../../../../src/runtime/worlds/sharedMandate.ts';

const safe = '0x00000000000000000000000000000000000000a1';
const wrapped = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2';
const account = (address: string, config: object, kind = 'safe') => ({ kind, address, config });
const vault = (name: string, of: object, base: object = { symbol: name }) => ({ name, account: of, base });
const refuse = (...vaults: object[]) =>
  refuseSharedMandate({ chain: { id: 1 }, vaults } as unknown as Pick<Config, 'chain' | 'vaults'>);

describe('vaults that share an account', () => {
  it.each([
    ['module', account(safe, { module: '0xb1' }), account(safe.toUpperCase(), { module: '0xB1' })],
    [
      'role, whatever else is said of it',
      account(safe, { roles: '0xc1', role: 'ballast', sellPerDay: 5 }, 'safeRoles'),
      account(safe, { roles: '0xc1', role: 'ballast', sellPerDay: 6 }, 'safeRoles'),
    ],
    [
      'key, whatever its pools',
      account(safe, { fees: [500] }, 'eoa'),
      account(safe, { fees: [3_000] }, 'eoa'),
    ],
  ])('are refused where they share its %s', (_, first, second) => {
    expect(() => refuse(vault('eth', first), vault('btc', second))).toThrow(
      expect.objectContaining({ code: 'MANDATE_SHARED', facts: { vaults: 'eth, btc' } }),
    );
  });

  it('are refused where they share its base: each would hedge all of it', () => {
    const [one, other] = [account(safe, { module: '0xb1' }), account(safe, { module: '0xb2' })];
    expect(() =>
      refuse(vault('a', one, { symbol: 'WETH' }), vault('b', other, { address: wrapped })),
    ).toThrow(expect.objectContaining({ code: 'BASE_SHARED', facts: { vaults: 'a, b' } }));
  });

  it('may do so under mandates of their own for bases of their own', () => {
    expect(() =>
      refuse(
        vault('eth', account(safe, { module: '0xb1' })),
        vault('btc', account(safe, { module: '0xb2' })),
        vault('other', account('0xa2', { module: '0xb1' })),
        vault('dear', account(safe, { roles: '0xc1', role: 'dear' }, 'safeRoles')),
        vault('cheap', account(safe, { roles: '0xc1', role: 'cheap' }, 'safeRoles')),
      ),
    ).not.toThrow();
  });
});
