import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentLoader } from '../../../src/runtime/documentLoader.ts';

describe('loading a document', () => {
  let folder: string;
  let server: Server | undefined;
  const load = documentLoader(globalThis.fetch);
  const { signal } = new AbortController();

  async function served(answer: RequestListener): Promise<string> {
    const started = createServer(answer).listen(0, '127.0.0.1');
    server = started;
    await new Promise((resolve) => started.once('listening', resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ballast-'));
  });
  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    await rm(folder, { recursive: true });
  });

  it('from a file gives its text and when it was changed', async () => {
    const path = join(folder, 'book.yaml');
    await writeFile(path, 'positions: []');
    await utimes(path, 1_000_000, 1_700_000_000);
    expect(await load(path, signal)).toEqual({ text: 'positions: []', modifiedAtSeconds: 1_700_000_000 });
  });

  it('from an endpoint gives its text, and its Last-Modified where it says one', async () => {
    const url = await served((request, response) => {
      if (request.url === '/dated') response.setHeader('last-modified', 'Fri, 30 Jan 2026 08:00:00 GMT');
      response.end('positions: []');
    });
    expect(await load(url, signal)).toEqual({ text: 'positions: []', modifiedAtSeconds: null });
    expect(await load(`${url}/dated`, signal)).toEqual({
      text: 'positions: []',
      modifiedAtSeconds: Date.parse('2026-01-30T08:00:00Z') / 1_000,
    });
  });

  it('that is not there is an error, which may pass only where it was asked over the network', async () => {
    await expect(load(join(folder, 'none.yaml'), signal)).rejects.toMatchObject({
      code: 'DOCUMENT_UNAVAILABLE',
      retryable: false,
    });
    const url = await served((_, response) => response.writeHead(503).end());
    await expect(load(`${url}/book?key=secret`, signal)).rejects.toMatchObject({
      code: 'DOCUMENT_UNAVAILABLE',
      retryable: true,
      message: `${url}: no answer: status 503`,
    });
  });

  it('follows no redirect, and reads no document without end', async () => {
    const url = await served((request, response) => {
      if (request.url === '/away') response.writeHead(302, { location: '/' }).end();
      else response.end('x'.repeat(8_000_001));
    });
    await expect(load(`${url}/away`, signal)).rejects.toMatchObject({ code: 'DOCUMENT_UNAVAILABLE' });
    await expect(load(url, signal)).rejects.toThrow('above 8000000 bytes');
  });
});
