import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a local server was asked. */
export interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** How a local server answers: a status, with a refusal that says everything it was sent, or not at all. */
export type Manner = number | 'echo' | 'hang' | 'disconnect';

/** A server on this machine that keeps what it was asked. */
export interface LocalServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  manner: Manner;
  stop(): Promise<void>;
}

/** Starts one on any free port. */
export async function startLocalServer(manner: Manner = 200): Promise<LocalServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request).catch(() => '');
    asked.push({ path: request.url ?? '', headers: request.headers, body });
    if (local.manner === 'hang') return;
    if (local.manner === 'disconnect') return void request.socket.destroy();
    if (local.manner === 'echo') {
      response.writeHead(403, { 'content-type': 'application/json' });
      const message = `refused: ${JSON.stringify(request.headers)}`;
      return void response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: -32000, message } }));
    }
    response.writeHead(local.manner);
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const local: LocalServer = {
    url: `http://127.0.0.1:${port}`,
    asked,
    manner,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return local;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
