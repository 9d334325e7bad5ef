import PQueue from 'p-queue';
import { BaseError, HttpRequestError, http, RpcRequestError, TimeoutError } from 'viem';
import { ChainUnavailableError, messageOf } from '../../core/errors.ts';
import type { Hex } from '../../core/units.ts';
import { RpcError } from './errors.ts';

/** How long and how often a node is asked before it counts as unavailable. */
export interface EndpointOptions {
  readonly url: string;
  /** Longest wait for one answer, milliseconds; 10,000 unless given. */
  readonly timeoutMs?: number;
  /** Repeats after a timeout, a refused connection, a rate limit or a server error; 2 unless given. */
  readonly retries?: number;
  /** Wait before the first repeat, milliseconds, doubled each time; 150 unless given. */
  readonly retryDelayMs?: number;
  /** Requests in flight at once; 8 unless given. */
  readonly parallel?: number;
  /** What the provider allows; unlimited unless given. */
  readonly requestsPerSecond?: number;
}

/** How urgent a request is, and what calls it off. */
export interface RequestOptions {
  /** Higher goes first where requests queue: following a transaction outranks reading positions. */
  readonly priority?: number;
  readonly signal?: AbortSignal;
}

/** A JSON-RPC endpoint that reads. */
export interface Endpoint {
  /** Requests made so far, repeats not counted. */
  readonly requests: () => number;
  /**
   * @throws RpcError when the node answered with an error
   * @throws ChainUnavailableError when it did not answer, limits our rate or fails itself
   */
  request(method: string, params: readonly unknown[], options?: RequestOptions): Promise<unknown>;
}

/** "Limit exceeded" (EIP-1474), HTTP's 429 in a JSON-RPC error, QuickNode's own code: come back later. */
const rateLimitCodes: ReadonlySet<number> = new Set([-32005, 429, -32007]);
/** What HTTP calls a body that is too large: halving helps, waiting does not. */
const payloadTooLarge = 413;

/** Opens a JSON-RPC endpoint over HTTP with bounded waits. */
export function openEndpoint(options: EndpointOptions): Endpoint {
  const timeout = options.timeoutMs ?? 10_000;
  const retryCount = options.retries ?? 2;
  const retryDelay = options.retryDelayMs ?? 150;
  // viem times the headers only; the signal bounds the body too, over all repeats.
  const deadlineMs = (timeout + retryDelay * 2 ** retryCount) * (retryCount + 1);
  const transport = http(options.url, { timeout, retryCount, retryDelay })({ retryCount, timeout });
  const rate = options.requestsPerSecond;
  const lane = new PQueue({
    concurrency: options.parallel ?? 8,
    ...(rate === undefined ? {} : { intervalCap: rate, interval: 1_000 }),
  });
  let requests = 0;
  const once = (method: string, params: readonly unknown[], outer: AbortSignal | undefined) => {
    outer?.throwIfAborted();
    requests += 1;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = outer === undefined ? deadline : AbortSignal.any([outer, deadline]);
    return transport.request({ method, params }, { signal });
  };
  return {
    requests: () => requests,
    async request(method, params, { priority = 1, signal } = {}) {
      try {
        return await lane.add(() => once(method, params, signal), { priority });
      } catch (error) {
        throw translate(method, error, options.url);
      }
    },
  };
}

/**
 * A foreign error as one of ours. It carries no foreign cause and no URL: both may hold the endpoint's access token.
 */
function translate(method: string, error: unknown, url: string): RpcError | ChainUnavailableError {
  const found = error instanceof BaseError ? error : null;
  const answered = found?.walk((cause) => cause instanceof RpcRequestError) as RpcRequestError | null;
  if (answered) {
    const detail = withoutUrl(answered.details, url);
    if (rateLimitCodes.has(answered.code)) return new ChainUnavailableError(`${method}: ${detail}`);
    return new RpcError(method, answered.code, detail, revertDataOf(answered.data));
  }
  const refused = found?.walk((cause) => cause instanceof HttpRequestError) as HttpRequestError | null;
  if (refused?.status === payloadTooLarge) {
    return new RpcError(method, payloadTooLarge, 'the request is too large', null);
  }
  if (refused?.status !== undefined) {
    return new ChainUnavailableError(`${method}: HTTP status ${refused.status}`, {
      facts: { status: refused.status },
    });
  }
  if (found?.walk((cause) => cause instanceof TimeoutError) || (error as Error)?.name === 'TimeoutError') {
    return new ChainUnavailableError(`${method}: no answer in time`);
  }
  if (found?.name === 'ResponseBodyTooLargeError') {
    return new RpcError(method, payloadTooLarge, 'the response is too large', null);
  }
  const detail = systemCodeOf(error) ?? withoutUrl(found?.details ?? messageOf(error), url);
  return new ChainUnavailableError(`${method}: ${detail}`);
}

/** What the system calls a broken connection (`ECONNREFUSED`), which fetch hides deep in its causes. */
function systemCodeOf(error: unknown): string | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth++) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return null;
}

/** Revert data as nodes give it: the data itself, behind a word (`Reverted 0x…`), or one level down in an object. */
function revertDataOf(data: unknown): Hex | null {
  const inner = typeof data === 'object' && data !== null && 'data' in data ? data.data : data;
  if (typeof inner !== 'string') return null;
  const [, found] = /^(?:Reverted )?(0x(?:[0-9a-fA-F]{2})*)$/.exec(inner) ?? [];
  return (found as Hex | undefined) ?? null;
}

function withoutUrl(text: string, url: string): string {
  return text.replaceAll(url, '<endpoint>').slice(0, 300);
}
