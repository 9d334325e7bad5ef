import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { messageOf } from '../core/errors.ts';

const TIME_NAMES = ['time', 'timestamp', 'date', 'datetime', 'block_timestamp'];
/** Unix times above this are milliseconds: as seconds it is the year 5138. */
const MOST_SECONDS = 1e11;

/** One line of a table, its cells as they stand in the file. */
export interface TimedRow {
  /** 1-based. */
  readonly line: number;
  /** As written. */
  readonly time: string;
  /** Unix seconds; NaN for what is no time. */
  readonly timestampSeconds: number;
  /** In the order of the names asked for; empty where the line has none. */
  readonly cells: readonly string[];
  /** Why none of its cells can be trusted; null where nothing speaks against it. */
  readonly fault: string | null;
}

/** Why a file is no table of the kind that is wanted. */
export class ColumnsError extends Error {}

/**
 * Reads columns of a CSV file, gzipped where its name ends in `.gz`: one of times (unix seconds or milliseconds, or ISO 8601,
 * in UTC where no zone is named) and the ones asked for. With a title line columns are found by name, otherwise they are the
 * first ones in order. Quotation marks around a cell are not part of it. Nothing is dropped but empty lines; a line with more
 * cells than the first one (a price of 3,000.50) is told as faulty, and nothing else is judged.
 *
 * @param wanted names that each column may have, any letter case
 * @throws ColumnsError where the file cannot be read, or has a title line without a column
 */
export async function readColumns(
  file: string,
  wanted: readonly (readonly string[])[],
): Promise<{ readonly rows: readonly TimedRow[]; readonly titles: readonly (string | null)[] }> {
  const text = await readText(file);
  const lines = text.split(/\r\n?|\n/).map((line) => line.split(',').map(bare));
  const isEmpty = (cells: readonly string[]) => cells.every((cell) => cell === '');
  const start = lines.findIndex((cells) => !isEmpty(cells));
  const first = lines[start] ?? [];
  const isTitled = first.every((cell) => Number.isNaN(secondsOf(cell)));
  const places = isTitled
    ? [TIME_NAMES, ...wanted].map((names) => placeOf(first, names))
    : [TIME_NAMES, ...wanted].map((_, place) => place);
  const rows = lines.flatMap((cells, index): readonly TimedRow[] => {
    if ((index === start && isTitled) || isEmpty(cells)) return [];
    const [time = '', ...values] = places.map((place) => cells[place] ?? '');
    const isWider = cells.slice(first.length).some((cell) => cell !== '');
    const fault = isWider ? `${cells.length} cells where the first line has ${first.length}` : null;
    return [{ line: index + 1, time, timestampSeconds: secondsOf(time), cells: values, fault }];
  });
  return { rows, titles: places.slice(1).map((place) => (isTitled ? (first[place] ?? null) : null)) };
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new ColumnsError(`it cannot be read (${messageOf(error)})`);
  }
}

/** A cell without the blanks and the quotation marks around it. */
function bare(cell: string): string {
  return cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
}

/** The number of a cell in decimal notation; NaN for everything else, an empty cell too. */
export function numberOf(cell = ''): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN;
}

function placeOf(titles: readonly string[], names: readonly string[]): number {
  const lower = names.map((name) => name.toLowerCase());
  const place = titles.findIndex((title) => lower.includes(title.toLowerCase()));
  if (place >= 0) return place;
  const found = titles.map((title) => `"${title}"`).join(', ');
  throw new ColumnsError(`it has no column called ${names[0]}; its first line has ${found || 'nothing'}`);
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
