import type { IncomingHttpHeaders } from 'node:http';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';

/** What came back for one POST. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** What `Retry-After` asks for, milliseconds; null where there is none. */
  readonly retryAfterMs: number | null;
}

/** The answer is larger than anything that was asked for. */
export class HttpTooLargeError extends Error {}

/** Above the largest answer that a batch of reads can have, and far below the memory. */
const MOST_BYTES = 128 * 1024 * 1024;

/** Who waits for an answer: one of them is called, once. */
export interface AnswerListener {
  whole(answer: HttpAnswer): void;
  /** @param hasBegun whether anything of an answer had come */
  failed(error: unknown, hasBegun: boolean): void;
}

/** What takes an answer in, and calls it off. */
export interface Receiver {
  readonly handler: Dispatcher.DispatchHandler;
  /** Gives the answer up, also where its request has not left yet. */
  abort(error: Error): void;
}

/** Takes in the answer to one request by its events, which cost less than a stream. */
export function receiving(listener: AnswerListener): Receiver {
  const chunks: Buffer[] = [];
  let size = 0;
  let status = 0;
  let headers: IncomingHttpHeaders | null = null;
  let controller: Dispatcher.DispatchController | null = null;
  let calledOff: Error | null = null;
  let isOver = false;
  const end = (tell: () => void) => {
    if (isOver) return;
    isOver = true;
    tell();
  };
  const fail = (error: unknown) => end(() => listener.failed(error, headers !== null));
  const abort = (error: Error) => {
    calledOff ??= error;
    fail(error);
    controller?.abort(error);
  };
  const finish = (body: Buffer) =>
    end(() => listener.whole({ status, body, retryAfterMs: waitOf(headers?.['retry-after']) }));
  return {
    abort,
    handler: {
      onRequestStart(started) {
        controller = started;
        if (calledOff !== null) started.abort(calledOff);
      },
      onResponseStart(_, statusCode, fields) {
        [status, headers] = [statusCode, fields];
      },
      onResponseData(_, chunk) {
        size += chunk.length;
        if (size > MOST_BYTES) abort(new HttpTooLargeError(`above ${MOST_BYTES} bytes`));
        else chunks.push(chunk);
      },
      onResponseEnd() {
        const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
        if (headers?.['content-encoding'] === 'gzip') unzip(body, finish, fail);
        else finish(body);
      },
      onResponseError: (_, error) => fail(error),
    },
  };
}

function unzip(zipped: Buffer, done: (body: Buffer) => void, failed: (error: unknown) => void): void {
  gunzip(zipped, { maxOutputLength: MOST_BYTES }, (error: NodeJS.ErrnoException | null, body) => {
    if (error === null) done(body);
    else if (error.code === 'ERR_BUFFER_TOO_LARGE')
      failed(new HttpTooLargeError(`above ${MOST_BYTES} bytes`));
    else failed(error);
  });
}

/** `Retry-After` in whole seconds, as milliseconds; a date or anything else says only that there is a limit. */
function waitOf(header: string | readonly string[] | undefined): number | null {
  if (header === undefined) return null;
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;
}
