import { describe, expect, it } from 'vitest';
import type { ErrorFacts } from '../../../../src/core/errors.ts';
import { eventsOf } from '../../../../src/runtime/calendar/eventsText.ts';
import { openCalendar } from '../../../../src/runtime/calendar/openCalendar.ts';

const text = `
- name: rate decision
  at: 2026-12-16T20:00:00+01:00
  hoursBefore: 2
  bandFactor: 0.5
  maxTradeQuote: 50000
- name: upgrade
  at: 2026-12-17T09:00:00Z
`;

describe('a calendar', () => {
  it('reads events with their time zones, windows and changes', () => {
    expect(eventsOf('events.yaml', text)).toEqual([
      {
        name: 'rate decision',
        atSeconds: Date.UTC(2026, 11, 16, 19) / 1_000,
        beforeSeconds: 7_200,
        afterSeconds: 3_600,
        changes: { bandFactor: 0.5, maxTradeQuote: 50_000 },
      },
      {
        name: 'upgrade',
        atSeconds: Date.UTC(2026, 11, 17, 9) / 1_000,
        beforeSeconds: 3_600,
        afterSeconds: 3_600,
        changes: {},
      },
    ]);
  });

  it('reads JSON as well, and nothing as no events', () => {
    expect(eventsOf('x', '[{"name":"a","at":"2026-12-17T09:00:00Z"}]')).toHaveLength(1);
    expect(eventsOf('x', '')).toEqual([]);
  });

  it('takes ten thousand events as JSON, and no YAML so long that reading it would hold up the keeper', () => {
    const events = Array.from({ length: 10_000 }, (_, n) => ({
      name: `event ${n}`,
      at: '2026-12-17T09:00:00Z',
    }));
    expect(eventsOf('x', JSON.stringify(events))).toHaveLength(10_000);
    expect(() => eventsOf('x', JSON.stringify([...events, events[0]]))).toThrow('10000');
    const long = `[${'{},'.repeat(1_000_000)}]`;
    expect(() => eventsOf('x', long)).toThrow(/of YAML at most 250000 are read: give it as JSON/);
  });

  it.each([
    ['- name: a\n  at: 2026-12-17 09:00', /^events: entry 1 at: a time with its zone/],
    ['- name: a\n  at: 2026-12-17T09:00:00Z\n  bandFactor: 2', /^events: entry 1 bandFactor: /],
    ['- name: a\n  at: 2026-12-17T09:00:00Z\n- at: 2026-12-17T09:00:00Z', /^events: entry 2 name: /],
    ['name: a', /^events: Invalid input: expected array/],
    ['- [', /^events: /],
  ])('names what is wrong in %j', (wrong, message) => {
    expect(() => eventsOf('events', wrong)).toThrow(message);
  });
});

describe('a calendar that is kept', () => {
  const source = { from: 'events.yaml', refreshSeconds: 600 };
  /** Whatever was started in the background has ended. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const kept = async (texts: readonly string[]) => {
    let now = 0;
    const warnings: ErrorFacts[] = [];
    const reads: string[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (facts: ErrorFacts) => void warnings.push(facts) };
    const calendar = await openCalendar(source, {
      clock: { nowSeconds: () => now, sleep: async () => {} },
      log,
      load: async (from) => {
        reads.push(from);
        return { text: texts[reads.length - 1] ?? '', modifiedAtSeconds: null };
      },
    });
    return { calendar, warnings, reads, pass: (seconds: number) => (now += seconds) };
  };

  it('is read again after its time, and once at a time', async () => {
    const { calendar, reads, pass } = await kept([text, '']);
    expect(calendar()).toHaveLength(2);
    pass(599);
    calendar();
    expect(reads).toHaveLength(1);
    pass(1);
    expect([calendar(), calendar()].map(({ length }) => length)).toEqual([2, 2]);
    await settled();
    expect(calendar()).toEqual([]);
    expect(reads).toHaveLength(2);
  });

  it('is read again at once where the clock is set back', async () => {
    const { calendar, reads, pass } = await kept([text, '']);
    pass(-3_600);
    calendar();
    await settled();
    expect(reads).toHaveLength(2);
  });

  it('keeps the events it knows where a later reading fails, and says so', async () => {
    const { calendar, warnings, pass } = await kept([text, '- nonsense']);
    pass(600);
    calendar();
    await settled();
    expect(calendar()).toHaveLength(2);
    expect(warnings).toEqual([
      { from: 'events.yaml', error: expect.stringMatching(/^events.yaml: entry 1/) as string },
    ]);
  });

  it('does not open where the first reading makes no sense', async () => {
    await expect(kept(['- nonsense'])).rejects.toThrow('events.yaml: entry 1');
  });
});
