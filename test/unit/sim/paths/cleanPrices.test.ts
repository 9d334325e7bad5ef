import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPrices, type PriceRow } from '../../../../src/sim/paths/cleanPrices.ts';
import { ethHourlyCloses } from '../../../support/ethPrices.ts';
import { hasSharedData } from '../../../support/sharedData.ts';

const start = Date.UTC(2024, 0, 1) / 1_000;
const hours = (count: number, from = start): PriceRow[] =>
  Array.from({ length: count }, (_, hour) => ({
    timestampSeconds: from + hour * 3_600,
    price: 2_000 + 10 * Math.sin(hour / 3),
  }));
const kinds = (rows: readonly PriceRow[]) => cleanPrices(rows).findings.map(({ kind }) => kind);

describe('a recording of prices', () => {
  it('passes as it is when nothing is wrong', () => {
    const { path, intervalSeconds, findings } = cleanPrices(hours(48));
    expect(findings).toEqual([]);
    expect(intervalSeconds).toBe(3_600);
    expect([...path.price]).toEqual(hours(48).map(({ price }) => price));
  });

  it('is sorted, and says which rows were out of order', () => {
    const rows = hours(10);
    const mixed = [...rows.slice(0, 3), rows[5]!, rows[3]!, rows[4]!, ...rows.slice(6)];
    const { path, findings } = cleanPrices(mixed);
    expect(findings.map(({ kind }) => kind)).toEqual(['unsorted']);
    expect([...path.timestampSeconds]).toEqual(rows.map(({ timestampSeconds }) => timestampSeconds));
  });

  it('takes a row that comes twice once, and drops a time that has two prices', () => {
    const rows = hours(10);
    expect(kinds([...rows.slice(0, 5), rows[4]!, ...rows.slice(5)])).toEqual(['duplicate']);
    const torn = { ...rows[4]!, price: 1_900 };
    const { path, findings } = cleanPrices([...rows.slice(0, 5), torn, ...rows.slice(5)]);
    expect(findings.map(({ kind }) => kind)).toEqual(['shortGap', 'conflict']);
    expect(path.price).toHaveLength(9);
  });

  it.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])('drops a price of %d and says so', (price) => {
    const rows = hours(10).map((row, index) => (index === 5 ? { ...row, price } : row));
    expect(kinds(rows)).toEqual(['shortGap', 'badPrice']);
  });

  it('drops times that are no unix seconds', () => {
    expect(kinds([...hours(10), { timestampSeconds: start * 1_000, price: 2_000 }])).toContain('badTime');
  });

  it('drops a print that jumps away and back further than any market, and keeps a crash that stays', () => {
    const spike = hours(20).map((row, index) => (index === 9 ? { ...row, price: 1_200 } : row));
    expect(kinds(spike)).toEqual(['shortGap', 'badPrint']);
    const crash = hours(20).map((row, index) => (index >= 9 ? { ...row, price: row.price * 0.6 } : row));
    expect(cleanPrices(crash).findings).toEqual([]);
  });

  it('names a doubtful print and keeps it: leaving out real moves would flatter', () => {
    const rows = hours(20).map((row, index) => (index === 9 ? { ...row, price: 1_860 } : row));
    const { path, findings } = cleanPrices(rows);
    expect(findings.map(({ kind }) => kind)).toEqual(['suspect']);
    expect(path.price[9]).toBe(1_860);
  });

  it('treats up to three missing rows as one longer step, and more as a hole', () => {
    const rows = hours(30);
    const { path, findings } = cleanPrices([...rows.slice(0, 5), ...rows.slice(8, 15), ...rows.slice(19)]);
    expect(findings.map(({ kind }) => kind)).toEqual(['shortGap', 'gap']);
    expect(
      [...path.afterGap].flatMap((flag, index) => (flag === 1 ? [path.timestampSeconds[index]] : [])),
    ).toEqual([rows[19]!.timestampSeconds]);
  });

  it('refuses local time whose clocks are set back in autumn', () => {
    const change = Date.UTC(2024, 9, 27) / 1_000;
    const local = [...hours(3, change), ...hours(6, change + 2 * 3_600)];
    expect(() => cleanPrices(local)).toThrow('UTC');
    const halfHours = (count: number, from: number) =>
      hours(count, from).map((row, index) => ({ ...row, timestampSeconds: from + index * 1_800 }));
    expect(() => cleanPrices([...halfHours(4, change), ...halfHours(9, change + 3_600)])).toThrow('UTC');
    const copied = [...local].reverse();
    expect(() => cleanPrices(copied)).toThrow('UTC');
  });

  it('takes a Sunday for a day like others: a row told twice is no change of clocks', () => {
    const sunday = hours(24 * 7, Date.UTC(2025, 0, 5) / 1_000);
    expect(kinds([...sunday.slice(0, 5), sunday[4]!, ...sunday.slice(5)])).toEqual(['duplicate']);
    const torn = { ...sunday[4]!, price: 1_990 };
    expect(kinds([...sunday.slice(0, 5), torn, ...sunday.slice(5)])).toEqual(['shortGap', 'conflict']);
    const change = hours(24, Date.UTC(2024, 9, 27) / 1_000);
    expect(kinds([...change.slice(0, 3), change[2]!, ...change.slice(3)])).toEqual(['duplicate']);
  });

  it('says where the row stands that a finding is about', () => {
    const rows = hours(20).map((row, index) => ({ ...row, file: 'a.csv', line: index + 2 }));
    const told = [
      ...rows.slice(0, 4),
      { ...rows[4]!, price: Number.NaN },
      { ...rows[5]!, timestampSeconds: Number.NaN },
      { ...rows[6]!, fault: '3 cells where the first line has 2' },
      ...rows.slice(7),
      { ...rows[19]!, line: 22 },
    ];
    expect(cleanPrices(told).findings.map(({ kind, file, line }) => [kind, file, line])).toEqual(
      expect.arrayContaining([
        ['badPrice', 'a.csv', 6],
        ['badTime', 'a.csv', 7],
        ['badRow', 'a.csv', 8],
        ['shortGap', 'a.csv', 9],
        ['duplicate', 'a.csv', 22],
      ]),
    );
  });

  it('refuses fewer than two usable rows', () => {
    expect(() => cleanPrices([{ timestampSeconds: start, price: 2_000 }])).toThrow('at least two');
    const nanoseconds = hours(9).map((row, index) => ({
      ...row,
      timestampSeconds: row.timestampSeconds * 1e9,
      line: index + 2,
    }));
    expect(() => cleanPrices(nanoseconds)).toThrow(/0 usable rows \(line 2, time 1704067200000000000 is/);
  });

  it('gives rising times and possible prices whatever comes in', () => {
    const row = fc.record({
      timestampSeconds: fc.integer({ min: start, max: start + 100 * 600 }),
      price: fc.oneof(fc.double({ min: 1_900, max: 2_100, noNaN: true }), fc.constantFrom(0, -1, Number.NaN)),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 60 }), (rows) => {
        let cleaned: ReturnType<typeof cleanPrices>;
        try {
          cleaned = cleanPrices(rows);
        } catch {
          return;
        }
        const { timestampSeconds, price } = cleaned.path;
        for (let i = 0; i < price.length; i += 1) {
          expect(price[i]).toBeGreaterThan(0);
          if (i > 0) expect(timestampSeconds[i]).toBeGreaterThan(timestampSeconds[i - 1]!);
        }
      }),
    );
  });

  it.skipIf(!hasSharedData)('finds the eleven missing stretches of the recorded hourly closes', () => {
    const { findings } = cleanPrices(ethHourlyCloses());
    const count = (kind: string) => findings.filter((finding) => finding.kind === kind).length;
    expect(count('gap') + count('shortGap')).toBe(11);
    expect(count('badPrint')).toBe(0);
  });
});
