import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { RelayPolicy } from '../../../../src/engine/relay/relayGuard.ts';
import type { Log } from '../../../../src/ports/ambient.ts';
import type { Submission } from '../../../../src/ports/relay.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import type { Config } from '../../../../src/runtime/config/schema.ts';
import { registry } from '../../../../src/runtime/registry.ts';
import { openRelays, relayPolicyOf } from '../../../../src/runtime/worlds/parts.ts';
import type { WorldTools } from '../../../../src/runtime/worlds/tools.ts';
import { type AnsweringServer, reply, startAnsweringServer } from '../../../support/relayServer.ts';

const TOKEN = 'planted-url-token-0001';
const HEADER = 'planted-header-secret-0002';
const KEY = `0x${'3c'.repeat(32)}`;
const submission: Submission = {
  rawTransaction: `0x02${'ab'.repeat(100)}`,
  transactionHash: `0x${'12'.repeat(32)}`,
  firstBlock: 9n,
  lastBlock: 10n,
};

let server: AnsweringServer | null = null;
const logged: unknown[] = [];

afterEach(async () => {
  await server?.stop();
  server = null;
  logged.length = 0;
});

const write = (...words: unknown[]) => {
  logged.push(words);
};
const log: Log = { debug: write, info: write, warn: write, error: write };
const tools: WorldTools = {
  registry,
  environment: () => undefined,
  secrets: {
    environment: (name) => (name === 'IDENTITY' ? KEY : HEADER),
    readFile: () => Promise.reject(new Error('no file')),
  },
  clock: systemClock,
  log,
  fetch,
  stop: null,
};

const kinds: readonly [kind: string, settings: object][] = [
  ['flashbots', { cancellable: true }],
  ['flashbotsPrivate', {}],
  ['flashbotsProtect', { hints: ['hash'] }],
  ['mevShare', { hints: ['hash'] }],
  ['mevBlocker', {}],
  ['builderNet', {}],
  ['titan', {}],
  ['builder', {}],
  ['bloxroute', { authorizationVariable: 'ANY' }],
  ['sequencer', {}],
  ['publicRpc', { allowPublicMempool: true }],
];

/** A config with one relay of each kind, all at a URL that carries a token. */
function configFor(url: string, guard: object = {}): Config {
  const relays = kinds.map(([kind, settings]) => {
    const part = registry.relays[kind]?.config.parse({ ...settings, url, timeoutMs: 300 });
    return [kind, { kind, config: part, timeoutSeconds: 1, retries: 1, perMinute: 600, ...guard }];
  });
  return {
    identity: { kind: 'env', config: { variable: 'IDENTITY' } },
    relays: Object.fromEntries(relays),
  } as unknown as Config;
}

/** Everything that the relays of a config say about one order, and everything that printing them shows. */
async function heardOf(config: Config): Promise<{ statuses: readonly string[]; text: string }> {
  const relays = await openRelays(config, tools);
  const said = await Promise.all(
    relays.map(async (relay) => [
      await relay.submit(submission),
      await relay.cancel?.(submission),
      await relay.simulate?.(submission),
      await relay.advise?.(submission),
    ]),
  );
  const statuses = said.map(([answer]) => answer?.status ?? '');
  return { statuses, text: inspect([said, relays, logged], { depth: 12, maxStringLength: null }) };
}

describe('the relays of a config', () => {
  const faults: readonly [what: string, answer: Parameters<typeof startAnsweringServer>[0]][] = [
    [
      '500 with the request in it',
      ({ path, headers }, response) => reply(response, `boom at ${path} by ${headers.authorization}`, 500),
    ],
    ['silence', () => {}],
    [
      'half an answer',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"jsonrpc":"2.0","id":1,"resu');
        response.destroy();
      },
    ],
    [
      'an answer to another request',
      (_request, response) => reply(response, { jsonrpc: '2.0', id: 99, result: submission.transactionHash }),
    ],
    ['a flood', (_request, response) => reply(response, `{"x":"${TOKEN.repeat(50_000)}"}`)],
    [
      'an error that repeats every secret',
      ({ path, headers }, response) =>
        reply(response, {
          jsonrpc: '2.0',
          id: 1,
          error: { code: -32_000, message: `odd: http://127.0.0.1${path} ${TOKEN} ${headers.authorization}` },
        }),
    ],
  ];

  it.each(faults)('are unknown and keep every secret to themselves under %s', async (_what, answer) => {
    server = await startAnsweringServer(answer);
    const { statuses, text } = await heardOf(configFor(`${server.url}/${TOKEN}?key=${TOKEN}`));
    expect(new Set(statuses)).toEqual(new Set(['unknown']));
    for (const secret of [TOKEN, HEADER, KEY.slice(2)]) expect(text).not.toContain(secret);
  });

  it('keep every secret to themselves when nobody listens', async () => {
    const { statuses, text } = await heardOf(configFor(`http://127.0.0.1:1/${TOKEN}?key=${TOKEN}`));
    expect(new Set(statuses)).toEqual(new Set(['unknown']));
    for (const secret of [TOKEN, HEADER, KEY.slice(2)]) expect(text).not.toContain(secret);
  });

  it('do not show a secret in the error of one that cannot be opened', async () => {
    const config = configFor(`http://127.0.0.1:1/${TOKEN}`);
    const bare = {
      ...tools,
      secrets: { ...tools.secrets, environment: (name: string) => (name === 'ANY' ? undefined : KEY) },
    };
    const error = await openRelays(config, bare).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'RELAY_SECRET_MISSING' });
    for (const secret of [TOKEN, KEY.slice(2)]) expect(inspect(error)).not.toContain(secret);
  });

  it('are tried again as often as the config says, and give up in time', async () => {
    server = await startAnsweringServer((_request, response) => reply(response, 'oops', 503));
    const started = performance.now();
    const relays = await openRelays(configFor(server.url, { retries: 2 }), tools);
    await relays.find(({ name }) => name === 'sequencer')?.submit(submission);
    expect(server.seen).toHaveLength(3);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('are left alone after failing often enough, and say that nothing was sent', async () => {
    server = await startAnsweringServer((_request, response) => reply(response, 'oops', 503));
    const relays = await openRelays(configFor(server.url, { retries: 0 }), tools);
    const relay = relays.find(({ name }) => name === 'sequencer');
    const answers = [];
    for (let index = 0; index < 7; index += 1) {
      const transactionHash = `0x${String(index).repeat(64)}` as const;
      answers.push(await relay?.submit({ ...submission, transactionHash }));
    }
    expect(server.seen).toHaveLength(5);
    expect(answers.slice(0, 5).map((answer) => answer?.status)).toEqual(Array(5).fill('unknown'));
    expect(answers.slice(5)).toEqual(
      Array(2).fill(expect.objectContaining({ status: 'refused', heldBack: 'breakerOpen' })),
    );
  });

  it('have their policy from the config', () => {
    const policy = relayPolicyOf({ timeoutSeconds: 3, retries: 4, perMinute: 30 });
    expect(policy).toMatchObject<Partial<RelayPolicy>>({
      timeoutSeconds: 3,
      rateLimit: { perMinute: 30, burst: 3 },
    });
    expect(policy.retry.retries).toBe(4);
  });
});
