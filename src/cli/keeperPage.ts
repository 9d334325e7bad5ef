import { messageOf } from '../core/errors.ts';
import { openDashboard } from '../dashboard/configured.ts';
import type { Dashboard } from '../dashboard/server.ts';
import type { Store } from '../ports/store.ts';
import { packageVersion } from '../runtime/build.ts';
import type { Config } from '../runtime/config/schema.ts';
import type { KeeperHealth } from '../runtime/keeper/keeperHealth.ts';
import { type KeeperNote, noteKeeper } from '../runtime/keeper/keeperNote.ts';
import type { Redactor } from '../runtime/log/redact.ts';
import type { WorldTools } from '../runtime/worlds/tools.ts';
import { DEFAULT_DASHBOARD_PORT, dashboardAddress, dashboardToken } from './dashboardOptions.ts';

/** The page that a keeper serves, and what its journal says of it. */
export interface KeeperPage {
  /** Null where no page is served. */
  readonly url: string | null;
  /** Notes in the journal that the keeper ended, and ends the page. */
  close(): Promise<void>;
}

/** What the page shows. */
export interface KeeperPageParts {
  readonly config: Config;
  readonly configFile: string | null;
  readonly tools: WorldTools;
  readonly redactor: Redactor;
}

/** The keeper that it stands beside: its journal's writing half. */
export interface NotedKeeper {
  readonly mode: KeeperNote['mode'];
  readonly store: Store;
  /** What it alone knows; absent where nobody keeps it. */
  readonly health?: () => KeeperHealth;
}

/**
 * Notes in the journal what this keeper is, and serves the page where the config says. Whatever goes wrong with either is
 * logged and holds nothing up.
 *
 * @param port as a flag says, whatever the config says; null for the config's, which is the usual one, or any free one where
 *   that is taken
 */
export async function openKeeperPage(
  parts: KeeperPageParts,
  { mode, store, health }: NotedKeeper,
  port: number | null | 'none',
): Promise<KeeperPage> {
  const { clock, log } = parts.tools;
  const note: KeeperNote = {
    mode,
    pid: process.pid,
    version: packageVersion(),
    startedAtSeconds: clock.nowSeconds(),
    endedAtSeconds: null,
  };
  const write = (endedAtSeconds: number | null) =>
    noteKeeper(store, { ...note, endedAtSeconds }).catch((error) =>
      log.warn({ error: messageOf(error) }, 'the journal was not told which keeper this is'),
    );
  await write(null);
  const isServed = port !== 'none' && (port !== null || parts.config.dashboard.enabled);
  const dashboard = isServed ? await serve({ ...parts, ...(health && { health }) }, port) : null;
  return {
    url: dashboard?.url ?? null,
    close: async () => {
      await dashboard?.close();
      await write(clock.nowSeconds());
    },
  };
}

async function serve(
  parts: KeeperPageParts & Pick<NotedKeeper, 'health'>,
  port: number | null,
): Promise<Dashboard | null> {
  const { config, tools, redactor } = parts;
  const address = dashboardAddress(config.dashboard, port === null ? {} : { port });
  const ports = address.port === null ? [DEFAULT_DASHBOARD_PORT, 0] : [address.port];
  for (const [index, one] of ports.entries()) {
    try {
      return await openDashboard(
        { ...parts, journal: config.journal },
        {
          host: address.host,
          port: one,
          allowedHosts: [],
          token: dashboardToken(tools.environment, redactor, config.dashboard),
        },
      );
    } catch (error) {
      if (index === ports.length - 1)
        tools.log.warn({ error: messageOf(error) }, 'the dashboard could not be served');
    }
  }
  return null;
}
