import { describe, expect, it } from 'vitest';
import { publicRpc } from '../../../../src/adapters/relays/index.ts';

const url = 'http://127.0.0.1:8545';

describe('publicRpc', () => {
  it.each([undefined, false, 'true', 1])(
    'has to be allowed in so many words: %s is not enough',
    (allowPublicMempool) => {
      const parsed = publicRpc.config.safeParse({ url, allowPublicMempool });
      expect(parsed.success).toBe(false);
      expect(parsed.error?.issues[0]?.path).toEqual(['allowPublicMempool']);
      expect(parsed.error?.issues[0]?.message).toMatch(/everybody sees the hedge/);
    },
  );

  it('knows that it is not private', () => {
    const config = publicRpc.config.parse({ url, allowPublicMempool: true });
    expect(publicRpc.open('public', config, { identity: null, fetch }).isPrivate).toBe(false);
  });
});
