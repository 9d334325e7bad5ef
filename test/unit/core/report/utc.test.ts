import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utcDay, utcMinute } from '../../../../src/core/report/utc.ts';

describe('days and minutes in UTC', () => {
  it('are those of the platform’s own calendar, leap days and negative times included', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000_000_000, max: 200_000_000_000 }), (seconds) => {
        const text = new Date(seconds * 1_000).toISOString();
        expect(utcDay(seconds)).toBe(text.slice(0, 10));
        expect(utcMinute(seconds)).toBe(text.slice(0, 16).replace('T', ' '));
      }),
      { numRuns: 2_000 },
    );
    expect(utcDay(1_709_208_000)).toBe('2024-02-29');
  });

  it('are not known for a time that is none', () => {
    expect(utcDay(Number.NaN)).toBe('–');
    expect(utcMinute(Number.POSITIVE_INFINITY)).toBe('–');
  });
});
