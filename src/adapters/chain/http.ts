import { Pool } from 'undici';
import { type HttpAnswer, receiving } from './httpAnswer.ts';
import { isLoopbackUrl } from './loopback.ts';

/** Posts JSON to one URL over sockets that stay open between requests. */
export interface HttpClient {
  /**
   * @throws HttpTimeoutError when the whole answer is not there in time
   * @throws HttpTooLargeError when the answer is above the bound
   * @throws Error with the system's `code` when the connection breaks
   */
  post(text: string, timeoutMs: number, signal?: AbortSignal): Promise<HttpAnswer>;
  /** Closes the sockets; requests under way fail. */
  close(): void;
}

/** The whole answer was not there in time. */
export class HttpTimeoutError extends Error {}

/** Requests under way at once. */
const MOST_SOCKETS = 32;
/** How long a socket stays open between requests where the server says nothing: blocks may be far apart. */
const KEPT_OPEN_MS = 600_000;

/**
 * Opens a client for a URL. Redirects are not followed: what is sent may carry an access token. Answers from beyond this
 * machine are asked for compressed, since words of an ABI are mostly zeros.
 */
export function openHttp(url: string): HttpClient {
  const target = new URL(url);
  const pool = new Pool(target.origin, {
    connections: MOST_SOCKETS,
    keepAliveTimeout: KEPT_OPEN_MS,
    // Each request has a timeout of its own, over all of its answer.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const encoding = isLoopbackUrl(url) ? {} : { 'accept-encoding': 'gzip' };
  let connections = 0;
  pool.on('connect', () => {
    connections += 1;
  });
  const request = {
    path: `${target.pathname}${target.search}`,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization(target), ...encoding },
  } as const;

  const exchange = (body: string, timeoutMs: number, signal: AbortSignal | undefined) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const connectionsBefore = connections;
      const settle = (act: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', callOff);
        act();
      };
      const receiver = receiving({
        whole: (answer) => settle(() => resolve(answer)),
        failed: (error, hasBegun) => {
          const wasKept = connections === connectionsBefore;
          const isStale = wasKept && !hasBegun && isClosing(error);
          settle(() =>
            reject(isStale ? new StaleSocketError('a kept socket was closed', { cause: error }) : error),
          );
        },
      });
      const callOff = () => receiver.abort(signal?.reason);
      const timer = setTimeout(() => receiver.abort(new HttpTimeoutError('no answer in time')), timeoutMs);
      signal?.addEventListener('abort', callOff);
      pool.dispatch({ ...request, body }, receiver.handler);
    });
  return {
    async post(text, timeoutMs, signal) {
      try {
        return await exchange(text, timeoutMs, signal);
      } catch (error) {
        if (!(error instanceof StaleSocketError)) throw error;
        return exchange(text, timeoutMs, signal);
      }
    },
    close() {
      pool.destroy().catch(() => {});
    },
  };
}

/** The server closed a kept socket just as it was used again: the request never arrived. */
class StaleSocketError extends Error {}

/** What a connection is broken with. */
const closing: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function isClosing(error: unknown): boolean {
  return closing.has((error as { readonly code?: unknown }).code);
}

/** User and password of a URL as a header: they are not sent otherwise. */
function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
