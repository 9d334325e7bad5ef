import { getAddress, keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { devnetFeedProxyAbi } from '../../../abis/devnetFeedProxy.ts';
import { devnetTokenAbi } from '../../../abis/devnetToken.ts';
import { erc20Abi } from '../../../abis/erc20.ts';
import { nonfungiblePositionManagerAbi } from '../../../abis/nonfungiblePositionManager.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { swapRouter02Abi } from '../../../abis/swapRouter02.ts';
import { tickLensAbi } from '../../../abis/tickLens.ts';
import type { Hex } from '../../../src/core/units.ts';
import { callOf } from '../../../src/devnet/index.ts';
import { npmBytecode } from '../../../src/devnet/node/artifacts.ts';
import { useDevnet } from '../../support/devnet.ts';

describe('the contracts of the devnet', () => {
  const get = useDevnet({ timestampSeconds: 1_800_000_000, venues: ['uniswapV2', 'uniswapV4'] });

  it('stand at their mainnet addresses', async () => {
    const { node, addresses } = get().devnet;
    const { wbtcWeth3000: onlyFromRecord, ...expected } = addresses;
    for (const [name, address] of Object.entries(expected)) {
      // Aave stands only where it was asked for: see its own test.
      if (name.startsWith('aave')) continue;
      const code = await node.request<Hex>('eth_getCode', [address, 'latest']);
      expect(code.length, name).toBeGreaterThan(800);
    }
    expect(await node.request('eth_getCode', [onlyFromRecord, 'latest'])).toBe('0x');
  });

  it('have addresses that are written with their checksum', () => {
    for (const address of Object.values(get().devnet.addresses)) expect(address).toBe(getAddress(address));
  });

  it('include pools whose code has the hash that mainnet derives their addresses from', () => {
    const code = npmBytecode('@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json');
    expect(keccak256(code)).toBe('0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54');
  });

  it('know each other: constructors ran with the real arguments', async () => {
    const { node, addresses } = get().devnet;
    const manager = addresses.nonfungiblePositionManager;
    expect(await node.read(manager, nonfungiblePositionManagerAbi, 'factory')).toBe(
      addresses.uniswapV3Factory,
    );
    expect(await node.read(manager, nonfungiblePositionManagerAbi, 'WETH9')).toBe(addresses.weth);
    expect(await node.read(addresses.swapRouter02, swapRouter02Abi, 'positionManager')).toBe(manager);
    expect(await node.read(addresses.safeSingleton, safeAbi, 'VERSION')).toBe('1.4.1');
    expect(await node.read(addresses.safeSingleton, safeAbi, 'getThreshold')).toBe(1n);
  });

  it('answer the ticks of a pool through the lens', async () => {
    const { node, addresses } = get().devnet;
    const args = [addresses.usdcWeth500, 76] as const;
    const ticks = await node.read(addresses.tickLens, tickLensAbi, 'getPopulatedTicksInWord', args);
    expect(ticks.map(({ tick }) => tick)).toEqual([196_300, 196_220]);
  });

  it('include tokens with their own symbol and decimals', async () => {
    const { node, tokens } = get().devnet;
    for (const { address, symbol, decimals } of Object.values(tokens)) {
      expect(await node.read(address, erc20Abi, 'symbol')).toBe(symbol);
      expect(await node.read(address, erc20Abi, 'decimals')).toBe(decimals);
    }
  });

  it('include a USDT that returns nothing and wants an allowance cleared before it is changed', async () => {
    const { devnet } = get();
    const { usdt, usdc } = devnet.tokens;
    const [user, spender] = [devnet.accounts.user, devnet.accounts.guardian.address];
    await devnet.fund(user.address, [
      { token: usdt, amount: 5 },
      { token: usdc, amount: 5 },
    ]);
    const { data } = callOf(usdt.address, erc20Abi, 'transfer', [spender, 1n]);
    const answer = (to: Hex) => devnet.node.request('eth_call', [{ from: user.address, to, data }, 'latest']);
    expect(await answer(usdt.address)).toBe('0x');
    expect(BigInt((await answer(usdc.address)) as Hex)).toBe(1n);

    const approve = (amount: bigint) => callOf(usdt.address, erc20Abi, 'approve', [spender, amount]);
    await devnet.transact(user, [approve(1n)]);
    await expect(devnet.transact(user, [approve(2n)])).rejects.toThrow(/approve reverted/);
    await devnet.transact(user, [approve(0n), approve(2n)]);
  });

  it('include a price feed as Chainlink has it: 8 decimals, rounds that carry their phase', async () => {
    const { node, addresses } = get().devnet;
    const feed = addresses.ethUsdFeed;
    const [roundId, answer, , updatedAt, answeredIn] = await node.read(
      feed,
      devnetFeedProxyAbi,
      'latestRoundData',
    );
    expect(roundId).toBe((1n << 64n) + 1n);
    expect(answeredIn).toBe(roundId);
    expect(answer).toBe(300_000_000_000n);
    expect(updatedAt).toBe(1_800_000_000n);
    expect(await node.read(feed, devnetFeedProxyAbi, 'decimals')).toBe(8);
    expect(await node.read(feed, devnetFeedProxyAbi, 'description')).toBe('ETH / USD');
    expect((await node.read(feed, devnetFeedProxyAbi, 'getRoundData', [roundId]))[1]).toBe(answer);
    await expect(node.read(feed, devnetFeedProxyAbi, 'getRoundData', [roundId + 1n])).rejects.toThrow(
      /revert/,
    );
  });

  it('are ready at the time asked for', async () => {
    expect((await get().devnet.node.head()).timestampSeconds).toBe(1_800_000_000);
  });

  it('give money that can be spent', async () => {
    const { devnet } = get();
    const { user, guardian } = devnet.accounts;
    for (const token of Object.values(devnet.tokens)) {
      await devnet.fund(user.address, [{ token, amount: 1.5 }]);
      const half = 10n ** BigInt(token.decimals);
      await devnet.transact(user, [
        callOf(token.address, devnetTokenAbi, 'transfer', [guardian.address, half]),
      ]);
      expect(await devnet.node.read(token.address, erc20Abi, 'balanceOf', [user.address])).toBe(half / 2n);
    }
  });
});
