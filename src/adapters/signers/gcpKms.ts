import { hexToBytes } from 'viem';
import { z } from 'zod';
import { defineSigner } from '../../ports/signer.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { encodeBase64 } from './internal/base64.ts';
import { parseSignature } from './internal/der.ts';
import { digestSigner } from './internal/digestSigner.ts';
import { base64, inService, provenAddress } from './internal/keyService.ts';
import { isOnePlace, onePlaceError, secretFrom, secretPlace } from './internal/secretFrom.ts';
import { askService, credentialUrl, serviceAt, serviceTimeout } from './internal/service.ts';

const ALGORITHM = 'EC_SIGN_SECP256K1_SHA256';
const KEY_VERSION =
  /^projects\/[\w.:-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+\/cryptoKeyVersions\/\d+$/;

const config = z
  .strictObject({
    keyVersion: z
      .string()
      .regex(KEY_VERSION, {
        error: 'projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N',
      })
      .describe(`full name of the key version; algorithm ${ALGORITHM}`),
    address: addressSchema.describe('the address of that key; any other is refused'),
    url: credentialUrl.default('https://cloudkms.googleapis.com').describe('endpoint of the service'),
    ...secretPlace('an OAuth access token, read anew for each signature, since it ends after an hour'),
    timeoutMs: serviceTimeout,
  })
  .refine(isOnePlace, onePlaceError);

type GcpKmsConfig = z.infer<typeof config>;

const publicKeyAnswer = z.object({ pem: z.string().max(4_096), algorithm: z.literal(ALGORITHM) });
const signatureAnswer = z.object({ signature: base64 });

/**
 * A secp256k1 key that never leaves Google Cloud KMS (asymmetricSign over a digest). The access token comes from an
 * environment variable or a file that somebody keeps fresh; no metadata server is asked.
 */
export const gcpKms = defineSigner<GcpKmsConfig>({
  summary: 'key in Google Cloud KMS (secp256k1)',
  config,
  sample: {
    keyVersion: 'projects/p/locations/europe-west3/keyRings/r/cryptoKeys/keeper/cryptoKeyVersions/1',
    address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    url: 'https://cloudkms.googleapis.com',
    file: '/run/secrets/gcp-token',
    timeoutMs: 3_000,
  },
  async open(settings, secrets, fetch) {
    const service = serviceAt('Google Cloud KMS', settings.url, settings.timeoutMs, fetch);
    const { name } = service;
    const key = `${settings.url.replace(/\/$/, '')}/v1/${settings.keyVersion}`;
    const headers = async () => ({
      authorization: `Bearer ${await secretFrom(settings, secrets)}`,
      'content-type': 'application/json',
    });
    const { pem } = await askService(
      service,
      { url: `${key}/publicKey`, method: 'GET', headers: await headers() },
      publicKeyAnswer,
    );
    return digestSigner(name, provenAddress(name, bytesOfPem(pem), settings.address), async (digest) => {
      const body = JSON.stringify({ digest: { sha256: encodeBase64(hexToBytes(digest)) } });
      const request = {
        url: `${key}:asymmetricSign`,
        method: 'POST' as const,
        headers: await headers(),
        body,
      };
      const { signature } = await askService(service, request, signatureAnswer);
      return inService(name, () => parseSignature(signature));
    });
  },
});

/** The bytes between the lines of a PEM block; nothing where it is none, which no key passes for. */
function bytesOfPem(pem: string): Uint8Array {
  const body = /^-----BEGIN PUBLIC KEY-----([\s\S]+)-----END PUBLIC KEY-----\s*$/.exec(pem.trim())?.[1] ?? '';
  const decoded = base64.safeParse(body.replace(/\s/g, ''));
  return decoded.success ? decoded.data : new Uint8Array();
}
