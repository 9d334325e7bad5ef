import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundedText } from '../../../../src/adapters/chain/boundedText.ts';
import { type AnsweringServer, startAnsweringServer } from '../../../support/relayServer.ts';

const soon = () => AbortSignal.timeout(200);

describe('the text of a response', () => {
  it('is read whole, up to the bound', async () => {
    expect(await boundedText(new Response('twelve bytes'), 12, soon())).toBe('twelve bytes');
    await expect(boundedText(new Response('twelve bytes'), 11, soon())).rejects.toThrow(/above 11 bytes/);
  });

  it('is waited for no longer than it may take', async () => {
    const endless = new Response(new ReadableStream());
    await expect(boundedText(endless, 100, soon())).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(boundedText(new Response('late'), 100, AbortSignal.abort('over'))).rejects.toBe('over');
  });
});

describe('a server whose bodies are not compressed as it says', () => {
  let server: AnsweringServer;
  beforeEach(async () => {
    server = await startAnsweringServer((_, response) => {
      const body = 'this was never compressed';
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length });
      response.end(body);
    });
  });
  afterEach(() => server.stop());

  it('is given up on each time, also over a socket that it kept open', async () => {
    for (let request = 0; request < 4; request += 1) {
      const signal = soon();
      const answer = fetch(server.url, { signal }).then((response) => boundedText(response, 1_000, signal));
      await expect(answer).rejects.toThrow();
    }
  });
});
