import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long a node that limits the rate asks to be left alone. */
export const RATE_LIMIT_SECONDS = 1;

/** What a broken node does with a request. */
export type NodeFault =
  /** Takes the connection and drops it. */
  | 'refuses'
  /** Never answers. */
  | 'hangs'
  /** HTTP 500. */
  | 'serverError'
  /** HTTP 429, with {@link RATE_LIMIT_SECONDS} to wait. */
  | 'rateLimit'
  /** 200 with what is no JSON. */
  | 'garbage'
  /** 200 with the first half of the true answer. */
  | 'truncated'
  /** 200 with a well-formed answer whose result is nothing that was asked for. */
  | 'nonsense';

type Change = (result: unknown, params: readonly unknown[]) => unknown;

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
  alter(method: string, change: Change): void;
  /** Answers as of so many blocks before the newest: `latest` means an older block, and later receipts are missing. */
  lagBehind(blocks: number): void;
  /** Passes every request on to another node, as a provider does whose machines disagree. */
  divertTo(url: string): void;
  /** Methods asked for since the last `breakAfter` or `heal`, in order. */
  readonly asked: readonly string[];
  /** Ends every fault and every wrong answer. */
  heal(): void;
  stop(): Promise<void>;
}

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

const JSON_HEAD = { 'content-type': 'application/json' };

/** Starts a proxy in front of a node on this machine, on a free port. */
export async function startFaultProxy(node: string): Promise<FaultProxy> {
  let target = node;
  let requests = 0;
  let healthy = Number.POSITIVE_INFINITY;
  let fault: NodeFault = 'refuses';
  let asked: string[] = [];
  let lagBlocks = 0;
  const instead = new Map<string, unknown>();
  const changes = new Map<string, Change>();

  const answer = async (body: Buffer, response: ServerResponse) => {
    requests += 1;
    const isBroken = requests > healthy;
    const request = JSON.parse(body.toString()) as Request;
    const { id, method, params } = request;
    asked.push(method);
    if (!isBroken && instead.has(method)) {
      const result = instead.get(method);
      response.writeHead(200, JSON_HEAD).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
      return;
    }
    if (isBroken && fault !== 'truncated') return fail(fault, id, response);
    const real = await (lagBlocks === 0 ? pass(target, body) : passLagging(target, request, lagBlocks));
    const text = altered(real.text, changes.get(method), params);
    response.writeHead(real.status, JSON_HEAD).end(isBroken ? text.slice(0, text.length / 2) : text);
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
    lagBehind(blocks) {
      lagBlocks = blocks;
    },
    divertTo(url) {
      target = url;
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
      lagBlocks = 0;
      target = node;
      healthy = Number.POSITIVE_INFINITY;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Carries a fault out; what hangs is left without an answer until the proxy stops. */
function fail(fault: Exclude<NodeFault, 'truncated'>, id: number, response: ServerResponse): void {
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
      response.writeHead(429, { ...JSON_HEAD, 'retry-after': String(RATE_LIMIT_SECONDS) }).end('{}');
      return;
    case 'garbage':
      response.writeHead(200, JSON_HEAD).end('<html>gateway</html>');
      return;
    case 'nonsense':
      response
        .writeHead(200, JSON_HEAD)
        .end(JSON.stringify({ jsonrpc: '2.0', id, result: { no: 'answer' } }));
  }
}

async function pass(url: string, body: Buffer | string): Promise<{ status: number; text: string }> {
  const sent = typeof body === 'string' ? body : new Uint8Array(body);
  const response = await fetch(url, { method: 'POST', headers: JSON_HEAD, body: sent });
  return { status: response.status, text: await response.text() };
}

/** What the node would have said some blocks ago. */
async function passLagging(url: string, request: Request, blocks: number) {
  const head = await pass(
    url,
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] }),
  );
  const newest = Number((JSON.parse(head.text) as { readonly result: string }).result);
  const known = Math.max(0, newest - blocks);
  const result = (found: unknown) => ({
    status: 200,
    text: JSON.stringify({ jsonrpc: '2.0', id: request.id, result: found }),
  });
  const tag = `0x${known.toString(16)}`;
  if (request.method === 'eth_blockNumber') return result(tag);
  const params = request.params.map((param) => (param === 'latest' || param === 'pending' ? tag : param));
  const answered = await pass(url, JSON.stringify({ jsonrpc: '2.0', ...request, params }));
  if (request.method !== 'eth_getTransactionReceipt') return answered;
  const receipt = (JSON.parse(answered.text) as { result?: { blockNumber: string } | null }).result;
  return receipt && Number(receipt.blockNumber) > known ? result(null) : answered;
}

/** An answer with its result changed; errors stay as they are. */
function altered(text: string, change: Change | undefined, params: readonly unknown[]): string {
  if (change === undefined) return text;
  const answer = JSON.parse(text) as { readonly result?: unknown };
  return 'result' in answer ? JSON.stringify({ ...answer, result: change(answer.result, params) }) : text;
}
