import type { Relay, RelayAnswer, Submission } from '../../../ports/relay.ts';
import type { Signer } from '../../../ports/signer.ts';
import { isLoopbackUrl } from '../../chain/loopback.ts';
import { answerOf } from './answers.ts';
import type { Endpoint } from './exchange.ts';
import { ask, bundleUuid, isBundleAccepted, toHex } from './flashbotsRequests.ts';
import { forEveryBlock } from './perBlock.ts';

/** What differs between endpoints that take eth_sendBundle. */
export interface BundleDialect {
  /** The member under which a bundle is named for replacement; null where bundles are sent without a name. */
  readonly nameField: 'replacementUuid' | 'uuid' | null;
  /** How a named bundle is taken back: by eth_cancelBundle, or by an empty bundle of the same name. */
  readonly cancelBy: 'eth_cancelBundle' | 'emptyBundle' | null;
  /** Whether a result of null stands for acceptance: some builders answer nothing else. */
  readonly acceptsNull: boolean;
  /** Members that go into every bundle, such as refunds. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** A private relay over an endpoint that takes eth_sendBundle in this dialect. */
export function openBundleRelay(
  name: string,
  endpoint: Endpoint,
  identity: Signer | null,
  dialect: BundleDialect,
): Relay {
  const relay: Relay = {
    name,
    isPrivate: true,
    isLoopback: isLoopbackUrl(endpoint.url),
    submit: (submission) => sendBundles(endpoint, identity, dialect, submission),
  };
  if (dialect.cancelBy === null || dialect.nameField === null) return relay;
  return { ...relay, cancel: (submission) => cancelBundles(endpoint, identity, dialect, submission) };
}

function nameOf({ nameField }: BundleDialect, { transactionHash }: Submission, block: bigint): object {
  return nameField === null ? {} : { [nameField]: bundleUuid(transactionHash, block) };
}

function sendBundles(
  endpoint: Endpoint,
  identity: Signer | null,
  dialect: BundleDialect,
  submission: Submission,
): Promise<RelayAnswer> {
  const isAccepted = (result: unknown) =>
    isBundleAccepted(result) || (dialect.acceptsNull && result === null);
  const leaving = { ...endpoint, refusal: submission.refusal };
  return forEveryBlock(submission, async (block) => {
    const bundle = {
      txs: [submission.rawTransaction],
      blockNumber: toHex(block),
      ...nameOf(dialect, submission, block),
      ...dialect.members,
    };
    return answerOf(await ask(leaving, identity, 'eth_sendBundle', [bundle]), isAccepted, endpoint);
  });
}

function cancelBundles(
  endpoint: Endpoint,
  identity: Signer | null,
  dialect: BundleDialect,
  submission: Submission,
): Promise<RelayAnswer> {
  return forEveryBlock(submission, async (block) => {
    const named = nameOf(dialect, submission, block);
    const answer =
      dialect.cancelBy === 'emptyBundle'
        ? await ask(endpoint, identity, 'eth_sendBundle', [{ txs: [], blockNumber: toHex(block), ...named }])
        : await ask(endpoint, identity, 'eth_cancelBundle', [named]);
    return answerOf(answer, () => true, endpoint);
  });
}
