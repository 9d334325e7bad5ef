import type { Address } from '../../core/units.ts';
import type { AnvilNode } from '../node/node.ts';
import { readHeight } from './blocks.ts';
import type { EntryStore } from './entryStore.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import { distort } from './misbehaviours.ts';
import type { PublicWatch } from './publicWatch.ts';
import type { SubmissionContext, Submitted } from './submissions.ts';
import type { Lane, Misbehaviour } from './types.ts';

/** What the methods work on. */
export interface MethodContext {
  readonly node: AnvilNode;
  readonly chainId: number;
  readonly store: EntryStore;
  readonly watch: PublicWatch;
  readonly lane: Lane;
}

/** One request that was admitted. */
export interface SignedRequest {
  readonly method: string;
  readonly params: unknown;
  /** Who signed it, or the zero address where nobody has to. */
  readonly identity: Address;
  readonly query: URLSearchParams;
}

/**
 * One method of an endpoint.
 *
 * @param misbehaviour what to do wrong with the transactions; the wrong answer is the server's part
 */
export type Method = (
  context: MethodContext,
  request: SignedRequest,
  misbehaviour: Misbehaviour | null,
) => unknown;

/** The methods of an endpoint, by name. */
export type Methods = Readonly<Record<string, Method>>;

/** What a submission is read with. */
export interface FullSubmissionContext extends SubmissionContext {
  readonly query: URLSearchParams;
  readonly store: EntryStore;
  readonly lane: Lane;
}

/** A method that hands transactions over: reads them, and holds them for their blocks. */
export function submission(
  readSubmission: (params: unknown, context: FullSubmissionContext) => Promise<Submitted>,
): Method {
  return async ({ node, chainId, store, watch, lane }, { params, identity, query }, misbehaviour) => {
    const height = await readHeight(node);
    const context = { identity, chainId, height, query, store, lane };
    const { entry, result } = await readSubmission(params, context);
    for (const { hash } of entry.transactions) watch.entrust(hash);
    store.book({ number: height, transactionHashes: [] });
    const kept = distort(entry, misbehaviour);
    if (kept !== null) store.add(kept);
    return result;
  };
}

/**
 * Carries out one request.
 *
 * @returns the JSON-RPC result
 * @throws RelayRefusalError in answer to a wrong request, DevnetError when the node does not answer
 */
export async function carryOut(
  methods: Methods,
  context: MethodContext,
  request: SignedRequest,
  misbehaviour: Misbehaviour | null,
): Promise<unknown> {
  const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (method !== undefined) return method(context, request, misbehaviour);
  throw new RelayRefusalError(
    RPC_CODE.methodNotFound,
    `the method ${request.method.slice(0, 60)} is not available`,
  );
}
