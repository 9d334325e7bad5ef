import { z } from 'zod';
import { defineRelay, type RelayAnswer, type Submission } from '../../ports/relay.ts';
import { isLoopbackUrl } from '../chain/loopback.ts';
import { answerOf } from './internal/answers.ts';
import { RelaySecretMissingError } from './internal/errors.ts';
import { type Endpoint, exchange, requestBody } from './internal/exchange.ts';
import { bundleUuid, isBundleAccepted, toHex } from './internal/flashbotsRequests.ts';
import { forEveryBlock } from './internal/perBlock.ts';
import { relayTimeout, relayUrl } from './internal/relayUrl.ts';

const config = z.strictObject({
  url: relayUrl.describe('for example https://mev.api.blxrbdn.com'),
  authorizationVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'the name of an environment variable' })
    .describe('the environment variable that holds the Authorization header; it is never shown'),
  builders: z
    .array(z.string().min(1))
    .max(50)
    .default([])
    .describe('builders to share with, by bloXroute’s names; empty: its own choice'),
  timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
});

/**
 * bloXroute (docs.bloxroute.com, blxr_submit_bundle): params is an object, transactions come without 0x, and the account's
 * header admits. It signs nothing for single builders, and does not take bundles back.
 */
export const bloxroute = defineRelay<z.infer<typeof config>>({
  summary: 'private: blxr_submit_bundle to bloXroute, admitted by an account’s header',
  config,
  sample: {
    url: 'http://127.0.0.1:18545',
    authorizationVariable: 'BLOXROUTE_AUTHORIZATION',
    builders: [],
    timeoutMs: 3_000,
  },
  open(name, { url, authorizationVariable, builders, timeoutMs }, { fetch, secrets }) {
    const authorization = secrets?.environment(authorizationVariable)?.trim() ?? '';
    if (authorization === '') throw new RelaySecretMissingError(name, authorizationVariable);
    const endpoint = { url, timeoutMs, fetch, hidden: [authorization] };
    const sharing = builders.map((builder) => [builder, ''] as const);
    const members = sharing.length === 0 ? {} : { mev_builders: Object.fromEntries(sharing) };
    return {
      name,
      isPrivate: true,
      isLoopback: isLoopbackUrl(url),
      submit: (submission) =>
        forEveryBlock(submission, (block) =>
          submitBundle(endpoint, authorization, members, submission, block),
        ),
    };
  },
});

async function submitBundle(
  endpoint: Endpoint,
  authorization: string,
  members: object,
  { rawTransaction, transactionHash }: Submission,
  block: bigint,
): Promise<RelayAnswer> {
  const body = requestBody('blxr_submit_bundle', {
    transaction: [rawTransaction.slice(2)],
    block_number: toHex(block),
    uuid: bundleUuid(transactionHash, block),
    ...members,
  });
  return answerOf(await exchange(endpoint, body, { authorization }), isBundleAccepted, endpoint);
}
