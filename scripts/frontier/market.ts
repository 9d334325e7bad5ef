import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { defaultLimits } from '../../src/core/risk/limits.ts';
import { typicalPools } from '../../src/sim/backtest/poolPlan.ts';
import type { PreparedMarket } from '../../src/sim/fast/fastBacktest.ts';
import { fitBaseFee } from '../../src/sim/market/baseFee.ts';
import { buildMarket, typicalMarket } from '../../src/sim/market/buildMarket.ts';
import type { MarketPath } from '../../src/sim/market/marketPath.ts';
import { cleanPrices } from '../../src/sim/paths/cleanPrices.ts';
import type { VaultPlan } from '../../src/sim/vaultPlan.ts';

/** Headers from here to there are taken for base fees: since fees were burnt, Unix seconds. */
const FEES_FROM = 1_600_000_000;
const FEES_TO = 1_740_000_000;
const SEED = 7;

/** Lines of a CSV file under its title. */
const linesOf = (text: string) => text.trim().split('\n').slice(1);

/** Recorded hourly prices from one day to another, with a base fee fitted to recorded headers. */
function marketOf(folder: string, [from, to]: readonly [string, string]): MarketPath {
  const [start, end] = [Date.parse(from) / 1_000, Date.parse(to) / 1_000];
  const prices = gunzipSync(readFileSync(join(folder, 'data/prices/eth_usd_hourly_close.csv.gz')));
  const rows = linesOf(prices.toString())
    .map((line) => line.split(',').map(Number))
    .map(([timestampSeconds, price]) => ({ timestampSeconds: timestampSeconds!, price: price! }))
    .filter(({ timestampSeconds }) => timestampSeconds >= start && timestampSeconds < end);
  const fees = linesOf(readFileSync(join(folder, 'data/gas/ethereum_block_headers.csv'), 'utf8'))
    .map((line) => line.split(',').slice(1, 3).map(Number) as [number, number])
    .filter(([time, fee]) => fee > 0 && time > FEES_FROM && time < FEES_TO)
    .sort(([a], [b]) => a - b);
  const baseFee = fitBaseFee(
    fees.map(([time]) => time),
    fees.map(([, fee]) => fee / 1e9),
  );
  return buildMarket('ETH', cleanPrices(rows).path, { ...typicalMarket, baseFee }, SEED);
}

/** Written strangles, a week each; enough base and quote that the vault never runs out of either. */
function strangles(size: number): VaultPlan {
  return {
    name: `strangles of ${size}`,
    base: 3 * size,
    quote: 20_000 * size,
    options: (['call', 'put'] as const).map((type) => ({
      type,
      strikeOverSpot: type === 'call' ? 1.05 : 0.95,
      days: 7,
      everyDays: 7,
      sizeBase: -size,
      settlement: 'quote',
    })),
    liquidity: [],
    targetDelta: 3 * size,
    rate: 0,
  };
}

/** What all policies of the study run on: a book of a size over recorded days. */
export function preparedStudy(folder: string, days: readonly [string, string], size: number): PreparedMarket {
  return {
    market: marketOf(folder, days),
    plan: strangles(size),
    pools: typicalPools,
    limits: { ...defaultLimits, maxGasQuote: 1e6, maxTradeQuote: 1e9, maxSlippageBps: 200 },
    guard: { maxSlippageBps: 200 },
  };
}
