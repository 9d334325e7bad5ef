import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { messageOf } from '../core/errors.ts';
import type { PriceObservation } from '../core/volatility/observations.ts';
import { UsageError } from './errors.ts';

const TIME_NAMES = ['time', 'timestamp', 'date', 'datetime'];
const PRICE_NAMES = ['price', 'close'];
/** Unix times above this are milliseconds: as seconds it is the year 5138. */
const MOST_SECONDS = 1e11;

/**
 * A price history from a CSV file, gzipped where its name ends in `.gz`: a column of times (unix seconds or milliseconds, or
 * ISO 8601, in UTC where no zone is named) and one of prices. With a title line the columns are found by name (time,
 * timestamp, date; price, close), otherwise they are the first two. A row without a price is a hole, not an error.
 *
 * @throws UsageError where the file cannot be read, or a line has no time or no price above 0
 */
export async function readPriceHistory(file: string): Promise<readonly PriceObservation[]> {
  const text = await readText(file);
  const lines = text.split(/\r?\n/).map((line) => line.split(',').map((cell) => cell.trim()));
  const isEmpty = (cells: readonly string[]) => cells.every((cell) => cell === '');
  const start = lines.findIndex((cells) => !isEmpty(cells));
  const first = lines[start] ?? [];
  const isTitled = first.every((cell) => Number.isNaN(secondsOf(cell)));
  const columns = isTitled ? namedColumns(file, first) : { time: 0, price: 1 };
  const observations: PriceObservation[] = [];
  for (const [index, cells] of lines.entries()) {
    if ((index === start && isTitled) || isEmpty(cells)) continue;
    const [time, price] = [cells[columns.time] ?? '', cells[columns.price] ?? ''];
    if (price === '') continue;
    const timestampSeconds = secondsOf(time);
    if (Number.isNaN(timestampSeconds)) throw unusable(file, `line ${index + 1} has the time "${time}"`);
    if (!(Number(price) > 0 && Number.isFinite(Number(price))))
      throw unusable(file, `line ${index + 1} has the price "${price}"`);
    const before = observations.at(-1)?.timestampSeconds;
    if (before !== undefined && timestampSeconds <= before)
      throw unusable(file, `line ${index + 1} is not later than the one before`);
    observations.push({ timestampSeconds, price: Number(price) });
  }
  return observations;
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw unusable(file, `it cannot be read (${messageOf(error)})`);
  }
}

function namedColumns(file: string, titles: readonly string[]): { time: number; price: number } {
  const named = titles.map((title) => title.toLowerCase());
  const time = named.findIndex((name) => TIME_NAMES.includes(name));
  const price = named.findIndex((name) => PRICE_NAMES.includes(name));
  if (time >= 0 && price >= 0) return { time, price };
  throw unusable(file, `it has no column called ${time < 0 ? TIME_NAMES[0] : PRICE_NAMES[0]}`);
}

/** Unix seconds; NaN for what is no time. */
function secondsOf(cell: string): number {
  if (/^\d+(\.\d+)?$/.test(cell)) {
    const value = Number(cell);
    return value > MOST_SECONDS ? value / 1_000 : value;
  }
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    cell,
  );
  if (iso === null) return Number.NaN;
  const [, date, clock = '00:00', zone = 'Z'] = iso;
  return Date.parse(`${date}T${clock}${zone}`) / 1_000;
}

function unusable(file: string, why: string): UsageError {
  return new UsageError('HISTORY_UNUSABLE', `${file} is no price history: ${why}`, {
    action: 'give a CSV file with a column time (unix seconds or ISO 8601) and a column price, oldest first',
  });
}
