import { parseTransaction, recoverMessageAddress, recoverTransactionAddress } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { awsKms, gcpKms, web3signer } from '../../../../src/adapters/signers/index.ts';
import { CURVE_ORDER } from '../../../../src/adapters/signers/internal/der.ts';
import type { PricedTransaction, Signer } from '../../../../src/ports/signer.ts';
import {
  goodMood,
  type KeyService,
  type RemoteMood,
  startAwsKms,
  startGcpKms,
  startRemoteSigner,
  withHighS,
} from '../../../support/keyServices.ts';
import { errorOf, everythingOf, secretsOf } from '../../../support/secrets.ts';

const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const OTHER_KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const ADDRESS = privateKeyToAddress(KEY);
const OTHER_ADDRESS = privateKeyToAddress(OTHER_KEY);
const SECRET = 'planted-aws-secret-5bd1e0f4';
const SESSION = 'planted-session-token-77aa01';
const TOKEN = 'ya29.planted-bearer-token-40c2';
const KEY_VERSION = 'projects/p/locations/europe-west3/keyRings/r/cryptoKeys/keeper/cryptoKeyVersions/1';
const TIMEOUT_MS = 1_000;

const transaction: PricedTransaction = {
  chainId: 10,
  nonce: 7,
  to: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  data: '0xd0e30db0',
  valueWei: 10n ** 18n,
  gasLimit: 60_000n,
  maxFeePerGasWei: 30_000_000_000n,
  maxPriorityFeePerGasWei: 1_000_000_000n,
};

const servers = {
  aws: null as unknown as KeyService,
  gcp: null as unknown as KeyService,
  web3: null as unknown as KeyService & { readonly mood: RemoteMood },
};
let token = TOKEN;

beforeAll(async () => {
  servers.aws = await startAwsKms(KEY, 'alias/keeper', SECRET);
  servers.gcp = await startGcpKms(KEY, KEY_VERSION, () => token);
  servers.web3 = await startRemoteSigner(KEY);
});
afterEach(() => {
  token = TOKEN;
  for (const { mood } of Object.values(servers)) Object.assign(mood, goodMood());
  Object.assign(servers.web3.mood, { change: (same: unknown) => same, tamper: (same: unknown) => same });
});
afterAll(() => Promise.all(Object.values(servers).map((server) => server.stop())));

const awsSecrets = (secret = SECRET) =>
  secretsOf({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: SESSION });

const openAws = (address = ADDRESS, secrets = awsSecrets()) =>
  awsKms.open(
    awsKms.config.parse({
      keyId: 'alias/keeper',
      region: 'eu-central-1',
      address,
      url: servers.aws.url,
      timeoutMs: TIMEOUT_MS,
    }),
    secrets,
  );

const openGcp = (address = ADDRESS, files: Record<string, string> = { '/token': `${TOKEN}\n` }) =>
  gcpKms.open(
    gcpKms.config.parse({
      keyVersion: KEY_VERSION,
      address,
      url: servers.gcp.url,
      file: '/token',
      timeoutMs: TIMEOUT_MS,
    }),
    secretsOf({}, files),
  );

const openWeb3 = (address = ADDRESS) =>
  web3signer.open(
    web3signer.config.parse({ url: servers.web3.url, address, timeoutMs: TIMEOUT_MS }),
    secretsOf({}),
  );

type Kind = 'aws' | 'gcp' | 'web3';
const all: readonly [Kind, (address?: `0x${string}`) => Promise<Signer>][] = [
  ['aws', (address) => openAws(address)],
  ['gcp', (address) => openGcp(address)],
  ['web3', (address) => openWeb3(address)],
];
const keyServices = all.filter(([kind]) => kind !== 'web3');

describe.each(all)('a signer at a service: %s', (kind, open) => {
  it('signs a transaction that is exactly what was asked for, in the lower half of s', async () => {
    const signer = await open();
    expect(signer.address.toLowerCase()).toBe(ADDRESS.toLowerCase());
    const raw = await signer.signTransaction(transaction);
    expect(await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` })).toBe(ADDRESS);
    const { to, s, ...rest } = parseTransaction(raw as `0x02${string}`);
    expect(to?.toLowerCase()).toBe(transaction.to.toLowerCase());
    expect(BigInt(s as string) <= CURVE_ORDER / 2n).toBe(true);
    expect(rest).toMatchObject({
      type: 'eip1559',
      chainId: 10,
      nonce: 7,
      data: '0xd0e30db0',
      value: 10n ** 18n,
      gas: 60_000n,
      maxFeePerGas: 30_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
    });
  });

  it('signs where fields are zero or empty', async () => {
    const bare = { ...transaction, nonce: 0, valueWei: 0n, data: '0x', maxPriorityFeePerGasWei: 0n } as const;
    const raw = await (await open()).signTransaction(bare);
    expect(await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` })).toBe(ADDRESS);
  });

  it('signs messages of text and of bytes', async () => {
    const signer = await open();
    for (const message of ['hello', '', 'Grüße 🌊']) {
      const signature = await signer.signMessage(message);
      expect(await recoverMessageAddress({ message, signature })).toBe(ADDRESS);
    }
    const raw = '0xff00fe' as const;
    const signature = (await signer.signMessageBytes?.(raw)) as `0x${string}`;
    expect(await recoverMessageAddress({ message: { raw }, signature })).toBe(ADDRESS);
  });

  it('refuses a tip above the fee cap before anything is asked', async () => {
    const signer = await open();
    const asked = servers[kind].seen.length;
    const absurd = { ...transaction, maxPriorityFeePerGasWei: transaction.maxFeePerGasWei + 1n };
    await expect(signer.signTransaction(absurd)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(servers[kind].seen.length).toBe(asked);
  });

  it('does not open where the service holds another key than the config expects', async () => {
    const error = await errorOf(open(OTHER_ADDRESS));
    expect(error).toMatchObject({ code: 'SIGNING_MISMATCH', retryable: false });
    expect(error.facts).toMatchObject({ expected: OTHER_ADDRESS });
  });

  it('refuses what another key signed', async () => {
    const signer = await open();
    servers[kind].mood.otherKey = OTHER_KEY;
    const error = await errorOf(signer.signTransaction(transaction));
    expect(error).toMatchObject({ code: 'SIGNING_MISMATCH', retryable: false });
  });

  it('gives up on a service that does not answer, in its time', async () => {
    const signer = await open();
    servers[kind].mood.hangs = true;
    const started = performance.now();
    const error = await errorOf(signer.signTransaction(transaction));
    expect(error).toMatchObject({ code: 'SIGNING_SERVICE', retryable: true });
    expect(error.message).toContain(`${TIMEOUT_MS} ms`);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it.each([
    [500, true],
    [503, true],
    [429, true],
    [403, false],
    [302, false],
  ])('says whether asking again can help: HTTP %i', async (status, retryable) => {
    const signer = await open();
    servers[kind].mood.status = status;
    const error = await errorOf(signer.signTransaction(transaction));
    expect(error).toMatchObject({ code: 'SIGNING_SERVICE', retryable });
    servers[kind].mood.status = null;
    expect(await signer.signTransaction(transaction)).toMatch(/^0x02/);
  });

  it.each([
    ['no JSON', '<html>'],
    ['no object', 'null'],
    ['an empty object', '{}'],
    ['a number for a signature', '{"Signature":7,"signature":7,"result":7}'],
    ['no base64', '{"Signature":"*","signature":"*","result":"*"}'],
    ['an answer without end', `{"Signature":"${'A'.repeat(400_000)}"}`],
  ])('refuses an answer that is none: %s', async (_, words) => {
    const signer = await open();
    Object.assign(servers[kind].mood, { status: 200, words });
    expect((await errorOf(signer.signTransaction(transaction))).code).toBe('SIGNING_SERVICE');
  });

  it('shows no credential, no request and none of the service’s words in any error', async () => {
    const signer = await open();
    const echo = `MARKER ${SECRET} ${SESSION} ${TOKEN}`;
    const errors = [await errorOf(open(OTHER_ADDRESS))];
    for (const status of [200, 400, 401, 500]) {
      const words = { __type: echo, error: { code: 1, status: echo, message: echo }, message: echo };
      Object.assign(servers[kind].mood, { status, words });
      errors.push(await errorOf(signer.signTransaction(transaction)));
    }
    for (const error of errors)
      for (const secret of ['MARKER', SECRET, SESSION, TOKEN, 'd0e30db0'])
        expect(everythingOf(error)).not.toContain(secret);
  });
});

describe.each(keyServices)('a key service: %s', (kind, open) => {
  it('draws a random number for each signature: the bytes differ, the transaction does not', async () => {
    const signer = await open();
    const first = await signer.signTransaction(transaction);
    const second = await signer.signTransaction(transaction);
    expect(second).not.toBe(first);
    expect(parseTransaction(second).nonce).toBe(parseTransaction(first).nonce);
  });

  it('may answer with either half of s', async () => {
    const signer = await open();
    servers[kind].mood.s = 'high';
    for (let index = 0; index < 20; index += 1) {
      const raw = (await signer.signTransaction({ ...transaction, nonce: index })) as `0x02${string}`;
      expect(await recoverTransactionAddress({ serializedTransaction: raw })).toBe(ADDRESS);
      expect(BigInt(parseTransaction(raw).s as string) <= CURVE_ORDER / 2n).toBe(true);
    }
  });

  it.each<[string, (der: Uint8Array) => Uint8Array]>([
    ['cut off', (der) => der.subarray(0, -1)],
    ['longer', (der) => Uint8Array.from([...der, 0])],
    ['empty', () => new Uint8Array()],
    ['64 plain bytes', () => new Uint8Array(64).fill(1)],
  ])('is refused where its signature is no DER: %s', async (_, twist) => {
    const signer = await open();
    servers[kind].mood.twist = twist;
    const error = await errorOf(signer.signTransaction(transaction));
    expect(error).toMatchObject({ code: 'SIGNING_SERVICE', retryable: false });
  });

  it('is refused where one bit of a signature was changed', async () => {
    const signer = await open();
    servers[kind].mood.twist = (der) => der.with(-1, (der.at(-1) ?? 0) ^ 1);
    expect((await errorOf(signer.signTransaction(transaction))).code).toBe('SIGNING_MISMATCH');
  });
});

describe('AWS KMS', () => {
  it('is sent requests under Signature Version 4 with the session token, which it checks', async () => {
    await (await openAws()).signTransaction(transaction);
    const last = servers.aws.seen.at(-1);
    expect(last?.headers['x-amz-security-token']).toBe(SESSION);
    expect(last?.headers.authorization).toContain('/eu-central-1/kms/aws4_request');
    const error = await errorOf(openAws(ADDRESS, awsSecrets('another-secret')));
    expect(error).toMatchObject({ code: 'SIGNING_SERVICE', retryable: false });
    expect(error.message).toContain('InvalidSignatureException');
  });

  it('is told which credential is missing', async () => {
    const error = await errorOf(openAws(ADDRESS, secretsOf({ AWS_ACCESS_KEY_ID: 'A' })));
    expect(error).toMatchObject({ code: 'SECRET_MISSING', facts: { variable: 'AWS_SECRET_ACCESS_KEY' } });
  });

  it('is asked in its region where no endpoint is named, and never without encryption', async () => {
    const asked: string[] = [];
    const fetch = (async (url: string) => {
      asked.push(url);
      return Response.json({}, { status: 403 });
    }) as typeof globalThis.fetch;
    await errorOf(awsKms.open(awsKms.config.parse(awsKms.sample), awsSecrets(), fetch));
    expect(asked).toEqual(['https://kms.eu-central-1.amazonaws.com/']);
    expect(awsKms.config.safeParse({ ...awsKms.sample, url: 'http://kms.example.com' }).success).toBe(false);
  });
});

describe('Google Cloud KMS', () => {
  it('is given the token that stands in the file at that moment', async () => {
    const files = { '/token': TOKEN };
    const signer = await openGcp(ADDRESS, files);
    token = 'renewed';
    expect((await errorOf(signer.signTransaction(transaction))).message).toContain('401 UNAUTHENTICATED');
    files['/token'] = 'renewed\n';
    expect(await signer.signTransaction(transaction)).toMatch(/^0x02/);
  });

  it('names the file that is not there or empty', async () => {
    expect(await errorOf(openGcp(ADDRESS, {}))).toMatchObject({ code: 'SECRET_FILE_UNREADABLE' });
    expect(await errorOf(openGcp(ADDRESS, { '/token': '\n' }))).toMatchObject({
      code: 'SECRET_FILE_UNREADABLE',
    });
  });

  it.each([
    { variable: 'A', file: 'b' },
    { variable: undefined, file: undefined },
  ])('wants one place for the token: %j', (place) => {
    expect(gcpKms.config.safeParse({ ...gcpKms.sample, ...place }).success).toBe(false);
  });
});

describe('a remote signer', () => {
  const changes: readonly [string, Record<string, unknown>][] = [
    ['chainId', { chainId: 1 }],
    ['nonce', { nonce: 8 }],
    ['to', { to: OTHER_ADDRESS }],
    ['data', { data: '0xd0e30db1' }],
    ['value', { value: 1n }],
    ['gas', { gas: 60_001n }],
    ['maxFeePerGas', { maxFeePerGas: 30_000_000_001n }],
    ['maxPriorityFeePerGas', { maxPriorityFeePerGas: 999_999_999n }],
    ['type', { type: 'legacy', gasPrice: 1n, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined }],
  ];

  it.each(changes)('is refused where it changed %s', async (field, change) => {
    const signer = await openWeb3();
    servers.web3.mood.change = (asked) => ({ ...asked, ...change });
    const error = await errorOf(signer.signTransaction(transaction));
    expect(error).toMatchObject({ code: 'SIGNING_MISMATCH', facts: { what: field } });
  });

  it('is refused where it added an access list', async () => {
    const signer = await openWeb3();
    const accessList = [{ address: OTHER_ADDRESS, storageKeys: [] }];
    servers.web3.mood.change = (asked) => ({ ...asked, accessList });
    expect((await errorOf(signer.signTransaction(transaction))).code).toBe('SIGNING_MISMATCH');
  });

  it.each<[string, (raw: string) => unknown]>([
    ['in the upper half of s', withHighS],
    ['cut off', (raw) => raw.slice(0, -2)],
    ['followed by more', (raw) => `${raw}00`],
    ['unsigned', (raw) => `${raw.slice(0, 4)}c0`],
  ])('is refused where its bytes are %s', async (_, tamper) => {
    const signer = await openWeb3();
    servers.web3.mood.tamper = tamper;
    expect((await errorOf(signer.signTransaction(transaction))).code).toBe('SIGNING_MISMATCH');
  });

  it('may give the bytes as geth does, beside the transaction in words', async () => {
    const signer = await openWeb3();
    servers.web3.mood.tamper = (raw) => ({ raw, tx: { nonce: '0x7' } });
    expect(await signer.signTransaction(transaction)).toMatch(/^0x02/);
  });

  it('that answers with an error is named with its number only', async () => {
    const signer = await openWeb3();
    Object.assign(servers.web3.mood, { status: 200, words: { error: { code: -32000, message: 'MARKER' } } });
    const error = await errorOf(signer.signTransaction(transaction));
    expect(error.message).toContain('-32000');
    expect(everythingOf(error)).not.toContain('MARKER');
  });
});
