import { encodeFunctionData, keccak256, toBytes } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterEach, describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { swapRouter02Abi } from '../../../abis/swapRouter02.ts';
import type { Hash, Hex } from '../../../src/core/units.ts';
import { callOf, type Devnet } from '../../../src/devnet/index.ts';
import { type DevRelay, startDevRelay } from '../../../src/devnet/relay/index.ts';
import { useDevnet } from '../../support/devnet.ts';

const ETHER = 10n ** 18n;

describe('a dev relay on the devnet', () => {
  const get = useDevnet();
  let relay: DevRelay | undefined;
  afterEach(async () => {
    await relay?.stop();
    relay = undefined;
  });

  /** The user sells one WETH for at least so many dollars, signed. */
  async function signedSale(devnet: Devnet, leastDollars: number): Promise<Hex> {
    const { user } = devnet.accounts;
    const { weth, usdc } = devnet.tokens;
    await devnet.fund(user.address, [{ token: weth, amount: 1 }]);
    await devnet.transact(user, [
      callOf(weth.address, erc20Abi, 'approve', [devnet.addresses.swapRouter02, ETHER]),
    ]);
    const sale = {
      tokenIn: weth.address,
      tokenOut: usdc.address,
      fee: 500,
      recipient: user.address,
      amountIn: ETHER,
      amountOutMinimum: BigInt(leastDollars) * 10n ** 6n,
      sqrtPriceLimitX96: 0n,
    };
    return privateKeyToAccount(user.privateKey).signTransaction({
      type: 'eip1559',
      chainId: devnet.chainId,
      nonce: 1,
      to: devnet.addresses.swapRouter02,
      data: encodeFunctionData({ abi: swapRouter02Abi, functionName: 'exactInputSingle', args: [sale] }),
      gas: 300_000n,
      maxFeePerGas: 10_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
    });
  }

  /** Hands a transaction to the relay as a Flashbots client does. */
  async function sendPrivately(url: string, tx: Hex): Promise<Hash> {
    const identity = privateKeyToAccount(`0x${'5a'.repeat(32)}`);
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'eth_sendPrivateTransaction',
      params: [{ tx }],
    });
    const signature = await identity.signMessage({ message: keccak256(toBytes(body)) });
    const headers = {
      'content-type': 'application/json',
      'x-flashbots-signature': `${identity.address}:${signature}`,
    };
    const response = await fetch(url, { method: 'POST', headers, body });
    const { result } = (await response.json()) as { result: Hash };
    return result;
  }

  it("puts a private transaction behind the market's moves of the same block, unseen before", async () => {
    const { devnet } = get();
    const raw = await signedSale(devnet, 2_900);
    relay = await startDevRelay({ rpcUrl: devnet.url });
    const remove = devnet.addPrivatePool(relay.pool);
    const hash = await sendPrivately(relay.url, raw);
    const block = await devnet.mineBlock({ price: 2_950 });
    expect(block.transactionHashes).toHaveLength(4);
    expect(block.transactionHashes[3]).toBe(hash);
    expect(await relay.sightings()).toEqual([]);
    remove();
  });

  it("holds one back that the market's move would make revert, and includes it when it would not", async () => {
    const { devnet } = get();
    const raw = await signedSale(devnet, 2_980);
    relay = await startDevRelay({ rpcUrl: devnet.url });
    const remove = devnet.addPrivatePool(relay.pool);
    const hash = await sendPrivately(relay.url, raw);
    const crash = await devnet.mineBlock({ price: 2_950 });
    expect(crash.transactionHashes).not.toContain(hash);
    const rebound = await devnet.mineBlock({ price: 3_000 });
    expect(rebound.transactionHashes).toContain(hash);
    expect((await devnet.node.receipt(hash))?.succeeded).toBe(true);
    remove();
  });
});
