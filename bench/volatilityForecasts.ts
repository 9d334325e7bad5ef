/**
 * Who forecasts tomorrow's variance of ETH best, out of sample: `npx tsx bench/volatilityForecasts.ts`. Every forecast
 * uses only hours before its day; the measure is QLIKE against the sum of the day's 24 squared hourly returns. Needs the
 * recorded prices (BALLAST_DATA, by default ../shared).
 */
import { dieboldMariano } from '../src/core/statistics/dieboldMariano.ts';
import { realizedDays } from '../src/core/volatility/dailyVariance.ts';
import { ethHourlyCloses } from '../test/support/ethPrices.ts';
import { hasSharedData } from '../test/support/sharedData.ts';
import { compareForecasts } from './support/forecastComparison.ts';
import { allForecasters } from './support/varianceForecasters.ts';

const schedule = { windowDays: 500, refitDays: 7 };

interface Stretch {
  readonly name: string;
  readonly at: readonly number[];
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const yearOf = (seconds: number) => new Date(seconds * 1000).getUTCFullYear();

function printRow(cells: readonly string[]): void {
  console.log(cells.map((cell, column) => (column === 0 ? cell.padEnd(14) : cell.padStart(9))).join(''));
}

function stretchesOf(years: readonly number[], before: readonly number[]): Stretch[] {
  const all = [...years.keys()];
  const ranked = [...before].sort((a, b) => a - b);
  const [calm, wild] = [ranked[Math.floor(ranked.length / 3)]!, ranked[Math.floor((2 * ranked.length) / 3)]!];
  return [
    { name: 'all', at: all },
    ...[...new Set(years)].map((year) => ({ name: `${year}`, at: all.filter((day) => years[day] === year) })),
    { name: 'calm', at: all.filter((day) => before[day]! < calm) },
    { name: 'middle', at: all.filter((day) => before[day]! >= calm && before[day]! < wild) },
    { name: 'wild', at: all.filter((day) => before[day]! >= wild) },
  ];
}

if (hasSharedData) {
  const { days, incomplete, still } = realizedDays(ethHourlyCloses(), { intervalSeconds: 3600 });
  const { models, benchmarks } = allForecasters(schedule);
  const {
    days: scored,
    before,
    losses,
    bias,
    afterGap,
  } = compareForecasts(days, [...models, ...benchmarks], schedule.windowDays);
  const stretches = stretchesOf(
    scored.map(({ startSeconds }) => yearOf(startSeconds)),
    before,
  );
  console.log(
    `${days.length} whole days; dropped ${incomplete} with missing hours, ${still} without any move`,
  );
  console.log(
    `${scored.length} days forecast after the first ${schedule.windowDays}; ${afterGap} more lie just after a gap`,
  );
  console.log(
    `models fitted to the last ${schedule.windowDays} days every ${schedule.refitDays}; calm, middle, wild: thirds by the 30 days before\n`,
  );
  console.log('mean QLIKE (lower is better); RV/h: realised over forecast variance on average');
  printRow(['', ...stretches.map(({ name }) => name), 'RV/h']);
  printRow(['days', ...stretches.map(({ at }) => `${at.length}`), '']);
  for (const [name, loss] of losses) {
    const cells = stretches.map(({ at }) => mean(at.map((day) => loss[day]!)).toFixed(4));
    printRow([name, ...cells, bias.get(name)!.toFixed(3)]);
  }

  console.log('\nDiebold-Mariano, HAC: statistic, p value; below zero the row is better than the column');
  printRow(['', ...benchmarks.flatMap(({ name }) => [name, ''])]);
  for (const { name } of models) {
    const tests = benchmarks.map((other) => dieboldMariano(losses.get(name)!, losses.get(other.name)!));
    printRow([name, ...tests.flatMap((test) => [test.statistic.toFixed(2), `p ${test.pValue.toFixed(3)}`])]);
  }

  console.log('\nwho wins where (and against the best of the rest: p of Diebold-Mariano)');
  for (const { name, at } of stretches) {
    const ranked = [...losses]
      .map(([who, loss]) => ({ who, loss: at.map((day) => loss[day]!) }))
      .sort((a, b) => mean(a.loss) - mean(b.loss));
    const [first, second] = [ranked[0]!, ranked[1]!];
    const { pValue } = dieboldMariano(first.loss, second.loss);
    printRow([name, `${first.who} over ${second.who}, p ${pValue.toFixed(3)}`]);
  }
}
