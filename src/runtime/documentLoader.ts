import { readFile, stat } from 'node:fs/promises';
import { boundedText } from '../adapters/chain/boundedText.ts';
import { BallastError, messageOf } from '../core/errors.ts';
import type { LoadedDocument, StatementTools } from '../ports/protocol.ts';

/** More than ten thousand positions take; more is not read. */
const MAX_BYTES = 8_000_000;

/** A file or an endpoint that gives no document. */
export class DocumentUnavailableError extends BallastError {
  /** @param retryable whether asking again may help: it does not for a file that is not there */
  constructor(from: string, why: string, retryable: boolean, cause?: unknown) {
    super('DOCUMENT_UNAVAILABLE', `${from}: ${why}`, {
      facts: { from },
      action: 'check the path or the address, and whoever serves it',
      retryable,
      cause,
    });
  }
}

/** Loads what positions are stated in: a file by its path, or an http(s) URL, without following redirects. */
export function documentLoader(fetch: typeof globalThis.fetch): StatementTools['load'] {
  return (from, signal) => (/^https?:\/\//.test(from) ? fromEndpoint(fetch, from, signal) : fromFile(from));
}

async function fromEndpoint(
  fetch: typeof globalThis.fetch,
  url: string,
  signal: AbortSignal,
): Promise<LoadedDocument> {
  try {
    const response = await fetch(url, { redirect: 'error', signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const modified = Date.parse(response.headers.get('last-modified') ?? '');
    return {
      text: await boundedText(response, MAX_BYTES, signal),
      modifiedAtSeconds: Number.isNaN(modified) ? null : modified / 1_000,
    };
  } catch (cause) {
    throw new DocumentUnavailableError(new URL(url).origin, `no answer: ${messageOf(cause)}`, true, cause);
  }
}

async function fromFile(path: string): Promise<LoadedDocument> {
  try {
    const { size, mtimeMs } = await stat(path);
    if (size > MAX_BYTES) throw new RangeError(`the file is above ${MAX_BYTES} bytes`);
    return { text: await readFile(path, 'utf8'), modifiedAtSeconds: mtimeMs / 1_000 };
  } catch (cause) {
    throw new DocumentUnavailableError(path, `cannot be read: ${messageOf(cause)}`, false, cause);
  }
}
