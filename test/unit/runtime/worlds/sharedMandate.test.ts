import { describe, expect, it } from 'vitest';
import type { VaultConfig } from '../../../../src/runtime/config/schema.ts';
import { refuseSharedMandate } from '../../../../src/runtime/worlds/sharedMandate.ts';

const safe = '0x00000000000000000000000000000000000000a1';
const vault = (name: string, address: string, module: string) =>
  ({ name, account: { kind: 'safe', address, config: { module } } }) as unknown as VaultConfig;

describe('vaults that share an account', () => {
  it('are refused where they share its mandate too, however the address is written', () => {
    const vaults = [vault('eth', safe, '0xb1'), vault('btc', safe.toUpperCase(), '0xB1')];
    expect(() => refuseSharedMandate({ vaults })).toThrow(
      expect.objectContaining({ code: 'MANDATE_SHARED', facts: { vaults: 'eth, btc' } }),
    );
  });

  it('may do so under mandates of their own, and accounts of their own need none', () => {
    const vaults = [vault('eth', safe, '0xb1'), vault('btc', safe, '0xb2'), vault('other', '0xa2', '0xb1')];
    expect(() => refuseSharedMandate({ vaults })).not.toThrow();
  });
});
