import { timingSafeEqual } from 'node:crypto';
import type { Exporter } from './exporter.ts';

/** What of an HTTP request matters here. */
export interface ProbeRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** The Authorization header; null where there is none. */
  readonly authorization: string | null;
}

/** What is answered. */
export interface ProbeResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Whether a keeper does its work, and what is in its way. */
export interface Readiness {
  readonly isReady: boolean;
  readonly reasons: readonly string[];
}

/** What the handler answers from. */
export interface ProbeSources {
  readonly exporter: Exporter;
  readonly readiness: () => Readiness;
  /** Brings figures up to date that depend on the time of asking. */
  readonly refresh: () => void;
  /** Wanted as a bearer token; null where nobody is asked for one. */
  readonly token: string | null;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const json = (status: number, body: unknown): ProbeResponse => ({
  status,
  contentType: JSON_TYPE,
  body: `${JSON.stringify(body)}\n`,
});

/** The paths that {@link answerProbe} knows. */
export const probePaths: readonly string[] = ['/metrics', '/healthz', '/readyz'];

/**
 * Answers `/metrics` (Prometheus' text format), `/healthz` (200 as long as the process answers) and `/readyz` (200 where
 * every vault is decided on in time and the journal takes it, otherwise 503 with the reasons). Null for any other path.
 */
export async function answerProbe(
  request: ProbeRequest,
  sources: ProbeSources,
): Promise<ProbeResponse | null> {
  const { method, path } = request;
  if (!probePaths.includes(path)) return null;
  if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'only GET' });
  if (path === '/healthz') return json(200, { status: 'ok' });
  if (!isAdmitted(request.authorization, sources.token))
    return json(401, { error: 'a bearer token is needed' });
  if (path === '/readyz') {
    const { isReady, reasons } = sources.readiness();
    return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', reasons });
  }
  sources.refresh();
  const { exporter } = sources;
  return { status: 200, contentType: exporter.contentType, body: await exporter.text() };
}

function isAdmitted(authorization: string | null, token: string | null): boolean {
  if (token === null) return true;
  const given = Buffer.from(authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
