import type { RecordedSeries } from '../../sim/market/recordedSeries.ts';
import { ColumnsError, readColumns } from '../csvColumns.ts';
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
  return cleaned(
    file,
    rows.map(({ timestampSeconds, cells: [fee = ''] }) => ({
      timestampSeconds,
      value: fee === '' ? Number.NaN : Number(fee) / scale,
    })),
  );
}

/**
 * Recorded implied volatility as a share per year, oldest first; what is told in per cent is taken as such.
 *
 * @throws UsageError where the file cannot be read, or has no such columns
 */
export async function readImpliedVolatility(file: string): Promise<CleanedSeries> {
  const { rows } = await columns(file, [VOLATILITY_NAMES], 'volatilities');
  return cleaned(
    file,
    rows.map(({ timestampSeconds, cells: [cell = ''] }) => {
      const value = cell === '' ? Number.NaN : Number(cell);
      return { timestampSeconds, value: value > MOST_VOLATILITY ? value / 100 : value };
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
  const liquidities = cleaned(
    files.join(', '),
    rows.map(({ timestampSeconds, cells }) => ({ timestampSeconds, value: numberOf(cells[1]) })),
  );
  const tickAt = new Map(rows.map(({ timestampSeconds, cells }) => [timestampSeconds, numberOf(cells[0])]));
  const { timestampSeconds, value } = liquidities.series;
  const kept = timestampSeconds
    .map((_, index) => index)
    .filter((index) => Number.isFinite(tickAt.get(timestampSeconds[index]!)));
  return {
    ticks: {
      timestampSeconds: kept.map((index) => timestampSeconds[index]!),
      value: kept.map((index) => tickAt.get(timestampSeconds[index]!)!),
    },
    liquidity: kept.map((index) => value[index]!),
    findings: liquidities.findings,
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
  const net = new Map(rows.map(({ timestampSeconds, cells }) => [timestampSeconds, numberOf(cells[0])]));
  const traded = rows
    .filter(({ cells }) => numberOf(cells[0]) !== 0)
    .map(({ timestampSeconds, cells }) => ({ timestampSeconds, value: Math.abs(numberOf(cells[0])) }));
  const { series, findings } = cleaned(files.join(', '), traded);
  const { timestampSeconds } = series;
  return { series: { timestampSeconds, value: timestampSeconds.map((at) => net.get(at)!) }, findings };
}

const numberOf = (cell = '') => (cell === '' ? Number.NaN : Number(cell));

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

/** In order of time, once each, above 0: the rest is counted and named. */
function cleaned(
  file: string,
  rows: readonly { readonly timestampSeconds: number; readonly value: number }[],
): CleanedSeries {
  const findings: StudyFinding[] = [];
  const found = (kind: string, count: number, text: string) => {
    if (count > 0) findings.push({ file, kind, atSeconds: null, text: `${count} rows ${text}` });
  };
  const timed = rows.filter(({ timestampSeconds }) => Number.isFinite(timestampSeconds));
  found('badTime', rows.length - timed.length, 'have no time: dropped');
  const usable = timed.filter(({ value }) => value > 0 && Number.isFinite(value));
  found('badValue', timed.length - usable.length, 'have no value above 0: dropped');
  const unsorted = usable.filter(
    (row, index) => index > 0 && row.timestampSeconds < usable[index - 1]!.timestampSeconds,
  );
  found('unsorted', unsorted.length, 'are older than the row before: sorted');
  const sorted =
    unsorted.length === 0 ? usable : usable.toSorted((a, b) => a.timestampSeconds - b.timestampSeconds);
  const single = sorted.filter(
    (row, index) => index === 0 || row.timestampSeconds > sorted[index - 1]!.timestampSeconds,
  );
  found('duplicate', sorted.length - single.length, 'tell a moment again: the first is taken');
  return {
    series: {
      timestampSeconds: single.map(({ timestampSeconds }) => timestampSeconds),
      value: single.map(({ value }) => value),
    },
    findings,
  };
}
