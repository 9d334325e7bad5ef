import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopbackUrl } from '../../adapters/chain/loopback.ts';
import { messageOf } from '../../core/errors.ts';
import type { SecretSource } from '../../ports/signer.ts';
import type { MetricsConfig } from '../config/operations.ts';
import { UsageError } from '../errors.ts';
import { answerProbe, type ProbeSources } from './handler.ts';

/** A server that is up. */
export interface ProbeServer {
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  close(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;

/**
 * The token that a config wants from scrapers; null where it wants none.
 *
 * @throws UsageError where the address is not on this machine and there is no token, or its variable is not set
 */
export function probeToken({ listen, tokenVariable }: MetricsConfig, secrets: SecretSource): string | null {
  const token = tokenVariable === null ? null : (secrets.environment(tokenVariable)?.trim() ?? '');
  if (token === '') {
    throw new UsageError('METRICS_TOKEN_MISSING', `the environment variable ${tokenVariable} is not set`, {
      action: `set ${tokenVariable}; its value is never shown`,
    });
  }
  if (token === null && listen !== null && !isLoopbackUrl(`http://${listen}`)) {
    throw new UsageError('METRICS_EXPOSED', `metrics.listen ${listen} is not on this machine alone`, {
      action: 'listen on 127.0.0.1, or name metrics.tokenVariable',
    });
  }
  return token;
}

/**
 * Serves probes on an address; port 0 is any free one.
 *
 * @throws UsageError where the address cannot be had
 */
export async function serveProbes(listen: string, sources: ProbeSources): Promise<ProbeServer> {
  const { hostname, port } = new URL(`http://${listen}`);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://probe');
    const authorization = request.headers.authorization ?? null;
    answerProbe({ method: request.method ?? 'GET', path: pathname, authorization }, sources)
      .catch(() => ({ status: 500, contentType: 'text/plain', body: 'the figures could not be given\n' }))
      .then((answer) => {
        const { status, contentType, body } = answer ?? {
          status: 404,
          contentType: 'text/plain',
          body: 'not here\n',
        };
        response.writeHead(status, {
          'content-type': contentType,
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        });
        response.end(request.method === 'HEAD' ? undefined : body);
      });
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  const host = hostname.replace(/^\[|\]$/g, '');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port === '' ? 80 : port), host, resolve);
  }).catch((error: unknown) => {
    throw new UsageError('METRICS_ADDRESS', `metrics cannot be served on ${listen}: ${messageOf(error)}`, {
      action: 'change metrics.listen, or end what holds that port',
    });
  });
  // A scraper must not keep a keeper alive that wants to end.
  server.unref();
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${hostname}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
