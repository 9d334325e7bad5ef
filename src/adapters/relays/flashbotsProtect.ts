import { z } from 'zod';
import { defineRelay, type Relay, type Submission } from '../../ports/relay.ts';
import { isLoopbackUrl } from '../chain/loopback.ts';
import { adviceFrom } from './internal/protectStatus.ts';
import { sendRawTransaction } from './internal/rawTransaction.ts';
import { relayTimeout, relayUrl } from './internal/relayUrl.ts';
import { builderNames, hint, refundShares } from './internal/sharing.ts';

/** What the config says, or what gives transactions away: none of it may stand in the URL. */
const RESERVED = ['hint', 'builder', 'refund', 'blockrange', 'usemempool', 'mempoolrpc', 'canrevert', 'url'];

const config = z.strictObject({
  url: relayUrl
    .refine((url) => reservedIn(url).length === 0, {
      error: `a URL without ${RESERVED.join(', ')} in its query: useMempool gives the transaction to everybody`,
    })
    .describe('for example https://rpc.flashbots.net'),
  hints: z
    .array(hint)
    .min(1, {
      error: 'at least one hint: without any, the endpoint tells more than hash, which is the most private',
    })
    .describe('what searchers may be told; hash alone is the most private'),
  fast: z
    .boolean()
    .default(false)
    .describe('shares with every registered builder, and searchers in enclaves see all of it'),
  builders: builderNames,
  refund: refundShares,
  statusUrl: relayUrl
    .nullable()
    .default(null)
    .describe('where to ask what became of it, for example https://protect.flashbots.net; null: nowhere'),
  timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
});

type ProtectConfig = z.infer<typeof config>;

/**
 * Flashbots Protect (docs.flashbots.net, Protect settings): eth_sendRawTransaction to an endpoint whose query says what
 * may be told. It never falls back to the public mempool, drops what would revert, and cannot take anything back: that
 * takes another transaction of the same nonce.
 */
export const flashbotsProtect = defineRelay<ProtectConfig>({
  summary: 'private: Flashbots Protect, with the hints spelled out and never the public mempool',
  config,
  sample: {
    url: 'http://127.0.0.1:18545',
    hints: ['hash'],
    fast: false,
    builders: [],
    refund: [],
    statusUrl: null,
    timeoutMs: 3_000,
  },
  open(name, settings, { fetch }) {
    const { url, statusUrl, timeoutMs } = settings;
    const relay: Relay = {
      name,
      isPrivate: true,
      isLoopback: [url, statusUrl ?? url].every(isLoopbackUrl),
      submit: (submission) =>
        sendRawTransaction({ url: addressFor(settings, submission), timeoutMs, fetch }, submission),
    };
    if (statusUrl === null) return relay;
    const endpoint = { url: statusUrl, timeoutMs, fetch };
    return { ...relay, advise: ({ transactionHash }) => adviceFrom(endpoint, transactionHash) };
  },
});

function reservedIn(url: string): readonly string[] {
  if (!URL.canParse(url)) return [];
  const names = [...new URL(url).searchParams.keys()].map((name) => name.toLowerCase());
  return names.filter((name) => RESERVED.includes(name));
}

function addressFor(
  { url, fast, hints, builders, refund }: ProtectConfig,
  { firstBlock, lastBlock }: Submission,
): string {
  const address = new URL(url);
  if (fast) address.pathname = `${address.pathname.replace(/\/$/, '')}/fast`;
  for (const name of hints) address.searchParams.append('hint', name);
  for (const name of builders) address.searchParams.append('builder', name);
  for (const share of refund) address.searchParams.append('refund', `${share.address}:${share.percent}`);
  const blocks = lastBlock >= firstBlock ? lastBlock - firstBlock + 1n : 1n;
  address.searchParams.append('blockRange', String(blocks));
  return address.toString();
}
