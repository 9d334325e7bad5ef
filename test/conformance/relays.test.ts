import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import * as relays from '../../src/adapters/relays/index.ts';
import type { Relay, RelayAnswer, RelayKind, RelayTools, Submission } from '../../src/ports/relay.ts';
import { type AnsweringServer, reply, startAnsweringServer } from '../support/relayServer.ts';
import { throwAwaySigner } from '../support/throwAwaySigner.ts';

const TOKEN = 'a-very-secret-token-1234';
const AUTHORIZATION = 'Bearer another-secret-5678';
const rawTransaction = `0x02${'ab'.repeat(150)}` as const;
const submission: Submission = {
  rawTransaction,
  transactionHash: `0x${'12'.repeat(32)}`,
  firstBlock: 100n,
  lastBlock: 102n,
};

let server: AnsweringServer | null = null;

afterEach(async () => {
  await server?.stop();
  server = null;
});

interface SampleConfig {
  readonly url: string;
}

/** The plug-in of a kind, opened with its own sample, but for the address and a short timeout. */
function open(kind: RelayKind<SampleConfig>, url: string): Relay {
  const config = kind.config.parse({ ...kind.sample, url, timeoutMs: 250 });
  return kind.open('under-test', config, tools());
}

/** What plug-ins work with: an identity, and one secret under whatever name they ask for. */
function tools(): RelayTools {
  return {
    identity: throwAwaySigner(),
    fetch,
    secrets: {
      environment: () => AUTHORIZATION,
      readFile: () => Promise.reject(new Error('no relay reads files')),
    },
  };
}

/** What the plug-in makes of one way of answering. */
async function answerTo(
  kind: RelayKind<SampleConfig>,
  answer: (response: ServerResponse, method: string, authorization: string) => void,
): Promise<RelayAnswer> {
  server = await startAnsweringServer((request, response) => {
    const { method } = JSON.parse(request.body) as { method: string };
    answer(response, method, request.headers.authorization ?? '');
  });
  return open(kind, `${server.url}/v1/${TOKEN}?key=${TOKEN}`).submit(submission);
}

/** What each method answers where it succeeds; every other one answers the transaction's hash. */
const SUCCESSES: Readonly<Record<string, unknown>> = {
  eth_sendBundle: { bundleHash: `0x${'34'.repeat(32)}` },
  mev_sendBundle: { bundleHash: `0x${'34'.repeat(32)}` },
  blxr_submit_bundle: { bundleHash: `0x${'34'.repeat(32)}` },
  timeboost_sendExpressLaneTransaction: null,
};
const success = (method: string) => (method in SUCCESSES ? SUCCESSES[method] : submission.transactionHash);
/** Kinds whose endpoint has nothing to say when it accepts. */
const SILENT = new Set(['timeboost']);
const rpcError = (code: number, message: string) => ({ jsonrpc: '2.0', id: 1, error: { code, message } });

const kinds = Object.entries(relays as unknown as Record<string, RelayKind<SampleConfig>>);

describe.each(kinds)('relay %s', (kindName, kind) => {
  it('says what it is, and accepts its own sample', () => {
    expect(kind.summary.length).toBeGreaterThan(10);
    expect(kind.config.parse(kind.sample)).toEqual(kind.sample);
    expect(open(kind, 'http://127.0.0.1:1')).toMatchObject({ name: 'under-test', isLoopback: true });
  });

  const loopback: readonly [url: string, isLoopback: boolean][] = [
    ['http://127.0.0.1:8545', true],
    ['http://127.8.9.10', true],
    ['http://127.1', true],
    ['http://localhost:1/path', true],
    ['http://[::1]:8545', true],
    ['https://relay.example.org', false],
    ['http://localhost.example.org', false],
    ['http://127.0.0.1.example.org', false],
    ['http://0.0.0.0:8545', false],
    ['http://10.0.0.1', false],
    ['http://[::ffff:10.0.0.1]', false],
    ['https://example.org/?to=127.0.0.1', false],
  ];

  it.each(loopback)('%s is on this machine: %s', (url, isLoopback) => {
    expect(open(kind, url).isLoopback).toBe(isLoopback);
  });

  it.each(['not a url', 'ftp://127.0.0.1', 'http://user:password@127.0.0.1', ''])(
    'refuses the URL "%s"',
    (url) => {
      expect(kind.config.safeParse({ ...kind.sample, url }).success).toBe(false);
    },
  );

  it('accepted: the relay gave the result of an acceptance', async () => {
    const answer = await answerTo(kind, (response, method) =>
      reply(response, { jsonrpc: '2.0', id: 1, result: success(method) }),
    );
    expect(answer.status).toBe('accepted');
    expect(server?.seen.every(({ body }) => body.includes(rawTransaction.slice(2)))).toBe(true);
  });

  const refusals: readonly [what: string, answer: (response: ServerResponse) => void][] = [
    ['the parameters are wrong', (response) => reply(response, rpcError(-32_602, 'invalid params'))],
    ['the method does not exist', (response) => reply(response, rpcError(-32_601, 'method not found'))],
    [
      'a replacement pays too little',
      (response) => reply(response, rpcError(-32_000, 'replacement transaction underpriced')),
    ],
    [
      'there is no gas money',
      (response) => reply(response, rpcError(-32_000, 'insufficient funds for gas * price + value')),
    ],
    ['the signature is wrong', (response) => reply(response, rpcError(-32_000, 'signature mismatch'), 403)],
    ['the key is not admitted', (response) => reply(response, 'unauthorised', 401)],
    ['too many requests', (response) => reply(response, 'slow down', 429)],
  ];

  it.each(refusals)('refused: %s', async (_what, answer) => {
    expect((await answerTo(kind, answer)).status).toBe('refused');
  });

  const unknowns: readonly [what: string, answer: (response: ServerResponse, method: string) => void][] = [
    ['an error that nobody listed', (response) => reply(response, rpcError(-32_000, 'something happened'))],
    ['an internal error', (response) => reply(response, rpcError(-32_603, 'internal error'))],
    ['already known', (response) => reply(response, rpcError(-32_000, 'already known'))],
    ['already imported', (response) => reply(response, rpcError(-32_003, 'transaction already imported'))],
    [
      'nonce too low',
      (response) => reply(response, rpcError(-32_000, 'nonce too low: next nonce 7, tx nonce 6')),
    ],
    [
      'already known, said as a parameter error',
      (response) => reply(response, rpcError(-32_602, 'already known')),
    ],
    [
      'a refusal from a broken server',
      (response) => reply(response, rpcError(-32_602, 'invalid params'), 500),
    ],
    ['500', (response) => reply(response, 'oops', 500)],
    ['502', (response) => reply(response, '<html>bad gateway</html>', 502)],
    ['408', (response) => reply(response, 'too slow', 408)],
    ['no answer in time', () => {}],
    ['an answer that never ends', (response) => response.writeHead(200).write('{"jsonrpc"')],
    ['garbage', (response) => reply(response, 'garbage')],
    ['half a JSON text', (response) => reply(response, '{"jsonrpc":"2.0","id":')],
    ['null', (response) => reply(response, 'null')],
    ['no result', (response) => reply(response, { jsonrpc: '2.0', id: 1 })],
    [
      'an answer to another request',
      (response, method) => reply(response, { jsonrpc: '2.0', id: 2, result: success(method) }),
    ],
    [
      'an answer to no request',
      (response, method) => reply(response, { jsonrpc: '2.0', result: success(method) }),
    ],
    [
      'a refusal of another request',
      (response) => reply(response, { ...rpcError(-32_602, 'invalid params'), id: 7 }),
    ],
    ['another result', (response) => reply(response, { jsonrpc: '2.0', id: 1, result: { ok: true } })],
    [
      'somebody else’s hash',
      (response) => reply(response, { jsonrpc: '2.0', id: 1, result: `0x${'99'.repeat(32)}` }),
    ],
    ['an error that is nothing', (response) => reply(response, { jsonrpc: '2.0', id: 1, error: '' })],
    ['an error that says nothing', (response) => reply(response, rpcError(-32_000, ''))],
    [
      'a body that is not compressed as it says',
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"jsonrpc":"2.0"}'),
    ],
    ['a closed connection', (response) => response.destroy()],
    ['a redirect', (response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end()],
    ['a flood', (response) => reply(response, `"${'x'.repeat(400_000)}"`)],
  ];

  it.each(unknowns)('unknown: %s', async (_what, answer) => {
    const { status, detail } = await answerTo(kind, answer);
    expect(status).toBe('unknown');
    expect(detail).not.toMatch(/^(\(|$)/);
  });

  const silences: readonly [what: string, answer: (response: ServerResponse) => void][] = [
    ['an empty body', (response) => reply(response, '')],
    ['a result of null', (response) => reply(response, { jsonrpc: '2.0', id: 1, result: null })],
  ];

  it.each(silences)('%s is unknown, unless it is how the endpoint accepts', async (_what, answer) => {
    const expected = SILENT.has(kindName) ? 'accepted' : 'unknown';
    expect((await answerTo(kind, answer)).status).toBe(expected);
  });

  it('unknown: nobody listens', async () => {
    server = await startAnsweringServer(() => {});
    const { url } = server;
    await server.stop();
    const answer = await open(kind, `${url}/${TOKEN}`).submit(submission);
    expect(answer.status).toBe('unknown');
    expect(answer.detail).toMatch(/ECONNREFUSED/);
  });

  it('gives up after its timeout', async () => {
    const started = performance.now();
    await answerTo(kind, () => {});
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('keeps the relay’s own words, without secrets, on one short line', async () => {
    const words = (sent: string) =>
      `no\nroom for ${rawTransaction} at ${TOKEN}, ${sent} https://other.example.org/?key=1 ${'long '.repeat(100)}`;
    const { detail } = await answerTo(kind, (response, _method, sent) =>
      reply(response, rpcError(-32_000, words(sent))),
    );
    expect(detail).toContain('no room for 0x02ababab…');
    expect(detail).not.toContain(TOKEN);
    expect(detail).not.toContain(AUTHORIZATION);
    expect(detail).not.toContain('other.example.org');
    expect(detail).not.toContain('\n');
    expect(detail.length).toBeLessThan(400);
  });

  it('never throws, whatever fetch does', async () => {
    const throws = () => {
      throw new TypeError(`cannot parse http://127.0.0.1/${TOKEN}`);
    };
    const config = kind.config.parse({ ...kind.sample, url: `http://127.0.0.1:1/${TOKEN}` });
    const relay = kind.open('under-test', config, { ...tools(), fetch: throws });
    const answer = await relay.submit(submission);
    expect(answer.status).toBe('unknown');
    expect(answer.detail).not.toContain(TOKEN);
    for (const asked of [relay.cancel, relay.simulate, relay.advise]) {
      const said = (await asked?.(submission)) ?? { status: 'unknown', detail: '' };
      expect(said.status).toBe('unknown');
      expect(JSON.stringify(said)).not.toContain(TOKEN);
    }
  });

  it('shows no secret when it is printed', () => {
    const printed = inspect(open(kind, `http://127.0.0.1:1/${TOKEN}?key=${TOKEN}`), { depth: 9 });
    expect(printed).not.toContain(TOKEN);
    expect(printed).not.toContain(AUTHORIZATION);
  });

  it('takes back without proof: accepted, refused or unknown, in words without secrets', async () => {
    const answers: readonly ((response: ServerResponse) => void)[] = [
      (response) => reply(response, { jsonrpc: '2.0', id: 1, result: true }),
      (response) => reply(response, rpcError(-32_601, `method not found ${TOKEN}`)),
      (response) => reply(response, 'oops', 500),
    ];
    const statuses: (string | undefined)[] = [];
    for (const answer of answers) {
      server = await startAnsweringServer((_request, response) => answer(response));
      const taken = await open(kind, `${server.url}/v1/${TOKEN}?key=${TOKEN}`).cancel?.(submission);
      await server.stop();
      statuses.push(taken?.status);
      expect(JSON.stringify(taken ?? '')).not.toContain(TOKEN);
    }
    const expected = statuses[0] === undefined ? [] : ['accepted', 'refused', 'unknown'];
    expect(statuses.filter((status) => status !== undefined)).toEqual(expected);
  });
});
