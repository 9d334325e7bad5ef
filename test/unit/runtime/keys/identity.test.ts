import { describe, expect, it } from 'vitest';
import type { Address } from '../../../../src/core/units.ts';
import { IdentityIsSignerError, refuseSharedKey } from '../../../../src/runtime/worlds/keys.ts';
import { throwAwaySigner } from '../../../support/throwAwaySigner.ts';

describe('the relay identity', () => {
  const [keeper, second, identity] = [throwAwaySigner(), throwAwaySigner(), throwAwaySigner()];

  it('is never one of the keys that trade, whatever the letters of its address', () => {
    const shouted = { ...second, address: second.address.toUpperCase().replace('0X', '0x') as Address };
    for (const same of [second, shouted])
      expect(() => refuseSharedKey([keeper, second], same)).toThrow(IdentityIsSignerError);
  });

  it('is named together with the key that trades, and what to do', () => {
    const error = new IdentityIsSignerError(keeper.address);
    expect(error.message).toContain('signer');
    expect(error.message).toContain('identity');
    expect(error.facts).toEqual({ signer: keeper.address, identity: keeper.address });
  });

  it('may be a key of its own, or none', () => {
    expect(() => refuseSharedKey([keeper, second], identity)).not.toThrow();
    expect(() => refuseSharedKey([keeper], null)).not.toThrow();
    expect(() => refuseSharedKey([null], identity)).not.toThrow();
  });
});
