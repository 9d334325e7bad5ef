import { Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import { createGunzip } from 'node:zlib';
import { isLoopbackUrl } from './loopback.ts';

/** What came back for one POST. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** What `Retry-After` asks for, milliseconds; null where there is none. */
  readonly retryAfterMs: number | null;
}

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
/** The answer is larger than anything that was asked for. */
export class HttpTooLargeError extends Error {}

/** Above the largest answer that a batch of reads can have, and far below the memory. */
const MOST_BYTES = 128 * 1024 * 1024;
const MOST_SOCKETS = 32;

/**
 * Opens a client for a URL. Redirects are not followed: what is sent may carry an access token. Answers from beyond this
 * machine are asked for compressed, since words of an ABI are mostly zeros.
 */
export function openHttp(url: string): HttpClient {
  const target = new URL(url);
  // Taken apart once: a URL would be at every request.
  const place = urlToHttpOptions(target);
  const isSecure = target.protocol === 'https:';
  const send = isSecure ? secureRequest : plainRequest;
  const pool = { keepAlive: true, maxSockets: MOST_SOCKETS, scheduling: 'lifo' as const };
  const agent = isSecure ? new SecureAgent(pool) : new Agent(pool);
  const encoding = isLoopbackUrl(url) ? {} : { 'accept-encoding': 'gzip' };
  const exchange = (text: string, timeoutMs: number, signal: AbortSignal | undefined) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...encoding,
      };
      const sent = send({ ...place, agent, method: 'POST', headers, ...(signal ? { signal } : {}) });
      const timer = setTimeout(() => sent.destroy(new HttpTimeoutError('no answer in time')), timeoutMs);
      const settle = (act: () => void) => {
        clearTimeout(timer);
        act();
      };
      sent.on('error', (error) => settle(() => reject(onStaleSocket(sent, error))));
      sent.on('response', (response) => {
        collect(response, MOST_BYTES).then(
          (bytes) => settle(() => resolve(answerOf(response, bytes))),
          (error) => {
            sent.destroy();
            settle(() => reject(error));
          },
        );
      });
      // As text: head and body leave in one piece.
      sent.end(text);
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
    close: () => agent.destroy(),
  };
}

/** The server closed a kept socket just as it was used again: the request never arrived. */
class StaleSocketError extends Error {}

function onStaleSocket(sent: ClientRequest, error: NodeJS.ErrnoException): Error {
  const isStale = sent.reusedSocket && error.code === 'ECONNRESET';
  return isStale ? new StaleSocketError('a kept socket was closed', { cause: error }) : error;
}

/** By events rather than by iteration: an iterator costs more than most answers take. */
function collect(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const isZipped = response.headers['content-encoding'] === 'gzip';
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const source = isZipped
      ? pipeline(response, createGunzip(), (error) => error && reject(error))
      : response;
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) {
        reject(new HttpTooLargeError(`above ${mostBytes} bytes`));
        source.destroy();
      } else chunks.push(chunk);
    });
    source.on('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)),
    );
    source.on('error', reject);
    source.on('close', () => {
      if (!source.readableEnded) reject(new Error('the answer ended early'));
    });
  });
}

function answerOf(response: IncomingMessage, body: Buffer): HttpAnswer {
  const after = response.headers['retry-after'];
  return { status: response.statusCode ?? 0, body, retryAfterMs: after === undefined ? null : waitOf(after) };
}

/** `Retry-After` in whole seconds; a date or anything else says only that there is a limit. */
function waitOf(header: string): number | null {
  return /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;
}
