import { connect } from 'node:net';
import { getBytes, id as keccakOfText, Wallet } from 'ethers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, post, signatureOf } from './ask.ts';
import { fund, type RelayFixture, sign, startRelayFixture } from './fixture.ts';

let fixture: RelayFixture;
let raw: string;

beforeAll(async () => {
  fixture = await startRelayFixture({ limits: { maxStoredTransactions: 5 } });
  raw = await sign(fixture.keeper);
});

afterAll(() => fixture.stop());

const isAlive = async () => {
  const answer = await ask(fixture.relay.url, 'eth_callBundle', [{ txs: [raw], blockNumber: 1 }]);
  expect(answer).toMatchObject({ status: 200, result: { totalGasUsed: 21_000 } });
};

describe('the signature', () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_cancelBundle', params: [{}] });
  const identity = Wallet.createRandom();

  const wrong: readonly [what: string, header: () => Promise<string | null>][] = [
    ['is missing', async () => null],
    ['is empty', async () => ''],
    ['has no address', async () => (await signatureOf(body, identity)).split(':')[1] as string],
    ['is cut short', async () => (await signatureOf(body, identity)).slice(0, -2)],
    ['is no hexadecimal', async () => `${identity.address}:0x${'zz'.repeat(65)}`],
    ['is all zeros', async () => `${identity.address}:0x${'00'.repeat(65)}`],
    [
      'claims another address',
      async () => `${fixture.keeper.address}:${(await signatureOf(body, identity)).split(':')[1]}`,
    ],
    ['is over another body', () => signatureOf(`${body} `, identity)],
    [
      'is over the raw bytes of the hash',
      async () => `${identity.address}:${await identity.signMessage(getBytes(keccakOfText(body)))}`,
    ],
    ['is over the body itself', async () => `${identity.address}:${await identity.signMessage(body)}`],
    [
      'is over the hash without a personal prefix',
      async () => `${identity.address}:${identity.signingKey.sign(keccakOfText(body)).serialized}`,
    ],
  ];

  it.each(wrong)('that %s is refused with 403', async (_what, header) => {
    const answer = await post(fixture.relay.url, body, await header());
    expect(answer.status).toBe(403);
    expect(answer.error?.message).toMatch(/X-Flashbots-Signature/);
  });

  it('that is right passes, whatever the letter case of its address', async () => {
    const header = await signatureOf(body, identity);
    const [address, signature] = header.split(':');
    for (const written of [header, `${address?.toLowerCase()}:${signature}`]) {
      expect((await post(fixture.relay.url, body, written)).status).toBe(200);
    }
  });

  it('covers the exact bytes: key order, spaces and any id are the sender’s', async () => {
    const unusual =
      '{ "params":[{"replacementUuid":"2c9cf5d0-f13c-4b7a-b51d-f462fdb27b51"}],\n "method":"eth_cancelBundle","id":69,"jsonrpc":"2.0"}';
    expect(await post(fixture.relay.url, unusual)).toMatchObject({ status: 200, id: 69, result: [] });
  });
});

describe('a body that is no proper request', () => {
  const bodies: readonly [what: string, body: string, code: number][] = [
    ['nothing', '', -32_700],
    ['no JSON', 'hello', -32_700],
    ['cut JSON', '{"method":', -32_700],
    ['a number', '7', -32_600],
    ['null', 'null', -32_600],
    ['a batch', '[{"method":"eth_cancelBundle"}]', -32_600],
    ['an empty object', '{}', -32_600],
    ['a method that is no string', '{"method":7,"params":[]}', -32_600],
    ['an unknown method', '{"method":"eth_sendEverything","params":[]}', -32_601],
    ['a method called constructor', '{"method":"constructor","params":[]}', -32_601],
    ['a method called __proto__', '{"method":"__proto__","params":[]}', -32_601],
    ['no params', '{"method":"eth_sendBundle"}', -32_602],
    ['params that are an object', '{"method":"eth_sendBundle","params":{"txs":[]}}', -32_602],
    ['a bundle that is null', '{"method":"eth_sendBundle","params":[null]}', -32_602],
    ['a bundle that is an array', '{"method":"eth_sendBundle","params":[[]]}', -32_602],
    [
      'members of the prototype',
      '{"method":"eth_sendBundle","params":[{"__proto__":{"txs":["0x00"]}}]}',
      -32_602,
    ],
    ['very deep nesting', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, -32_600],
    ['half a surrogate pair', '{"method":"\\ud800"}', -32_601],
  ];

  it.each(bodies)('%s is answered with a JSON-RPC error', async (_what, body, code) => {
    const answer = await post(fixture.relay.url, body);
    expect(answer.status).toBe(200);
    expect(answer.error?.code).toBe(code);
    await isAlive();
  });

  it('that is above the limit is answered with 413', async () => {
    const answer = await post(fixture.relay.url, `"${'x'.repeat(1_100_000)}"`).catch((error: Error) => ({
      status: 413,
      result: error.message,
    }));
    expect(answer.status).toBe(413);
    await isAlive();
  });

  it('that is sent in chunks without an announced length is bounded, too', async () => {
    const { port } = new URL(fixture.relay.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', () => resolve(text));
      socket.write('POST / HTTP/1.1\r\nhost: relay\r\ntransfer-encoding: chunked\r\n\r\n');
      for (let chunk = 0; chunk < 20; chunk += 1) socket.write(`10000\r\n${'x'.repeat(65_536)}\r\n`);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413/);
    await isAlive();
  });

  it('that is no HTTP at all ends that connection only', async () => {
    const { port } = new URL(fixture.relay.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('\u0000\u0001\u0002 garbage\r\n\r\n'),
      );
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
      socket.resume();
    });
    await isAlive();
  });

  it('by GET is answered with 405', async () => {
    expect((await fetch(fixture.relay.url)).status).toBe(405);
  });
});

describe('parameters are named when they are wrong', () => {
  const bundles: readonly [bundle: object, message: RegExp][] = [
    [{ blockNumber: '0x1' }, /^params\[0\]\.txs is undefined, expected an array/],
    [{ txs: [], blockNumber: '0x1' }, /^params\[0\]\.txs is an array, expected at least one/],
    [{ txs: 'all', blockNumber: '0x1' }, /^params\[0\]\.txs is all, expected an array/],
    [{ txs: [5], blockNumber: '0x1' }, /^params\[0\]\.txs\[0\] is 5, expected 0x-prefixed bytes/],
    [{ txs: ['0x123'], blockNumber: '0x1' }, /^params\[0\]\.txs\[0\] is 0x123, expected/],
    [{ txs: ['0x02'], blockNumber: '0x1' }, /^params\[0\]\.txs\[0\] is not a serialised transaction/],
    [{ txs: ['0xc0'], blockNumber: '0x1' }, /^params\[0\]\.txs\[0\] is not a serialised transaction/],
    [{ txs: [`0x${'c1'.repeat(60_000)}`], blockNumber: '0x1' }, /^params\[0\]\.txs\[0\] is not a serialised/],
    [
      { txs: Array.from({ length: 101 }, () => '0x02'), blockNumber: '0x1' },
      /^params\[0\]\.txs\.length is 101/,
    ],
    [{ txs: [`0x${'02'.repeat(300_001)}`], blockNumber: '0x1' }, /^bytes of params\[0\]\.txs is 300001/],
    [{ txs: [`0x${'02'.repeat(140_000)}`], blockNumber: '0x1' }, /above 131072 bytes/],
  ];

  it.each(bundles)('%#', async (bundle, message) => {
    const answer = await ask(fixture.relay.url, 'eth_sendBundle', [bundle]);
    expect(answer.error?.code).toBe(-32_602);
    expect(answer.error?.message).toMatch(message);
  });

  const others: readonly [member: string, value: unknown][] = [
    ['blockNumber', undefined],
    ['blockNumber', null],
    ['blockNumber', 'latest'],
    ['blockNumber', -1],
    ['blockNumber', 1.5],
    ['blockNumber', '0x'],
    ['blockNumber', '0xffffffffffffffffffff'],
    ['blockNumber', 0],
    ['blockNumber', 10_000],
    ['minTimestamp', 'soon'],
    ['maxTimestamp', {}],
    ['revertingTxHashes', 'all'],
    ['revertingTxHashes', ['0x12']],
    ['replacementUuid', 'mine'],
    ['replacementUuid', 7],
  ];

  it.each(others)('%s: %s', async (member, value) => {
    const bundle = { txs: [raw], blockNumber: '0x1', [member]: value };
    const answer = await ask(fixture.relay.url, 'eth_sendBundle', [bundle]);
    expect(answer.error?.code).toBe(-32_602);
    expect(answer.error?.message).toContain(`params[0].${member}`);
  });

  it('a transaction for another chain', async () => {
    const foreign = await sign(fixture.keeper, { chainId: 1 });
    const answer = await ask(fixture.relay.url, 'eth_sendPrivateTransaction', [{ tx: foreign }]);
    expect(answer.error?.message).toBe('params[0].tx is for chain 1, this relay serves chain 31337');
  });

  it('a cancellation without a hash', async () => {
    const answer = await ask(fixture.relay.url, 'eth_cancelPrivateTransaction', [{}]);
    expect(answer.error?.message).toMatch(/^params\[0\]\.txHash is undefined, expected a 32-byte hash/);
  });
});

describe('any parameters at all', () => {
  const methods = [
    'eth_sendBundle',
    'eth_callBundle',
    'eth_cancelBundle',
    'eth_sendPrivateTransaction',
    'eth_sendPrivateRawTransaction',
    'eth_cancelPrivateTransaction',
  ];
  const names = [
    'txs',
    'tx',
    'blockNumber',
    'maxBlockNumber',
    'stateBlockNumber',
    'replacementUuid',
    'txHash',
  ];
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constant(['0x02f8']),
    fc.constant('0x1'),
    fc.nat(),
  );
  const params = fc.oneof(value, fc.array(fc.dictionary(fc.constantFrom(...names), value), { maxLength: 2 }));

  it('get an answer in the form of JSON-RPC', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...methods), params, async (method, arbitrary) => {
        const answer = await ask(fixture.relay.url, method, arbitrary);
        expect(answer.status).toBe(200);
        expect(answer.id).toBe(1);
        expect('result' in answer || typeof answer.error?.code === 'number').toBe(true);
        expect(answer.error?.code).not.toBe(-32_603);
      }),
      { numRuns: 150 },
    );
    await isAlive();
  });
});

describe('what is stored is bounded', () => {
  it('by the number of transactions', async () => {
    const send = (tx: string) => ask(fixture.relay.url, 'eth_sendPrivateTransaction', [{ tx }]);
    await fund(fixture.node, fixture.keeper.address);
    for (let nonce = 0; nonce < 5; nonce += 1) {
      expect((await send(await sign(fixture.keeper, { nonce }))).error).toBeUndefined();
    }
    expect((await send(await sign(fixture.keeper, { nonce: 5 }))).error?.code).toBe(-32_005);
    expect(fixture.relay.status().storedTransactions).toBe(5);
    await fixture.relay.buildBlock();
    expect((await send(await sign(fixture.keeper, { nonce: 5 }))).error).toBeUndefined();
  });
});

describe('a hundred requests at once', () => {
  it('are all answered', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        ask(fixture.relay.url, 'eth_cancelBundle', [{ replacementUuid: 'x' }]),
      ),
    );
    expect(answers.every(({ error }) => error?.code === -32_602)).toBe(true);
  });
});

describe('where it may be used', () => {
  it('is over a local node only', async () => {
    const { startDevRelay } = await import('../../../src/devnet/relay/index.ts');
    await expect(startDevRelay({ rpcUrl: 'https://mainnet.example.org/v3/token' })).rejects.toThrow(
      'the dev relay serves local nodes only, mainnet.example.org is not on this machine',
    );
  });
});
