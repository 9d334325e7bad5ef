import { describe, expect, it } from 'vitest';
import {
  age,
  bps,
  count,
  orUnknown,
  percent,
  profit,
  quote,
  shortAddress,
  timeOfDay,
} from '../../../../src/cli/output/numbers.ts';
import { colourStyle, plainStyle, styleFor, visibleWidth } from '../../../../src/cli/output/style.ts';
import { labelled, table, wrap } from '../../../../src/cli/output/table.ts';

describe('numbers', () => {
  it.each([
    [quote(1234567.891), '1,234,567.89'],
    [profit(12.5), '+12.50'],
    [profit(-12.5), '−12.50'],
    [profit(-0.001), '+0.00'],
    [bps(10.26), '10.3 bps'],
    [percent(-0.12), '−12.0 %'],
    [count(21_004_512n), '21,004,512'],
    [orUnknown(null, quote), '–'],
    [orUnknown(Number.NaN, quote), '–'],
    [shortAddress('0x12ab00000000000000000000000000000000009f3c'), '0x12ab…9f3c'],
    [age(9), '9 s'],
    [age(600), '10 min'],
    [age(10_800), '3 h'],
    [age(200_000), '2 d'],
    [timeOfDay(1_700_000_000), '22:13:20Z'],
  ])('%s is %s', (found, expected) => {
    expect(found).toBe(expected);
  });
});

describe('colour', () => {
  const terminal = { isTerminal: true, noColor: undefined, term: 'xterm', isWanted: true };
  it('is used on a terminal', () => expect(styleFor(terminal)).toBe(colourStyle));
  it.each([
    ['no terminal', { ...terminal, isTerminal: false }],
    ['NO_COLOR', { ...terminal, noColor: '1' }],
    ['TERM=dumb', { ...terminal, term: 'dumb' }],
    ['--no-color', { ...terminal, isWanted: false }],
  ])('is not used with %s', (_, facts) => expect(styleFor(facts)).toBe(plainStyle));
  it('an empty NO_COLOR does not count', () =>
    expect(styleFor({ ...terminal, noColor: '' })).toBe(colourStyle));
  it('takes no room', () => expect(visibleWidth(colourStyle.alarm('LIVE'))).toBe(4));
});

describe('tables', () => {
  it('aligns by what is seen, not by escape codes', () => {
    const lines = table(
      [
        { title: 'name', align: 'left' },
        { title: 'value', align: 'right' },
      ],
      [
        [colourStyle.red('a'), '1'],
        ['longer', '−1,000.00'],
      ],
    );
    expect(lines.map(visibleWidth)).toEqual([17, 17, 17]);
  });
  it('wraps at blanks under the label', () => {
    expect(labelled('  do', 'one two three four', 6, 14)).toEqual([
      '  do  one two',
      '      three',
      '      four',
    ]);
  });
  it('gives a label too long for its column a line of its own', () =>
    expect(labelled('a-long-label', 'said of it', 10)).toEqual(['a-long-label', '          said of it']));

  it('cuts names in their middle where the table is wider than a terminal, so that their ends still differ', () => {
    const columns = [
      { title: 'vault', align: 'left', mayShorten: true },
      { title: 'why', align: 'left' },
    ] as const;
    const name = 'customer-vault-with-a-long-name';
    const lines = table(columns, [
      [`${name}-1`, 'x'.repeat(60)],
      [`${name}-2`, ''],
    ]);
    expect(lines.map((line) => line.length)).toEqual([23, 80, 18]);
    expect(lines[1]).toMatch(/^customer-…g-name-1 {2}x/);
    expect(lines[2]).toBe('customer-…g-name-2');
    expect(table(columns, [[`${name}-1`, 'x']])[1]).toContain(`${name}-1`);
  });

  it('never breaks a word', () =>
    expect(wrap('averyveryverylongword b', 5)).toEqual(['averyveryverylongword', 'b']));
});
