import { ChainUnavailableError, messageOf } from '../../core/errors.ts';
import { oneLine } from '../../core/oneLine.ts';
import type { Hex } from '../../core/units.ts';
import { RpcError } from './errors.ts';
import { HttpTimeoutError } from './http.ts';
import { type HttpAnswer, HttpTooLargeError } from './httpAnswer.ts';
import { parseAnswer, type RpcAnswer } from './jsonRpc.ts';

/** A failed request: what to throw, and whether asking again may help. */
export interface Failure {
  readonly error: RpcError | ChainUnavailableError;
  readonly isTransient: boolean;
  readonly isRateLimit: boolean;
  /** How long the provider asks to wait, milliseconds; null where it does not say. */
  readonly retryAfterMs: number | null;
}

/** "Limit exceeded" (EIP-1474), HTTP's 429 in a JSON-RPC error, QuickNode's own code: come back later. */
const rateLimitCodes: ReadonlySet<number> = new Set([-32005, 429, -32007]);
/** "Internal error" (JSON-RPC 2.0): of the node, for example of one behind a balancer. */
const internalError = -32603;
/** What HTTP calls a body that is too large: halving helps, waiting does not. */
const payloadTooLarge = 413;
const tooManyRequests = 429;
/** Below 500, statuses that pass by themselves: request timeout, too many requests. */
const passingStatuses: ReadonlySet<number> = new Set([408, tooManyRequests]);

/** What an HTTP status other than success means, null where the body is to be read. */
export function refusalOf(method: string, answer: HttpAnswer, url: string): Failure | null {
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return null;
  if (status === payloadTooLarge) return lasting(tooLarge(method, 'request'));
  const told = status < 500 && status !== tooManyRequests ? errorIn(answer.body) : null;
  if (told) return failureOf(method, told, url);
  const error = new ChainUnavailableError(`${method}: HTTP status ${status}`, { facts: { status } });
  const isRateLimit = status === tooManyRequests || (status === 503 && retryAfterMs !== null);
  return { error, isTransient: status >= 500 || passingStatuses.has(status), isRateLimit, retryAfterMs };
}

/**
 * A JSON-RPC error, or anything thrown on the way, as one of ours. It carries no foreign cause and no URL: both may hold
 * the endpoint's access token.
 */
export function failureOf(method: string, found: unknown, url: string): Failure {
  if (isRpcError(found)) {
    const detail = withoutUrl(found.message, url);
    if (rateLimitCodes.has(found.code)) {
      const error = new ChainUnavailableError(`${method}: ${detail}`);
      return { error, isTransient: true, isRateLimit: true, retryAfterMs: null };
    }
    const error = new RpcError(method, found.code, detail, revertDataOf(found.data));
    return { ...lasting(error), isTransient: found.code === internalError };
  }
  if (found instanceof HttpTooLargeError) return lasting(tooLarge(method, 'response'));
  const inTime = !(found instanceof HttpTimeoutError);
  const detail = inTime ? (systemCodeOf(found) ?? detailOf(found, url)) : 'no answer in time';
  return { ...lasting(new ChainUnavailableError(`${method}: ${detail}`)), isTransient: true };
}

function lasting(error: RpcError | ChainUnavailableError): Failure {
  return { error, isTransient: false, isRateLimit: false, retryAfterMs: null };
}

function tooLarge(method: string, what: string): RpcError {
  return new RpcError(method, payloadTooLarge, `the ${what} is too large`, null);
}

function isRpcError(found: unknown): found is Extract<RpcAnswer, { readonly ok: false }> {
  return typeof found === 'object' && found !== null && 'ok' in found && found.ok === false;
}

/** The JSON-RPC error in the body of an HTTP error, null where there is none. */
function errorIn(body: Buffer): RpcAnswer | null {
  try {
    const answer = parseAnswer(body);
    return answer.ok ? null : answer;
  } catch {
    return null;
  }
}

/** What the HTTP client has codes of its own for, in words. */
const inWords: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_DESTROYED: 'the connection was closed by us',
};

/** What the system calls a broken connection (`ECONNREFUSED`), which may hide deep in its causes. */
function systemCodeOf(error: unknown): string | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth++) {
    if ('code' in cause && typeof cause.code === 'string') return inWords[cause.code] ?? cause.code;
  }
  return null;
}

function detailOf(found: unknown, url: string): string {
  return found instanceof SyntaxError ? 'the answer is no JSON-RPC' : withoutUrl(messageOf(found), url);
}

/** Revert data as nodes give it: the data itself, behind a word (`Reverted 0x…`), or one level down in an object. */
function revertDataOf(data: unknown): Hex | null {
  const inner = typeof data === 'object' && data !== null && 'data' in data ? data.data : data;
  if (typeof inner !== 'string') return null;
  const [, found] = /^(?:Reverted )?(0x(?:[0-9a-fA-F]{2})*)$/.exec(inner) ?? [];
  return (found as Hex | undefined) ?? null;
}

function withoutUrl(text: string, url: string): string {
  return oneLine(text.replaceAll(url, '<endpoint>'));
}
