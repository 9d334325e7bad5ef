import type { RecordedSeries } from '../../sim/market/recordedSeries.ts';
import { isUnixTime } from '../../sim/paths/cleanPrices.ts';
import { ColumnsError, numberOf, readColumns, type TimedRow } from '../csvColumns.ts';
import { UsageError } from '../errors.ts';
import type { StudyFinding } from './study.ts';

const WEI_NAMES = ['baseFeePerGas', 'baseFeePerGasWei'];
const GWEI_NAMES = ['gwei', 'baseFeeGwei', 'gas_price'];
const VOLATILITY_NAMES = ['volatility', 'iv', 'iv_dvol', 'atm_iv_30d'];
const TICK_NAMES = ['closeTick', 'tick'];
const LIQUIDITY_NAMES = ['currentLiquidity', 'liquidity'];
const WEI_PER_GWEI = 1e9;
/** Volatilities above this are per cent: as shares they are 1,000 % a year. */
const MOST_VOLATILITY = 10;

/** A series that can be used, and everything that was wrong with its file. */
export interface CleanedSeries {
  readonly series: RecordedSeries;
  readonly findings: readonly StudyFinding[];
}

/**
 * Recorded base fees in gwei, oldest first. Rows without a fee, with one that is not above 0, or told before are dropped and named.
 *
 * @throws UsageError where the file cannot be read, or has no such columns
 */
export async function readBaseFees(file: string): Promise<CleanedSeries> {
  const { rows, titles } = await columns(file, [[...WEI_NAMES, ...GWEI_NAMES]], 'base fees');
  const isWei = WEI_NAMES.some((name) => name.toLowerCase() === titles[0]?.toLowerCase());
  const scale = isWei ? WEI_PER_GWEI : 1;
  return cleanedSeries(
    file,
    rows.map((row) => valued(row, numberOf(row.cells[0]) / scale)),
  );
}

/**
 * Recorded implied volatility as a share per year, oldest first; what is told in per cent is taken as such.
 *
 * @throws UsageError where the file cannot be read, or has no such columns
 */
export async function readImpliedVolatility(file: string): Promise<CleanedSeries> {
  const { rows } = await columns(file, [VOLATILITY_NAMES], 'volatilities');
  return cleanedSeries(
    file,
    rows.map((row) => {
      const value = numberOf(row.cells[0]);
      return valued(row, value > MOST_VOLATILITY ? value / 100 : value);
    }),
  );
}

/**
 * A pool by the minute: its tick and its active liquidity, oldest first.
 *
 * @throws UsageError where a file cannot be read, or has no such columns
 */
export async function readPoolMinutes(files: readonly string[]): Promise<{
  readonly ticks: RecordedSeries;
  readonly liquidity: readonly number[];
  readonly findings: readonly StudyFinding[];
}> {
  const read = await Promise.all(
    files.map((file) => columns(file, [TICK_NAMES, LIQUIDITY_NAMES], 'minutes of a pool')),
  );
  const rows = read.flatMap((one) => one.rows);
  const minutes = rows.map((row) => ({
    ...valued(row, numberOf(row.cells[1])),
    tick: numberOf(row.cells[0]),
  }));
  const { kept, findings } = cleaned(
    files,
    minutes,
    ({ value, tick }) => value > 0 && Number.isFinite(value) && Number.isFinite(tick),
  );
  return {
    ticks: seriesOf(kept.map(({ timestampSeconds, tick }) => ({ timestampSeconds, value: tick }))),
    liquidity: kept.map(({ value }) => value),
    findings,
  };
}

/**
 * The net amount of base that a pool took in by the minute, raw: above zero where it was sold to. Minutes without are left out.
 *
 * @throws UsageError where a file cannot be read, or has no such columns
 */
export async function readNetSwaps(files: readonly string[], baseIsToken0: boolean): Promise<CleanedSeries> {
  const name = baseIsToken0 ? 'netAmount0' : 'netAmount1';
  const read = await Promise.all(files.map((file) => columns(file, [[name]], 'swaps')));
  const rows = read.flatMap((one) => one.rows);
  const traded = rows.filter(({ cells }) => numberOf(cells[0]) !== 0);
  const { kept, findings } = cleaned(
    files,
    traded.map((row) => valued(row, numberOf(row.cells[0]))),
    ({ value }) => Number.isFinite(value),
  );
  return { series: seriesOf(kept), findings };
}

/** A row of a series and where it stands. */
interface ValuedRow {
  readonly timestampSeconds: number;
  readonly value: number;
  readonly line: number;
}

/** A row that cannot be trusted has no value. */
function valued({ timestampSeconds, line, fault }: TimedRow, value: number): ValuedRow {
  return { timestampSeconds, line, value: fault === null ? value : Number.NaN };
}

async function columns(file: string, wanted: readonly (readonly string[])[], what: string) {
  try {
    return await readColumns(file, wanted);
  } catch (error) {
    if (!(error instanceof ColumnsError)) throw error;
    throw new UsageError('RECORDING_UNUSABLE', `${file} holds no ${what}: ${error.message}`, {
      action: `give a CSV file with a column timestamp and ${wanted.map((names) => names[0]).join(' and ')}`,
    });
  }
}

const isAboveZero = ({ value }: ValuedRow) => value > 0 && Number.isFinite(value);

function seriesOf(rows: readonly Pick<ValuedRow, 'timestampSeconds' | 'value'>[]): RecordedSeries {
  return {
    timestampSeconds: rows.map(({ timestampSeconds }) => timestampSeconds),
    value: rows.map(({ value }) => value),
  };
}

/** A series of one file whose values are above 0. */
function cleanedSeries(file: string, rows: readonly ValuedRow[]): CleanedSeries {
  const { kept, findings } = cleaned([file], rows, isAboveZero);
  return { series: seriesOf(kept), findings };
}

/** In order of time, once each, with a value that can be used: the rest is counted and named. */
function cleaned<Row extends ValuedRow>(
  files: readonly string[],
  rows: readonly Row[],
  isUsable: (row: Row) => boolean,
): { readonly kept: readonly Row[]; readonly findings: readonly StudyFinding[] } {
  const findings: StudyFinding[] = [];
  const found = (kind: string, bad: readonly Row[], text: string) => {
    const [first] = bad;
    if (first === undefined) return;
    const what = bad.length === 1 ? '1 row' : `${bad.length} rows`;
    const where = files.length === 1 ? { line: first.line } : {};
    findings.push({ file: files.join(', '), kind, atSeconds: null, text: `${what} ${text}`, ...where });
  };
  const [timed, untimed] = parted(rows, ({ timestampSeconds }) => isUnixTime(timestampSeconds));
  found('badTime', untimed, 'without a time: dropped');
  const [usable, unusable] = parted(timed, isUsable);
  found('badValue', unusable, 'without a value that can be: dropped');
  const isEarly = (row: Row, index: number) =>
    index > 0 && row.timestampSeconds < usable[index - 1]!.timestampSeconds;
  const early = usable.filter(isEarly);
  found('unsorted', early, 'older than the row before: sorted');
  const sorted =
    early.length === 0 ? usable : usable.toSorted((a, b) => a.timestampSeconds - b.timestampSeconds);
  const [kept, again] = parted(
    sorted,
    ({ timestampSeconds }, index) => index === 0 || timestampSeconds > sorted[index - 1]!.timestampSeconds,
  );
  found('duplicate', again, 'of a moment told before: the first is taken');
  return { kept, findings };
}

/** The rows that pass, and the others, in order. */
function parted<Row>(
  rows: readonly Row[],
  passes: (row: Row, index: number) => boolean,
): readonly [readonly Row[], readonly Row[]] {
  const [yes, no]: [Row[], Row[]] = [[], []];
  for (const [index, row] of rows.entries()) (passes(row, index) ? yes : no).push(row);
  return [yes, no];
}
