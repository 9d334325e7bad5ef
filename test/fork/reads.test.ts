import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { erc20Abi } from '../../abis/erc20.ts';
import { call } from '../../src/adapters/chain/contract.ts';
import { openChain } from '../../src/adapters/chain/openChain.ts';
import { chainlink } from '../../src/adapters/feeds/index.ts';
import { balances, opyn, uniswapV3Position } from '../../src/adapters/protocols/index.ts';
import { uniswapV3 } from '../../src/adapters/venues/index.ts';
import { CorruptDataError } from '../../src/core/errors.ts';
import { all, type Read } from '../../src/core/read.ts';
import type { BlockFacts } from '../../src/core/snapshot.ts';
import type { Address } from '../../src/core/units.ts';
import { type Devnet, devnetPools, startAnvil, startDevnet } from '../../src/devnet/index.ts';
import { AnvilNode } from '../../src/devnet/node/node.ts';
import type { Memory } from '../../src/ports/protocol.ts';
import { tradable } from '../support/tradable.ts';
import { contextOf, unwrap, type VaultOnDevnet, vaultOn } from '../support/vaultOnDevnet.ts';

let devnet: Devnet;
let vault: VaultOnDevnet;

beforeAll(async () => {
  devnet = await startDevnet();
  vault = await vaultOn(devnet);
});
afterAll(() => devnet?.stop());

const numbered = (number: number): Address => `0x${(0x1000_0000 + number).toString(16).padStart(40, '0')}`;
const balanceOf = (account: Address) => call(erc20Abi, devnet.addresses.weth, 'balanceOf', [account]);

/** Everything that a vault reads, at a block. */
function* wholeVault(account: Address, block: BlockFacts): Read<number> {
  const context = contextOf(devnet, account, block);
  const { opynController, nonfungiblePositionManager, usdcWeth500 } = devnet.addresses;
  const [spot, options, liquidity, pool] = yield* all([
    balances.read({ native: 'base' }, context),
    opyn.read({ controller: opynController, otokens: [] }, context),
    uniswapV3Position.read({ positionManager: nonfungiblePositionManager }, context),
    uniswapV3.read({ pool: usdcWeth500, priceRange: 0.6 }, context),
    chainlink.read(chainlink.sample, context),
  ]);
  return (
    spot.value.length + options.value.length + liquidity.value.length + tradable(pool.value).ticks.length
  );
}

describe('many reads together', () => {
  it('50 vaults cost as many rounds as one, and few more calls than their own', async () => {
    const { chain, safe } = vault;
    const at = await chain.head();
    const before = chain.counters();
    const alone = await chain.read([wholeVault(safe.address, at)], at);
    const between = chain.counters();
    const accounts = [safe.address, ...Array.from({ length: 49 }, (_, index) => numbered(index))];
    const together = await chain.read(
      accounts.map((account) => wholeVault(account, at)),
      at,
    );
    const after = chain.counters();
    expect(together.map(unwrap)[0]).toBe(alone.map(unwrap)[0]);
    expect(together.every(({ ok }) => ok)).toBe(true);
    expect(after.rounds - between.rounds).toBe(between.rounds - before.rounds);
    // The pool and the feeds are asked for once, whatever the number of vaults: the rest is five calls each.
    const callsOfOne = between.calls - before.calls;
    expect(after.calls - between.calls).toBeLessThanOrEqual(callsOfOne + 49 * 5);
  });

  it('three vaults over the same pools read them in one round a block, and decode only what changed', async () => {
    const restore = await devnet.snapshot();
    const own = await openChain({ url: devnet.url, chainId: devnet.chainId });
    try {
      const pools = [devnetPools.usdcWeth500.address, devnetPools.usdcWeth3000.address];
      const memories: Memory[] = pools.map(() => undefined);
      const block = async () => {
        const at = await own.head();
        const before = own.counters();
        const reads = [1, 2, 3].flatMap((number) =>
          pools.map((pool, index) =>
            uniswapV3.read(
              { pool, priceRange: 0.6 },
              contextOf(devnet, numbered(number), at, memories[index]),
            ),
          ),
        );
        const found = (await own.read(reads, at)).map(unwrap);
        const after = own.counters();
        pools.forEach((_, index) => {
          memories[index] = found[index]!.memory;
        });
        return {
          pools: found.map(({ value }) => tradable(value)),
          rounds: after.rounds - before.rounds,
          requests: after.requests - before.requests,
          calls: after.calls - before.calls,
          changed: after.changed - before.changed,
        };
      };
      await block();
      await devnet.mineBlock({ arbitrage: false, feed: false });
      const still = await block();
      expect(still).toMatchObject({ rounds: 1, requests: 1, changed: 0 });
      expect(still.calls).toBeGreaterThan(20);
      // Every vault is told the same.
      expect(still.pools.slice(2, 4)).toEqual(still.pools.slice(0, 2));

      await devnet.mineBlock({ price: 3_001 });
      const moved = await block();
      expect(moved).toMatchObject({ rounds: 1, requests: 1 });
      // Prices, and at most a tick or two that they crossed.
      expect(moved.changed).toBeGreaterThan(0);
      expect(moved.changed).toBeLessThanOrEqual(8);

      await vault.safe.provideLiquidity({
        pool: devnetPools.usdcWeth500,
        lowerPrice: 2_203,
        upperPrice: 3_907,
        baseAmount: 1,
        quoteAmount: 3_000,
      });
      const added = await block();
      // Two new ticks take a second round, the two words that hold them and the pool's state are decoded again.
      expect(added.rounds).toBe(2);
      expect(added.changed).toBeGreaterThanOrEqual(4);
      expect(added.changed).toBeLessThanOrEqual(8);
      expect(added.pools[0]!.ticks.length).toBe(moved.pools[0]!.ticks.length + 2);
      expect(await block()).toMatchObject({ rounds: 1, requests: 1, changed: 0 });
    } finally {
      own.close();
      await restore();
    }
  });

  it('20,000 reads are cut into batches that the node accepts', async () => {
    const { chain, safe } = vault;
    const at = await chain.head();
    const before = chain.counters();
    const accounts = [...Array.from({ length: 19_999 }, (_, index) => numbered(index)), safe.address];
    const outcomes = await chain.read(accounts.map(balanceOf), at);
    const balancesFound = outcomes.map(unwrap);
    expect(balancesFound.slice(0, -1).every((balance) => balance === 0n)).toBe(true);
    expect(balancesFound.at(-1)).toBe(
      await devnet.node.read(devnet.addresses.weth, erc20Abi, 'balanceOf', [safe.address]),
    );
    const after = chain.counters();
    expect(after.rounds - before.rounds).toBe(1);
    expect(after.requests - before.requests).toBe(40);
  });

  it('batches that the node refuses are halved until it takes them', async () => {
    // anvil refuses request bodies over 2 MB.
    const greedy = await openChain({ url: devnet.url, batch: { calls: 5_000, bytes: 10_000_000 } });
    const at = await greedy.head();
    const outcomes = await greedy.read(
      Array.from({ length: 5_000 }, (_, index) => balanceOf(numbered(index))),
      at,
    );
    expect(outcomes.map(unwrap).every((balance) => balance === 0n)).toBe(true);
    expect(greedy.counters().requests).toBeGreaterThan(3);
    expect(greedy.counters().requests).toBeLessThan(10);
  });

  it('one failing read isolates its vault', async () => {
    const { chain, safe } = vault;
    const at = await chain.head();
    function* corrupt(): Read<number> {
      yield* balanceOf(safe.address);
      throw new CorruptDataError('a balance', -1, 'at least 0');
    }
    const noContract = call(erc20Abi, numbered(1), 'balanceOf', [safe.address]);
    const reverting = call(erc20Abi, devnet.addresses.nonfungiblePositionManager, 'balanceOf', [numbered(0)]);
    const zeroOwner = call(erc20Abi, devnet.addresses.nonfungiblePositionManager, 'balanceOf', [
      `0x${'00'.repeat(20)}`,
    ]);
    const outcomes = await chain.read<unknown>(
      [corrupt(), noContract, wholeVault(safe.address, at), reverting, zeroOwner],
      at,
    );
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))).toEqual([
      'CORRUPT_DATA',
      'NO_CONTRACT',
      'ok',
      'ok',
      'CALL_REVERTED',
    ]);
  });

  it('a call that uses up all gas does not take its neighbours with it', async () => {
    const { chain, safe } = vault;
    // INVALID, then nothing: takes 63/64 of the gas that is left.
    const burner = numbered(77);
    await devnet.node.request('anvil_setCode', [burner, '0xfe']);
    await devnet.mineBlock();
    const at = await chain.head();
    const reads = Array.from({ length: 40 }, (_, index) =>
      index % 10 === 3 ? call(erc20Abi, burner, 'balanceOf', [numbered(index)]) : balanceOf(safe.address),
    );
    const outcomes = await chain.read(reads, at);
    const codes = outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));
    expect(codes).toEqual(reads.map((_, index) => (index % 10 === 3 ? 'CALL_REVERTED' : 'ok')));
  });
});

describe('a fork of the chain', () => {
  it('reads the same at the block it was forked from, and on the blocks after it', async () => {
    const { chain, safe } = vault;
    const at = await chain.head();
    const [here] = await chain.read([wholeVault(safe.address, at)], at);
    const anvil = await startAnvil({ fork: { url: devnet.url } });
    try {
      const fork = await openChain({ url: anvil.url, chainId: devnet.chainId });
      const forkedFrom = await fork.head();
      expect(forkedFrom.hash).toBe(at.hash);
      const [there] = await fork.read([wholeVault(safe.address, forkedFrom)], forkedFrom);
      expect(unwrap(there)).toBe(unwrap(here));
      await new AnvilNode(anvil.url).request('evm_mine');
      const later = await fork.head();
      expect(later.parentHash).toBe(at.hash);
      const [after] = await fork.read([wholeVault(safe.address, later)], later);
      expect(unwrap(after)).toBe(unwrap(here));
      expect(await fork.confirmedNonce(devnet.accounts.owner.address, later)).toBe(
        await chain.confirmedNonce(devnet.accounts.owner.address, at),
      );
    } finally {
      await anvil.stop();
    }
  });
});

describe('a reorg', () => {
  /** A node that loses its newest block right before the second `eth_call` reaches it. */
  async function reorgingNode() {
    let calls = 0;
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', async () => {
        if (body.includes('eth_call') && ++calls === 2) await devnet.node.request('anvil_reorg', [1, []]);
        const answer = await fetch(devnet.url, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
        });
        response.setHeader('content-type', 'application/json');
        response.end(await answer.text());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
  }

  it('in the middle of a read is a block that is gone, never a mix of two blocks', async () => {
    const restore = await devnet.snapshot();
    await devnet.mineBlock();
    const node = await reorgingNode();
    try {
      const chain = await openChain({ url: node.url });
      const at = await chain.head();
      function* twoRounds(): Read<bigint> {
        const first = yield* all([balanceOf(vault.safe.address), balanceOf(numbered(1))]);
        const second = yield* all([balanceOf(vault.safe.address), balanceOf(numbered(2))]);
        return first[0] + second[0];
      }
      const [outcome] = await chain.read([twoRounds()], at);
      expect(outcome).toMatchObject({ ok: false, error: { code: 'BLOCK_GONE', retryable: true } });
      await expect(chain.confirmedNonce(vault.safe.address, at)).rejects.toMatchObject({
        code: 'BLOCK_GONE',
      });
      await expect(chain.balanceWei(vault.safe.address, at)).rejects.toMatchObject({ code: 'BLOCK_GONE' });
    } finally {
      node.close();
      await restore();
    }
  });
});

describe('the chain', () => {
  it('gives head and blocks by number that agree', async () => {
    const { chain } = vault;
    const head = await chain.head();
    expect(await chain.blockAt(head.number)).toEqual(head);
    expect((await chain.blockAt(head.number - 1n))?.hash).toBe(head.parentHash);
    expect(await chain.blockAt(head.number + 1_000n)).toBeNull();
  });

  it('gives nonce and balance as of a block, not as of now', async () => {
    const { chain } = vault;
    const { user } = devnet.accounts;
    const before = await chain.head();
    const nonce = await chain.confirmedNonce(user.address, before);
    await devnet.transact(user, [{ label: 'pay', to: numbered(5), data: '0x', valueWei: 7n }]);
    const after = await chain.head();
    expect(await chain.confirmedNonce(user.address, before)).toBe(nonce);
    expect(await chain.confirmedNonce(user.address, after)).toBe(nonce + 1);
    expect(await chain.balanceWei(numbered(5), before)).toBe(0n);
    expect(await chain.balanceWei(numbered(5), after)).toBe(7n);
  });

  it('gives a receipt only while its block is canonical', async () => {
    const { chain } = vault;
    const restore = await devnet.snapshot();
    const [hash] = await devnet.transact(devnet.accounts.user, [
      { label: 'pay', to: numbered(6), data: '0x' },
    ]);
    const receipt = await chain.receipt(hash!);
    expect(receipt).toMatchObject({ transactionHash: hash, succeeded: true, gasUsed: 21_000n });
    await devnet.node.request('anvil_reorg', [1, []]);
    expect(await chain.receipt(hash!)).toBeNull();
    await restore();
  });

  it('suggests a tip that recent blocks paid, never none', async () => {
    const { chain } = vault;
    expect(await chain.suggestedTipWei()).toBeGreaterThanOrEqual(100_000_000n);
    const proud = await openChain({ url: devnet.url, tip: { floorWei: 123_000_000_000n } });
    expect(await proud.suggestedTipWei()).toBe(123_000_000_000n);
  });

  it('says that Multicall3 is missing where it was not yet deployed', async () => {
    const elsewhere = await openChain({ url: devnet.url, multicall: numbered(9) });
    const at = await elsewhere.head();
    const outcomes = await elsewhere.read([balanceOf(numbered(1)), balanceOf(numbered(2))], at);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ ok: false, error: { code: 'MULTICALL_MISSING' } });
  });

  it('says that the node does not answer once it is gone', async () => {
    const own = await startDevnet();
    const chain = await openChain({ url: own.url, retries: 0 });
    const at = await chain.head();
    await own.stop();
    const [outcome] = await chain.read([balanceOf(numbered(1))], at);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'CHAIN_UNAVAILABLE', retryable: true } });
    await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
  });
});
