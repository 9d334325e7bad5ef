import { getAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import { devnetFeedProxyAbi } from '../../../abis/devnetFeedProxy.ts';
import { erc20Abi } from '../../../abis/erc20.ts';
import { swapRouter02Abi } from '../../../abis/swapRouter02.ts';
import type { Hash, Hex } from '../../../src/core/units.ts';
import {
  callOf,
  type Devnet,
  type DevnetAccount,
  devnetAggregators,
  readPrice,
} from '../../../src/devnet/index.ts';
import type { BlockToBuild, MinedBlock } from '../../../src/devnet/relay/types.ts';
import { useDevnet } from '../../support/devnet.ts';

async function feed({
  node,
  addresses,
}: Devnet): Promise<{ price: number; updatedAt: number; round: bigint }> {
  const [round, answer, , updatedAt] = await node.read(
    addresses.ethUsdFeed,
    devnetFeedProxyAbi,
    'latestRoundData',
  );
  return { price: Number(answer) / 1e8, updatedAt: Number(updatedAt), round };
}

const prices = (devnet: Devnet) => Promise.all(devnet.pools.map((pool) => readPrice(devnet.node, pool)));

/** A signed transfer of one wei, at a fee that any block here takes. */
async function signedTransfer(
  devnet: Devnet,
  from: DevnetAccount,
  nonce: number,
  gas = 21_000n,
): Promise<Hex> {
  return privateKeyToAccount(from.privateKey).signTransaction({
    type: 'eip1559',
    chainId: devnet.chainId,
    to: devnet.accounts.guardian.address,
    value: 1n,
    nonce,
    gas,
    maxFeePerGas: 10_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
  });
}

describe('the market', () => {
  const get = useDevnet();

  it('moves every pool to its price by swaps, in the block that was asked for', async () => {
    const { devnet } = get();
    const block = await devnet.mineBlock({ price: 2_873.21 });
    expect(block.transactionHashes).toHaveLength(3);
    expect(block.refused).toEqual([]);
    for (const price of await prices(devnet)) expect(price).toBeCloseTo(2_873.21, 6);
    expect(devnet.market.price).toBe(2_873.21);
  });

  it('brings a pool back that somebody has pushed away, in the block after', async () => {
    const { devnet } = get();
    const { weth, usdc } = devnet.tokens;
    const { user } = devnet.accounts;
    await devnet.fund(user.address, [{ token: weth, amount: 500 }]);
    const sale = {
      tokenIn: weth.address,
      tokenOut: usdc.address,
      fee: 500,
      recipient: user.address,
      amountIn: 500n * 10n ** 18n,
      amountOutMinimum: 0n,
      sqrtPriceLimitX96: 0n,
    };
    await devnet.transact(user, [
      callOf(weth.address, erc20Abi, 'approve', [devnet.addresses.swapRouter02, sale.amountIn]),
      callOf(devnet.addresses.swapRouter02, swapRouter02Abi, 'exactInputSingle', [sale]),
    ]);
    expect((await prices(devnet))[0]).toBeLessThan(2_950);
    await devnet.mineBlock();
    expect((await prices(devnet))[0]).toBeCloseTo(3_000, 6);
  });

  it('leaves the pools alone where told to', async () => {
    const { devnet } = get();
    await devnet.mineBlock({ price: 3_100, arbitrage: false });
    expect((await prices(devnet))[0]).toBeCloseTo(3_000, 6);
    await devnet.mineBlock();
    expect((await prices(devnet))[0]).toBeCloseTo(3_100, 6);
  });

  it('refuses a price that is none', async () => {
    const { devnet } = get();
    await expect(devnet.mineBlock({ price: -1 })).rejects.toThrow(/price is -1/);
    await expect(devnet.mineBlock({ price: Number.NaN })).rejects.toThrow(/price is NaN/);
    expect((await devnet.mineBlock()).refused).toEqual([]);
  });
});

describe('the feed', () => {
  const get = useDevnet();

  it('keeps its answer while the price is within half a percent of it', async () => {
    const { devnet } = get();
    const before = await feed(devnet);
    for (const price of [3_014, 2_986, 3_000]) await devnet.mineBlock({ price });
    expect(await feed(devnet)).toEqual(before);
  });

  it('follows a larger move, one block late', async () => {
    const { devnet } = get();
    const before = await feed(devnet);
    await devnet.mineBlock({ price: 2_985 });
    expect(await feed(devnet)).toEqual(before);
    const next = await devnet.mineBlock();
    expect(await feed(devnet)).toEqual({
      price: 2_985,
      updatedAt: next.timestampSeconds,
      round: before.round + 1n,
    });
  });

  it('in a crash always shows the price of the block before', async () => {
    const { devnet } = get();
    await devnet.mineBlock({ price: 2_900 });
    await devnet.mineBlock({ price: 2_800 });
    expect((await feed(devnet)).price).toBe(2_900);
    await devnet.mineBlock({ price: 2_700 });
    expect((await feed(devnet)).price).toBe(2_800);
  });

  it('reports an unchanged price at its heartbeat, one block late', async () => {
    const { devnet } = get();
    const before = await feed(devnet);
    await devnet.mineBlock({ timestampSeconds: before.updatedAt + 3_588 });
    await devnet.mineBlock();
    expect(await feed(devnet)).toEqual(before);
    const late = await devnet.mineBlock();
    expect(late.timestampSeconds).toBe(before.updatedAt + 3_612);
    expect(await feed(devnet)).toEqual({
      ...before,
      updatedAt: late.timestampSeconds,
      round: before.round + 1n,
    });
  });

  it('falls silent where told to, and can be made to say anything', async () => {
    const { devnet } = get();
    await devnet.mineBlock({ price: 2_000, feed: false });
    await devnet.mineBlock({ feed: false });
    expect((await feed(devnet)).price).toBe(3_000);
    await devnet.transact(devnet.accounts.user, [
      callOf(devnetAggregators.ethUsd, devnetAggregatorAbi, 'transmitAt', [-5n, 0, 7]),
    ]);
    expect(await feed(devnet)).toMatchObject({ price: -5e-8, updatedAt: 7 });
  });

  it('keeps the dollar tokens at a dollar, with a heartbeat of a day', async () => {
    const { devnet } = get();
    const read = () => devnet.node.read(devnet.addresses.usdcUsdFeed, devnetFeedProxyAbi, 'latestRoundData');
    const [, , , updatedAt] = await read();
    await devnet.mineBlock({ timestampSeconds: Number(updatedAt) + 86_400 });
    const block = await devnet.mineBlock();
    expect((await read()).slice(1, 4)).toEqual([
      100_000_000n,
      BigInt(block.timestampSeconds),
      BigInt(block.timestampSeconds),
    ]);
  });
});

describe('a block', () => {
  const get = useDevnet();

  it('comes twelve seconds after the one before, at the base fee that was set', async () => {
    const { devnet } = get();
    const head = await devnet.node.head();
    const first = await devnet.mineBlock();
    devnet.setBaseFee(30_000_000_000n);
    const second = await devnet.mineBlock();
    const third = await devnet.mineBlock({ baseFeeWei: 5n, timestampSeconds: second.timestampSeconds + 1 });
    expect(first).toMatchObject({ number: head.number + 1n, timestampSeconds: head.timestampSeconds + 12 });
    expect(first.baseFeeWei).toBe(1_000_000_000n);
    expect(second.baseFeeWei).toBe(30_000_000_000n);
    expect(third).toMatchObject({ baseFeeWei: 5n, timestampSeconds: second.timestampSeconds + 1 });
  });

  it('holds the market first and private transactions after it, or the other way round', async () => {
    const { devnet } = get();
    const transfer = await signedTransfer(devnet, devnet.accounts.user, 0);
    const after = await devnet.mineBlock({ price: 2_990, rawTransactions: [transfer] });
    const next = await signedTransfer(devnet, devnet.accounts.user, 1);
    const before = await devnet.mineBlock({ price: 2_980, rawTransactions: [next], order: 'privateFirst' });
    expect([after.transactionHashes.length, before.transactionHashes.length]).toEqual([4, 4]);
    expect(await senderOf(devnet, after.transactionHashes.at(-1)!)).toBe(devnet.accounts.user.address);
    expect(await senderOf(devnet, before.transactionHashes[0]!)).toBe(devnet.accounts.user.address);
  });

  it('says which transaction the node would not take, and holds the others', async () => {
    const { devnet } = get();
    const [good, duplicate, poor] = await Promise.all([
      signedTransfer(devnet, devnet.accounts.user, 0),
      signedTransfer(devnet, devnet.accounts.user, 0),
      signedTransfer(devnet, devnet.accounts.keeper, 0, 1n),
    ]);
    const block = await devnet.mineBlock({ rawTransactions: [poor, good, duplicate] });
    expect(block.transactionHashes).toHaveLength(1);
    expect(block.refused).toHaveLength(2);
    expect(block.refused[0]?.reason).toMatch(/intrinsic gas/);
  });

  it('asks private pools as late as possible, and tells them what was mined', async () => {
    const { devnet } = get();
    const asked: BlockToBuild[] = [];
    const told: MinedBlock[] = [];
    const transfer = await signedTransfer(devnet, devnet.accounts.user, 0);
    const remove = devnet.addPrivatePool({
      takeForBlock: async (block) => {
        asked.push(block);
        return [transfer];
      },
      onBlockMined: async (block) => {
        told.push(block);
      },
    });
    const block = await devnet.mineBlock({ price: 2_990 });
    remove();
    await devnet.mineBlock();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ number: block.number, timestampSeconds: block.timestampSeconds });
    expect(asked[0]?.precedingTransactions).toHaveLength(3);
    expect(told).toEqual([{ number: block.number, transactionHashes: block.transactionHashes }]);
    expect(await senderOf(devnet, block.transactionHashes.at(-1)!)).toBe(devnet.accounts.user.address);
  });

  it('is built after the one before, however many are asked for at once', async () => {
    const { devnet } = get();
    const head = await devnet.node.head();
    const blocks = await Promise.all([2_990, 2_980, 2_970].map((price) => devnet.mineBlock({ price })));
    expect(blocks.map(({ number }) => number - head.number)).toEqual([1n, 2n, 3n]);
    expect((await prices(devnet))[0]).toBeCloseTo(2_970, 6);
  });

  it('can be taken back, and the market with it', async () => {
    const { devnet } = get();
    const revert = await devnet.snapshot();
    const head = await devnet.node.head();
    devnet.setBaseFee(7n);
    await devnet.mineBlock({ price: 2_500 });
    await revert();
    expect(await devnet.node.head()).toEqual(head);
    expect(devnet.market.price).toBe(3_000);
    expect((await devnet.mineBlock()).baseFeeWei).toBe(1_000_000_000n);
  });
});

async function senderOf({ node }: Devnet, hash: Hash): Promise<string> {
  const { from } = await node.request<{ from: Hex }>('eth_getTransactionByHash', [hash]);
  return getAddress(from);
}
