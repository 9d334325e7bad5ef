import { describe, expect, it } from 'vitest';
import type { EndpointConfig } from '../../../../src/runtime/config/chain.ts';
import { type EndpointLook, endpointFindings } from '../../../../src/runtime/doctor/endpointLines.ts';

const endpoint = (name: string): EndpointConfig => ({
  name,
  url: `https://${name}.example/SECRET`,
  wsUrl: null,
  roles: ['read', 'head'],
  perSecond: null,
  timeoutSeconds: 10,
});
const good = (name: string, more: object = {}): EndpointLook => ({
  endpoint: endpoint(name),
  chainId: 1,
  number: 120n,
  timestampSeconds: 998,
  milliseconds: 12,
  hashInCommon: '0xaa',
  announces: null,
  ...more,
});
const judging = { chainId: 1, nowSeconds: 1_000, lateSeconds: 60, lagBlocks: 3 };
const lines = (...looks: EndpointLook[]) =>
  endpointFindings(looks, judging).map(({ verdict, check, found }) => [verdict, check, found]);

describe("the doctor's lines of endpoints", () => {
  it('say of each that it answers, its chain, its head, how far behind it is, and that it agrees', () => {
    expect(
      lines(good('north'), good('east', { number: 119n, timestampSeconds: 986, announces: true })),
    ).toEqual([
      ['ok', 'endpoint north', 'answers in 12 ms, id 1, block 120, 2 s old, level with the others, agrees'],
      [
        'ok',
        'endpoint east',
        'answers in 12 ms, id 1, block 119, 14 s old, 1 behind the others, agrees, announces heads',
      ],
    ]);
  });

  it.each<[string, object, string, RegExp]>([
    ['another chain', { chainId: 5 }, 'fail', /id 5, expected 1$/],
    ['another fork', { hashInCommon: '0xbb' }, 'fail', /on another fork$/],
    ['far behind', { number: 100n }, 'warn', /20 behind the others/],
    ['an old head', { timestampSeconds: 900 }, 'warn', /100 s old/],
    ['a websocket that refuses', { announces: false }, 'warn', /no heads by websocket$/],
  ])('tell %s', (_, more, verdict, words) => {
    const [, , third] = lines(good('north'), good('east'), good('south', more));
    expect(third?.[0]).toBe(verdict);
    expect(third?.[2]).toMatch(words);
  });

  it('tell that two on two forks have no majority', () => {
    const found = lines(good('north'), good('east', { hashInCommon: '0xbb' }));
    expect(found.map(([verdict]) => verdict)).toEqual(['fail', 'fail']);
    expect(found[0]?.[2]).toMatch(/no majority$/);
  });

  it('tell what one failed with, and never its address', () => {
    const look = { endpoint: endpoint('north'), failure: 'the node did not answer: ECONNREFUSED' };
    const found = endpointFindings([look, good('east')], judging);
    expect(found[0]).toMatchObject({ verdict: 'fail', found: look.failure });
    expect(JSON.stringify(found)).not.toContain('SECRET');
  });
});
