import { AwsV4Signer } from 'aws4fetch';
import { hexToBytes } from 'viem';
import { z } from 'zod';
import { defineSigner, type SecretSource } from '../../ports/signer.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { encodeBase64 } from './internal/base64.ts';
import { parseSignature } from './internal/der.ts';
import { digestSigner } from './internal/digestSigner.ts';
import { SecretMissingError } from './internal/errors.ts';
import { base64, inService, provenAddress } from './internal/keyService.ts';
import { askService, credentialUrl, type Service, serviceAt, serviceTimeout } from './internal/service.ts';
import { variableName } from './internal/variableName.ts';

const config = z.strictObject({
  keyId: z
    .string()
    .min(1)
    .max(2_048)
    .describe('key id, ARN or alias; key spec ECC_SECG_P256K1, usage SIGN_VERIFY'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .describe('for example eu-central-1'),
  address: addressSchema.describe('the address of that key; any other is refused'),
  url: credentialUrl.optional().describe('endpoint of the service; that of the region where none is named'),
  accessKeyVariable: variableName
    .default('AWS_ACCESS_KEY_ID')
    .describe('environment variable that holds the access key id'),
  secretKeyVariable: variableName
    .default('AWS_SECRET_ACCESS_KEY')
    .describe('environment variable that holds the secret access key'),
  sessionTokenVariable: variableName
    .default('AWS_SESSION_TOKEN')
    .describe('environment variable that holds the session token; may be unset'),
  timeoutMs: serviceTimeout,
});

type AwsKmsConfig = z.infer<typeof config>;

const publicKeyAnswer = z.object({
  KeySpec: z.literal('ECC_SECG_P256K1'),
  KeyUsage: z.literal('SIGN_VERIFY'),
  PublicKey: base64,
});
const signatureAnswer = z.object({ Signature: base64 });

/** A secp256k1 key that never leaves AWS Key Management Service (GetPublicKey, Sign with ECDSA_SHA_256 over a digest). */
export const awsKms = defineSigner<AwsKmsConfig>({
  summary: 'key in AWS Key Management Service (secp256k1)',
  config,
  sample: {
    keyId: 'alias/keeper',
    region: 'eu-central-1',
    address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    accessKeyVariable: 'AWS_ACCESS_KEY_ID',
    secretKeyVariable: 'AWS_SECRET_ACCESS_KEY',
    sessionTokenVariable: 'AWS_SESSION_TOKEN',
    timeoutMs: 3_000,
  },
  async open(settings, secrets, fetch) {
    const url = settings.url ?? `https://kms.${settings.region}.amazonaws.com/`;
    const service = serviceAt('AWS KMS', url, settings.timeoutMs, fetch);
    const ask = asker(settings, url, secrets, service);
    const { keyId } = settings;
    const { PublicKey } = await ask('GetPublicKey', { KeyId: keyId }, publicKeyAnswer);
    return digestSigner(
      service.name,
      provenAddress(service.name, PublicKey, settings.address),
      async (digest) => {
        const { Signature } = await ask(
          'Sign',
          {
            KeyId: keyId,
            Message: encodeBase64(hexToBytes(digest)),
            MessageType: 'DIGEST',
            SigningAlgorithm: 'ECDSA_SHA_256',
          },
          signatureAnswer,
        );
        return inService(service.name, () => parseSignature(Signature));
      },
    );
  },
});

/** Makes requests signed by Signature Version 4; credentials are read for each, since they are renewed under way. */
function asker({ region, ...settings }: AwsKmsConfig, url: string, secrets: SecretSource, service: Service) {
  return async <T>(operation: string, fields: object, answer: z.ZodType<T>): Promise<T> => {
    const body = JSON.stringify(fields);
    const sessionToken = secrets.environment(settings.sessionTokenVariable);
    const signed = await new AwsV4Signer({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
      body,
      service: 'kms',
      region,
      allHeaders: true,
      accessKeyId: required(secrets, settings.accessKeyVariable),
      secretAccessKey: required(secrets, settings.secretKeyVariable),
      ...(sessionToken ? { sessionToken } : {}),
    }).sign();
    const headers = Object.fromEntries(signed.headers.entries());
    return askService(service, { url: signed.url.href, method: 'POST', headers, body }, answer);
  };
}

function required(secrets: SecretSource, variable: string): string {
  const value = secrets.environment(variable)?.trim();
  if (value === undefined || value === '') throw new SecretMissingError(variable);
  return value;
}
