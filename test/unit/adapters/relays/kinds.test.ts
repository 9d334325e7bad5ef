import { hashMessage, keccak256, recoverAddress, toBytes } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as kinds from '../../../../src/adapters/relays/index.ts';
import type { Relay, RelayKind, RelayTools, Submission } from '../../../../src/ports/relay.ts';
import {
  type AnsweringServer,
  reply,
  type SeenRequest,
  startAnsweringServer,
} from '../../../support/relayServer.ts';
import { hasSharedData, sharedJson } from '../../../support/sharedData.ts';
import { throwAwaySigner } from '../../../support/throwAwaySigner.ts';

type Hex = `0x${string}`;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const AUTHORIZATION = 'account-secret-header';
const identity = throwAwaySigner();
const submission: Submission = {
  rawTransaction: '0x02aa',
  transactionHash: `0x${'12'.repeat(32)}`,
  firstBlock: 9n,
  lastBlock: 10n,
};

let server: AnsweringServer;
let result: unknown;

beforeEach(async () => {
  result = { bundleHash: `0x${'34'.repeat(32)}` };
  server = await startAnsweringServer((_request, response) =>
    reply(response, { jsonrpc: '2.0', id: 1, result }),
  );
});

afterEach(() => server.stop());

function open(name: string, settings: object, tools: Partial<RelayTools> = {}): Relay {
  const kind = (kinds as unknown as Record<string, RelayKind<never>>)[name] as RelayKind<never>;
  const config = kind.config.parse({ url: server.url, ...settings });
  const secrets = { environment: () => AUTHORIZATION, readFile: () => Promise.reject(new Error('none')) };
  return kind.open('main', config, { identity, fetch, secrets, ...tools });
}

const rejects = (name: string, settings: object) => () => open(name, settings);
const bodies = () =>
  server.seen.map(({ body }) => JSON.parse(body) as { method: string; params: Record<string, unknown>[] });
const first = () => bodies()[0] as ReturnType<typeof bodies>[number];

async function signerOf({ body, headers }: SeenRequest): Promise<string> {
  const [, signature] = String(headers['x-flashbots-signature']).split(':');
  return recoverAddress({ hash: hashMessage(keccak256(toBytes(body))), signature: signature as Hex });
}

describe('flashbotsPrivate', () => {
  it('asks once for the range, with its preferences, signed', async () => {
    result = submission.transactionHash;
    const refund = [{ address: `0x${'aa'.repeat(20)}`, percent: 90 }];
    const relay = open('flashbotsPrivate', { fast: true, hints: ['hash'], builders: ['titan'], refund });
    expect((await relay.submit(submission)).status).toBe('accepted');
    expect(bodies()).toEqual([
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'eth_sendPrivateTransaction',
        params: [
          {
            tx: '0x02aa',
            maxBlockNumber: '0xa',
            preferences: {
              fast: true,
              privacy: { hints: ['hash'], builders: ['titan'] },
              validity: { refund },
            },
          },
        ],
      },
    ]);
    expect(await signerOf(server.seen[0] as SeenRequest)).toBe(identity.address);
  });

  it('takes back by the hash; anything but true leaves it open', async () => {
    const relay = open('flashbotsPrivate', {});
    for (const [answer, status] of [
      [true, 'accepted'],
      [false, 'unknown'],
      [null, 'unknown'],
    ] as const) {
      result = answer;
      expect((await relay.cancel?.(submission))?.status).toBe(status);
    }
    expect(first()).toMatchObject({
      method: 'eth_cancelPrivateTransaction',
      params: [{ txHash: submission.transactionHash }],
    });
  });

  it('refuses refunds of more than there is', () => {
    const half = { address: `0x${'aa'.repeat(20)}`, percent: 60 };
    expect(rejects('flashbotsPrivate', { refund: [half, half] })).toThrow(/at most 100/);
  });
});

describe('flashbotsProtect', () => {
  it('says in the query what may be told, and for how many blocks, beside what the URL has', async () => {
    result = submission.transactionHash;
    const url = `${server.url}/base?key=abc`;
    await open('flashbotsProtect', { url, hints: ['hash', 'logs'], builders: ['titan'], fast: true }).submit(
      submission,
    );
    expect(server.seen[0]?.path).toBe('/base/fast?key=abc&hint=hash&hint=logs&builder=titan&blockRange=2');
    expect(first()).toMatchObject({ method: 'eth_sendRawTransaction', params: ['0x02aa'] });
  });

  it('will not be without a hint', () => {
    expect(rejects('flashbotsProtect', { hints: [] })).toThrow(/at least one hint/);
    expect(rejects('flashbotsProtect', {})).toThrow();
    expect(rejects('flashbotsProtect', { hints: ['everything'] })).toThrow();
  });

  it.each([
    'useMempool=true',
    'USEMEMPOOL=true',
    'use%4Dempool=true',
    'a=1&useMempool',
    'mempoolRpc=https%3A%2F%2Fexample.org',
    'canRevert=true',
    'hint=calldata',
    'url=x',
  ])('refuses a URL with %s', (query) => {
    const url = `https://rpc.flashbots.net/fast?${query}`;
    expect(rejects('flashbotsProtect', { url, hints: ['hash'] })).toThrow(/useMempool gives/);
  });

  it.each([
    [{ status: 'PENDING' }, 'pending'],
    [{ status: 'INCLUDED' }, 'included'],
    [{ status: 'FAILED', simError: 'SimErrorNonceTooLow' }, 'failed'],
    [{ status: 'CANCELLED' }, 'cancelled'],
    [{ status: 'UNKNOWN' }, 'unknown'],
    [{ status: 'constructor' }, 'unknown'],
    [{ status: 'INCLUDED', hash: `0x${'99'.repeat(32)}` }, 'unknown'],
    [null, 'unknown'],
    ['garbage', 'unknown'],
    [{}, 'unknown'],
  ])('takes %j of the status endpoint for %s', async (answer, status) => {
    const advising = await startAnsweringServer((_request, response) => reply(response, answer));
    try {
      const relay = open('flashbotsProtect', { hints: ['hash'], statusUrl: advising.url });
      expect((await relay.advise?.(submission))?.status).toBe(status);
      expect(advising.seen[0]?.path).toBe(`/tx/${submission.transactionHash}`);
    } finally {
      await advising.stop();
    }
  });

  it('is on this machine only where its status endpoint is, too', () => {
    const far = open('flashbotsProtect', { hints: ['hash'], statusUrl: 'https://protect.flashbots.net' });
    expect(far.isLoopback).toBe(false);
  });
});

describe('mevShare', () => {
  it('asks once for the range with what may be told', async () => {
    await open('mevShare', { hints: ['hash', 'logs'], builders: ['titan'] }).submit(submission);
    expect(first()).toMatchObject({
      method: 'mev_sendBundle',
      params: [
        {
          version: 'v0.1',
          inclusion: { block: '0x9', maxBlock: '0xa' },
          body: [{ tx: '0x02aa', canRevert: false }],
          privacy: { hints: ['hash', 'logs'], builders: ['titan'] },
        },
      ],
    });
    expect(await signerOf(server.seen[0] as SeenRequest)).toBe(identity.address);
  });

  it('covers no more blocks than the node takes, and refuses an empty range', async () => {
    const relay = open('mevShare', { hints: ['hash'] });
    await relay.submit({ ...submission, lastBlock: 1_000n });
    expect(first().params[0]?.inclusion).toEqual({ block: '0x9', maxBlock: '0x26' });
    expect((await relay.submit({ ...submission, lastBlock: 8n })).status).toBe('refused');
  });

  it('will not be without a hint', () => {
    expect(rejects('mevShare', { hints: [] })).toThrow(/at least one hint/);
  });
});

describe('mevBlocker', () => {
  it.each(['fast', 'noreverts', 'fullprivacy', 'maxbackruns'])(
    'sends to the path of %s',
    async (protection) => {
      result = submission.transactionHash;
      await open('mevBlocker', { protection }).submit(submission);
      expect(server.seen[0]?.path).toBe(`/${protection}`);
      expect(server.seen[0]?.headers['x-flashbots-signature']).toBeUndefined();
    },
  );
});

describe('builders', () => {
  const recipient = `0x${'aa'.repeat(20)}`;

  it('builderNet signs, names, asks for its refund, and takes back by an empty bundle of the same name', async () => {
    const relay = open('builderNet', { refund: { percent: 90, recipient }, delayedRefund: true });
    await relay.submit(submission);
    const [bundle] = first().params;
    expect(bundle).toEqual({
      txs: ['0x02aa'],
      blockNumber: '0x9',
      replacementUuid: expect.stringMatching(UUID),
      refundPercent: 90,
      refundRecipient: recipient,
      delayedRefund: true,
    });
    expect(await signerOf(server.seen[0] as SeenRequest)).toBe(identity.address);
    expect((await relay.cancel?.(submission))?.status).toBe('accepted');
    expect(bodies()[2]).toMatchObject({
      method: 'eth_sendBundle',
      params: [{ txs: [], blockNumber: '0x9', replacementUuid: bundle?.replacementUuid }],
    });
  });

  it('titan signs where there is an identity, and takes back by eth_cancelBundle, answered with 200', async () => {
    await open('titan', {}, { identity: null }).submit(submission);
    expect(server.seen[0]?.headers['x-flashbots-signature']).toBeUndefined();
    const relay = open('titan', {});
    await relay.submit(submission);
    expect(await signerOf(server.seen[2] as SeenRequest)).toBe(identity.address);
    result = 200;
    expect((await relay.cancel?.(submission))?.status).toBe('accepted');
    expect(bodies()[4]).toMatchObject({
      method: 'eth_cancelBundle',
      params: [{ replacementUuid: expect.stringMatching(UUID) }],
    });
  });

  it('builder differs by its settings', async () => {
    const settings = { signed: false, nameField: 'uuid', cancelBy: 'emptyBundle', acceptsNull: true };
    result = null;
    const relay = open('builder', settings, { identity: null });
    expect((await relay.submit(submission)).status).toBe('accepted');
    expect(first().params[0]).toMatchObject({ uuid: expect.stringMatching(UUID) });
    expect((await open('builder', {}).submit(submission)).status).toBe('unknown');
    expect(() => open('builder', {}, { identity: null })).toThrow(/identity/);
  });

  it('every block’s bundle has a name of its own, the same after a restart', async () => {
    await open('builderNet', {}).submit(submission);
    await open('builderNet', {}).submit(submission);
    const names = bodies().map(({ params }) => String(params[0]?.replacementUuid));
    expect(new Set(names).size).toBe(2);
    expect([...names.slice(0, 2)].sort()).toEqual([...names.slice(2)].sort());
  });

  it('ask for no share without saying for whom, and for none outside the builder’s bounds', () => {
    expect(rejects('builder', { refund: { percent: 50 } })).toThrow();
    expect(rejects('titan', { refund: { percent: 100, recipient } })).toThrow();
    expect(rejects('builderNet', { refund: { percent: 0, recipient } })).toThrow();
  });
});

describe('bloxroute', () => {
  it('sends an object with raw bytes without 0x, admitted by the account’s header', async () => {
    await open('bloxroute', { authorizationVariable: 'BLX', builders: ['titan', 'bloxroute'] }).submit(
      submission,
    );
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'blxr_submit_bundle',
      params: {
        transaction: ['02aa'],
        block_number: '0x9',
        uuid: expect.stringMatching(UUID),
        mev_builders: { titan: '', bloxroute: '' },
      },
    });
    expect(server.seen[0]?.headers.authorization).toBe(AUTHORIZATION);
  });

  it.each([undefined, '', '  '])('will not open where the variable is %j', (value) => {
    const secrets = { environment: () => value, readFile: () => Promise.reject(new Error('none')) };
    expect(() => open('bloxroute', { authorizationVariable: 'BLX' }, { secrets })).toThrow(
      expect.objectContaining({
        code: 'RELAY_SECRET_MISSING',
        facts: { relay: 'main', variable: 'BLX' },
      }) as Error,
    );
  });

  it('takes the name of a variable, never the secret itself', () => {
    expect(rejects('bloxroute', { authorizationVariable: 'Bearer abc==' })).toThrow(/environment variable/);
  });
});

describe('timeboost', () => {
  const lane = {
    chainId: 42_161,
    auctionContract: `0x${'5f'.repeat(20)}`,
    firstRoundSeconds: 1_000,
    roundSeconds: 60,
  };
  const clock = { nowSeconds: () => 1_000 + 60 * 7 + 59.9, sleep: async () => {} };

  it('submits to the round that it is, signed over the documented bytes', async () => {
    result = null;
    expect((await open('timeboost', lane, { clock }).submit(submission)).status).toBe('accepted');
    const [sent] = first().params;
    expect(sent).toEqual({
      chainId: '0xa4b1',
      round: '0x7',
      auctionContractAddress: lane.auctionContract,
      sequenceNumber: '0xffffffffffffffff',
      transaction: '0x02aa',
      options: {},
      signature: expect.stringMatching(/^0x[0-9a-f]{130}$/),
    });
    const bytes = [
      keccak256(toBytes('TIMEBOOST_BID')).slice(2),
      'a4b1'.padStart(64, '0'),
      '5f'.repeat(20),
      '7'.padStart(16, '0'),
      'f'.repeat(16),
      '02aa',
    ].join('');
    const signer = await recoverAddress({
      hash: hashMessage({ raw: `0x${bytes}` }),
      signature: sent?.signature as Hex,
    });
    expect(signer).toBe(identity.address);
  });

  it('refuses before the first round, and asks nobody', async () => {
    const early = { nowSeconds: () => 999, sleep: async () => {} };
    expect((await open('timeboost', lane, { clock: early }).submit(submission)).status).toBe('refused');
    expect(server.seen).toHaveLength(0);
  });

  it('will not open with an identity that signs text only', () => {
    const { signMessageBytes: _, ...textOnly } = identity;
    expect(() => open('timeboost', lane, { identity: textOnly })).toThrow(
      expect.objectContaining({ code: 'RELAY_IDENTITY_UNFIT' }) as Error,
    );
  });

  it.each([
    ['NOT_EXPRESS_LANE_CONTROLLER', 'refused'],
    ['NO_ONCHAIN_CONTROLLER', 'refused'],
    ['BAD_ROUND_NUMBER', 'refused'],
    ['SEQUENCE_NUMBER_TOO_LOW', 'refused'],
    ['SEQUENCE_NUMBER_ALREADY_SEEN', 'unknown'],
  ])('takes %s for %s', async (message, status) => {
    await server.stop();
    server = await startAnsweringServer((_request, response) =>
      reply(response, { jsonrpc: '2.0', id: 1, error: { code: -32_000, message } }),
    );
    expect((await open('timeboost', lane, { clock }).submit(submission)).status).toBe(status);
  });
});

describe.skipIf(!hasSharedData)('recorded exchanges of another client', () => {
  const golden = (name: string) => {
    const recorded = sharedJson<{ lmittmannGoldenRpc: Record<string, string> }>(
      'data/relay/flashbots_vectors.json',
    );
    const [request = '', answer = ''] = (recorded.lmittmannGoldenRpc[name] ?? '').slice(2).split('\n< ');
    return {
      request: JSON.parse(request) as { params: Record<string, unknown>[] },
      result: (JSON.parse(answer) as { result: unknown }).result,
    };
  };

  it('flashbotsPrivate sends exactly the recorded eth_sendPrivateTransaction', async () => {
    const recorded = golden('send_private_transaction.golden');
    ({ result } = recorded);
    const answer = await open('flashbotsPrivate', { fast: true }).submit({
      rawTransaction: '0x00',
      transactionHash: result as Hex,
      firstBlock: 1n,
      lastBlock: 0x98967fn,
    });
    expect(answer.status).toBe('accepted');
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual(recorded.request);
  });

  it('flashbotsPrivate sends exactly the recorded eth_cancelPrivateTransaction', async () => {
    const recorded = golden('cancel_private_transaction.golden');
    ({ result } = recorded);
    const transactionHash = recorded.request.params[0]?.txHash as Hex;
    const answer = await open('flashbotsPrivate', {}).cancel?.({ ...submission, transactionHash });
    expect(answer?.status).toBe('accepted');
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual(recorded.request);
  });

  it('a named bundle has the members of the recorded one', async () => {
    const recorded = golden('send_bundle.golden');
    ({ result } = recorded);
    const answer = await open('flashbots', { cancellable: true }).submit({
      ...submission,
      firstBlock: 0x98967fn,
      lastBlock: 0x98967fn,
    });
    expect(answer.status).toBe('accepted');
    expect(Object.keys(first().params[0] ?? {})).toEqual(Object.keys(recorded.request.params[0] ?? {}));
    expect(first().params[0]?.replacementUuid).toMatch(UUID);
  });
});
