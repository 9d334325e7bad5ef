import { describe, expect, it } from 'vitest';
import {
  activeEvents,
  type CalendarEvent,
  eventWords,
  limitsDuring,
} from '../../../../src/core/risk/eventCalendar.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';

const release: CalendarEvent = {
  name: 'rate decision',
  atSeconds: 10_000,
  beforeSeconds: 1_800,
  afterSeconds: 3_600,
  changes: { bandFactor: 0.5, maxTradeQuote: 50_000 },
};
const upgrade: CalendarEvent = {
  name: 'upgrade',
  atSeconds: 12_000,
  beforeSeconds: 3_000,
  afterSeconds: 0,
  changes: { maxTradeQuote: 200_000, maxSlippageBps: 40, minSpacingSeconds: 60 },
};

describe('the event calendar', () => {
  it('knows the events whose window a time lies in', () => {
    const names = (now: number) => activeEvents([release, upgrade], now).map(({ name }) => name);
    expect(names(8_199)).toEqual([]);
    expect(names(8_200)).toEqual(['rate decision']);
    expect(names(9_000)).toEqual(['rate decision', 'upgrade']);
    expect(names(12_001)).toEqual(['rate decision']);
    expect(names(13_601)).toEqual([]);
  });

  it('takes the tightest of each limit, and never loosens one', () => {
    const own = { ...defaultLimits, maxSlippageBps: 30, maxTradeQuote: 100_000 };
    const { limits, bandFactor } = limitsDuring(own, [release, upgrade]);
    expect(limits).toEqual({ ...own, maxTradeQuote: 50_000, minSpacingSeconds: 60 });
    expect(bandFactor).toBe(0.5);
  });

  it('changes nothing while nothing is on', () => {
    expect(limitsDuring(defaultLimits, [])).toEqual({ limits: defaultLimits, bandFactor: 1, active: [] });
  });

  it('says what it changes and when', () => {
    expect(eventWords([release], 8_500)).toBe('rate decision in 25 min: band x 0.5, trades to 50000 quote');
    expect(eventWords([release, upgrade], 12_000)).toBe(
      'rate decision 33 min ago: band x 0.5, trades to 50000 quote; ' +
        'upgrade now: trades to 200000 quote, slippage to 40 bps, spacing from 60 s',
    );
  });
});
