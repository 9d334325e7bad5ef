import { hashMessage, keccak256, recoverAddress, toBytes } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flashbots } from '../../../../src/adapters/relays/index.ts';
import type { Relay, Submission } from '../../../../src/ports/relay.ts';
import type { Signer } from '../../../../src/ports/signer.ts';
import {
  type AnsweringServer,
  reply,
  type SeenRequest,
  startAnsweringServer,
} from '../../../support/relayServer.ts';
import { hasSharedData, sharedJson } from '../../../support/sharedData.ts';
import { throwAwaySigner } from '../../../support/throwAwaySigner.ts';

type Hex = `0x${string}`;

const identity = throwAwaySigner();
const submission: Submission = {
  rawTransaction: '0x02aa',
  transactionHash: `0x${'12'.repeat(32)}`,
  firstBlock: 9n,
  lastBlock: 11n,
};

let server: AnsweringServer;
let answers: (request: SeenRequest) => unknown;

beforeEach(async () => {
  answers = () => ({ bundleHash: `0x${'34'.repeat(32)}` });
  server = await startAnsweringServer((request, response) =>
    reply(response, { jsonrpc: '2.0', id: 1, ...(asAnswer(answers(request)) as object) }),
  );
});

afterEach(() => server.stop());

const asAnswer = (answer: unknown) =>
  typeof answer === 'object' && answer !== null && 'error' in answer ? answer : { result: answer };

function open(settings: object = {}, signer: Signer | null = identity): Relay {
  const config = flashbots.config.parse({ url: server.url, ...settings });
  return flashbots.open('main', config, { identity: signer, fetch });
}

const sent = () => server.seen.map(({ body }) => JSON.parse(body) as { method: string; params: unknown[] });

describe('flashbots', () => {
  it('will not open without an identity to sign with', () => {
    expect(() => open({}, null)).toThrow(
      expect.objectContaining({ code: 'RELAY_IDENTITY_MISSING', facts: { relay: 'main' } }) as Error,
    );
  });

  it('is private', () => {
    expect(open().isPrivate).toBe(true);
  });

  it.each(['bundle', 'privateTransaction'])(
    'sends no %s that was disarmed while it was signed',
    async (mode) => {
      let refusal: string | null = null;
      const slow: Signer = {
        ...identity,
        signMessage: (text) => {
          refusal = 'disarmed';
          return identity.signMessage(text);
        },
      };
      const answer = await open({ mode }, slow).submit({ ...submission, refusal: () => refusal });
      expect(answer).toMatchObject({ status: 'refused' });
      expect(answer.detail).toMatch(/^not sent: disarmed/);
      expect(server.seen).toEqual([]);
    },
  );

  it('signs the hash of exactly the bytes that it sends, as text', async () => {
    await open().submit(submission);
    for (const { body, headers } of server.seen) {
      const [address, signature] = String(headers['x-flashbots-signature']).split(':');
      const hash = hashMessage(keccak256(toBytes(body)));
      expect(address).toBe(identity.address);
      expect(await recoverAddress({ hash, signature: signature as Hex })).toBe(identity.address);
    }
  });

  describe('in mode bundle', () => {
    it('asks for every block of the range', async () => {
      const answer = await open().submit(submission);
      expect(answer).toEqual({ status: 'accepted', detail: 'accepted (3 of 3 bundles, blocks 9 to 11)' });
      expect(sent().map(({ params }) => params)).toEqual(
        expect.arrayContaining([
          [{ txs: ['0x02aa'], blockNumber: '0x9' }],
          [{ txs: ['0x02aa'], blockNumber: '0xa' }],
          [{ txs: ['0x02aa'], blockNumber: '0xb' }],
        ]),
      );
      expect(sent()).toHaveLength(3);
    });

    it('covers a long range no further than thirty blocks, and says so', async () => {
      const answer = await open().submit({ ...submission, lastBlock: 1_000_000n });
      expect(sent()).toHaveLength(30);
      expect(answer.detail).toContain('blocks 9 to 38');
    });

    it('refuses an empty range, since nobody was told anything', async () => {
      expect((await open().submit({ ...submission, lastBlock: 8n })).status).toBe('refused');
      expect(sent()).toHaveLength(0);
    });

    const refusal = { error: { code: -32_602, message: 'no' } };
    const doubt = { error: { code: -32_603, message: 'internal error' } };
    const acceptance = { bundleHash: `0x${'34'.repeat(32)}` };
    const mixtures: readonly [what: string, perBlock: readonly unknown[], status: string][] = [
      ['accepted for one of them is accepted', [refusal, doubt, acceptance], 'accepted'],
      ['refused for some and open for others is unknown', [refusal, doubt, refusal], 'unknown'],
      ['refused for all is refused', [refusal, refusal, refusal], 'refused'],
    ];

    it.each(mixtures)('%s', async (_what, perBlock, status) => {
      answers = ({ body }) => {
        const [{ blockNumber }] = (JSON.parse(body) as { params: [{ blockNumber: string }] }).params;
        return perBlock[Number(blockNumber) - 9];
      };
      expect((await open().submit(submission)).status).toBe(status);
    });

    it('shares with the builders that are named', async () => {
      await open({ builders: ['titan'] }).submit({ ...submission, lastBlock: 9n });
      expect(sent()[0]?.params).toEqual([{ txs: ['0x02aa'], blockNumber: '0x9', builders: ['titan'] }]);
    });
  });

  describe('in mode privateTransaction', () => {
    it('asks once, up to the last block', async () => {
      answers = () => submission.transactionHash;
      expect((await open({ mode: 'privateTransaction' }).submit(submission)).status).toBe('accepted');
      expect(sent()).toEqual([
        expect.objectContaining({
          method: 'eth_sendPrivateTransaction',
          params: [{ tx: '0x02aa', maxBlockNumber: '0xb' }],
        }),
      ]);
    });
  });

  describe('simulating', () => {
    const simulations: readonly [what: string, answer: unknown, expected: object][] = [
      ['succeeds', { results: [{ gasUsed: 21_000, value: '0x' }] }, { status: 'succeeds', gasUsed: 21_000n }],
      [
        'reverts',
        { results: [{ gasUsed: 21_000, error: 'execution reverted', revert: 'no' }] },
        { status: 'reverts', detail: 'no' },
      ],
      [
        'is impossible',
        { error: { code: -32_000, message: 'err: nonce too low' } },
        { status: 'impossible', detail: 'err: nonce too low' },
      ],
      [
        'is not possible to ask',
        { error: { code: -32_601, message: 'method not found' } },
        { status: 'unknown', detail: 'method not found' },
      ],
      ['is not understood', { results: [] }, { status: 'unknown' }],
      ['is not understood either', { results: [{ gasUsed: 'much' }] }, { status: 'unknown' }],
    ];

    it.each(simulations)('%s', async (_what, answer, expected) => {
      answers = () => answer;
      expect(await open().simulate?.(submission)).toMatchObject(expected);
      expect(sent()[0]).toMatchObject({
        method: 'eth_callBundle',
        params: [{ txs: ['0x02aa'], blockNumber: '0x9', stateBlockNumber: 'latest' }],
      });
    });
  });

  it('answers unknown when its identity cannot sign', async () => {
    const broken: Signer = { ...identity, signMessage: () => Promise.reject(new Error('locked')) };
    const answer = await open({}, broken).submit(submission);
    expect(answer.status).toBe('unknown');
    expect(sent()).toHaveLength(0);
  });
});

describe.skipIf(!hasSharedData)('flashbots, against the recorded exchanges of another client', () => {
  const golden = (name: string) => {
    const { lmittmannGoldenRpc } = sharedJson<{ lmittmannGoldenRpc: Record<string, string> }>(
      'data/relay/flashbots_vectors.json',
    );
    const [request = '', answer = ''] = (lmittmannGoldenRpc[name] ?? '').slice(2).split('\n< ');
    return {
      request: JSON.parse(request) as Record<string, unknown>,
      result: (JSON.parse(answer) as { result: unknown }).result,
    };
  };

  it('sends the same eth_sendBundle, but for the options that it does not use', async () => {
    const { request, result } = golden('send_bundle.golden');
    answers = () => result;
    const block = 0x98967fn;
    const answer = await open().submit({
      ...submission,
      rawTransaction: '0x00',
      firstBlock: block,
      lastBlock: block,
    });
    expect(answer.status).toBe('accepted');
    const [bundle] = request.params as [object];
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      ...request,
      params: [{ ...bundle, txs: ['0x00'], replacementUuid: undefined }],
    });
  });

  it('sends the same eth_sendPrivateTransaction', async () => {
    const { request, result } = golden('send_private_transaction.golden');
    answers = () => result;
    const answer = await open({ mode: 'privateTransaction' }).submit({
      ...submission,
      rawTransaction: '0x00',
      transactionHash: result as Hex,
      lastBlock: 0x98967fn,
    });
    expect(answer.status).toBe('accepted');
    const [transaction] = request.params as [object];
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      ...request,
      params: [{ ...transaction, preferences: undefined }],
    });
  });
});
