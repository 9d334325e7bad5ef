import PQueue from 'p-queue';
import { BallastError, ChainUnavailableError, CorruptDataError } from '../../core/errors.ts';
import { type Failure, failureOf, refusalOf } from './failures.ts';
import { openHttp } from './http.ts';
import { type JsonText, parseAnswer, parseHexAnswer, type RpcAnswer, requestText } from './jsonRpc.ts';

/** How long and how often a node is asked before it counts as unavailable. */
export interface EndpointOptions {
  readonly url: string;
  /** Longest wait for one answer, milliseconds; 10,000 unless given. */
  readonly timeoutMs?: number;
  /** Repeats after a timeout, a refused connection, a rate limit or a server error; 2 unless given. */
  readonly retries?: number;
  /** Wait before the first repeat, milliseconds, doubled each time and up to half of it more by chance; 150 unless given. */
  readonly retryDelayMs?: number;
  /** Requests in flight at once; 8 unless given. */
  readonly parallel?: number;
  /** What the provider allows; unlimited unless given. */
  readonly requestsPerSecond?: number;
  /** Told of every request that was made: how long it took, and the code of its error or null. */
  readonly onRequest?: (method: string, seconds: number, errorCode: string | null) => void;
  /** Chance in [0, 1) that spreads repeats over time; the machine's unless given. */
  readonly random?: () => number;
}

/** How urgent a request is, and what calls it off. */
export interface RequestOptions {
  /** Higher goes first where requests queue: following a transaction outranks reading positions. */
  readonly priority?: number;
  readonly signal?: AbortSignal;
}

/** A JSON-RPC endpoint that reads. */
export interface Endpoint {
  /** Requests made so far, repeats counted. */
  readonly requests: () => number;
  /**
   * @throws RpcError when the node answered with an error
   * @throws ChainUnavailableError when it did not answer, limits our rate or fails itself
   */
  request(method: string, params: Params, options?: RequestOptions): Promise<unknown>;
  /**
   * As {@link Endpoint.request}, for a long result of bytes: `0x` and its digits as they came, ASCII.
   *
   * @throws CorruptDataError as well where the result is something else
   */
  requestHex(method: string, params: Params, options?: RequestOptions): Promise<Buffer>;
}

/** Parameters of a request. */
type Params = readonly unknown[] | JsonText;

/** An endpoint with sockets that stay open. */
export interface OpenedEndpoint extends Endpoint {
  /** Closes its sockets and forgets what waits. */
  close(): void;
}

/** Order of what waits for the same endpoint. */
export const priorities = { reading: 0, asking: 1, watching: 2 } as const;

/** Opens a JSON-RPC endpoint over HTTP with bounded waits. */
export function openEndpoint(options: EndpointOptions): OpenedEndpoint {
  const { timeoutMs = 10_000, retries = 2, retryDelayMs = 150, random = Math.random, url } = options;
  const http = openHttp(url);
  const rate = options.requestsPerSecond;
  const lane = new PQueue({
    concurrency: options.parallel ?? 8,
    ...(rate === undefined ? {} : { intervalCap: rate, interval: 1_000 }),
  });
  const limit = pausing(lane, timeoutMs);
  let requests = 0;

  const once = async (exchange: Exchange): Promise<Outcome> => {
    exchange.signal?.throwIfAborted();
    requests += 1;
    const started = performance.now();
    const outcome = await asked(exchange);
    const seconds = (performance.now() - started) / 1_000;
    options.onRequest?.(exchange.method, seconds, outcome.ok ? null : codeOf(outcome.error));
    return outcome;
  };

  const asked = async ({ method, body, parse, signal }: Exchange): Promise<Outcome> => {
    try {
      const answer = await http.post(body, timeoutMs, signal);
      const refusal = refusalOf(method, answer, url);
      if (refusal !== null) return { ok: false, ...refusal };
      const parsed = parse(answer.body);
      return parsed.ok ? parsed : { ok: false, ...failureOf(method, parsed, url) };
    } catch (error) {
      return { ok: false, ...failureOf(method, error, url) };
    }
  };

  const request = async (
    method: string,
    params: Params,
    parse: Parse,
    { priority = priorities.asking, signal }: RequestOptions = {},
  ): Promise<unknown> => {
    const exchange = { method, body: requestText(requests + 1, method, params), parse, signal };
    for (let repeat = 0; ; repeat++) {
      limit.refuseIfLong(method);
      const delayMs = retryDelayMs * 2 ** repeat * (1 + random() / 2);
      const attempt = async () => {
        const found = await once(exchange);
        // Before its place in the lane is free: nothing else may start.
        if (!found.ok && found.isRateLimit) limit.pauseFor(found.retryAfterMs ?? delayMs);
        return found;
      };
      const outcome = await lane.add(attempt, { priority });
      if (outcome.ok) return outcome.result;
      if (!outcome.isTransient || repeat >= retries || signal?.aborted) throw outcome.error;
      // A rate limit holds the whole lane back; waiting outside of it leaves its places to others.
      if (!outcome.isRateLimit) await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  };

  return {
    requests: () => requests,
    request: (method, params, how) => request(method, params, parseAnswer, how),
    async requestHex(method, params, how) {
      const digits = await request(method, params, parseHexAnswer, how);
      if (Buffer.isBuffer(digits)) return digits;
      throw new CorruptDataError(method, typeof digits, 'hexadecimal bytes');
    },
    close() {
      limit.clear();
      lane.clear();
      http.close();
    },
  };
}

const codeOf = (error: unknown) => (error instanceof BallastError ? error.code : 'UNEXPECTED');

type Parse = (body: Buffer) => RpcAnswer;

/** One request as it is repeated, and how its answer is understood. */
interface Exchange {
  readonly method: string;
  readonly body: string;
  readonly parse: Parse;
  readonly signal: AbortSignal | undefined;
}

type Outcome = { readonly ok: true; readonly result: unknown } | ({ readonly ok: false } & Failure);

/** No provider's limit is waited for longer than this before it is tried again. */
const MOST_PAUSE_MS = 60_000;

/** Holds a lane back while the provider limits its rate: nothing starts, and what is urgent starts first afterwards. */
function pausing(lane: PQueue, patienceMs: number) {
  let until = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const resume = () => {
    timer = null;
    lane.start();
  };
  return {
    pauseFor(milliseconds: number) {
      const bounded = Math.min(milliseconds, MOST_PAUSE_MS);
      const end = performance.now() + bounded;
      if (end <= until) return;
      until = end;
      lane.pause();
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(resume, bounded);
    },
    /** @throws ChainUnavailableError when the pause outlasts the patience: another endpoint may answer meanwhile */
    refuseIfLong(method: string) {
      const leftMs = until - performance.now();
      if (leftMs <= patienceMs) return;
      throw new ChainUnavailableError(`${method}: rate limit, for ${Math.ceil(leftMs / 1_000)} s`);
    },
    clear() {
      if (timer !== null) clearTimeout(timer);
      resume();
    },
  };
}

/** Whether an error says that this endpoint failed, not that the answer is no. */
export function isEndpointFault(error: unknown): boolean {
  return (
    error instanceof BallastError && (error.code === 'CHAIN_UNAVAILABLE' || error.code === 'CORRUPT_DATA')
  );
}
