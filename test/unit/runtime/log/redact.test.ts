import { describe, expect, it } from 'vitest';
import { createLog } from '../../../../src/runtime/log/log.ts';
import { createRedactor } from '../../../../src/runtime/log/redact.ts';

const KEY = `0x${'ab12'.repeat(16)}` as const;

describe('redaction', () => {
  it.each([
    ['https://mainnet.example/v3/0123456789abcdef', 'https://mainnet.example/…'],
    ['https://user:pass@node.example', 'https://node.example/…'],
    ['wss://node.example/?key=abc', 'wss://node.example/…'],
    ['https://node.example', 'https://node.example'],
    ['http://127.0.0.1:8545', 'http://127.0.0.1:8545'],
    ['failed: https://node.example/token, twice', 'failed: https://node.example/… twice'],
    ['starts with http:// or https://: the endpoint', 'starts with http:// or https://: the endpoint'],
    ['https://:pass@node.example', 'https://node.example/…'],
    [`0x02f8${'00'.repeat(200)}`, '0x02f80000…(202 bytes)'],
    [`hash 0x${'cd'.repeat(32)}`, `hash 0x${'cd'.repeat(32)}`],
  ])('%s', (text, expected) => {
    expect(createRedactor().text(text)).toBe(expected);
  });

  it('hides a secret that it has learnt, with and without 0x, wherever it turns up', () => {
    const redactor = createRedactor();
    redactor.learn(KEY);
    expect(redactor.text(`key ${KEY} / ${KEY.slice(2)}`)).toBe('key [hidden] / [hidden]');
    expect(JSON.stringify(redactor.value({ deep: [{ words: `was ${KEY}` }] }))).not.toContain(KEY.slice(2));
  });

  it('hides secrets by the name of their field', () => {
    const shown = createRedactor().value({
      privateKey: KEY,
      rawTransaction: '0x02',
      password: 'x',
      nested: { api_key: 'y' },
      hash: KEY,
    });
    expect(shown).toEqual({
      privateKey: '[hidden]',
      rawTransaction: '[hidden]',
      password: '[hidden]',
      nested: { api_key: '[hidden]' },
      hash: KEY,
    });
  });

  it('shows a token that is a coin, unless it was learnt as a secret', () => {
    const coin = `0x${'dA'.repeat(20)}`;
    const redactor = createRedactor();
    expect(redactor.value({ via: { token: coin } })).toEqual({ via: { token: coin } });
    expect(redactor.value({ token: 'da'.repeat(20), secret: coin })).toEqual({
      token: '[hidden]',
      secret: '[hidden]',
    });
    redactor.learn(coin);
    expect(redactor.value({ token: coin })).toEqual({ token: '[hidden]' });
  });

  it('hides a secret inside an error object that is logged', () => {
    const lines: string[] = [];
    const redactor = createRedactor();
    redactor.learn(KEY);
    const log = createLog(redactor, 'debug', { write: (line: string) => void lines.push(line) });
    log.error(
      { cause: new Error(`bad key ${KEY} at https://node.example/token`) as never, amount: 5n },
      `while using ${KEY}`,
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(KEY.slice(2));
    expect(lines[0]).not.toContain('token');
    expect(JSON.parse(lines[0] as string)).toMatchObject({ amount: '5', msg: 'while using [hidden]' });
  });

  it('does not learn words too short to be secrets', () => {
    const redactor = createRedactor();
    redactor.learn('WETH');
    expect(redactor.text('sell WETH')).toBe('sell WETH');
  });
});
