import type { PriceObservation } from '../core/volatility/observations.ts';
import type { PriceRow } from '../sim/paths/cleanPrices.ts';
import { ColumnsError, numberOf, readColumns, type TimedRow } from './csvColumns.ts';
import { UsageError } from './errors.ts';

const PRICE_NAMES = ['price', 'close'];

/**
 * A price history from a CSV file, gzipped where its name ends in `.gz`: a column of times (unix seconds or milliseconds, or
 * ISO 8601, in UTC where no zone is named) and one of prices. With a title line the columns are found by name (time,
 * timestamp, date; price, close), otherwise they are the first two. A row without a price is a hole, not an error.
 *
 * @throws UsageError where the file cannot be read, or a line has no time or no price above 0
 */
export async function readPriceHistory(file: string): Promise<readonly PriceObservation[]> {
  const observations: PriceObservation[] = [];
  for (const { line, time, timestampSeconds, cells, fault } of await readRows(file)) {
    if (fault !== null) throw unusable(file, `line ${line} has ${fault}`);
    const price = cells[0] ?? '';
    if (price === '') continue;
    if (Number.isNaN(timestampSeconds)) throw unusable(file, `line ${line} has the time "${time}"`);
    if (!(numberOf(price) > 0 && Number.isFinite(numberOf(price))))
      throw unusable(file, `line ${line} has the price "${price}"`);
    const before = observations.at(-1)?.timestampSeconds;
    if (before !== undefined && timestampSeconds <= before)
      throw unusable(file, `line ${line} is not later than the one before`);
    observations.push({ timestampSeconds, price: numberOf(price) });
  }
  return observations;
}

/**
 * The rows of a price history as they stand in the file, for `cleanPrices` to judge: what is no time or no price is not a
 * number. A row without a price is a hole, and left out.
 *
 * @throws UsageError where the file cannot be read, or has no such columns
 */
export async function readPriceRows(file: string): Promise<readonly PriceRow[]> {
  const rows = await readRows(file);
  return rows.flatMap(({ line, timestampSeconds, cells: [price = ''], fault }) => {
    if (price === '') return [];
    const row = { timestampSeconds, price: numberOf(price), file, line };
    return fault === null ? [row] : [{ ...row, fault }];
  });
}

async function readRows(file: string): Promise<readonly TimedRow[]> {
  try {
    return (await readColumns(file, [PRICE_NAMES])).rows;
  } catch (error) {
    throw error instanceof ColumnsError ? unusable(file, error.message) : error;
  }
}

/** Why a file is not used, as an error that says what one has to be like. */
export function unusable(file: string, why: string): UsageError {
  return new UsageError('HISTORY_UNUSABLE', `${file} is no price history: ${why}`, {
    action: 'give a CSV file with a column time (unix seconds or ISO 8601) and a column price, oldest first',
  });
}
