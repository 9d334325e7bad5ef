import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { erc20Abi } from '../../abis/erc20.ts';
import { call } from '../../src/adapters/chain/contract.ts';
import type { GroupOptions } from '../../src/adapters/chain/endpoints/group.ts';
import type { EndpointEvent, NamedEndpoint } from '../../src/adapters/chain/endpoints/member.ts';
import { type ChainLimits, type OpenedChain, openChain } from '../../src/adapters/chain/openChain.ts';
import type { Address, Hash } from '../../src/core/units.ts';
import { startAnvil } from '../../src/devnet/index.ts';
import { AnvilNode } from '../../src/devnet/node/node.ts';
import { type FaultProxy, startFaultProxy } from '../../src/runtime/rehearse/nodeProxy.ts';
import { useDevnet } from '../support/devnet.ts';

type RawBlock = Readonly<Record<string, unknown>>;

const given = useDevnet();
let proxies: readonly FaultProxy[] = [];
const chains: OpenedChain[] = [];
let events: EndpointEvent[] = [];
let nowSeconds = 1_000;

beforeEach(async () => {
  const { url } = given().devnet;
  proxies = await Promise.all([startFaultProxy(url), startFaultProxy(url), startFaultProxy(url)]);
  events = [];
  nowSeconds = 1_000;
});
afterEach(async () => {
  for (const chain of chains.splice(0)) chain.close();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
});

const names = ['north', 'east', 'south'];
const quick = { timeoutMs: 900, retries: 0, retryDelayMs: 1, random: () => 0 };
const health = { lagBlocks: 2, lagSeconds: 30, failures: 3, probationSeconds: 60 };

/** A chain over the first `count` proxies, on a clock that stands still until a test moves it. */
async function open(count: number, more: Partial<ChainLimits> = {}, roles?: NamedEndpoint['roles'][]) {
  const endpoints: GroupOptions['endpoints'] = proxies.slice(0, count).map(({ url }, index) => {
    const own = roles?.[index];
    return { ...quick, name: names[index]!, url, ...(own ? { roles: own } : {}) };
  });
  const chain = await openChain({
    endpoints,
    chainId: given().devnet.chainId,
    patienceMs: 1_200,
    health,
    nowSeconds: () => nowSeconds,
    report: (event) => events.push(event),
    ...more,
  });
  chains.push(chain);
  return chain;
}

const proxy = (index: number) => proxies[index] as FaultProxy;
const dropped = () =>
  events.filter(({ kind }) => kind === 'dropped').map((one) => [one.endpoint, one.reason]);
const healthOf = (chain: OpenedChain, name: string) =>
  chain.endpoints().find((one) => one.name === name)?.health.status;
const balanceOf = (account: Address) => call(erc20Abi, given().devnet.addresses.weth, 'balanceOf', [account]);

/** From here on a node knows nothing above this block. */
async function freeze(node: FaultProxy): Promise<void> {
  const last = await given().devnet.node.request<RawBlock>('eth_getBlockByNumber', ['latest', false]);
  const number = BigInt(last.number as string);
  node.alter('eth_getBlockByNumber', (result, [tag]) =>
    tag === 'latest' || tag === 'pending' ? last : BigInt(tag as string) > number ? null : result,
  );
  node.alter('eth_getTransactionReceipt', (result) => {
    const found = result as RawBlock | null;
    return found === null || BigInt(found.blockNumber as string) > number ? null : found;
  });
}

async function mine(blocks: number): Promise<void> {
  for (let block = 0; block < blocks; block += 1) await given().devnet.mineBlock();
}

async function pay(): Promise<Hash> {
  const { devnet } = given();
  const to: Address = `0x${'0'.repeat(38)}99`;
  const [hash] = await devnet.transact(devnet.accounts.user, [{ label: 'pay', to, data: '0x' }]);
  return hash as Hash;
}

describe('the head of several endpoints', () => {
  it('is the one that all of them name', async () => {
    const chain = await open(3);
    await mine(1);
    const head = await given().devnet.node.head();
    expect((await chain.head()).hash).toBe(head.hash);
    expect(events).toEqual([]);
  });

  it('is the highest that a majority knows by hash, also those that are ahead of it', async () => {
    const chain = await open(2);
    await freeze(proxy(0));
    const known = await chain.head();
    await mine(2);
    expect((await chain.head()).hash).toBe(known.hash);
    expect(dropped()).toEqual([]);
  });

  it('is found without one that hangs, refuses or answers rubbish; that one is left out and named', async () => {
    for (const fault of ['hangs', 'refuses', 'serverError', 'garbage', 'truncated', 'nonsense'] as const) {
      events = [];
      const chain = await open(3);
      proxy(1).breakAfter(0, fault);
      // The majority does not wait for the third: its failures come in later.
      for (let look = 0; look < 200 && dropped().length === 0; look += 1) {
        await mine(1);
        expect((await chain.head()).hash).toBe((await given().devnet.node.head()).hash);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(dropped()).toEqual([['east', 'fails']]);
      proxy(1).heal();
    }
  });

  it('that no majority shares is a hold: two forks, neither believed', async () => {
    const { devnet } = given();
    const other = await startAnvil({ fork: { url: devnet.url }, chainId: devnet.chainId });
    const elsewhere = await startFaultProxy(other.url);
    try {
      await new AnvilNode(other.url).request('evm_mine');
      await mine(1);
      const chain = await openChain({
        endpoints: [
          { ...quick, name: 'here', url: devnet.url },
          { ...quick, name: 'there', url: elsewhere.url },
        ],
      });
      chains.push(chain);
      await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE', retryable: true });
      await expect(chain.head()).rejects.toThrow(/here \d+ 0x.*there \d+ 0x/);
      const height = (await devnet.node.head()).number;
      await expect(chain.blockAt(height)).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
      expect((await chain.blockAt(height - 1n))?.number).toBe(height - 1n);
    } finally {
      await elsewhere.stop();
      await other.stop();
    }
  });

  it('leaves out whoever is on another fork than the majority, and takes it back once it agrees', async () => {
    const chain = await open(3);
    await mine(1);
    const wrong = `0x${'ab'.repeat(32)}`;
    proxy(2).alter('eth_getBlockByNumber', (block) => ({ ...(block as RawBlock), hash: wrong }));
    const head = await chain.head();
    await expect.poll(dropped).toEqual([['south', 'otherFork']]);
    expect(events[0]?.facts).toMatchObject({ block: head.number, hash: wrong, agreed: head.hash });
    nowSeconds += 61;
    await chain.head();
    await expect.poll(() => proxy(2).asked.filter((method) => method === 'eth_chainId').length).toBe(2);
    expect(healthOf(chain, 'south')).toBe('dropped');
    proxy(2).heal();
    nowSeconds += 61;
    await chain.head();
    await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'readmitted', endpoint: 'south' });
    expect(healthOf(chain, 'south')).toBe('healthy');
  });

  it('leaves out whoever lags for too long, not whoever lags for a moment', async () => {
    const chain = await open(3);
    await freeze(proxy(1));
    await mine(4);
    const look = async () => {
      await chain.head();
      await new Promise((resolve) => setTimeout(resolve, 30));
    };
    await look();
    nowSeconds += 20;
    await look();
    expect(dropped()).toEqual([]);
    nowSeconds += 20;
    await look();
    expect(dropped()).toEqual([['east', 'lags']]);
  });

  it('needs as many as the config says', async () => {
    const chain = await open(3, { quorum: 3 });
    await chain.head();
    proxy(0).breakAfter(0, 'refuses');
    await expect(chain.head()).rejects.toThrow(/3 needed/);
  });

  it('is found again once as many are back as the config needs, whatever was left out meanwhile', async () => {
    const chain = await open(2, { quorum: 2 });
    proxy(1).breakAfter(0, 'refuses');
    for (let look = 0; look < 4; look += 1)
      await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
    expect(dropped()).toEqual([['east', 'fails']]);
    proxy(1).heal();
    nowSeconds += 61;
    expect((await chain.head()).hash).toBe((await given().devnet.node.head()).hash);
    await expect.poll(() => healthOf(chain, 'east')).toBe('healthy');
  });

  it('is found once one that did not answer at the start is there', async () => {
    proxy(1).breakAfter(0, 'refuses');
    const chain = await open(2, { quorum: 2 });
    await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
    proxy(1).heal();
    nowSeconds += 61;
    await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
    await expect.poll(() => healthOf(chain, 'east')).toBe('healthy');
    expect((await chain.head()).hash).toBe((await given().devnet.node.head()).hash);
  });

  it('is found again with one that was on another fork, once it agrees with those that are left', async () => {
    const chain = await open(3, { quorum: 2 });
    await mine(1);
    const wrong = `0x${'ab'.repeat(32)}`;
    proxy(2).alter('eth_getBlockByNumber', (block) => ({ ...(block as RawBlock), hash: wrong }));
    await chain.head();
    await expect.poll(dropped).toEqual([['south', 'otherFork']]);
    proxy(1).breakAfter(0, 'refuses');
    nowSeconds += 61;
    await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
    await expect.poll(() => proxy(2).asked.filter((method) => method === 'eth_chainId').length).toBe(2);
    expect(healthOf(chain, 'south')).toBe('dropped');
    proxy(2).heal();
    nowSeconds += 61;
    await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
    await expect.poll(() => healthOf(chain, 'south')).toBe('healthy');
    expect((await chain.head()).hash).toBe((await given().devnet.node.head()).hash);
  });
});

describe('an endpoint that was on another fork', () => {
  it('is not asked for heads even where it fell silent since and is the only one left', async () => {
    const chain = await open(3);
    await mine(1);
    proxy(2).alter('eth_getBlockByNumber', (block) => ({
      ...(block as RawBlock),
      hash: `0x${'ab'.repeat(32)}`,
    }));
    await chain.head();
    await expect.poll(dropped).toEqual([['south', 'otherFork']]);
    proxy(2).alter('eth_getBlockByNumber', () => 'nonsense');
    for (let look = 0; look < 4; look += 1) {
      const asked = proxy(2).requests;
      const lookedAt = async () => {
        nowSeconds += 61;
        await chain.head();
        return proxy(2).requests;
      };
      await expect.poll(lookedAt, { timeout: 60_000 }).toBeGreaterThan(asked);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    proxy(2).heal();
    proxy(0).breakAfter(0, 'refuses');
    proxy(1).breakAfter(0, 'refuses');
    const before = proxy(2).requests;
    for (let look = 0; look < 5; look += 1)
      await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
    expect(proxy(2).requests).toBe(before);
  });
});

describe('an endpoint of another chain', () => {
  it('is expelled at the start, and named', async () => {
    proxy(1).answerInstead('eth_chainId', '0x5');
    const chain = await open(3);
    expect(dropped()).toEqual([['east', 'wrongChain']]);
    const before = proxy(1).requests;
    await chain.head();
    expect(proxy(1).requests).toBe(before);
  });

  it('is not asked even where it is the only one left', async () => {
    proxy(1).answerInstead('eth_chainId', '0x5');
    const chain = await open(2);
    proxy(0).breakAfter(0, 'refuses');
    const before = proxy(1).requests;
    for (let look = 0; look < 5; look += 1)
      await expect(chain.head()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
    expect(proxy(1).requests).toBe(before);
  });

  it('refuses the start where there is no other', async () => {
    for (const one of proxies) one.answerInstead('eth_chainId', '0x5');
    await expect(open(3)).rejects.toMatchObject({ code: 'WRONG_CHAIN', facts: { found: 5 } });
  });
});

describe('reads', () => {
  it('go to the next endpoint when one breaks, at the same block', async () => {
    const chain = await open(2);
    const at = await chain.head();
    const account = given().devnet.accounts.user.address;
    const [before] = await chain.read([balanceOf(account)], at);
    for (const fault of ['hangs', 'refuses', 'serverError', 'garbage', 'truncated', 'nonsense'] as const) {
      proxy(0).breakAfter(0, fault);
      expect((await chain.read([balanceOf(account)], at))[0]).toEqual(before);
      expect(await chain.balanceWei(account, at)).toBeGreaterThan(0n);
      proxy(0).heal();
    }
  });

  it('go to those first that have the block', async () => {
    const chain = await open(3, {}, [['read'], ['read', 'head'], ['head']]);
    const at = await chain.head();
    const before = proxy(0).requests;
    await chain.read([balanceOf(given().devnet.accounts.user.address)], at);
    expect(proxy(0).requests).toBe(before);
    expect(proxy(2).asked).not.toContain('eth_call');
  });

  it('of a block that none has any more say so', async () => {
    const chain = await open(2);
    await mine(1);
    const at = await chain.head();
    await given().devnet.node.request('anvil_reorg', [1, []]);
    const [outcome] = await chain.read([balanceOf(given().devnet.accounts.user.address)], at);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'BLOCK_GONE' } });
  });
});

describe('the confirmed nonce', () => {
  const user = () => given().devnet.accounts.user.address;

  it('is not lowered by an endpoint that lags or lies', async () => {
    await pay();
    const chain = await open(1);
    const first = await chain.head();
    const nonce = await chain.confirmedNonce(user(), first);
    await mine(1);
    proxy(0).answerInstead('eth_getTransactionCount', `0x${(nonce - 1).toString(16)}`);
    await expect(chain.confirmedNonce(user(), await chain.head())).rejects.toThrow(/is below the/);
    proxy(0).heal();
    expect(await chain.confirmedNonce(user(), await chain.head())).toBe(nonce);
  });

  it('falls with a reorg of the block that confirmed it', async () => {
    await mine(1);
    const chain = await open(1);
    const before = await chain.confirmedNonce(user(), await chain.head());
    await pay();
    expect(await chain.confirmedNonce(user(), await chain.head())).toBe(before + 1);
    await given().devnet.node.request('anvil_reorg', [1, []]);
    await mine(1);
    expect(await chain.confirmedNonce(user(), await chain.head())).toBe(before);
  });

  it('inflated by one of two gives no number at all', async () => {
    const chain = await open(2);
    proxy(1).answerInstead('eth_getTransactionCount', '0xff');
    await expect(chain.confirmedNonce(user(), await chain.head())).rejects.toThrow(/no quorum on the nonce/);
  });

  it('inflated by one of three is outvoted, and the one is left out', async () => {
    const chain = await open(3);
    const at = await chain.head();
    const nonce = await chain.confirmedNonce(user(), at);
    proxy(0).answerInstead('eth_getTransactionCount', '0xff');
    // The two that agree may both have come before the third: then it had no say anyway.
    for (let ask = 0; ask < 20 && dropped().length === 0; ask += 1)
      expect(await chain.confirmedNonce(user(), at)).toBe(nonce);
    expect(dropped()).toEqual([['north', 'contradicted']]);
  });
});

describe('a receipt', () => {
  it('is given when a second source has the same, in a canonical block', async () => {
    const chain = await open(2);
    const hash = await pay();
    expect(await chain.receipt(hash)).toMatchObject({ transactionHash: hash, succeeded: true });
  });

  it('that one endpoint does not have yet is not known, and not dead', async () => {
    const chain = await open(2);
    await freeze(proxy(1));
    const hash = await pay();
    expect(await chain.receipt(hash)).toBeNull();
    expect(dropped()).toEqual([]);
    proxy(1).heal();
    expect(await chain.receipt(hash)).not.toBeNull();
  });

  it('forged for a transaction that is nowhere is rejected, and the forger left out', async () => {
    const chain = await open(2);
    const real = await pay();
    const forged: Hash = `0x${'77'.repeat(32)}`;
    const receipt = await given().devnet.node.request<RawBlock>('eth_getTransactionReceipt', [real]);
    proxy(0).answerInstead('eth_getTransactionReceipt', { ...receipt, transactionHash: forged });
    expect(await chain.receipt(forged)).toBeNull();
    expect(dropped()).toEqual([['north', 'contradicted']]);
  });

  it('forged with another outcome is outvoted by two, and undecided between two', async () => {
    const hash = await pay();
    const forge = (result: unknown) => ({ ...(result as RawBlock), status: '0x0' });
    const three = await open(3);
    proxy(0).alter('eth_getTransactionReceipt', forge);
    expect(await three.receipt(hash)).toMatchObject({ succeeded: true });
    const two = await open(2);
    await expect(two.receipt(hash)).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
  });

  it('forged with a block that is not canonical is not known', async () => {
    const hash = await pay();
    const chain = await open(2);
    for (const one of proxies.slice(0, 2))
      one.alter('eth_getTransactionReceipt', (result) => ({
        ...(result as RawBlock),
        blockHash: `0x${'cd'.repeat(32)}`,
      }));
    expect(await chain.receipt(hash)).toBeNull();
  });

  it('is not taken from one alone while the other does not answer', async () => {
    const hash = await pay();
    const chain = await open(2);
    proxy(1).breakAfter(0, 'refuses');
    await expect(chain.receipt(hash)).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
  });
});

describe('a rate limit', () => {
  it('is waited for as long as it says, and what watches goes before what reads', async () => {
    const own = await openChain({ url: proxy(0).url, timeoutMs: 5_000, retries: 1, parallel: 1 });
    chains.push(own);
    const at = await own.head();
    proxy(0).breakAfter(0, 'rateLimit');
    const started = performance.now();
    const reading = [1, 2, 3].map(() => own.read([balanceOf(given().devnet.accounts.user.address)], at));
    await expect.poll(() => proxy(0).requests).toBe(1);
    proxy(0).heal();
    const watching = own.head();
    await Promise.all([...reading, watching]);
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(proxy(0).asked[0]).toBe('eth_getBlockByNumber');
  });

  it('of one endpoint sends the reads to another', async () => {
    const chain = await open(2);
    const at = await chain.head();
    proxy(0).breakAfter(0, 'rateLimit');
    for (let read = 0; read < 3; read += 1) {
      const [outcome] = await chain.read([balanceOf(given().devnet.accounts.user.address)], at);
      expect(outcome?.ok).toBe(true);
    }
    // Its own word, one second, is longer than this endpoint is waited for: it was asked once and then left alone.
    expect(proxy(0).requests).toBe(1);
  });
});

describe('oversized and malformed values', () => {
  it.each([
    ['eth_getBalance', `0x1${'0'.repeat(64)}`],
    ['eth_getBalance', 'many'],
    ['eth_getBalance', null],
    ['eth_getTransactionCount', '0xffffffffffffffff'],
  ])('of %s are errors, never a number', async (method, value) => {
    const chain = await open(1);
    const at = await chain.head();
    proxy(0).answerInstead(method, value);
    const { address } = given().devnet.accounts.user;
    const asked =
      method === 'eth_getBalance' ? chain.balanceWei(address, at) : chain.confirmedNonce(address, at);
    await expect(asked).rejects.toMatchObject({ code: 'CORRUPT_DATA' });
  });
});
