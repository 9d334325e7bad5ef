import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Span } from './stopwatch.ts';

/** Spans in which a request over `node:http` was under way. */
export interface RequestSpans {
  /** Each from when the request had left to when the last byte of its answer had come: making the one and decoding the other is not waiting. */
  readonly spans: Span[];
  end(): void;
}

/** Notes every request of this process from now on, whoever makes it. */
export function requestSpans(): RequestSpans {
  const spans: Span[] = [];
  const starts = new WeakMap<ClientRequest, number>();
  const onSent = (message: unknown) => {
    starts.set((message as { readonly request: ClientRequest }).request, performance.now());
  };
  const onHeaders = (message: unknown) => {
    const { request, response } = message as {
      readonly request: ClientRequest;
      readonly response: IncomingMessage;
    };
    const start = starts.get(request);
    response.once('end', () => {
      if (start !== undefined) spans.push({ stage: 'rpc', start, end: performance.now() });
    });
  };
  subscribe('http.client.request.start', onSent);
  subscribe('http.client.response.finish', onHeaders);
  return {
    spans,
    end() {
      unsubscribe('http.client.request.start', onSent);
      unsubscribe('http.client.response.finish', onHeaders);
    },
  };
}
