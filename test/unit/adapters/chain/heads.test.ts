import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { announcesHeads, watchHeads } from '../../../../src/adapters/chain/endpoints/heads.ts';

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

/** A node's websocket; tells of each connection and lets the test announce heads on the newest. */
async function serve(onSubscribe: (socket: WebSocket, connection: number) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const sockets: WebSocket[] = [];
  server.on('connection', (socket) => {
    const connection = sockets.push(socket);
    socket.on('message', () => onSubscribe(socket, connection));
  });
  await new Promise<void>((resolve) => server.on('listening', resolve));
  endings.push(() => {
    for (const socket of sockets) socket.terminate();
    server.close();
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

const accepted = '{"jsonrpc":"2.0","id":1,"result":"0x1"}';
const head = '{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":{}}}';
const quick = { silenceMs: 150, delayMs: 5, mostDelayMs: 40, random: () => 0 };

/** Watches, and ends with the test. */
function watch(url: string, more: object = {}) {
  let wakes = 0;
  const end = watchHeads({ ...quick, ...more, url, wake: () => (wakes += 1) });
  endings.push(end);
  return { wakes: () => wakes, end };
}

describe('heads over a websocket', () => {
  it('wake on every announcement', async () => {
    const { url } = await serve((socket) => {
      socket.send(accepted);
      for (let block = 0; block < 3; block += 1) socket.send(head);
    });
    const watched = watch(url);
    await expect.poll(watched.wakes).toBe(3);
  });

  it('are subscribed to again when the connection breaks', async () => {
    const { url, sockets } = await serve((socket, connection) => {
      socket.send(accepted);
      socket.send(head);
      if (connection < 3) socket.terminate();
    });
    const watched = watch(url);
    await expect.poll(() => sockets.length).toBe(3);
    await expect.poll(watched.wakes).toBeGreaterThanOrEqual(1);
  });

  it('are subscribed to again when the subscription falls silent', async () => {
    const { url, sockets } = await serve((socket) => socket.send(accepted));
    const watched = watch(url, { silenceMs: 30 });
    await expect.poll(() => sockets.length).toBeGreaterThan(2);
    expect(watched.wakes()).toBe(0);
  });

  it.each([
    ['refuses to subscribe', '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}'],
    ['sends rubbish', '<html>'],
    ['sends far too much', 'x'.repeat(300_000)],
  ])('are tried again after growing waits when the node %s', async (_, answer) => {
    const { url, sockets } = await serve((socket) => socket.send(answer));
    const watched = watch(url);
    await new Promise((resolve) => setTimeout(resolve, 300));
    watched.end();
    const tries = sockets.length;
    // 5 + 10 + 20 ms, then 40 ms each: about ten, never hundreds.
    expect(tries).toBeGreaterThan(2);
    expect(tries).toBeLessThan(14);
    expect(watched.wakes()).toBe(0);
  });

  it('end with their own handle: no further connection', async () => {
    const { url, sockets } = await serve((socket) => socket.terminate());
    const watched = watch(url);
    await expect.poll(() => sockets.length).toBeGreaterThan(0);
    watched.end();
    const before = sockets.length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(sockets.length).toBeLessThanOrEqual(before + 1);
  });
});

describe('whether a websocket announces heads', () => {
  it('is yes where it takes the subscription, no where it refuses, stays silent or is not there', async () => {
    const good = await serve((socket) => socket.send(accepted));
    const bad = await serve((socket) => socket.send('{"error":{"code":1}}'));
    const silent = await serve(() => undefined);
    expect(await announcesHeads(good.url, 2_000)).toBe(true);
    expect(await announcesHeads(bad.url, 2_000)).toBe(false);
    expect(await announcesHeads(silent.url, 50)).toBe(false);
    expect(await announcesHeads('ws://127.0.0.1:9', 2_000)).toBe(false);
  });
});
