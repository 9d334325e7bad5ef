import type { Redactor } from '../runtime/log/redact.ts';

/** The environment variable that holds the dashboard's token: never a flag, which others on the machine could read. */
export const TOKEN_VARIABLE = 'BALLAST_DASHBOARD_TOKEN';

/** Where the dashboard listens unless told otherwise. */
export const DEFAULT_DASHBOARD_PORT = 8_787;

/** The dashboard's token, hidden from then on in everything that is printed; null where none is set. */
export function dashboardToken(
  environment: (name: string) => string | undefined,
  redactor: Redactor,
): string | null {
  const token = environment(TOKEN_VARIABLE)?.trim() ?? '';
  if (token === '') return null;
  redactor.learn(token);
  return token;
}
