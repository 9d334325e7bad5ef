import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../../src/adapters/chain/endpoint.ts';
import { suggestedTipWei } from '../../../../src/adapters/chain/fees.ts';

/** An endpoint whose blocks paid these tips, and which keeps what it was asked. */
function paying(...tips: readonly bigint[]): { endpoint: Endpoint; asked: unknown[] } {
  const asked: unknown[] = [];
  const request: Endpoint['request'] = async (method, params) => {
    asked.push(method, params);
    return { oldestBlock: '0x1', reward: tips.map((tip) => [`0x${tip.toString(16)}`]) };
  };
  const requestHex = () => Promise.reject(new Error('fees are no bytes'));
  return { endpoint: { requests: () => asked.length, request, requestHex }, asked };
}

describe('the suggested tip', () => {
  it('is the median of what recent blocks paid', async () => {
    const { endpoint, asked } = paying(5n, 1n, 3n, 1_000n, 4n);
    expect(await suggestedTipWei(endpoint, { floorWei: 1n })).toBe(4n);
    expect(asked).toEqual(['eth_feeHistory', ['0xa', 'latest', [50]]]);
  });

  it('leaves out empty blocks, which say nothing about a price', async () => {
    const { endpoint } = paying(0n, 0n, 0n, 9n);
    expect(await suggestedTipWei(endpoint, { floorWei: 1n })).toBe(9n);
  });

  it('is never below the floor, which relays demand', async () => {
    expect(await suggestedTipWei(paying(1n, 2n).endpoint, { floorWei: 7n })).toBe(7n);
    expect(await suggestedTipWei(paying(0n).endpoint, {})).toBe(100_000_000n);
    expect(await suggestedTipWei(paying().endpoint, {})).toBe(100_000_000n);
  });

  it('looks at the percentile and the number of blocks that it is told', async () => {
    const { endpoint, asked } = paying(1n);
    await suggestedTipWei(endpoint, { percentile: 90, blocks: 20 });
    expect(asked[1]).toEqual(['0x14', 'latest', [90]]);
  });

  it('is corrupt data where the node answers something else', async () => {
    const { endpoint } = paying();
    for (const answer of [{ oldestBlock: '0x1', reward: [['many']] }, { no: 'answer' }]) {
      const wrong: Endpoint = { ...endpoint, request: async () => answer };
      await expect(suggestedTipWei(wrong, {})).rejects.toMatchObject({ code: 'CORRUPT_DATA' });
    }
  });
});
