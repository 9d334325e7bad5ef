import { z } from 'zod';
import { defineRelay, type Relay } from '../../ports/relay.ts';
import { openBundleRelay } from './internal/bundleRelay.ts';
import { callBundleParams, signedExchange, simulationOf } from './internal/flashbotsRequests.ts';
import { requireIdentity } from './internal/identity.ts';
import { sendPrivateTransaction } from './internal/privateTransaction.ts';
import { relayTimeout, relayUrl } from './internal/relayUrl.ts';
import { builderNames, privacyOf } from './internal/sharing.ts';

const config = z.strictObject({
  url: relayUrl.describe('for example https://relay.flashbots.net'),
  mode: z
    .enum(['bundle', 'privateTransaction'])
    .default('bundle')
    .describe(
      'bundle: one eth_sendBundle for each target block; privateTransaction: one request for the range',
    ),
  timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
  builders: builderNames,
  cancellable: z
    .boolean()
    .default(false)
    .describe('names every bundle, so that it can be taken back; not every builder takes named ones'),
});

type FlashbotsConfig = z.infer<typeof config>;

/**
 * A relay that speaks the format of Flashbots (docs.flashbots.net, JSON-RPC endpoints). It does not ask for bundle
 * statistics, which the relay has withdrawn, and sets no timestamps: the transaction's own deadline bounds the time. A
 * private transaction with hints, refunds or a cancellation is the kind `flashbotsPrivate`.
 */
export const flashbots = defineRelay<FlashbotsConfig>({
  summary: 'private: bundles or private transactions to a relay in the format of Flashbots',
  config,
  sample: {
    url: 'http://127.0.0.1:18545',
    mode: 'bundle',
    timeoutMs: 3_000,
    builders: [],
    cancellable: false,
  },
  open(name, settings, { identity: given, fetch }) {
    const { url, timeoutMs, builders, cancellable } = settings;
    const identity = requireIdentity(name, given);
    const endpoint = { url, timeoutMs, fetch };
    const bundles = openBundleRelay(name, endpoint, identity, {
      nameField: cancellable ? 'replacementUuid' : null,
      cancelBy: 'eth_cancelBundle',
      acceptsNull: false,
      members: builders.length === 0 ? {} : { builders },
    });
    const simulate: Relay['simulate'] = async (submission) => {
      const params = callBundleParams(submission);
      return simulationOf(await signedExchange(endpoint, identity, 'eth_callBundle', params), url);
    };
    if (settings.mode === 'bundle') return { ...bundles, simulate };
    const preferences = builders.length === 0 ? {} : { fast: false, ...privacyOf([], builders) };
    const { isPrivate, isLoopback } = bundles;
    return {
      name,
      isPrivate,
      isLoopback,
      submit: (submission) => sendPrivateTransaction(endpoint, identity, preferences, submission),
      simulate,
    };
  },
});
