import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { openGroup } from '../../../../src/adapters/chain/endpoints/group.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A node that answers every question but its chain id with this. */
async function nodeThatSays(answer: object): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { id, method } = JSON.parse(body) as { readonly id: number; readonly method: string };
    const said = method === 'eth_chainId' ? { result: '0x1' } : answer;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...said }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  ['no block', { result: null }],
  ['an error, as geth does', { error: { code: -39_001, message: 'finalized block not found' } }],
  ['that it does not know the word', { error: { code: -32_602, message: 'invalid block tag' } }],
])('nothing is final where a node says %s of its finalised block', async (_, answer) => {
  const group = await openGroup({
    endpoints: [{ name: 'one', url: await nodeThatSays(answer), retries: 0 }],
  });
  try {
    expect(await group.finalized()).toBeNull();
  } finally {
    group.close();
  }
});

it('a node that answers rubbish has said nothing about it', async () => {
  const url = await nodeThatSays({ result: 'soon' });
  const group = await openGroup({ endpoints: [{ name: 'one', url, retries: 0 }] });
  try {
    await expect(group.finalized()).rejects.toMatchObject({ code: 'CORRUPT_DATA' });
  } finally {
    group.close();
  }
});
