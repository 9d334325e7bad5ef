import { InvalidInputError } from '../../core/errors.ts';
import { requireAboveZero } from '../../core/statistics/require.ts';
import { isolatedPrints } from './isolatedPrints.ts';
import { refuseLocalTime } from './localTime.ts';
import type { PricePath } from './pricePath.ts';

/** A row of a recording as it came; nothing about it is trusted. */
export interface PriceRow {
  /** NaN where what was told is no time. */
  readonly timestampSeconds: number;
  /** NaN where what was told is no number. */
  readonly price: number;
  /** The file that it stands in, and its line there, counted from 1. */
  readonly file?: string;
  readonly line?: number;
  /** Why it cannot be trusted as it stands there; absent where nothing speaks against it. */
  readonly fault?: string;
}

/** Something that was wrong with a recording, and what was done about it. */
export interface DataFinding {
  readonly kind:
    | 'unsorted'
    | 'duplicate'
    | 'conflict'
    | 'badRow'
    | 'badTime'
    | 'badPrice'
    | 'badPrint'
    | 'suspect'
    | 'shortGap'
    | 'gap';
  /** Unix seconds; of a gap where it begins. NaN where the time itself is bad. */
  readonly timestampSeconds: number;
  /** Where the row stands that it is about, of a gap the one after it; absent where rows came from no file. */
  readonly file?: string;
  readonly line?: number;
  /** One sentence with what was found and what was done. */
  readonly text: string;
}

/** How gaps are treated. */
export interface CleaningRules {
  /** Most usual distance of rows; found from the rows where left out. */
  readonly intervalSeconds?: number;
  /**
   * Missing rows up to which the step over them counts as one longer step, with the return that was really made. More are a
   * hole: nothing that happened across it is scored. No price is ever invented. 3 where left out.
   */
  readonly shortGapRows?: number;
}

/** A recording that can be used, and everything that was wrong with it. */
export interface CleanedPrices {
  readonly path: PricePath;
  readonly intervalSeconds: number;
  readonly findings: readonly DataFinding[];
}

/** Unix seconds outside of these years are milliseconds, row numbers or worse. */
const EARLIEST_SECONDS = 1_230_000_000;
const LATEST_SECONDS = 4_102_444_800;

/** Whether a number can be a time in unix seconds of anything that was recorded. */
export function isUnixTime(seconds: number): boolean {
  return seconds >= EARLIEST_SECONDS && seconds <= LATEST_SECONDS;
}

/** A finding about a row, with where that stands. */
function found(
  kind: DataFinding['kind'],
  { timestampSeconds, file, line }: PriceRow,
  text: string,
): DataFinding {
  return {
    kind,
    timestampSeconds,
    text,
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
  };
}

/**
 * Makes a usable path of a recording, and names all that was wrong with it: rows out of order are sorted; a row twice is taken
 * once; two prices at one time are both dropped; prices, times and rows that cannot be are dropped; prints that jump away
 * and straight back further than any market are dropped, doubtful ones named; short gaps are one longer step, long ones are holes.
 *
 * @throws InvalidInputError when fewer than two rows are left, or an hour is told twice as clocks do that are set back in
 * autumn: such a recording is in local time, and would be wrong by an hour for half of the year
 */
export function cleanPrices(rows: readonly PriceRow[], rules: CleaningRules = {}): CleanedPrices {
  const findings: DataFinding[] = [];
  const possible = rows.filter((row) => isPossible(row, findings));
  const sorted = inOrder(possible, findings);
  if (sorted.length > 1) refuseLocalTime(possible, usualInterval(sorted));
  const single = onePerTime(sorted, findings);
  const kept = withoutBadPrints(single, findings);
  if (kept.length < 2) throw tooFew(kept.length, findings[0]);
  const intervalSeconds = rules.intervalSeconds ?? usualInterval(kept);
  requireAboveZero('intervalSeconds', intervalSeconds);
  const shortGapRows = rules.shortGapRows ?? 3;
  const afterGap = new Uint8Array(kept.length);
  for (let index = 1; index < kept.length; index += 1) {
    const from = kept[index - 1]!.timestampSeconds;
    const missing = Math.round((kept[index]!.timestampSeconds - from) / intervalSeconds) - 1;
    if (missing <= 0) continue;
    const isShort = missing <= shortGapRows;
    if (!isShort) afterGap[index] = 1;
    const what = missing === 1 ? '1 row is' : `${missing} rows are`;
    const text = `${what} missing before: ${isShort ? 'one longer step' : 'a hole, nothing is scored across it'}`;
    const finding = found(isShort ? 'shortGap' : 'gap', kept[index]!, text);
    findings.push({ ...finding, timestampSeconds: from });
  }
  return {
    path: {
      timestampSeconds: Float64Array.from(kept, (row) => row.timestampSeconds),
      price: Float64Array.from(kept, (row) => row.price),
      afterGap,
    },
    intervalSeconds,
    findings: findings.sort((a, b) => a.timestampSeconds - b.timestampSeconds),
  };
}

/** Too little is left, and the first thing that was wrong is likely why. */
function tooFew(count: number, first: DataFinding | undefined): InvalidInputError {
  const where = first?.line === undefined ? '' : `line ${first.line}, `;
  const why = first === undefined ? '' : ` (${where}${first.text})`;
  return new InvalidInputError('rows', `${count} usable rows${why}`, 'at least two');
}

function isPossible(row: PriceRow, findings: DataFinding[]): boolean {
  const { timestampSeconds, price, fault } = row;
  if (fault !== undefined) {
    findings.push(found('badRow', row, `${fault}: dropped`));
    return false;
  }
  if (!isUnixTime(timestampSeconds)) {
    const what = Number.isNaN(timestampSeconds) ? 'its time' : `time ${timestampSeconds}`;
    const text = `${what} is neither unix seconds nor milliseconds nor ISO 8601: dropped`;
    findings.push({ ...found('badTime', row, text), timestampSeconds: Number.NaN });
    return false;
  }
  if (price > 0 && Number.isFinite(price)) return true;
  const text = Number.isNaN(price) ? 'its price is no number: dropped' : `price ${price} cannot be: dropped`;
  findings.push(found('badPrice', row, text));
  return false;
}

function inOrder(rows: readonly PriceRow[], findings: DataFinding[]): readonly PriceRow[] {
  const early = rows.filter(
    (row, index) => index > 0 && row.timestampSeconds < rows[index - 1]!.timestampSeconds,
  );
  findings.push(...early.map((row) => found('unsorted', row, 'older than the row before it: sorted')));
  return early.length === 0 ? rows : [...rows].sort((a, b) => a.timestampSeconds - b.timestampSeconds);
}

function onePerTime(rows: readonly PriceRow[], findings: DataFinding[]): readonly PriceRow[] {
  const kept: PriceRow[] = [];
  for (let start = 0; start < rows.length; ) {
    const { timestampSeconds, price } = rows[start]!;
    let end = start + 1;
    while (rows[end]?.timestampSeconds === timestampSeconds) end += 1;
    const agree = rows.slice(start, end).every((row) => row.price === price);
    if (agree) kept.push(rows[start]!);
    if (end - start > 1) {
      const text = agree ? 'told more than once: taken once' : 'told with different prices: all dropped';
      findings.push(found(agree ? 'duplicate' : 'conflict', rows[end - 1]!, text));
    }
    start = end;
  }
  return kept;
}

/** Prints that no market made are dropped; those that are only doubtful stay, since leaving out real moves would flatter. */
function withoutBadPrints(rows: readonly PriceRow[], findings: DataFinding[]): readonly PriceRow[] {
  const dropped = new Set<number>();
  for (const { index, isImpossible } of isolatedPrints(rows.map(({ price }) => price))) {
    const row = rows[index]!;
    if (isImpossible) dropped.add(index);
    const done = isImpossible ? 'dropped' : 'doubtful, kept';
    const text = `price ${row.price} jumps away from its neighbours and back: ${done}`;
    findings.push(found(isImpossible ? 'badPrint' : 'suspect', row, text));
  }
  return rows.filter((_row, index) => !dropped.has(index));
}

/** The most frequent distance between neighbours, the shorter of two that are equally frequent. */
function usualInterval(rows: readonly PriceRow[]): number {
  const counts = new Map<number, number>();
  rows.forEach((row, index) => {
    if (index === 0) return;
    const distance = row.timestampSeconds - rows[index - 1]!.timestampSeconds;
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  });
  const ranked = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return ranked[0]![0];
}
