import { InvalidInputError } from '../../core/errors.ts';
import { requireAboveZero } from '../../core/statistics/require.ts';
import { SECONDS_PER_DAY } from '../../core/units.ts';
import { isolatedPrints } from './isolatedPrints.ts';
import type { PricePath } from './pricePath.ts';

/** A row of a recording as it came; nothing about it is trusted. */
export interface PriceRow {
  readonly timestampSeconds: number;
  readonly price: number;
}

/** Something that was wrong with a recording, and what was done about it. */
export interface DataFinding {
  readonly kind:
    | 'unsorted'
    | 'duplicate'
    | 'conflict'
    | 'badTime'
    | 'badPrice'
    | 'badPrint'
    | 'suspect'
    | 'shortGap'
    | 'gap'
    | 'localTime';
  /** Unix seconds; of a gap where it begins. NaN where the time itself is bad. */
  readonly timestampSeconds: number;
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
const HOUR = 3_600;

/**
 * Makes a usable path of a recording, and names all that was wrong with it: rows out of order are sorted; a row twice is taken
 * once; two prices at one time are both dropped; prices and times that cannot be are dropped; prints that jump away
 * and straight back further than any market are dropped, doubtful ones named; short gaps are one longer step, long ones are holes.
 *
 * @throws InvalidInputError when fewer than two rows are left, or an hour is told twice as clocks do that are set back in
 * autumn: such a recording is in local time, and would be wrong by an hour for half of the year
 */
export function cleanPrices(rows: readonly PriceRow[], rules: CleaningRules = {}): CleanedPrices {
  const findings: DataFinding[] = [];
  const possible = rows.filter((row) => isPossible(row, findings));
  refuseLocalTime(possible);
  const sorted = inOrder(possible, findings);
  const single = onePerTime(sorted, findings);
  const kept = withoutBadPrints(single, findings);
  if (kept.length < 2) throw new InvalidInputError('rows', `${kept.length} usable rows`, 'at least two');
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
    const text = `${missing} rows are missing: ${isShort ? 'one longer step' : 'a hole, nothing is scored across it'}`;
    findings.push({ kind: isShort ? 'shortGap' : 'gap', timestampSeconds: from, text });
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

function isPossible({ timestampSeconds, price }: PriceRow, findings: DataFinding[]): boolean {
  if (!(timestampSeconds >= EARLIEST_SECONDS && timestampSeconds <= LATEST_SECONDS)) {
    const text = `time ${timestampSeconds} is not a unix time in seconds: dropped`;
    findings.push({ kind: 'badTime', timestampSeconds: Number.NaN, text });
    return false;
  }
  if (price > 0 && Number.isFinite(price)) return true;
  findings.push({ kind: 'badPrice', timestampSeconds, text: `price ${price} cannot be: dropped` });
  return false;
}

/** Clocks that are set back, on a Sunday, tell one hour twice: rows go back by an hour or less, and its times come again. */
function refuseLocalTime(rows: readonly PriceRow[]): void {
  const seen = new Set<number>();
  let backwards = 0;
  let at = Number.NaN;
  let again = 0;
  rows.forEach(({ timestampSeconds }, index) => {
    const step = timestampSeconds - (rows[index - 1]?.timestampSeconds ?? Number.NEGATIVE_INFINITY);
    if (step <= 0 && step >= -HOUR) {
      backwards += 1;
      at = timestampSeconds;
    }
    if (seen.has(timestampSeconds)) again += 1;
    seen.add(timestampSeconds);
  });
  if (backwards === 0 || again === 0 || again % backwards !== 0) return;
  const perChange = again / backwards;
  // The first day of unix time was a Thursday.
  const isSunday = (Math.floor(at / SECONDS_PER_DAY) + 4) % 7 === 0;
  if (!isSunday || perChange < 1) return;
  const found = `an hour told twice on the Sunday at ${at}`;
  throw new InvalidInputError('rows', found, 'times in UTC: these look like local time with clocks set back');
}

function inOrder(rows: readonly PriceRow[], findings: DataFinding[]): readonly PriceRow[] {
  const early = rows.filter(
    (row, index) => index > 0 && row.timestampSeconds < rows[index - 1]!.timestampSeconds,
  );
  for (const { timestampSeconds } of early) {
    findings.push({ kind: 'unsorted', timestampSeconds, text: 'older than the row before it: sorted' });
  }
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
      findings.push({
        kind: agree ? 'duplicate' : 'conflict',
        timestampSeconds,
        text: agree ? 'told more than once: taken once' : 'told with different prices: all dropped',
      });
    }
    start = end;
  }
  return kept;
}

/** Prints that no market made are dropped; those that are only doubtful stay, since leaving out real moves would flatter. */
function withoutBadPrints(rows: readonly PriceRow[], findings: DataFinding[]): readonly PriceRow[] {
  const dropped = new Set<number>();
  for (const { index, isImpossible } of isolatedPrints(rows.map(({ price }) => price))) {
    const { timestampSeconds, price } = rows[index]!;
    if (isImpossible) dropped.add(index);
    findings.push({
      kind: isImpossible ? 'badPrint' : 'suspect',
      timestampSeconds,
      text: `price ${price} jumps away from its neighbours and back: ${isImpossible ? 'dropped' : 'doubtful, kept'}`,
    });
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
