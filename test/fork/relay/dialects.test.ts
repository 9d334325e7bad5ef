import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, signatureOf } from './ask.ts';
import { type RelayFixture, sign, startRelayFixture } from './fixture.ts';

let fixture: RelayFixture;
let raw: string;

beforeAll(async () => {
  fixture = await startRelayFixture();
  raw = await sign(fixture.keeper);
});

afterAll(() => fixture.stop());

/** Asks at a path, signed and with an account, unless told otherwise. */
async function askAt(
  path: string,
  method: string,
  params: unknown,
  headers: Record<string, string> | null = null,
): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const response = await fetch(`${fixture.relay.url}${path}`, {
    method: 'POST',
    body,
    headers: headers ?? { 'x-flashbots-signature': await signatureOf(body), authorization: 'account' },
    signal: AbortSignal.timeout(5_000),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

const bundle = (more: object = {}) => [{ txs: [raw], blockNumber: '0x1', ...more }];
const address = `0x${'aa'.repeat(20)}`;

describe('each endpoint takes its own form only', () => {
  type Case = readonly [what: string, path: string, method: string, params: () => unknown, words: RegExp];
  const cases: readonly Case[] = [
    ['a path that is none', '/nowhere', 'eth_sendBundle', bundle, /no endpoint is here/],
    ['a bundle at a sequencer', '/sequencer', 'eth_sendBundle', bundle, /not available/],
    ['a raw transaction at the relay', '/', 'eth_sendRawTransaction', () => [raw], /not available/],
    ['two transactions at once', '/sequencer', 'eth_sendRawTransaction', () => [raw, raw], /at most 1/],
    [
      'BuilderNet: all of the refund',
      '/buildernet',
      'eth_sendBundle',
      () => bundle({ refundPercent: 100, refundRecipient: address }),
      /from 1 to 99/,
    ],
    ['BuilderNet: a cancellation by method', '/buildernet', 'eth_cancelBundle', () => [{}], /not available/],
    [
      'BuilderNet: a misspelt member',
      '/buildernet',
      'eth_sendBundle',
      () => bundle({ refundPercentage: 1 }),
      /refundPercentage/,
    ],
    ['Titan: timestamps', '/titan', 'eth_sendBundle', () => bundle({ minTimestamp: 1 }), /minTimestamp/],
    [
      'Titan: a refund in text',
      '/titan',
      'eth_sendBundle',
      () => bundle({ refundPercent: '9' }),
      /whole number/,
    ],
    [
      'rsync: a refund to nobody',
      '/rsync',
      'eth_sendBundle',
      () => bundle({ refundPercent: 10 }),
      /refundRecipient/,
    ],
    [
      'rsync: an empty bundle without a name',
      '/rsync',
      'eth_sendBundle',
      () => [{ txs: [], blockNumber: '0x1' }],
      /at least one transaction/,
    ],
    [
      'bloXroute: a list',
      '/bloxroute',
      'blxr_submit_bundle',
      () => [{ transaction: [raw.slice(2)], block_number: '0x1' }],
      /params is an array/,
    ],
    [
      'bloXroute: bytes with 0x',
      '/bloxroute',
      'blxr_submit_bundle',
      () => ({ transaction: [raw], block_number: '0x1' }),
      /without 0x/,
    ],
    [
      'bloXroute: a block in decimal',
      '/bloxroute',
      'blxr_submit_bundle',
      () => ({ transaction: [raw.slice(2)], block_number: 1 }),
      /in hex/,
    ],
    [
      'MEV-Share: another version',
      '/',
      'mev_sendBundle',
      () => [{ version: 'v9', inclusion: { block: '0x1' }, body: [{ tx: raw }] }],
      /v0\.1/,
    ],
    [
      'MEV-Share: a block in decimal',
      '/',
      'mev_sendBundle',
      () => [{ version: 'v0.1', inclusion: { block: 1 }, body: [{ tx: raw }] }],
      /in hex/,
    ],
    [
      'MEV-Share: a hint that is none',
      '/',
      'mev_sendBundle',
      () => [
        { version: 'v0.1', inclusion: { block: '0x1' }, body: [{ tx: raw }], privacy: { hints: ['all'] } },
      ],
      /hints\[0\]/,
    ],
    [
      'MEV-Share: more refund than there is',
      '/',
      'mev_sendBundle',
      () => [
        {
          version: 'v0.1',
          inclusion: { block: '0x1' },
          body: [{ tx: raw }],
          validity: {
            refund: [
              { bodyIdx: 0, percent: 60 },
              { bodyIdx: 0, percent: 60 },
            ],
          },
        },
      ],
      /at most 100/,
    ],
    [
      'MEV-Share: a range that is too long',
      '/',
      'mev_sendBundle',
      () => [{ version: 'v0.1', inclusion: { block: '0x1', maxBlock: '0x40' }, body: [{ tx: raw }] }],
      /maxBlock/,
    ],
    [
      'MEV-Share: behind a transaction that nobody has',
      '/',
      'mev_sendBundle',
      () => [
        {
          version: 'v0.1',
          inclusion: { block: '0x1' },
          body: [{ hash: `0x${'77'.repeat(32)}` }, { tx: raw }],
        },
      ],
      /held here/,
    ],
    [
      'Protect: the public pool',
      '/protect?useMempool=true',
      'eth_sendRawTransaction',
      () => [raw],
      /public pool/,
    ],
    ['Protect: a hint that is none', '/protect?hint=all', 'eth_sendRawTransaction', () => [raw], /hint/],
    [
      'Protect: a range that is none',
      '/protect?blockRange=0',
      'eth_sendRawTransaction',
      () => [raw],
      /blockRange/,
    ],
    [
      'Protect: a setting that is none',
      '/protect?hints=hash',
      'eth_sendRawTransaction',
      () => [raw],
      /hints/,
    ],
    [
      'Timeboost: a lane that nobody controls',
      '/timeboost',
      'timeboost_sendExpressLaneTransaction',
      () => [
        {
          chainId: '0x7a69',
          round: '0x1',
          auctionContractAddress: address,
          sequenceNumber: '0x0',
          transaction: raw,
          options: {},
          signature: `0x${'11'.repeat(65)}`,
        },
      ],
      /NO_ONCHAIN_CONTROLLER/,
    ],
  ];

  it.each(cases)('%s is refused', async (_what, path, method, params, words) => {
    const answer = await askAt(path, method, params());
    expect(answer.result).toBeUndefined();
    expect(answer.error?.message).toMatch(words);
    expect(fixture.relay.status().storedTransactions).toBe(0);
  });
});

describe('each endpoint admits who it says', () => {
  it.each([
    ['/', 'eth_sendBundle', 403],
    ['/buildernet', 'eth_sendBundle', 403],
    ['/bloxroute', 'blxr_submit_bundle', 401],
  ])('%s nobody without a header', async (path, method, status) => {
    expect(await askAt(path, method, [], {})).toMatchObject({ status, error: { code: -32_000 } });
  });

  it.each(['/titan', '/rsync', '/protect'])('%s nobody with a wrong signature', async (path) => {
    const wrong = { 'x-flashbots-signature': await signatureOf('another body') };
    expect(await askAt(path, 'eth_sendBundle', [], wrong)).toMatchObject({ status: 403 });
  });

  it.each(['/titan', '/rsync'])('%s anybody without a signature', async (path) => {
    const { error } = await askAt(path, 'eth_sendBundle', [], {});
    expect(error?.code).toBe(-32_602);
  });
});

describe('arbitrary parameters', () => {
  it('get an answer in the form of JSON-RPC, at every endpoint', async () => {
    const places = fc.constantFrom<readonly [string, string]>(
      ['/', 'mev_sendBundle'],
      ['/', 'mev_simBundle'],
      ['/protect', 'eth_sendRawTransaction'],
      ['/mevblocker/fast', 'eth_sendRawTransaction'],
      ['/buildernet', 'eth_sendBundle'],
      ['/titan', 'eth_sendBundle'],
      ['/titan', 'eth_cancelBundle'],
      ['/rsync', 'eth_sendBundle'],
      ['/bloxroute', 'blxr_submit_bundle'],
      ['/sequencer', 'eth_sendRawTransaction'],
      ['/timeboost', 'timeboost_sendExpressLaneTransaction'],
    );
    const params = fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue(), { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(places, params, async ([path, method], value) => {
        const answer = await askAt(path, method, value);
        expect(answer.error?.message ?? '').not.toMatch(/internal error|Cannot read/);
        expect(answer.error ?? answer).toBeTypeOf('object');
        expect(fixture.relay.status().storedTransactions).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
