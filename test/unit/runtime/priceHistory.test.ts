import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPriceHistory } from '../../../src/runtime/priceHistory.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-history-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(text: string, name = 'prices.csv') {
  const file = join(folder, name);
  await writeFile(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return readPriceHistory(file);
}

const expected = [
  { timestampSeconds: 1_704_067_200, price: 2_300.5 },
  { timestampSeconds: 1_704_070_800, price: 2_310 },
];

describe('a price history', () => {
  it.each([
    ['seconds without a title', '1704067200,2300.5\n1704070800,2310\n'],
    ['milliseconds', 'timestamp,price\n1704067200000,2300.5\n1704070800000,2310'],
    [
      'titles in any order, Windows line ends',
      'close,source,Time\r\n2300.5,spot,1704067200\r\n2310,spot,1704070800\r\n',
    ],
    ['dates in UTC', 'Date,Close\n2024-01-01 00:00:00,2300.5\n2024-01-01 01:00:00,2310'],
    ['dates with a zone', 'time,price\n2024-01-01T01:00:00+01:00,2300.5\n2024-01-01T01:00:00Z,2310'],
    ['a day alone', 'time,price\n2024-01-01,2300.5\n2024-01-01 01:00,2310'],
    ['a row without a price, which is a hole', '1704067200,2300.5\n1704068000,\n1704070800,2310'],
    ['quotation marks', '"time","price"\n"1704067200","2300.5"\n"1704070800",2310'],
    ['line ends of an old Mac', 'time,price\r1704067200,2300.5\r1704070800,2310\r'],
    ['empty lines', '\n1704067200,2300.5\n\n1704070800,2310\n\n'],
  ])('is read from %s', async (_, text) => {
    expect(await read(text)).toEqual(expected);
  });

  it('is read from a gzipped file', async () => {
    expect(await read('1704067200,2300.5\n1704070800,2310', 'prices.csv.gz')).toEqual(expected);
  });

  it.each([
    ['a price of zero', '1704067200,2300\n1704070800,0', 'line 2 has the price "0"'],
    ['a negative price', '1704067200,-1', 'line 1 has the price "-1"'],
    ['a word for a price', 'time,price\n1704067200,n/a', 'line 2 has the price "n/a"'],
    ['a price that is not decimal', '1704067200,0xBB8', 'line 1 has the price "0xBB8"'],
    [
      'thousands set apart',
      'time,price\n1704067200,3,000.50',
      'line 2 has 3 cells where the first line has 2',
    ],
    ['a word for a time', '1704067200,2300\nnoon,2300', 'line 2 has the time "noon"'],
    ['a time out of order', '1704070800,2300\n1704067200,2310', 'line 2 is not later than the one before'],
    ['a time twice', '1704067200,2300\n1704067200,2310', 'line 2 is not later than the one before'],
    ['no column of times', 'when,price\n1704067200,2300', 'it has no column called time'],
    ['semicolons', 'time;price\n1704067200;2300', 'its first line has "time;price"'],
    ['no column of prices', 'time,bid\n1704067200,2300', 'it has no column called price'],
  ])('is refused with %s', async (_, text, words) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'HISTORY_UNUSABLE',
      message: expect.stringContaining(words),
    });
  });

  it('is refused where there is no such file, or it is not what its name says', async () => {
    await expect(readPriceHistory(join(folder, 'none.csv'))).rejects.toMatchObject({
      code: 'HISTORY_UNUSABLE',
    });
    const file = join(folder, 'plain.csv.gz');
    await writeFile(file, '1704067200,2300');
    await expect(readPriceHistory(file)).rejects.toMatchObject({ code: 'HISTORY_UNUSABLE' });
  });
});
