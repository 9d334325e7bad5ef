import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Span } from './stopwatch.ts';

/** Spans in which a request over HTTP was under way. */
export interface RequestSpans {
  /** Each from when the request had left to when the last byte of its answer had come: making the one and decoding the other is not waiting. */
  readonly spans: Span[];
  end(): void;
}

/** Notes every request of this process from now on that undici makes, whoever asks for it. */
export function requestSpans(): RequestSpans {
  const spans: Span[] = [];
  const starts = new WeakMap<object, number>();
  const requestOf = (message: unknown) => (message as { readonly request: object }).request;
  const onSent = (message: unknown) => {
    starts.set(requestOf(message), performance.now());
  };
  const onWhole = (message: unknown) => {
    const start = starts.get(requestOf(message));
    if (start !== undefined) spans.push({ stage: 'rpc', start, end: performance.now() });
  };
  subscribe('undici:request:bodySent', onSent);
  subscribe('undici:request:trailers', onWhole);
  return {
    spans,
    end() {
      unsubscribe('undici:request:bodySent', onSent);
      unsubscribe('undici:request:trailers', onWhole);
    },
  };
}
