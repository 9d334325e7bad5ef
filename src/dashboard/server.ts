import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { UsageError } from '../runtime/errors.ts';
import { dashboardApp } from './http/app.ts';
import { type AccessRules, LEAST_TOKEN_LENGTH, needsToken } from './http/guard.ts';
import { JournalWatch } from './journalWatch.ts';
import type { DashboardSource } from './source.ts';

/** Where the dashboard listens, and to whom. */
export interface DashboardOptions extends AccessRules {
  /** 0 = any free one. */
  readonly port: number;
}

/** A dashboard that is being served. */
export interface Dashboard {
  readonly url: string;
  readonly port: number;
  /** Stops listening and reading; the journal is left to whoever opened it. */
  close(): Promise<void>;
}

/** @throws UsageError where somebody beside this machine could ask and there is no token, or one that can be guessed */
function refuseOpenDoors(options: DashboardOptions): void {
  const { host, token } = options;
  if (token !== null && token.length < LEAST_TOKEN_LENGTH) {
    throw new UsageError('TOKEN_TOO_SHORT', `the dashboard's token has ${token.length} characters`, {
      facts: { least: LEAST_TOKEN_LENGTH },
      action: 'make one with: openssl rand -hex 32',
    });
  }
  if (token !== null || !needsToken(options)) return;
  throw new UsageError('TOKEN_MISSING', `the dashboard would be open to everybody who reaches ${host}`, {
    action: 'set BALLAST_DASHBOARD_TOKEN, or listen on 127.0.0.1 and under no other name',
  });
}

/**
 * Serves the dashboard over a journal: it reads and never writes, and whatever goes wrong in it stays in it.
 *
 * @throws UsageError where others could ask and no token is set, or the port is taken
 */
export async function startDashboard(source: DashboardSource, options: DashboardOptions): Promise<Dashboard> {
  refuseOpenDoors(options);
  const watch = new JournalWatch(source);
  const ending = new AbortController();
  const app = dashboardApp(source, watch, options, ending.signal);
  const { host, port } = options;
  const listening = await listen(app.fetch, host, port);
  await watch.start();
  return {
    url: urlOf(host, listening.port),
    port: listening.port,
    close: async () => {
      ending.abort();
      await watch.close();
      await listening.close();
    },
  };
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port: number,
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, (info: AddressInfo) => {
      server.off('error', fail);
      server.on('error', () => {});
      resolve({
        port: info.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    const fail = (error: NodeJS.ErrnoException) =>
      reject(
        new UsageError(
          'PORT_UNUSABLE',
          `${urlOf(hostname, port)} cannot be listened on: ${error.code ?? error.message}`,
          {
            action: 'name another port with --port, 0 for any free one',
            cause: error,
          },
        ),
      );
    server.once('error', fail);
  });
}
