import { afterEach, describe, expect, it } from 'vitest';
import { devnetFeedProxyAbi } from '../../../abis/devnetFeedProxy.ts';
import {
  type Anvil,
  AnvilNode,
  BlockBuilder,
  dollarFeedRule,
  ethUsdFeedRule,
  readPrice,
  startAnvil,
  startForkMarket,
} from '../../../src/devnet/index.ts';
import { useDevnet } from '../../support/devnet.ts';

describe('anvil forked from the devnet', () => {
  const get = useDevnet();
  let fork: Anvil | undefined;
  afterEach(async () => {
    await fork?.stop();
    fork = undefined;
  });

  /** A fork with a market of its own on the devnet's pools and feeds. */
  async function forked(blockNumber?: bigint) {
    const { devnet } = get();
    fork = await startAnvil({
      fork: { url: devnet.url, ...(blockNumber === undefined ? {} : { blockNumber }) },
    });
    const node = new AnvilNode(fork.url);
    const builder = new BlockBuilder(node, { blockSeconds: 12, baseFeeWei: 1_000_000_000n });
    const market = await startForkMarket({
      node,
      builder,
      chainId: devnet.chainId,
      pools: devnet.pools,
      feeds: [
        { proxy: devnet.addresses.ethUsdFeed, rule: ethUsdFeedRule, reports: 'eth' },
        { proxy: devnet.addresses.usdcUsdFeed, rule: dollarFeedRule, reports: 'dollar' },
      ],
      router: devnet.addresses.swapRouter02,
      account: devnet.accounts.user,
    });
    const mine = (price: number) => builder.build({}, (block) => market.transactions({ price }, block));
    return { devnet, node, market, mine };
  }

  it('has the same chain id, contracts and prices', async () => {
    const { devnet, node, market } = await forked();
    expect(await node.request('eth_chainId')).toBe('0x1');
    for (const pool of devnet.pools) expect(await readPrice(node, pool)).toBeCloseTo(3_000, 6);
    expect(market.price).toBeCloseTo(3_000, 6);
  });

  it('moves by real swaps and leaves the devnet as it was', async () => {
    const { devnet, node, mine } = await forked();
    const head = await devnet.node.head();
    const block = await mine(2_700);
    expect(block.refused).toEqual([]);
    for (const pool of devnet.pools) {
      expect(await readPrice(node, pool)).toBeCloseTo(2_700, 6);
      expect(await readPrice(devnet.node, pool)).toBeCloseTo(3_000, 6);
    }
    expect(await devnet.node.head()).toEqual(head);
  });

  it('keeps the feed where it was and goes on with its rounds, one block late', async () => {
    const { devnet, node, mine } = await forked();
    const read = (from: AnvilNode) =>
      from.read(devnet.addresses.ethUsdFeed, devnetFeedProxyAbi, 'latestRoundData');
    const before = await read(devnet.node);
    expect(await read(node)).toEqual(before);
    await mine(2_900);
    expect(await read(node)).toEqual(before);
    await mine(2_900);
    expect((await read(node)).slice(0, 2)).toEqual([before[0] + 1n, 290_000_000_000n]);
    expect(await read(devnet.node)).toEqual(before);
  });

  it('can start at an earlier block', async () => {
    const { devnet } = get();
    const { number } = await devnet.node.head();
    await devnet.mineBlock({ price: 2_500 });
    const { market } = await forked(number);
    expect(market.price).toBeCloseTo(3_000, 6);
  });
});
