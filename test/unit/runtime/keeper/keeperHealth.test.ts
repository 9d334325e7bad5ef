import { describe, expect, it } from 'vitest';
import { createHealthBook } from '../../../../src/runtime/keeper/keeperHealth.ts';

/** A book with a clock that is set by hand, and the alerts that passed it. */
function stage() {
  let now = 100;
  const told: string[] = [];
  const book = createHealthBook({ nowSeconds: () => now });
  const alert = book.listening({ send: (_severity, title) => told.push(title) });
  return { book, alert, told, at: (seconds: number) => (now = seconds) };
}

describe('what a keeper knows of its surroundings', () => {
  it('counts what was asked of an endpoint, and keeps its last error', () => {
    const { book, at } = stage();
    book.observeRequest('own-node', 'eth_call', 0.1, null);
    at(110);
    book.observeRequest('own-node', 'eth_call', 9, 'timeout');
    at(120);
    book.observeRequest('own-node', 'eth_call', 0.1, null);
    expect(book.health().endpoints).toEqual({
      'own-node': {
        requests: 3,
        errors: 1,
        lastError: { code: 'timeout', atSeconds: 110 },
        leftOut: null,
      },
    });
  });

  it('knows which endpoint is left out, why and since when, until it is asked again', () => {
    const { book, alert, at } = stage();
    const topic = { rule: 'endpoint', subject: 'far-node' } as const;
    alert.send('warning', 'left out', { reason: 'lags' }, topic);
    at(160);
    alert.send('warning', 'left out', { reason: 'another block' }, topic);
    const leftOut = () => book.health().endpoints['far-node']?.leftOut;
    expect(leftOut()).toEqual({ reason: 'another block', sinceSeconds: 100 });
    alert.send('info', 'back', {}, { ...topic, isOver: true });
    expect(leftOut()).toBeNull();
  });

  it('passes every alert on, and keeps what is not over, the newest first', () => {
    const { book, alert, told, at } = stage();
    alert.send('critical', 'halted', {}, { rule: 'halted', subject: 'north' });
    at(110);
    alert.send('warning', 'beyond its band', {}, { rule: 'beyondBand', subject: 'south' });
    at(120);
    alert.send('critical', 'halted still', {}, { rule: 'halted', subject: 'north' });
    expect(book.health().lasting.map(({ title, sinceSeconds }) => [title, sinceSeconds])).toEqual([
      ['beyond its band', 110],
      ['halted still', 100],
    ]);
    alert.send('info', 'goes on', {}, { rule: 'halted', subject: 'north', isOver: true });
    expect(book.health().lasting.map(({ subject }) => subject)).toEqual(['south']);
    expect(told).toHaveLength(4);
  });

  it('does not grow with what goes wrong', () => {
    const { book, alert } = stage();
    for (let index = 0; index < 1_000; index += 1)
      alert.send('warning', 'beyond', {}, { rule: 'beyondBand', subject: `v-${index}` });
    expect(book.health().lasting).toHaveLength(100);
  });

  it('counts what a channel did not take', () => {
    const { book, at } = stage();
    book.channelFailed('pager');
    at(130);
    book.channelFailed('pager');
    expect(book.health().channels).toEqual({ pager: { failures: 2, lastFailureAtSeconds: 130 } });
  });
});
