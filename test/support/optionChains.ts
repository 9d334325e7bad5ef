import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { impliedVolatility } from '../../src/core/options/impliedVolatility.ts';

const folder = join(process.env.BALLAST_DATA ?? '../shared', 'data/options');
const SECONDS_PER_YEAR = 365 * 86_400;
const MIN_YEARS = 2 / 365;

/** A two-sided quote of an out-of-the-money option; volatilities are annualised, 1.00 = 100 %. */
export interface ChainQuote {
  readonly logMoneyness: number;
  readonly bidVolatility: number;
  readonly askVolatility: number;
  /** Volatility of the middle of bid and ask. */
  readonly middleVolatility: number;
}

/** The quotes of one expiry on one day. */
export interface ChainExpiry {
  readonly years: number;
  readonly forward: number;
  readonly quotes: readonly ChainQuote[];
}

/** One day's snapshot of a recorded option chain. */
export interface ChainDay {
  readonly date: string;
  readonly expiries: readonly ChainExpiry[];
}

/** Whether a recorded month, `YYYYMM`, is there. */
export function hasChains(month: string): boolean {
  return existsSync(pathOf(month));
}

/**
 * The days of a recorded month of options on ETH, two-sided out-of-the-money quotes over two days to expiry. Prices are
 * in base: price times forward is the undiscounted Black price.
 */
export function chainDays(month: string): ChainDay[] {
  const [head = '', ...lines] = gunzipSync(readFileSync(pathOf(month)))
    .toString('utf8')
    .trim()
    .split('\n');
  const columns = head.split(',');
  const rows = lines.map((line) => {
    const cells = line.split(',');
    return (name: string) => cells[columns.indexOf(name)]!;
  });
  return [...groupedBy(rows, (row) => row('timestamp'))].map(([time, ofDay]) => ({
    date: time.slice(0, 10),
    expiries: [...groupedBy(ofDay, (row) => row('expiry_datetime'))]
      .map(([expiry, ofExpiry]) => expiryOf(expiry, time, ofExpiry))
      .filter(({ years, quotes }) => years > MIN_YEARS && quotes.length > 0)
      .sort((a, b) => a.years - b.years),
  }));
}

type Row = (name: string) => string;

function expiryOf(expiry: string, time: string, rows: readonly Row[]): ChainExpiry {
  const years = (Date.parse(expiry) - Date.parse(time)) / 1000 / SECONDS_PER_YEAR;
  const quotes = rows.flatMap((row) => {
    const type = row('option_type') === 'call' ? 'call' : 'put';
    const strike = Number(row('strike'));
    // Rows of one expiry are seconds apart, each with the future of its moment.
    const forward = Number(row('underlying'));
    const [bid, ask] = [Number(row('bid_price')), Number(row('ask_price'))];
    const isOut = type === 'call' ? strike >= forward : strike < forward;
    if (!(isOut && bid > 0 && ask >= bid && years > 0)) return [];
    const volatilities = [bid, (bid + ask) / 2, ask].map((price) => {
      const found = impliedVolatility({ type, forward, strike, years, price: price * forward, discount: 1 });
      return found.status === 'found' ? found.volatility : undefined;
    });
    const [bidVolatility, middleVolatility, askVolatility] = volatilities;
    if (bidVolatility === undefined || middleVolatility === undefined || askVolatility === undefined)
      return [];
    return [{ logMoneyness: Math.log(strike / forward), bidVolatility, middleVolatility, askVolatility }];
  });
  const forward = Number(rows[Math.floor(rows.length / 2)]!('underlying'));
  return { years, forward, quotes: quotes.sort((a, b) => a.logMoneyness - b.logMoneyness) };
}

function groupedBy(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

function pathOf(month: string): string {
  return join(folder, `deribit_eth_options_${month}.csv.gz`);
}
