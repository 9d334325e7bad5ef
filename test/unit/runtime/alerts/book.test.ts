import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertMessage } from '../../../../src/ports/alertChannel.ts';
import {
  type AlertBook,
  type BookStep,
  isQuietHour,
  release,
  take,
} from '../../../../src/runtime/alerts/book.ts';
import type { AlertSettings } from '../../../../src/runtime/config/operations.ts';

const settings: AlertSettings = {
  name: 'pager',
  rules: null,
  atLeast: 'warning',
  quietSeconds: 3_600,
  quietHours: null,
};
const halted: AlertMessage = {
  rule: 'halted',
  subject: 'eth-calls',
  severity: 'critical',
  status: 'raised',
  title: 'eth-calls halted: failures',
  facts: {},
  atSeconds: 0,
  source: 'ballast live, chain 1',
  unsaid: 0,
};
const over: AlertMessage = { ...halted, status: 'recovered', severity: 'info', title: 'eth-calls goes on' };

/** Plays messages at their times into one channel, and gives what was told when. */
function play(
  events: readonly (readonly [number, AlertMessage | null])[],
  of: AlertSettings = settings,
): readonly string[] {
  let book: AlertBook = new Map();
  return events.flatMap(([at, message]) => {
    const step: BookStep = message === null ? release(book, of, at) : take(book, message, of, at);
    book = step.book;
    return step.tell.map(
      ({ status, subject, unsaid }) => `${at} ${status} ${subject}${unsaid ? ` +${unsaid}` : ''}`,
    );
  });
}

describe('one channel', () => {
  it('is told once of what goes on, and of its end', () => {
    expect(
      play([
        [0, halted],
        [12, halted],
        [24, halted],
        [36, over],
        [48, over],
      ]),
    ).toEqual(['0 raised eth-calls', '36 recovered eth-calls']);
  });
  it('is not kept in the dark for as long as the clock was set back', () => {
    expect(
      play([
        [90_000, halted],
        [3_600, halted],
        [3_612, halted],
        [7_200, halted],
      ]),
    ).toEqual(['90000 raised eth-calls', '3600 raised eth-calls', '7200 raised eth-calls +1']);
  });
  it('is told again of what lasts longer than the quiet time, with how often it was raised meanwhile', () => {
    expect(
      play([
        [0, halted],
        [1_800, halted],
        [3_600, halted],
      ]),
    ).toEqual(['0 raised eth-calls', '3600 raised eth-calls +1']);
  });
  it('is not told each time of what comes and goes, but of what lasts when the quiet time is over', () => {
    const flapping = [
      [0, halted],
      [10, over],
      [20, halted],
      [30, over],
      [40, halted],
    ] as const;
    expect(play([...flapping, [1_000, null], [3_600, null], [3_700, null]])).toEqual([
      '0 raised eth-calls',
      '10 recovered eth-calls',
      '3600 raised eth-calls',
    ]);
  });
  it('is told of each thing apart', () => {
    expect(
      play([
        [0, halted],
        [1, { ...halted, subject: 'btc-puts' }],
        [2, { ...halted, rule: 'oracle' }],
      ]),
    ).toHaveLength(3);
  });
  it('hears its own rules only, and nothing that matters less than it wants', () => {
    expect(play([[0, halted]], { ...settings, rules: ['reverted'] })).toEqual([]);
    expect(play([[0, { ...halted, severity: 'warning' }]], { ...settings, atLeast: 'critical' })).toEqual([]);
  });
  it('is told of no end whose beginning it was not told of', () => {
    expect(play([[0, over]])).toEqual([]);
    expect(
      play([
        [0, { ...halted, severity: 'info' }],
        [1, over],
      ]),
    ).toEqual([]);
  });

  describe('in its quiet hours', () => {
    const night = { ...settings, quietHours: { from: '22:00', to: '06:00' } };
    const warning: AlertMessage = { ...halted, severity: 'warning' };
    const [evening, morning] = [23 * 3_600, 30 * 3_600];
    it('is told of what is critical', () => expect(play([[evening, halted]], night)).toHaveLength(1));
    it('is told of the rest in the morning, where it still lasts', () => {
      expect(
        play(
          [
            [evening, warning],
            [evening + 60, null],
            [morning, null],
          ],
          night,
        ),
      ).toEqual([`${morning} raised eth-calls`]);
      expect(
        play(
          [
            [evening, warning],
            [evening + 60, over],
            [morning, null],
          ],
          night,
        ),
      ).toEqual([]);
    });
    it.each([
      ['22:00', '06:00', 23, true],
      ['22:00', '06:00', 5, true],
      ['22:00', '06:00', 6, false],
      ['12:00', '13:00', 12, true],
      ['12:00', '13:00', 13, false],
    ])('from %s to %s, %i o’clock: %s', (from, to, hour, expected) => {
      expect(isQuietHour({ from, to }, hour * 3_600)).toBe(expected);
    });
  });

  it('is told at most once in a quiet time, and every end follows a beginning, whatever happens', () => {
    const event = fc.record({
      after: fc.integer({ min: 0, max: 2_000 }),
      what: fc.constantFrom(halted, over, null),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let at = 0;
        const said = play(
          events.map(({ after, what }) => {
            at += after;
            return [at, what] as const;
          }),
        ).map((line) => ({ at: Number(line.split(' ')[0]), isRaised: line.includes('raised') }));
        const raised = said.filter(({ isRaised }) => isRaised);
        for (const [index, one] of raised.entries()) {
          const before = raised[index - 1];
          if (before !== undefined) expect(one.at - before.at).toBeGreaterThanOrEqual(settings.quietSeconds);
        }
        said.forEach((one, index) => {
          if (!one.isRaised) expect(said[index - 1]?.isRaised).toBe(true);
        });
      }),
    );
  });
});
