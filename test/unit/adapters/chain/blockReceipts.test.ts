import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openGroup } from '../../../../src/adapters/chain/endpoints/group.ts';
import type { BlockFacts } from '../../../../src/core/snapshot.ts';

const hash = (digit: string) => `0x${digit.repeat(64)}` as const;
const block = {
  number: '0x10',
  hash: hash('b'),
  parentHash: hash('a'),
  timestamp: '0x65',
  baseFeePerGas: '0x7',
};
const within: BlockFacts = {
  number: 16n,
  hash: hash('b'),
  parentHash: hash('a'),
  timestampSeconds: 101,
  baseFeePerGasWei: 7n,
};
const receipt = (transactionHash: string, blockHash = hash('b')) => ({
  transactionHash,
  blockNumber: '0x10',
  blockHash,
  status: '0x0',
  gasUsed: '0x5208',
  effectiveGasPrice: '0x9',
  logs: [],
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A node without an index of transactions; what it says of a whole block's receipts is given. */
async function nodeWith(blockReceipts: object): Promise<string> {
  const answers: Readonly<Record<string, object>> = {
    eth_chainId: { result: '0x1' },
    eth_getTransactionReceipt: { result: null },
    eth_getBlockByNumber: { result: block },
    eth_getBlockByHash: { result: { ...block, transactions: [] } },
    eth_getBlockReceipts: blockReceipts,
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { id, method } = JSON.parse(body) as { readonly id: number; readonly method: string };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answers[method] }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function receiptFrom(answers: readonly object[], inBlock: BlockFacts | undefined = within) {
  const urls = await Promise.all(answers.map(nodeWith));
  const group = await openGroup({
    endpoints: urls.map((url, index) => ({ name: `node ${index}`, url, retries: 0 })),
  });
  try {
    return await group.receipt(hash('1'), inBlock);
  } finally {
    group.close();
  }
}

describe('a receipt that no node has under its hash', () => {
  it('is found among those of the block that may hold it', async () => {
    const all = { result: [receipt(hash('2')), receipt(hash('1'))] };
    expect(await receiptFrom([all])).toMatchObject({
      transactionHash: hash('1'),
      blockNumber: 16n,
      succeeded: false,
      gasUsed: 21_000n,
    });
  });

  it.each([
    ['the block holds others', { result: [receipt(hash('2'))] }],
    ['the node does not know the block', { result: null }],
    ['the node does not know the question', { error: { code: -32_601, message: 'method not found' } }],
    ['its block is not the canonical one', { result: [receipt(hash('1'), hash('c'))] }],
  ])('is nothing known where %s', async (_, answer) => {
    expect(await receiptFrom([answer])).toBeNull();
  });

  it('is not believed of one node where the others do not have it', async () => {
    const forged = { result: [receipt(hash('1'))] };
    const others = { result: [receipt(hash('2'))] };
    expect(await receiptFrom([forged, others, others])).toBeNull();
  });

  it('is not looked for where no block is named', async () => {
    const all = { result: [receipt(hash('1'))] };
    const urls = await nodeWith(all);
    const group = await openGroup({ endpoints: [{ name: 'one', url: urls, retries: 0 }] });
    expect(await group.receipt(hash('1'))).toBeNull();
    group.close();
  });
});
