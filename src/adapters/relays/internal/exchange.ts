import { messageOf } from '../../../core/errors.ts';
import { boundedText } from '../../chain/boundedText.ts';

/** No answer of a relay is longer than a few kilobytes; more is not read. */
const MAX_ANSWER_BYTES = 262_144;

/** What came back for one JSON-RPC request. */
export type Exchange =
  | { readonly kind: 'result'; readonly result: unknown }
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code: number | null;
      readonly message: string;
    }
  /** An HTTP status that is no success, without a JSON-RPC error in the body. */
  | { readonly kind: 'http'; readonly status: number }
  /** It must not leave any more: nothing was sent. */
  | { readonly kind: 'held'; readonly why: string }
  /** No answer, or none that can be understood; nobody knows what the relay did. */
  | { readonly kind: 'fault'; readonly what: string };

/** Where and how a request is sent. */
export interface Endpoint {
  readonly url: string;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  /** What must never be shown beside the URL: the values of headers. */
  readonly hidden?: readonly string[];
  /** Why nothing may be sent any more, asked at the last moment; null while it may, absent where nobody can say so. */
  readonly refusal?: (() => string | null) | undefined;
}

/** Sends one JSON-RPC request, once, within the timeout, following no redirect. Never throws. */
export async function exchange(
  endpoint: Endpoint,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Exchange> {
  const why = endpoint.refusal?.() ?? null;
  if (why !== null) return { kind: 'held', why };
  try {
    const signal = AbortSignal.timeout(endpoint.timeoutMs);
    const response = await endpoint.fetch(endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'error',
      signal,
    });
    return understand(response.status, await boundedText(response, MAX_ANSWER_BYTES, signal));
  } catch (error) {
    return { kind: 'fault', what: faultOf(error, endpoint.timeoutMs) };
  }
}

/** One request for each connection's answer, so that one id serves them all; an answer with another is not ours. */
const REQUEST_ID = 1;

/** A JSON-RPC 2.0 request in the key order and with the id that relays are used to; bloXroute's params are an object. */
export function requestBody(method: string, params: readonly unknown[] | object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: REQUEST_ID, method, params });
}

/** What stands for an error that says nothing. */
const WITHOUT_WORDS = 'an error without words';

/** An empty body under a success is what endpoints without anything to say answer: it stands for a result of null. */
function understand(status: number, text: string): Exchange {
  if (text === '' && status >= 200 && status <= 299) return { kind: 'result', result: null };
  const message = parse(text);
  if (message !== null && !isOurs(message)) {
    return { kind: 'fault', what: 'the answer is to another request' };
  }
  const error = message?.error;
  if (typeof error === 'object' && error !== null) {
    const { code, message: words } = error as Record<string, unknown>;
    return {
      kind: 'error',
      status,
      code: typeof code === 'number' ? code : null,
      message: typeof words === 'string' && words !== '' ? words : WITHOUT_WORDS,
    };
  }
  if (typeof error === 'string')
    return { kind: 'error', status, code: null, message: error || WITHOUT_WORDS };
  if (status < 200 || status > 299) return { kind: 'http', status };
  if (message === null || !('result' in message)) {
    return { kind: 'fault', what: 'the answer is not a JSON-RPC object' };
  }
  return { kind: 'result', result: message.result };
}

/** An error may come without an id: whoever could not read the request could not read its id. */
function isOurs({ id, error }: Record<string, unknown>): boolean {
  const isWithout = id === null || id === undefined;
  return id === REQUEST_ID || (isWithout && error !== undefined && error !== null);
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** fetch hides the reason in `cause`; its own message names the URL. */
function faultOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'the request failed';
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const { cause } = error as { cause?: { code?: unknown } };
  const code = typeof cause?.code === 'string' ? cause.code : messageOf(error.cause ?? error);
  return `the request failed: ${code}`;
}
