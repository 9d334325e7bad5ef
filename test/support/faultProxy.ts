import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a broken node does with a request. */
export type NodeFault =
  /** Takes the connection and drops it. */
  | 'refuses'
  /** Never answers. */
  | 'hangs'
  /** HTTP 500. */
  | 'serverError'
  /** HTTP 429, with `Retry-After: 1`. */
  | 'rateLimit'
  /** 200 with what is no JSON. */
  | 'garbage'
  /** 200 with the first half of the true answer. */
  | 'truncated'
  /** 200 with a well-formed answer whose result is nothing that was asked for. */
  | 'nonsense';

/** A node that can be broken: everything else passes through to the real one. */
export interface FaultProxy {
  readonly url: string;
  /** Requests since the last `breakAfter` or `heal`. */
  readonly requests: number;
  /** From the request after the `count`-th on, every request meets the fault. */
  breakAfter(count: number, fault: NodeFault): void;
  /** Answers every request of a method with this result, as a node does that lags behind or lies. */
  answerInstead(method: string, result: unknown): void;
  /** Changes the true result of every request of a method. */
  alter(method: string, change: (result: unknown, params: readonly unknown[]) => unknown): void;
  /** Methods asked for since the last `breakAfter` or `heal`, in order. */
  readonly asked: readonly string[];
  /** Ends every fault and every wrong answer. */
  heal(): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of a node on this machine, on a free port. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let requests = 0;
  let healthy = Number.POSITIVE_INFINITY;
  let fault: NodeFault = 'refuses';
  let asked: string[] = [];
  const instead = new Map<string, unknown>();
  const changes = new Map<string, (result: unknown, params: readonly unknown[]) => unknown>();

  const answer = async (body: Buffer, response: ServerResponse) => {
    requests += 1;
    const isBroken = requests > healthy;
    const head = { 'content-type': 'application/json' };
    const { id, method, params } = JSON.parse(body.toString()) as {
      id: number;
      method: string;
      params: readonly unknown[];
    };
    asked.push(method);
    if (!isBroken && instead.has(method)) {
      const result = instead.get(method);
      response.writeHead(200, head).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
      return;
    }
    if (!isBroken || fault === 'truncated') {
      const real = await fetch(target, { method: 'POST', headers: head, body: new Uint8Array(body) });
      const text = altered(await real.text(), changes.get(method), params);
      response.writeHead(real.status, head).end(isBroken ? text.slice(0, text.length / 2) : text);
      return;
    }
    switch (fault) {
      case 'refuses':
        response.socket?.destroy();
        return;
      case 'hangs':
        return;
      case 'serverError':
        response.writeHead(500).end('internal error');
        return;
      case 'rateLimit':
        response.writeHead(429, { ...head, 'retry-after': '1' }).end('{}');
        return;
      case 'garbage':
        response.writeHead(200, head).end('<html>gateway</html>');
        return;
      case 'nonsense':
        response.writeHead(200, head).end(JSON.stringify({ jsonrpc: '2.0', id, result: { no: 'answer' } }));
    }
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    await answer(Buffer.concat(chunks), response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests;
    },
    get asked() {
      return asked;
    },
    alter(method, change) {
      changes.set(method, change);
    },
    breakAfter(count, how) {
      requests = 0;
      asked = [];
      healthy = count;
      fault = how;
    },
    answerInstead(method, result) {
      instead.set(method, result);
    },
    heal() {
      instead.clear();
      changes.clear();
      requests = 0;
      asked = [];
      healthy = Number.POSITIVE_INFINITY;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer with its result changed; errors stay as they are. */
function altered(
  text: string,
  change: ((result: unknown, params: readonly unknown[]) => unknown) | undefined,
  params: readonly unknown[],
): string {
  if (change === undefined) return text;
  const answer = JSON.parse(text) as { readonly result?: unknown };
  return 'result' in answer ? JSON.stringify({ ...answer, result: change(answer.result, params) }) : text;
}
