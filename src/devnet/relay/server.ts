import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DevRelayLimits } from './types.ts';

/** What to do with a request: answer it, leave it hanging for a while, or close the connection. */
export type Reply =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'hang'; readonly milliseconds: number }
  | { readonly kind: 'disconnect' };

/** A request: where it went, its exact body bytes, and the headers that admit. */
export interface RelayRequest {
  readonly verb: 'GET' | 'POST';
  /** Path and query as they were sent. */
  readonly target: URL;
  readonly body: Uint8Array;
  readonly signature: string | undefined;
  readonly authorization: string | undefined;
}

const LOCAL = 'http://127.0.0.1';

/** The body of the answer to anything that is neither JSON-RPC nor a question about a transaction. */
export const NOT_ALLOWED = '{"error":"send JSON-RPC by POST"}';

/** A server that is listening. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Listens on a free port of 127.0.0.1. Bodies, connections and times are bounded; whatever goes wrong with one request
 * ends that request only.
 *
 * @param tooLarge the body to answer with when a request is larger than the limit
 */
export async function startServer(
  limits: DevRelayLimits,
  reply: (request: RelayRequest) => Promise<Reply>,
  tooLarge: string,
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    response.on('error', () => response.destroy());
    handle(request, response, limits.maxBodyBytes, reply, tooLarge).catch(() => response.destroy());
  });
  server.maxConnections = limits.maxConnections;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(server) };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  maxBodyBytes: number,
  reply: (request: RelayRequest) => Promise<Reply>,
  tooLarge: string,
): Promise<void> {
  const { method: verb, headers } = request;
  const target = targetOf(request.url ?? '/');
  if ((verb !== 'POST' && verb !== 'GET') || target === null) return answer(response, 405, NOT_ALLOWED);
  const body = await readBody(request, maxBodyBytes);
  if (body === null) {
    response.setHeader('connection', 'close');
    return answer(response, 413, tooLarge);
  }
  const header = headers['x-flashbots-signature'];
  const signature = typeof header === 'string' ? header : undefined;
  const outcome = await reply({ verb, target, body, signature, authorization: headers.authorization });
  if (outcome.kind === 'answer') return answer(response, outcome.status, outcome.body);
  if (outcome.kind === 'hang') await untilClosed(response, outcome.milliseconds);
  response.destroy();
}

function targetOf(url: string): URL | null {
  return URL.canParse(url, LOCAL) ? new URL(url, LOCAL) : null;
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}

/** The whole body, or null as soon as it is above the limit. */
async function readBody(request: IncomingMessage, maxBodyBytes: number): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return null;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function untilClosed(response: ServerResponse, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
