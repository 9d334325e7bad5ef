import { sameAddress } from '../../core/units.ts';
import { type FullSubmissionContext, type Method, type Methods, submission } from './method.ts';
import * as read from './params.ts';
import { readBound, readSendBundle, type Submitted } from './submissions.ts';
import { bundleHash } from './transaction.ts';

/** How a block builder's eth_sendBundle differs from the Flashbots relay's. */
export interface BuilderRules {
  /** Members under which a bundle can be named. */
  readonly names: readonly string[];
  /** Further members that it knows. */
  readonly others: readonly string[];
  readonly refundPercent: readonly [least: number, most: number];
  /** Whether a share without somebody who gets it is refused. */
  readonly needsRecipient: boolean;
  readonly cancelBy: 'eth_cancelBundle' | 'emptyBundle';
}

/** Answered to a cancellation, as Titan documents it. */
const CANCELLED = 200;

/** A block builder's endpoint. */
export function builderMethods(rules: BuilderRules): Methods {
  const send: Method = submission((params, context) => readBuilderBundle(params, context, rules));
  if (rules.cancelBy === 'eth_cancelBundle')
    return { eth_sendBundle: send, eth_cancelBundle: cancelByMethod };
  return {
    eth_sendBundle: (context, request, misbehaviour) =>
      isEmpty(request.params)
        ? cancelByEmptyBundle(context, request, rules)
        : send(context, request, misbehaviour),
  };
}

async function readBuilderBundle(
  params: unknown,
  context: FullSubmissionContext,
  rules: BuilderRules,
): Promise<Submitted> {
  const bundle = read.positional(params, 0, 1);
  read.onlyMembers(bundle, [
    'txs',
    'blockNumber',
    'revertingTxHashes',
    'droppingTxHashes',
    'refundPercent',
    'refundRecipient',
    'refundTxHashes',
    ...rules.names,
    ...rules.others,
  ]);
  checkRefund(bundle, rules);
  read.optional(read.member(bundle, 'droppingTxHashes'), read.readHashes);
  if (rules.others.includes('delayedRefund'))
    read.optional(read.member(bundle, 'delayedRefund'), read.readBoolean);
  const name = readName(bundle, rules);
  const { entry, result } = await readSendBundle([withBlock(bundle, context.height)], context);
  const minTimestampSeconds = readBound(read.member(bundle, 'minTimestamp'));
  return { entry: { ...entry, minTimestampSeconds, replacementUuid: name }, result };
}

/** Builders take a bundle without a block for the next one; what names it is theirs, too. */
function withBlock(bundle: read.Param, height: bigint): object {
  const { replacementUuid: _, ...members } = bundle.value as Record<string, unknown>;
  const { blockNumber } = members;
  const isNext = blockNumber === undefined || blockNumber === null || blockNumber === '0x';
  return { ...members, blockNumber: isNext ? `0x${(height + 1n).toString(16)}` : blockNumber };
}

function checkRefund(bundle: read.Param, { refundPercent, needsRecipient }: BuilderRules): void {
  const [least, most] = refundPercent;
  const percent = read.optional(read.member(bundle, 'refundPercent'), (param) =>
    read.readPercent(param, least, most),
  );
  const recipient = read.optional(read.member(bundle, 'refundRecipient'), read.readAddress);
  const hashes = read.optional(read.member(bundle, 'refundTxHashes'), read.readHashes) ?? [];
  if (hashes.length > 1) throw read.mismatch(read.member(bundle, 'refundTxHashes'), 'at most one hash');
  if (percent !== null && recipient === null && needsRecipient)
    throw read.mismatch(read.member(bundle, 'refundRecipient'), 'an address, beside refundPercent');
}

function readName(bundle: read.Param, { names }: Pick<BuilderRules, 'names'>): string | null {
  const given = names.map((name) => read.optional(read.member(bundle, name), read.readText));
  return given.find((name) => name !== null) ?? null;
}

function isEmpty(params: unknown): boolean {
  const { txs } = (Array.isArray(params) ? (params[0] ?? {}) : {}) as { txs?: unknown };
  return Array.isArray(txs) && txs.length === 0;
}

/** Answers the hash of a bundle without transactions; cancelling what is not there is no error. */
function cancelByEmptyBundle(
  { store }: Parameters<Method>[0],
  { params, identity }: Parameters<Method>[1],
  rules: BuilderRules,
): object {
  const bundle = read.positional(params, 0, 1);
  const name = readName(bundle, rules);
  if (name === null) throw read.mismatch(read.member(bundle, 'txs'), 'at least one transaction');
  store.remove((entry) => entry.replacementUuid === name && sameAddress(entry.identity, identity));
  return { bundleHash: bundleHash([]) };
}

const cancelByMethod: Method = ({ store }, { params, identity }) => {
  const name = read.readText(read.member(read.positional(params, 0, 1), 'replacementUuid'));
  store.remove((entry) => entry.replacementUuid === name && sameAddress(entry.identity, identity));
  return CANCELLED;
};
