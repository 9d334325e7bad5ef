import { z } from 'zod';
import { BallastError, messageOf } from '../../../core/errors.ts';
import type { AlertMessage } from '../../../ports/alertChannel.ts';
import type { SecretSource } from '../../../ports/signer.ts';

/** The name of an environment variable. */
export const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'the name of an environment variable' });

/** A channel's secret is not in the environment. */
export class AlertSecretMissingError extends BallastError {
  constructor(variable: string) {
    super('ALERT_SECRET_MISSING', `the environment variable ${variable} of an alert channel is not set`, {
      facts: { variable },
      action: `set ${variable}; its value is never shown`,
    });
  }
}

/** A channel did not take a message. */
export class AlertRefusedError extends BallastError {
  constructor(what: string) {
    super('ALERT_REFUSED', `the alert was not taken: ${what}`, {
      action: 'check the channel; hedging does not wait for it',
      retryable: true,
    });
  }
}

/** What an environment variable holds for a channel, trimmed. @throws AlertSecretMissingError where it is empty or not set */
export function secretIn(variable: string, secrets: SecretSource): string {
  const value = secrets.environment(variable)?.trim() ?? '';
  if (value === '') throw new AlertSecretMissingError(variable);
  return value;
}

/**
 * Posts JSON and wants a success for it. What goes wrong is told without the address, which may be the secret.
 *
 * @throws AlertRefusedError
 */
export async function postJson(
  fetch: typeof globalThis.fetch,
  url: string,
  body: unknown,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const status = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    redirect: 'error',
    signal,
  }).then(
    async (response) => {
      // Read to its end, or the connection would stay taken; what it says is nobody's business.
      await response.body?.cancel();
      return response.status;
    },
    (error: unknown) => reasonOf(error),
  );
  if (typeof status === 'string') throw new AlertRefusedError(status);
  if (status < 200 || status > 299) throw new AlertRefusedError(`HTTP ${status}`);
}

/** The kind of fault alone: a message may repeat the address. */
function reasonOf(error: unknown): string {
  const name = error instanceof Error ? error.name : 'fault';
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  const code = (error as { cause?: { code?: unknown } }).cause?.code;
  return typeof code === 'string' ? code : messageOf(error).replace(/\S*:\/\/\S*/g, '…');
}

const MARKS = { info: 'info', warning: 'warning', critical: 'CRITICAL' } as const;

/** A message as plain text: what, about what, the facts, who says so. */
export function plainText({ severity, status, title, facts, source, unsaid, rule }: AlertMessage): string {
  const mark = status === 'recovered' ? 'recovered' : MARKS[severity];
  const more = unsaid === 0 ? '' : ` (and ${unsaid} more of it since the last time)`;
  return [
    `[${mark}] ${title}${more}`,
    ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
    `${source}, rule ${rule}`,
  ].join('\n');
}
