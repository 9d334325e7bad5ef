import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';

/** Shortest token that is taken: guessed never, typed seldom. */
export const LEAST_TOKEN_LENGTH = 24;

/** Who may ask. */
export interface AccessRules {
  /** The address that is listened on. */
  readonly host: string;
  /** Names, beside the machine's own, that the page may be asked for under: those of a proxy in front. */
  readonly allowedHosts: readonly string[];
  /** Without it no data is given out; null where nobody but this machine can ask. */
  readonly token: string | null;
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/** Whether an address is this machine's own, which nobody else can reach. */
function isLoopbackHost(host: string): boolean {
  return LOOPBACK_NAMES.has(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Whether anybody beside this machine could ask, so that a token is needed. */
export function needsToken({ host, allowedHosts }: Omit<AccessRules, 'token'>): boolean {
  return !isLoopbackHost(host) || allowedHosts.some((name) => !isLoopbackHost(name));
}

/** The name in a Host header, without its port. */
function nameOf(header: string): string {
  const bracketed = /^\[[0-9a-f:.]+\]/i.exec(header)?.[0];
  return (bracketed ?? header.split(':')[0] ?? '').toLowerCase();
}

const isAddress = (name: string) => /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.startsWith('[');

/**
 * Whether a request names a host that this page goes by. A page of somebody else's name that leads to this machine (DNS
 * rebinding) carries that name here, and gets nothing.
 */
export function isKnownHost(header: string | undefined, { host, allowedHosts }: AccessRules): boolean {
  if (header === undefined) return false;
  const name = nameOf(header);
  if (isLoopbackHost(name)) return true;
  if (allowedHosts.some((allowed) => allowed.toLowerCase() === name)) return true;
  return !isLoopbackHost(host) && isAddress(name);
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Compares in a time that tells nothing of the token. */
function isToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

/** Headers of every answer: nothing of anybody else's is loaded, run, framed or told. */
const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

function refuse(context: Context, status: 401 | 403 | 405, why: string): Response {
  return context.json({ error: why }, status);
}

/** Puts {@link securityHeaders} on every answer and refuses everything but reading, and every host that is not known. */
export function onlyReading(rules: AccessRules): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) context.header(name, value);
    if (!isKnownHost(context.req.header('host'), rules)) return refuse(context, 403, 'unknown host');
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
      context.header('Allow', 'GET, HEAD');
      return refuse(context, 405, 'this page only shows');
    }
    return next();
  };
}

/** Refuses whoever does not know the token, where there is one. */
export function onlyWithToken({ token }: AccessRules): MiddlewareHandler {
  return async (context, next) => {
    context.header('Cache-Control', 'no-store');
    if (token === null) return next();
    const given = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
    if (isToken(given, token)) return next();
    context.header('WWW-Authenticate', 'Bearer realm="ballast"');
    return refuse(context, 401, 'a token is needed');
  };
}
