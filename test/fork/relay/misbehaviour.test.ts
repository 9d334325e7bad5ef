import { keccak256 } from 'ethers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Misbehaviour } from '../../../src/devnet/relay/index.ts';
import { ask, post } from './ask.ts';
import { type RelayFixture, sign, startRelayFixture } from './fixture.ts';

let fixture: RelayFixture;

beforeEach(async () => {
  fixture = await startRelayFixture();
});

afterEach(() => fixture.stop());

const send = (tx: string, more: object = {}) =>
  ask(fixture.relay.url, 'eth_sendPrivateTransaction', [{ tx, ...more }]);
const mine = async () => (await fixture.relay.buildBlock()).transactionHashes;

describe('a relay that is told to misbehave', () => {
  it('accepts and never includes', async () => {
    fixture.relay.misbehave({ kind: 'drop' });
    const raw = await sign(fixture.keeper);
    expect((await send(raw)).result).toBe(keccak256(raw));
    for (let block = 0; block < 4; block += 1) expect(await mine()).toEqual([]);
  });

  it('delays', async () => {
    fixture.relay.misbehave({ kind: 'delay', blocks: 2 });
    const raw = await sign(fixture.keeper);
    await send(raw);
    expect(await mine()).toEqual([]);
    expect(await mine()).toEqual([]);
    expect(await mine()).toEqual([keccak256(raw)]);
  });

  it('includes after the last block that was allowed', async () => {
    fixture.relay.misbehave({ kind: 'includeLate', blocks: 2 });
    const raw = await sign(fixture.keeper);
    await send(raw, { maxBlockNumber: 1 });
    expect(await mine()).toEqual([]);
    expect(await mine()).toEqual([]);
    expect(await mine()).toEqual([keccak256(raw)]);
  });

  const answers: readonly [what: string, misbehaviour: Misbehaviour, expected: RegExp][] = [
    ['refuses', { kind: 'refuse', code: -32_000, message: 'no room today' }, /no room today/],
    ['answers 500', { kind: 'serverError' }, /"status":500/],
    ['answers 503', { kind: 'serverError', status: 503 }, /"status":503/],
    ['hangs', { kind: 'hang', milliseconds: 300 }, /fetch failed/],
    ['answers half a JSON text', { kind: 'garbage' }, /jsonrpc/],
    ['closes the connection', { kind: 'disconnect' }, /fetch failed/],
  ];

  it.each(answers)('%s, and includes nothing', async (_what, misbehaviour, expected) => {
    fixture.relay.misbehave(misbehaviour);
    const answer = await send(await sign(fixture.keeper)).catch((error: Error) => error.message);
    expect(JSON.stringify(answer)).toMatch(expected);
    expect(await mine()).toEqual([]);
  });

  it.each(answers)('%s, and includes nevertheless', async (_what, misbehaviour, expected) => {
    fixture.relay.misbehave({ ...misbehaviour, include: true } as Misbehaviour);
    const raw = await sign(fixture.keeper);
    const answer = await send(raw).catch((error: Error) => error.message);
    expect(JSON.stringify(answer)).toMatch(expected);
    expect(await mine()).toEqual([keccak256(raw)]);
  });

  it('does so for as many requests as it was told, one misbehaviour after the other', async () => {
    fixture.relay.misbehave({ kind: 'serverError' }, { times: 2 });
    fixture.relay.misbehave({ kind: 'refuse' }, { times: 1 });
    const raw = await sign(fixture.keeper);
    const answers = [await send(raw), await send(raw), await send(raw), await send(raw)];
    expect(answers.map(({ status, error }) => [status, error?.code])).toEqual([
      [500, undefined],
      [500, undefined],
      [200, -32_603],
      [200, undefined],
    ]);
  });

  it('only for the methods that it was told, and until it is told to behave', async () => {
    fixture.relay.misbehave({ kind: 'serverError' }, { methods: ['eth_callBundle'] });
    const raw = await sign(fixture.keeper);
    const simulate = () => ask(fixture.relay.url, 'eth_callBundle', [{ txs: [raw], blockNumber: 1 }]);
    expect((await simulate()).status).toBe(500);
    expect((await send(raw)).status).toBe(200);
    fixture.relay.behave();
    expect((await simulate()).status).toBe(200);
  });

  it('refuses to be told nonsense', () => {
    expect(() => fixture.relay.misbehave({ kind: 'delay', blocks: 0 })).toThrow(/blocks is 0/);
    expect(() => fixture.relay.misbehave({ kind: 'drop' }, { times: 0 })).toThrow(/times is 0/);
  });
});

describe('a relay that is steered from another process', () => {
  const steer = (method: string, params: unknown = []) =>
    post(fixture.relay.url, JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }), null);

  it('misbehaves and behaves by JSON-RPC, without a signature', async () => {
    const raw = await sign(fixture.keeper);
    expect(await steer('devRelay_misbehave', [{ kind: 'serverError', status: 502 }])).toMatchObject({
      id: 7,
      result: true,
    });
    expect((await send(raw)).status).toBe(502);
    await steer('devRelay_behave');
    expect((await send(raw)).status).toBe(200);
  });

  it('does so for a number of requests', async () => {
    await steer('devRelay_misbehave', [{ kind: 'delay', blocks: 1 }, { times: 1 }]);
    const raw = await sign(fixture.keeper);
    await send(raw);
    expect(await mine()).toEqual([]);
    expect(await mine()).toEqual([keccak256(raw)]);
  });

  it('says how it stands', async () => {
    await send(await sign(fixture.keeper));
    expect((await steer('devRelay_status')).result).toMatchObject({
      storedTransactions: 1,
      publicMempoolSightings: 0,
    });
  });

  const nonsense: readonly [params: unknown, message: RegExp][] = [
    [[], /^params\[0\] is undefined, expected an object/],
    [[{}], /^params\[0\]\.kind is undefined, expected one of drop, refuse/],
    [[{ kind: 'explode' }], /^params\[0\]\.kind is explode/],
    [[{ kind: 'delay' }], /^params\[0\]\.blocks is undefined/],
    [[{ kind: 'delay', blocks: 0 }], /^params\[0\]\.blocks is 0, expected a positive integer/],
    [[{ kind: 'serverError', status: 200 }], /^params\[0\]\.status is 200/],
    [[{ kind: 'drop' }, { times: -1 }], /^params\[1\]\.times is -1/],
    [[{ kind: 'drop' }, { methods: [1] }], /^params\[1\]\.methods\[0\] is 1, expected a string/],
  ];

  it.each(nonsense)('names what is wrong: %j', async (params, message) => {
    expect((await steer('devRelay_misbehave', params)).error?.message).toMatch(message);
  });

  it('has no other such methods', async () => {
    expect((await steer('devRelay_stop')).error?.code).toBe(-32_601);
  });
});
