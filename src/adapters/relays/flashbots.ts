import { z } from 'zod';
import { min } from '../../core/units.ts';
import { defineRelay, type Relay, type RelayAnswer, type Submission } from '../../ports/relay.ts';
import type { Signer } from '../../ports/signer.ts';
import { isLoopbackUrl } from '../chain/loopback.ts';
import { answerOf } from './internal/answers.ts';
import { RelayIdentityMissingError } from './internal/errors.ts';
import type { Endpoint } from './internal/exchange.ts';
import {
  callBundleParams,
  isBundleAccepted,
  isHashOf,
  signedExchange,
  simulationOf,
  toHex,
} from './internal/flashbotsRequests.ts';
import { relayTimeout, relayUrl } from './internal/relayUrl.ts';

/** One request is made for each target block; a longer range is covered up to this many. */
const MAX_TARGET_BLOCKS = 30n;

const config = z.strictObject({
  url: relayUrl.describe('for example https://relay.flashbots.net'),
  mode: z
    .enum(['bundle', 'privateTransaction'])
    .default('bundle')
    .describe(
      'bundle: one eth_sendBundle for each target block; privateTransaction: one request for the range',
    ),
  timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
  builders: z
    .array(z.string().min(1))
    .max(50)
    .default([])
    .describe('builders to share with; empty: the relay’s own'),
});

type FlashbotsConfig = z.infer<typeof config>;

/** A relay that speaks the format of Flashbots (docs.flashbots.net, JSON-RPC endpoints). */
export const flashbots = defineRelay<FlashbotsConfig>({
  summary: 'private: bundles or private transactions to a relay in the format of Flashbots',
  config,
  sample: { url: 'http://127.0.0.1:18545', mode: 'bundle', timeoutMs: 3_000, builders: [] },
  open(name, settings, { identity, fetch }) {
    if (identity === null) throw new RelayIdentityMissingError(name);
    const endpoint = { url: settings.url, timeoutMs: settings.timeoutMs, fetch };
    const submit = settings.mode === 'bundle' ? sendBundles : sendPrivateTransaction;
    const relay: Relay = {
      name,
      isPrivate: true,
      isLoopback: isLoopbackUrl(settings.url),
      submit: (submission) => submit(endpoint, identity, settings, submission),
      async simulate(submission) {
        const answer = await signedExchange(
          endpoint,
          identity,
          'eth_callBundle',
          callBundleParams(submission),
        );
        return simulationOf(answer, settings.url);
      },
    };
    return relay;
  },
});

/** A bundle is for one block only, so the range is asked for block by block, all at the same time. */
async function sendBundles(
  endpoint: Endpoint,
  identity: Signer,
  { builders }: FlashbotsConfig,
  { rawTransaction, firstBlock, lastBlock }: Submission,
): Promise<RelayAnswer> {
  const last = min(lastBlock, firstBlock + MAX_TARGET_BLOCKS - 1n);
  const sharing = builders.length === 0 ? {} : { builders };
  const answers: Promise<RelayAnswer>[] = [];
  for (let block = firstBlock; block <= last; block += 1n) {
    const params = [{ txs: [rawTransaction], blockNumber: toHex(block), ...sharing }];
    const answer = signedExchange(endpoint, identity, 'eth_sendBundle', params);
    answers.push(answer.then((exchange) => answerOf(exchange, isBundleAccepted, endpoint.url)));
  }
  if (answers.length === 0) return { status: 'refused', detail: 'there is no block to target' };
  return together(await Promise.all(answers), firstBlock, last);
}

/** Accepted for one block is accepted; refused only if refused for every block. */
function together(answers: readonly RelayAnswer[], first: bigint, last: bigint): RelayAnswer {
  const status = (['accepted', 'unknown'] as const).find((wanted) =>
    answers.some((answer) => answer.status === wanted),
  );
  const telling = answers.find((answer) => answer.status === (status ?? 'refused')) as RelayAnswer;
  const count = answers.filter((answer) => answer.status === telling.status).length;
  return {
    status: telling.status,
    detail: `${telling.detail} (${count} of ${answers.length} bundles, blocks ${first} to ${last})`,
  };
}

async function sendPrivateTransaction(
  endpoint: Endpoint,
  identity: Signer,
  { builders }: FlashbotsConfig,
  { rawTransaction, transactionHash, lastBlock }: Submission,
): Promise<RelayAnswer> {
  const sharing = builders.length === 0 ? {} : { preferences: { fast: false, privacy: { builders } } };
  const params = [{ tx: rawTransaction, maxBlockNumber: toHex(lastBlock), ...sharing }];
  const answer = await signedExchange(endpoint, identity, 'eth_sendPrivateTransaction', params);
  return answerOf(answer, isHashOf(transactionHash), endpoint.url);
}
