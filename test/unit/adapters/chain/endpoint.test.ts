import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openEndpoint } from '../../../../src/adapters/chain/endpoint.ts';
import type { RpcError } from '../../../../src/adapters/chain/errors.ts';
import { openChain } from '../../../../src/adapters/chain/openChain.ts';
import { isRevert } from '../../../../src/adapters/chain/round.ts';
import { type BallastError, ChainUnavailableError } from '../../../../src/core/errors.ts';

type Reply = (response: ServerResponse, method: string, count: number) => void;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A JSON-RPC server on this machine that replies as told; the path holds a secret as providers' do. */
async function serve(reply: Reply): Promise<{ url: string; count: () => number }> {
  let count = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => reply(response, JSON.parse(body).method, ++count));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/SECRET`, count: () => count };
}

const json = (response: ServerResponse, body: object, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }));
};
/** What a promise fails with. */
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it should fail'),
    (error) => error as BallastError,
  );
const quick = { timeoutMs: 150, retries: 2, retryDelayMs: 1 };

describe('an endpoint', () => {
  it('gives what the node answers', async () => {
    const { url } = await serve((response) => json(response, { result: '0x1' }));
    const endpoint = openEndpoint({ url, ...quick });
    expect(await endpoint.request('eth_chainId', [])).toBe('0x1');
    expect(endpoint.requests()).toBe(1);
  });

  it('tries again after a server error and a rate limit', async () => {
    const { url, count } = await serve((response, _, attempt) => {
      if (attempt === 1) return json(response, {}, 503);
      if (attempt === 2) return json(response, { error: { code: -32005, message: 'limit exceeded' } });
      return json(response, { result: '0x5' });
    });
    expect(await openEndpoint({ url, ...quick }).request('eth_chainId', [])).toBe('0x5');
    expect(count()).toBe(3);
  });

  it.each<[string, Reply]>([
    ['never answers', () => undefined],
    ['stops in the middle of its answer', (response) => void response.write('{"jsonrpc":')],
    ['always fails', (response) => json(response, {}, 500)],
    ['always limits the rate', (response) => json(response, {}, 429)],
    ['breaks the connection', (response) => void response.destroy()],
    ['answers what is no JSON', (response) => void response.end('<html>busy</html>')],
  ])('is unavailable, in bounded time and tries, when the node %s', async (_, reply) => {
    const { url, count } = await serve(reply);
    const started = performance.now();
    const failure = await failureOf(openEndpoint({ url, ...quick }).request('eth_chainId', []));
    expect(failure).toBeInstanceOf(ChainUnavailableError);
    expect(failure.retryable).toBe(true);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(count()).toBeLessThanOrEqual(3);
  });

  it('is unavailable when nobody listens', async () => {
    const { url } = await serve(() => undefined);
    for (const close of closing.splice(0)) close();
    const failure = await failureOf(openEndpoint({ url, ...quick }).request('eth_chainId', []));
    expect(failure).toBeInstanceOf(ChainUnavailableError);
    expect(failure.message).toBe('the node did not answer: eth_chainId: ECONNREFUSED');
  });

  it('tells a refusal with its code and revert data', async () => {
    const error = { code: 3, message: 'execution reverted', data: '0x08c379a0' };
    const { url } = await serve((response) => json(response, { error }));
    const failure = await failureOf(openEndpoint({ url, ...quick }).request('eth_call', []));
    expect(failure).toMatchObject({ code: 'RPC_ERROR', rpcCode: 3, data: '0x08c379a0' });
  });

  it.each([['0x08c379a0'], ['Reverted 0x08c379a0'], [{ data: '0x08c379a0', message: 'revert' }]])(
    'finds the revert data in %j',
    async (data) => {
      const error = { code: -32015, message: 'VM execution error.', data };
      const { url } = await serve((response) => json(response, { error }));
      const failure = await failureOf(openEndpoint({ url, ...quick }).request('eth_call', []));
      expect(failure).toMatchObject({ rpcCode: -32015, data: '0x08c379a0' });
      expect(isRevert(failure as RpcError)).toBe(true);
    },
  );

  it('tells the words of a node on one short line', async () => {
    const { url } = await serve((response) =>
      json(response, { error: { code: -32000, message: `\u001b[2J\u001b[31mred\n${'z'.repeat(100_000)}` } }),
    );
    const { message } = await failureOf(openEndpoint({ url, ...quick }).request('eth_call', []));
    expect(message).toMatch(/^eth_call was refused: \[2J \[31mred z+…$/);
    expect(message.length).toBeLessThan(400);
  });

  it('tells a request that is too large as a refusal, so that it can be halved', async () => {
    const { url } = await serve((response) => json(response, {}, 413));
    const failure = await failureOf(openEndpoint({ url, ...quick }).request('eth_call', []));
    expect(failure).toMatchObject({ code: 'RPC_ERROR', rpcCode: 413 });
  });

  it.each<[string, Reply]>([
    ['a refusal', (response) => json(response, { error: { code: -32000, message: 'no' } })],
    ['a status', (response) => json(response, {}, 500)],
    ['a broken connection', (response) => void response.destroy()],
    ['a hanging node', () => undefined],
  ])('keeps the access token in its URL out of the error of %s', async (_, reply) => {
    const { url } = await serve(reply);
    const failure = await failureOf(openEndpoint({ url, ...quick, retries: 0 }).request('eth_call', []));
    const seen = JSON.stringify([
      failure.message,
      failure.stack,
      failure.facts,
      failure.action,
      String(failure.cause),
    ]);
    expect(seen).not.toContain('SECRET');
  });

  it('sends what is urgent first when requests queue', async () => {
    const order: string[] = [];
    const { url } = await serve((response, method) => {
      order.push(method);
      setTimeout(() => json(response, { result: '0x1' }), 20);
    });
    const endpoint = openEndpoint({ url, ...quick, parallel: 1 });
    const reads = ['first', 'second', 'third'].map((method) => endpoint.request(method, [], { priority: 0 }));
    await Promise.all([...reads, endpoint.request('urgent', [])]);
    expect(order).toEqual(['first', 'urgent', 'second', 'third']);
  });
});

describe('an endpoint with a rate', () => {
  it('asks no more often than the provider allows', async () => {
    const arrivals: number[] = [];
    const { url } = await serve((response) => {
      arrivals.push(performance.now());
      json(response, { result: '0x1' });
    });
    const endpoint = openEndpoint({ url, ...quick, requestsPerSecond: 2 });
    await Promise.all(['a', 'b', 'c'].map((method) => endpoint.request(method, [])));
    expect(arrivals[2]! - arrivals[0]!).toBeGreaterThan(800);
  });
});

describe('opening a chain', () => {
  it('refuses an endpoint of another chain', async () => {
    const { url } = await serve((response) => json(response, { result: '0xa' }));
    await expect(openChain({ url, chainId: 1 })).rejects.toMatchObject({
      code: 'WRONG_CHAIN',
      facts: { expected: 1, found: 10 },
    });
    expect((await openChain({ url, chainId: 10 })).chainId).toBe(10);
  });
});
