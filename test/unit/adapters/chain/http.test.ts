import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpClient, HttpTimeoutError, openHttp } from '../../../../src/adapters/chain/http.ts';

/** A socket is free again a moment after its answer was given. */
const moment = () => new Promise((resolve) => setTimeout(resolve, 2));

type Reply = (request: IncomingMessage, response: ServerResponse, body: string) => void;

describe('posting over HTTP', () => {
  let server: Server | null = null;
  let client: HttpClient | null = null;
  const sockets = new Set<Socket>();

  afterEach(async () => {
    client?.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server?.close(resolve) ?? resolve(null));
    sockets.clear();
  });

  async function serve(reply: Reply): Promise<string> {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      reply(request, response, body);
    });
    server.on('connection', (socket: Socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('sends the text as JSON to the path with its query, over one socket', async () => {
    const seen: unknown[] = [];
    const place = await serve(({ url, method, headers }, response, body) => {
      seen.push([method, url, headers['content-type'], headers['content-length'], body]);
      response.end('{}');
    });
    client = openHttp(`http://${place}/v2/key?x=1`);
    for (let asked = 0; asked < 3; asked += 1) {
      expect(await client.post('{"é":1}', 1_000)).toEqual({
        status: 200,
        body: Buffer.from('{}'),
        retryAfterMs: null,
      });
      await moment();
    }
    expect(seen).toEqual(Array(3).fill(['POST', '/v2/key?x=1', 'application/json', '8', '{"é":1}']));
    expect(sockets.size).toBe(1);
  });

  it('takes user and password of the address along as a header', async () => {
    const place = await serve(({ headers }, response) => void response.end(headers.authorization));
    client = openHttp(`http://me:p%40ss@${place}/`);
    const { body } = await client.post('{}', 1_000);
    expect(body.toString()).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  it('unpacks what comes packed, in however many pieces', async () => {
    const text = 'a word of zeros '.repeat(20_000);
    const place = await serve((_, response) => {
      const packed = gzipSync(text);
      response.setHeader('content-encoding', 'gzip');
      response.write(packed.subarray(0, 7));
      setTimeout(() => response.end(packed.subarray(7)), 5);
    });
    client = openHttp(`http://${place}`);
    expect((await client.post('{}', 1_000)).body.toString()).toBe(text);
  });

  it('fails where what comes packed cannot be unpacked', async () => {
    const place = await serve((_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end('not packed');
    });
    client = openHttp(`http://${place}`);
    await expect(client.post('{}', 1_000)).rejects.toThrow(/header/);
  });

  it('asks once more where the server closed a kept socket as it was used again, and no more than once', async () => {
    let closes = 0;
    let asked = 0;
    const place = await serve((request, response) => {
      asked += 1;
      if (asked === 1 || closes === 0) response.end('{}');
      else {
        closes -= 1;
        request.socket.destroy();
      }
    });
    client = openHttp(`http://${place}`);
    await client.post('{}', 1_000);
    await moment();
    closes = 1;
    expect((await client.post('{}', 1_000)).status).toBe(200);
    expect(asked).toBe(3);
    await moment();
    closes = 2;
    await expect(client.post('{}', 1_000)).rejects.toThrow();
    expect(asked).toBe(5);
  });

  it('does not ask again once an answer had begun', async () => {
    let asked = 0;
    const place = await serve((request, response) => {
      asked += 1;
      if (asked === 1) return void response.end('{}');
      response.write('{');
      setTimeout(() => request.socket.destroy(), 5);
    });
    client = openHttp(`http://${place}`);
    await client.post('{}', 1_000);
    await moment();
    await expect(client.post('{}', 1_000)).rejects.toThrow();
    expect(asked).toBe(2);
  });

  it('gives up when its time is over or when it is told to, and the next request is answered', async () => {
    let isSilent = true;
    const place = await serve((_, response) => {
      if (!isSilent) response.end('{}');
    });
    client = openHttp(`http://${place}`);
    await expect(client.post('{}', 20)).rejects.toBeInstanceOf(HttpTimeoutError);
    const told = new AbortController();
    const waiting = client.post('{}', 5_000, told.signal);
    setTimeout(() => told.abort(new Error('no longer wanted')), 10);
    await expect(waiting).rejects.toThrow('no longer wanted');
    isSilent = false;
    expect((await client.post('{}', 1_000)).status).toBe(200);
  });

  it.each([
    ['7', 7_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', null],
  ])('reads a Retry-After of %s', async (header, expected) => {
    const place = await serve((_, response) => void response.writeHead(429, { 'retry-after': header }).end());
    client = openHttp(`http://${place}`);
    expect(await client.post('{}', 1_000)).toMatchObject({ status: 429, retryAfterMs: expected });
  });
});
