import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { book } from '../../../../src/adapters/protocols/index.ts';
import type { Position } from '../../../../src/core/position.ts';
import { contextAt } from '../../../support/readContext.ts';

const asOf = '2026-01-30T08:00:00Z';
const asOfSeconds = Date.parse(asOf) / 1_000;

/** What a book of this text states, for a WETH/USDC vault. */
function stated(from: string, text: string, more: { rate?: number; modifiedAtSeconds?: number | null } = {}) {
  const { vault } = contextAt({ vault: { rate: more.rate ?? 0 } });
  const load = async () => ({ text, modifiedAtSeconds: more.modifiedAtSeconds ?? null });
  const config = book.config.parse({ from });
  return book.observe(config, vault, { load, signal: new AbortController().signal });
}

const yaml = `asOf: ${asOf}
positions:
  - { kind: option, label: desk 7, type: call, strike: 3500, expiry: 2026-03-27T08:00:00Z, amount: -25.5 }
  - { kind: option, type: put, strike: 2500, expiry: 2026-03-27T08:00:00+00:00, amount: 10, settlement: base, style: american }
  - { kind: spot, asset: base, amount: 12.5 }
  - { kind: spot, asset: quote, amount: -1000.25, rate: 0.05 }
  - { kind: perp, amount: -8, entryPrice: 3010, fundingRate: 0.1 }
`;
const csv = `# asOf ${asOf}
kind,label,type,strike,expiry,amount,style,asset,settlement,entryPrice,fundingRate,rate
option,desk 7,call,3500,2026-03-27T08:00:00Z,-25.5,,,,,,
option,,put,2500,2026-03-27T08:00:00+00:00,1e1,american,,base,,,
spot,,,,,12.5,,base,,,,
# what is owed to the exchange
spot,,,,,-1000.25,,quote,,,,0.05
"perp",,,,,-8,,,,3010,0.1,
`;
const positions = (rows: readonly string[]): readonly Position[] => [
  {
    kind: 'option',
    label: 'book desk 7',
    type: 'call',
    strike: 3_500,
    expirySeconds: Date.parse('2026-03-27T08:00:00Z') / 1_000,
    size: -25.5,
    settlementPrice: null,
    settlement: 'quote',
  },
  {
    kind: 'option',
    label: `book ${rows[1]}`,
    type: 'put',
    strike: 2_500,
    expirySeconds: Date.parse('2026-03-27T08:00:00Z') / 1_000,
    size: 10,
    settlementPrice: null,
    settlement: 'base',
  },
  {
    kind: 'spot',
    label: `book ${rows[2]}`,
    asset: 'base',
    amountRaw: 12_500_000_000_000_000_000n,
    locked: true,
  },
  { kind: 'debt', label: `book ${rows[3]}`, asset: 'quote', owedRaw: 1_000_250_000n, borrowRate: 0.05 },
  {
    kind: 'perp',
    label: `book ${rows[4]}`,
    settlement: 'quote',
    size: -8,
    entryPrice: 3_010,
    markToSpot: 1,
    fundingRate: 0.1,
  },
];

describe('a book by hand', () => {
  it.each([
    ['YAML', 'desk.yaml', yaml, [1, 2, 3, 4, 5].map((row) => `position ${row}`)],
    ['CSV', 'desk.csv', csv, [3, 4, 5, 7, 8].map((line) => `line ${line}`)],
  ])('is the positions that it lists, as of the time that it says: %s', async (_, from, text, rows) => {
    expect(await stated(from, text)).toEqual({
      source: `book ${from}`,
      observedAtSeconds: asOfSeconds,
      staleAfterSeconds: 86_400,
      positions: positions(rows),
    });
  });

  it('is as old as its file where it does not say itself, and refused where nobody says', async () => {
    const undated = yaml.replace(/^asOf.*\n/, '');
    expect((await stated('desk.yaml', undated, { modifiedAtSeconds: 77 })).observedAtSeconds).toBe(77);
    expect((await stated('desk.yaml', yaml, { modifiedAtSeconds: 77 })).observedAtSeconds).toBe(asOfSeconds);
    await expect(stated('desk.yaml', undated)).rejects.toThrow(
      'asOf: neither the book nor whoever serves it says',
    );
  });

  it('takes a trade twice where nothing says which is which, and not where its label is the same', async () => {
    const twice = (row: string) => `asOf: ${asOf}\npositions:\n  - ${row}\n  - ${row}\n`;
    const clip = '{ kind: perp, amount: -8, entryPrice: 3010 }';
    expect((await stated('desk.yaml', twice(clip))).positions).toHaveLength(2);
    await expect(stated('desk.yaml', twice(clip.replace('kind', 'label: no. 7, kind')))).rejects.toThrow(
      'position 2, label: the same as position 1 in everything',
    );
  });

  it('may be empty, which is not the same as not being there', async () => {
    expect((await stated('desk.yaml', `asOf: ${asOf}\npositions: []`)).positions).toEqual([]);
    await expect(stated('desk.yaml', '')).rejects.toThrow('positions: is not a list');
  });

  it('does not tell the key of an endpoint', async () => {
    const { source } = await stated('https://me:secret@desk.example/v1/book?key=secret', yaml);
    expect(source).toBe('book desk.example');
  });

  it.each([
    ['position 2, strike: not above 0', yaml.replace('strike: 2500', 'strike: -2500')],
    ['position 1, expiry: not a time', yaml.replace('2026-03-27T08:00:00Z', '2026-03-27')],
    ['position 1, strike: not a number', yaml.replace('strike: 3500', 'strike: "3,500"')],
    ['position 5, entryPrice: not a number', yaml.replace('entryPrice: 3010', 'entryPrice: .nan')],
    ['position 3, kind: not one of option, spot, perp', yaml.replace('kind: spot', 'kind: stock')],
    ['position 4, ammount: is not a field', yaml.replace('amount: -1000.25', 'amount: 1, ammount: 2')],
    ['asOf: "yesterday" is not a time', yaml.replace(asOf, 'yesterday')],
    ['owner: is not a part of a book', `owner: me\n${yaml}`],
    ['position 1, label: has characters that', yaml.replace('desk 7', '"\\e[2J"')],
    [
      'position 1, settlementPrice: the option is not over',
      yaml.replace('-25.5', '-25.5, settlementPrice: 3000'),
    ],
    ['position 1, underlying: is not a field', yaml.replace('-25.5', '-25.5, underlying: WBTC')],
    ['position 1, expiry: not a time', yaml.replace('2026-03-27T08:00:00Z', '1774598400000')],
  ])('that makes no sense is refused whole, naming row and field: %s', async (words, text) => {
    await expect(stated('desk.yaml', text)).rejects.toThrow(words);
  });

  it.each([
    ['line 4, strike: not above 0', csv.replace('2500', '0')],
    ['line 3, amount: not a number', csv.replace('-25.5', '-25.5 ETH')],
    ['line 3: 13 cells, the header has 12', csv.replace('desk 7', 'desk, 7')],
    ['line 8: a quote is out of place', csv.replace('"perp"', '"perp')],
    ['line 2: kind is there twice', csv.replace('label', 'kind')],
    ['line 2: names no field kind, so it is not the header', csv.replace(/kind,.*\n/, '')],
    ['is empty: not even a line', ''],
    [`asOf: ${asOf}, and 2027-01-30T08:00:00Z too`, `${csv}# asOf 2027-01-30T08:00:00Z\n`],
    ['is empty: not even a line', `# asOf ${asOf}\n`],
  ])('as a table names its line: %s', async (words, text) => {
    await expect(stated('desk.csv', text)).rejects.toThrow(words);
  });

  it('prices an American option where early exercise is worth nothing, and refuses it otherwise', async () => {
    const option = (type: string) => `asOf: ${asOf}
positions: [{ kind: option, type: ${type}, strike: 3000, expiry: ${asOf}, amount: 1, style: american }]`;
    await expect(stated('b.yaml', option('put'), { rate: 0 })).resolves.toBeDefined();
    await expect(stated('b.yaml', option('call'), { rate: 0.05 })).resolves.toBeDefined();
    await expect(stated('b.yaml', option('put'), { rate: 0.05 })).rejects.toThrow(
      'position 1, style: american',
    );
    await expect(stated('b.yaml', option('call'), { rate: -0.01 })).rejects.toThrow(
      'position 1, style: american',
    );
  });

  it('never reads garbage as positions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 60 }),
        fc.constantFrom('b.csv', 'b.yaml'),
        async (text, from) => {
          await expect(stated(from, text, { modifiedAtSeconds: 1 })).rejects.toMatchObject({
            code: 'BOOK_INVALID',
          });
        },
      ),
    );
  });

  it('of ten thousand rows is read; one of more is not believed', async () => {
    const rows = (count: number) => `kind,asset,amount\n${'spot,base,1\n'.repeat(count)}`;
    expect((await stated('b.csv', rows(10_000), { modifiedAtSeconds: 1 })).positions).toHaveLength(10_000);
    await expect(stated('b.csv', rows(10_001), { modifiedAtSeconds: 1 })).rejects.toThrow('10001 rows');
  });
});
