import { createHash, createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { hashMessage, numberToHex, parseTransaction, serializeTransaction, toHex } from 'viem';
import { privateKeyToAccount, setSignEntropy, sign } from 'viem/accounts';
import { type AnsweringServer, reply, type SeenRequest, startAnsweringServer } from './relayServer.ts';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** What a key service of a test does otherwise than a good one; change it while the service runs. */
export interface ServiceMood {
  /** Answered instead, whatever was asked; for a status without a body of its own. */
  status: number | null;
  /** Which half of the group s lies in. */
  s: 'low' | 'high';
  /** Signs with this key instead. */
  otherKey: `0x${string}` | null;
  /** Changes the DER bytes of a signature before they are sent. */
  twist: (der: Uint8Array) => Uint8Array;
  /** Never answers. */
  hangs: boolean;
  /** The body of an error, with whatever a hostile service writes into it. */
  words: unknown;
}

/** A service that does nothing wrong. */
export const goodMood = (): ServiceMood => ({
  status: null,
  s: 'low',
  otherKey: null,
  twist: (der) => der,
  hangs: false,
  words: '',
});

/** A key service of a test, with what it was asked. */
export interface KeyService extends AnsweringServer {
  readonly mood: ServiceMood;
}

function integer(value: bigint): number[] {
  const bytes = Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = [...bytes.subarray(first)];
  const positive = (short[0] ?? 0) >= 0x80 ? [0, ...short] : short;
  return [0x02, positive.length, ...positive];
}

/** An ECDSA signature in DER. */
export function derOf(r: bigint, s: bigint): Uint8Array {
  const content = [...integer(r), ...integer(s)];
  return Uint8Array.from([0x30, content.length, ...content]);
}

/** Signs a digest with a random number, as key services do: no two signatures are the same. */
async function randomSignature(
  digest: Uint8Array,
  key: `0x${string}`,
  mood: ServiceMood,
): Promise<Uint8Array> {
  setSignEntropy(toHex(crypto.getRandomValues(new Uint8Array(32))));
  const signing = sign({ hash: toHex(digest), privateKey: mood.otherKey ?? key });
  // The entropy is everybody's: whoever signs next in this process expects the number that RFC 6979 gives.
  setSignEntropy('0x');
  const { r, s } = await signing;
  const low = BigInt(s);
  return mood.twist(derOf(BigInt(r), mood.s === 'high' ? ORDER - low : low));
}

/** SubjectPublicKeyInfo of a secp256k1 key, in DER. */
function spkiOf(key: `0x${string}`): Uint8Array {
  const prefix = Buffer.from('3056301006072a8648ce3d020106052b8104000a034200', 'hex');
  return Buffer.concat([prefix, Buffer.from(privateKeyToAccount(key).publicKey.slice(2), 'hex')]);
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Whether a request carries the Signature Version 4 that follows from its own headers, body and the secret. */
function isSignedByAws({ headers, body, path }: SeenRequest, secret: string): boolean {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/kms\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;
  const [, , date = '', region = '', names = '', signature = ''] =
    pattern.exec(headers.authorization ?? '') ?? [];
  const lines = names
    .split(';')
    .map((name) => `${name}:${String(headers[name]).trim()}\n`)
    .join('');
  const canonical = ['POST', path, '', lines, names, sha256(body)].join('\n');
  const scope = `${date}/${region}/kms/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const keys = [date, region, 'kms', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const needed = ['host', 'x-amz-date', 'x-amz-target'].every((name) => names.split(';').includes(name));
  return needed && hmac(keys, toSign).toString('hex') === signature;
}

type Answer = (request: SeenRequest) => Promise<{ readonly body: unknown; readonly status?: number }>;

async function startService(answer: Answer, mood: ServiceMood): Promise<KeyService> {
  const server = await startAnsweringServer(async (request, response: ServerResponse) => {
    if (mood.hangs) return;
    if (mood.status !== null) return reply(response, mood.words, mood.status);
    const { body, status } = await answer(request);
    reply(response, body, status);
  });
  return { ...server, mood };
}

/** AWS KMS as far as signing needs it; a request whose Signature Version 4 is wrong is refused. */
export function startAwsKms(key: `0x${string}`, keyId: string, secret: string): Promise<KeyService> {
  const mood = goodMood();
  return startService(async (request) => {
    if (!isSignedByAws(request, secret))
      return { body: { __type: 'com.amazon.coral#InvalidSignatureException' }, status: 400 };
    const asked = JSON.parse(request.body);
    if (asked.KeyId !== keyId) return { body: { __type: 'NotFoundException' }, status: 400 };
    if (request.headers['x-amz-target'] === 'TrentService.GetPublicKey') {
      const PublicKey = base64(spkiOf(key));
      return { body: { KeyId: keyId, KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY', PublicKey } };
    }
    const isDigest = asked.MessageType === 'DIGEST' && asked.SigningAlgorithm === 'ECDSA_SHA_256';
    const digest = Buffer.from(asked.Message, 'base64');
    if (!isDigest || digest.length !== 32) return { body: { __type: 'ValidationException' }, status: 400 };
    const Signature = base64(await randomSignature(digest, key, mood));
    return { body: { KeyId: keyId, Signature, SigningAlgorithm: 'ECDSA_SHA_256' } };
  }, mood);
}

/** Google Cloud KMS as far as signing needs it; a request with another token is refused. */
export function startGcpKms(
  key: `0x${string}`,
  keyVersion: string,
  token: () => string,
): Promise<KeyService> {
  const mood = goodMood();
  return startService(async ({ path, headers, body }) => {
    if (headers.authorization !== `Bearer ${token()}`)
      return { body: { error: { code: 401, status: 'UNAUTHENTICATED' } }, status: 401 };
    if (path === `/v1/${keyVersion}/publicKey`) {
      const lines = base64(spkiOf(key)).replace(/.{64}/g, '$&\n');
      const pem = `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`;
      return { body: { pem, algorithm: 'EC_SIGN_SECP256K1_SHA256', name: keyVersion } };
    }
    if (path !== `/v1/${keyVersion}:asymmetricSign`)
      return { body: { error: { code: 404, status: 'NOT_FOUND' } }, status: 404 };
    const digest = Buffer.from(JSON.parse(body).digest.sha256, 'base64');
    return { body: { signature: base64(await randomSignature(digest, key, mood)), name: keyVersion } };
  }, mood);
}

/** What a remote signer of a test changes in a transaction before it signs it. */
export interface RemoteMood extends ServiceMood {
  change: (transaction: Record<string, unknown>) => Record<string, unknown>;
  /** Changes the bytes after signing. */
  tamper: (raw: string) => unknown;
}

/** A remote signer that speaks JSON-RPC as web3signer does. */
export async function startRemoteSigner(
  key: `0x${string}`,
): Promise<AnsweringServer & { readonly mood: RemoteMood }> {
  const mood: RemoteMood = { ...goodMood(), change: (transaction) => transaction, tamper: (raw) => raw };
  const account = () => privateKeyToAccount(mood.otherKey ?? key);
  const server = await startService(async ({ body }) => {
    const { method, params } = JSON.parse(body);
    const result = async () => {
      if (method === 'eth_accounts') return [privateKeyToAccount(key).address.toLowerCase()];
      if (method === 'eth_sign')
        return sign({ hash: hashMessage({ raw: params[1] }), privateKey: key, to: 'hex' });
      const [asked] = params;
      const transaction = {
        type: 'eip1559',
        chainId: Number(asked.chainId),
        nonce: Number(asked.nonce),
        to: asked.to,
        data: asked.data,
        value: BigInt(asked.value),
        gas: BigInt(asked.gas),
        maxFeePerGas: BigInt(asked.maxFeePerGas),
        maxPriorityFeePerGas: BigInt(asked.maxPriorityFeePerGas),
      };
      return mood.tamper(await account().signTransaction(mood.change(transaction) as never));
    };
    return { body: { jsonrpc: '2.0', id: 1, result: await result() } };
  }, mood);
  return { ...server, mood };
}

/** A signed transaction with the upper of its two values of s: valid arithmetic, refused by chains. */
export function withHighS(raw: string): `0x${string}` {
  const { r, s, yParity, v: _, ...transaction } = parseTransaction(raw as `0x02${string}`);
  const signature = {
    r: r as `0x${string}`,
    s: numberToHex(ORDER - BigInt(s as string), { size: 32 }),
    yParity: 1 - (yParity as number),
  };
  return serializeTransaction(transaction as never, signature);
}
