import { z } from 'zod';
import { boundedText } from '../../chain/boundedText.ts';
import { isLoopbackUrl } from '../../chain/loopback.ts';
import { SigningServiceError } from './errors.ts';

/** No answer of a signing service is longer than a few kilobytes; more is not read. */
const MAX_ANSWER_BYTES = 262_144;
/** Statuses that may be gone the next time. */
const isPassing = (status: number) => status === 408 || status === 429 || status >= 500;

/** How long one request may take, in a config; milliseconds. */
export const serviceTimeout = z
  .int()
  .min(50)
  .max(30_000)
  .default(3_000)
  .describe('longest wait for an answer, milliseconds');

/** Where credentials are sent to: encrypted, or no further than this machine. */
export const credentialUrl = z
  .string()
  .refine((text) => isBareUrl(text) && (new URL(text).protocol === 'https:' || isLoopbackUrl(text)), {
    error: 'an https:// URL without user name and password; http:// only to this machine',
  });

/** The address of a service that is given no credentials. */
export const serviceUrl = z
  .string()
  .refine(isBareUrl, { error: 'an http(s):// URL without user name and password' });

function isBareUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** A signing service, as one request needs it. */
export interface Service {
  /** Kind and host, for errors. */
  readonly name: string;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
}

/** What is asked of a service. */
export interface ServiceRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A service under the name that errors show: its kind and its host, for a path may carry a token. */
export function serviceAt(
  kind: string,
  url: string,
  timeoutMs: number,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Service {
  return { name: `${kind} at ${new URL(url).host}`, timeoutMs, fetch };
}

/**
 * Sends one request, once, within the timeout, following no redirect (it is an answer that is none), and checks the answer's shape. Asking again is left
 * to the next tick: nobody has seen what was not signed.
 *
 * @throws SigningServiceError without anything of what was sent or answered, but for a well-formed error code
 */
export async function askService<T>(
  service: Service,
  request: ServiceRequest,
  answer: z.ZodType<T>,
): Promise<T> {
  const { status, text } = await exchange(service, request);
  const value = parsed(text);
  if (status < 200 || status > 299) {
    const code = errorCodeOf(value);
    const reason = `HTTP ${status}${code === null ? '' : ` ${code}`}`;
    throw new SigningServiceError(service.name, reason, isPassing(status) || /throttl/i.test(code ?? ''));
  }
  const checked = answer.safeParse(value);
  if (checked.success) return checked.data;
  const field = checked.error.issues[0]?.path.join('.') || 'the whole';
  throw new SigningServiceError(service.name, `its answer is not the one that is expected: ${field}`, false);
}

async function exchange(
  { name, timeoutMs, fetch }: Service,
  { url, ...init }: ServiceRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    return { status: response.status, text: await boundedText(response, MAX_ANSWER_BYTES, signal) };
  } catch (error) {
    throw new SigningServiceError(name, faultOf(error, timeoutMs), true);
  }
}

/** The system's own word for what went wrong; messages are left out, for they quote URLs and headers. */
function faultOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer within ${timeoutMs} ms`;
  if (error instanceof RangeError) return `an answer above ${MAX_ANSWER_BYTES} bytes`;
  const code = cause?.code;
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'the connection failed';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** AWS names its errors in `__type`, Google in `error.status`, JSON-RPC by a number; anything but a plain word is left out. */
function errorCodeOf(value: unknown): string | null {
  const { __type, error } = (value ?? {}) as {
    __type?: unknown;
    error?: { status?: unknown; code?: unknown } | null;
  };
  const code = String(__type ?? error?.status ?? error?.code ?? '').replace(/^.*#/, '');
  return /^[\w-]{1,60}$/.test(code) ? code : null;
}
