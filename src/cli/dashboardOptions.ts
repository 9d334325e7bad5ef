import type { DashboardOptions } from '../dashboard/server.ts';
import type { DashboardConfig } from '../runtime/config/operations.ts';
import { UsageError } from '../runtime/errors.ts';
import type { Redactor } from '../runtime/log/redact.ts';

/** The environment variable that holds the dashboard's token unless the config names another: never a flag, which others on the machine could read. */
export const TOKEN_VARIABLE = 'BALLAST_DASHBOARD_TOKEN';

/** Where the dashboard listens unless told otherwise. */
export const DEFAULT_DASHBOARD_PORT = 8_787;

const DEFAULT_HOST = '127.0.0.1';

/** What flags say of where the page is; what they do not say, the config says. */
export interface DashboardFlags {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/** Where a page listens, by flags and config. */
export interface DashboardAddress extends Pick<DashboardOptions, 'host'> {
  /** Null where neither says: then the usual one. */
  readonly port: number | null;
}

/** Where a page listens: flags first, then the config, then this machine alone. */
export function dashboardAddress(
  config: Pick<DashboardConfig, 'listen'> | null,
  flags: DashboardFlags,
): DashboardAddress {
  const listen = config?.listen ?? null;
  const colon = listen?.lastIndexOf(':') ?? -1;
  const configured =
    listen === null
      ? null
      : { host: listen.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(listen.slice(colon + 1)) };
  return {
    host: flags.host ?? configured?.host ?? DEFAULT_HOST,
    port: flags.port ?? configured?.port ?? null,
  };
}

/**
 * The dashboard's token, hidden from then on in everything that is printed; null where none is wanted and none is set.
 *
 * @throws UsageError where the config names a variable that is not set
 */
export function dashboardToken(
  environment: (name: string) => string | undefined,
  redactor: Redactor,
  config: Pick<DashboardConfig, 'tokenVariable'> | null = null,
): string | null {
  const named = config?.tokenVariable ?? null;
  const token = environment(named ?? TOKEN_VARIABLE)?.trim() ?? '';
  if (token !== '') {
    redactor.learn(token);
    return token;
  }
  if (named === null) return null;
  throw new UsageError('TOKEN_MISSING', `the environment variable ${named} is not set`, {
    action: `set ${named}, which dashboard.tokenVariable names; its value is never shown`,
  });
}
