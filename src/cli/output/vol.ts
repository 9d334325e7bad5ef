import { fixed } from '../../core/report/format.ts';
import { isUsableVolatility, volatilityFault } from '../../core/risk/volatilitySource.ts';
import type { BlockFacts, VolatilityReading } from '../../core/snapshot.ts';
import { SECONDS_PER_DAY, SECONDS_PER_YEAR } from '../../core/units.ts';
import type { VolatilityMethod } from '../../core/volatility/estimate.ts';
import type { GarchFit } from '../../core/volatility/fitGarch.ts';
import { type GarchParameters, shockHalfLife } from '../../core/volatility/garchModel.ts';
import type { SummaryEstimate, SummaryForecast, VolatilitySummary } from '../../core/volatility/summary.ts';
import type { Terminal } from '../terminal.ts';
import { age, count, percent, UNKNOWN } from './numbers.ts';
import { type Column, labelled, table } from './table.ts';
import { volatilityNumber, withAddresses } from './volatility.ts';

const LABEL_WIDTH = 12;
const PARAMETERS: readonly (keyof GarchParameters)[] = ['alpha', 'gamma', 'beta'];

/** What the sources of one vault say. */
export interface LookedAt {
  readonly vault: string;
  /** In the order of the config. */
  readonly readings: readonly VolatilityReading[];
  /** Those of them that can be looked at with other methods, once for each method. */
  readonly methods: readonly { readonly method: VolatilityMethod; readonly reading: VolatilityReading }[];
}

/** A vault's sources as people read them: in the order of the config, with which one is priced with, and why not. */
export function sourceLines(
  { vault, readings, methods }: LookedAt,
  block: BlockFacts,
  terminal: Pick<Terminal, 'style' | 'address'>,
): readonly string[] {
  const used = readings.findIndex((reading) => isUsableVolatility(reading, block));
  const columns: readonly Column[] = [
    { title: terminal.style.bold(vault), align: 'left' },
    { title: 'volatility', align: 'right' },
    { title: 'age', align: 'right' },
    { title: 'limit', align: 'right' },
    { title: '', align: 'left' },
  ];
  const rows = readings.map((reading, index) => [
    withAddresses(reading.source, terminal.address),
    volatilityNumber(reading, block),
    isUsableVolatility(reading, block) ? age(block.timestampSeconds - reading.observedAtSeconds) : UNKNOWN,
    reading.staleAfterSeconds === undefined ? UNKNOWN : age(reading.staleAfterSeconds),
    index === used ? terminal.style.green('used') : '',
  ]);
  const faults = readings.flatMap((reading) => {
    const fault = volatilityFault(reading, block);
    if (fault === null) return [];
    const words = withAddresses(`${reading.source}: ${fault}`, terminal.address);
    return labelled(terminal.style.yellow('not used'), words, LABEL_WIDTH);
  });
  return [...table(columns, rows), ...faults, ...methodLines(methods, block, terminal.address)];
}

/** The same sources with other methods, where there is something to see. */
function methodLines(
  methods: LookedAt['methods'],
  block: BlockFacts,
  shown: (address: string) => string,
): readonly string[] {
  const usable = methods.filter(({ reading }) => isUsableVolatility(reading, block));
  if (usable.length === 0) return [];
  const rows = usable.map(({ method, reading }) => [
    withAddresses(reading.source, shown),
    methodWords(method),
    volatilityNumber(reading, block),
  ]);
  const columns: readonly Column[] = [
    { title: 'the same history', align: 'left' },
    { title: 'method', align: 'left' },
    { title: 'volatility', align: 'right' },
  ];
  return ['', ...table(columns, rows)];
}

function methodWords(method: VolatilityMethod): string {
  if (method.kind === 'realized') return 'realized';
  if (method.kind === 'ewma') return `ewma, half-life ${days(method.halfLifeSeconds)} d`;
  return `${method.model}, next ${days(method.horizonSeconds)} d`;
}

/** The same as data. */
export function sourcesJson(
  looked: readonly LookedAt[],
  block: BlockFacts,
): Readonly<Record<string, unknown>> {
  return {
    block: block.number,
    vaults: looked.map(({ vault, readings, methods }) => ({
      vault,
      used: readings.find((reading) => isUsableVolatility(reading, block))?.source ?? null,
      readings,
      methods,
    })),
  };
}

/** What a price history says, as people read it. */
export function summaryLines(
  summary: VolatilitySummary,
  file: string,
  halfLifeSeconds: number,
): readonly string[] {
  const { prices, returns, holes, intervalSeconds, fromSeconds, toSeconds } = summary;
  const span = `${day(fromSeconds)} to ${day(toSeconds)}`;
  const grid = `${count(returns)} returns of ${count(intervalSeconds)} s, ${count(holes)} holes`;
  return [
    ...labelled('prices', `${count(prices)}, ${span}   ${file}`, LABEL_WIDTH),
    ...labelled('returns', grid, LABEL_WIDTH),
    '',
    ...estimateLines(summary.estimates, halfLifeSeconds),
    ...forecastLines(summary.forecasts, intervalSeconds),
  ];
}

function estimateLines(estimates: readonly SummaryEstimate[], halfLifeSeconds: number): readonly string[] {
  const nameOf = ({ estimator, stdError }: SummaryEstimate) =>
    estimator === 'ewma'
      ? `ewma, half-life ${days(halfLifeSeconds)} d`
      : stdError === null
        ? `${estimator}, daily bars`
        : estimator;
  const hasBars = estimates.some(({ stdError }) => stdError === null);
  const note = 'daily bars are made of the prices above, whose ranges read low';
  const rows = table(
    [
      { title: 'estimator', align: 'left' },
      { title: 'volatility', align: 'right' },
      { title: 'std error', align: 'right' },
      { title: 'from', align: 'right' },
    ],
    estimates.map((estimate) => [
      nameOf(estimate),
      percent(estimate.volatility, 2),
      estimate.stdError === null ? UNKNOWN : percent(estimate.stdError, 2),
      count(estimate.count),
    ]),
  );
  return hasBars ? [...rows, ...labelled('note', note, LABEL_WIDTH)] : rows;
}

/** One column for each model: what was fitted, how well, and what it expects. */
function forecastLines(forecasts: readonly SummaryForecast[], intervalSeconds: number): readonly string[] {
  const [first] = forecasts;
  if (first === undefined) return [];
  const row = (name: string, cell: (forecast: SummaryForecast) => string) => [name, ...forecasts.map(cell)];
  const rows = [
    ...PARAMETERS.map((name) => row(name, ({ fit }) => parameterWords(fit, name))),
    row('persistence', ({ fit }) => fixed(fit.persistence, 4)),
    row('half-life of a shock', ({ fit }) => halfLifeWords(shockHalfLife(fit) * intervalSeconds)),
    row('long run', ({ fit }) => longRunWords(fit, intervalSeconds)),
    row('log-likelihood', ({ fit }) => fixed(fit.logLikelihood, 1)),
    row('BIC', ({ fit }) => fixed(fit.bic, 1)),
    row('Ljung-Box p', ({ fit }) => fixed(fit.ljungBox.pValue, 3)),
    ...first.term.map(({ horizonSeconds }, index) =>
      row(`next ${days(horizonSeconds)} d`, ({ term }) => termWords(term[index])),
    ),
  ];
  const columns: readonly Column[] = [
    { title: 'model', align: 'left' },
    ...forecasts.map(({ model }): Column => ({ title: model, align: 'right' })),
  ];
  const warned = forecasts.flatMap(({ model, fit }) =>
    fit.warnings.length === 0 ? [] : labelled('look', `${model}: ${fit.warnings.join(', ')}`, LABEL_WIDTH),
  );
  return ['', ...table(columns, rows), ...warned];
}

function parameterWords({ parameters, robustStandardErrors, model }: GarchFit, name: keyof GarchParameters) {
  if (name === 'gamma' && model === 'garch') return UNKNOWN;
  const error = robustStandardErrors?.[name];
  const value = fixed(parameters[name], 4);
  return error === undefined ? value : `${value} ± ${fixed(error, 4)}`;
}

function halfLifeWords(seconds: number): string {
  return Number.isFinite(seconds) ? `${days(seconds)} d` : 'endless';
}

function longRunWords({ unconditionalVariance }: GarchFit, intervalSeconds: number): string {
  if (unconditionalVariance === undefined) return UNKNOWN;
  return percent(Math.sqrt((unconditionalVariance * SECONDS_PER_YEAR) / intervalSeconds));
}

function termWords(expected: SummaryForecast['term'][number] | undefined): string {
  return expected === undefined ? UNKNOWN : `${percent(expected.volatility)} ± ${percent(expected.stdError)}`;
}

/** Two decimals at most, and none where there are none. */
function days(seconds: number): string {
  return String(Number((seconds / SECONDS_PER_DAY).toFixed(2)));
}

function day(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}

/** The same as data: fits without their series, which are as long as the history. */
export function summaryJson(
  { forecasts, ...rest }: VolatilitySummary,
  file: string,
): Readonly<Record<string, unknown>> {
  return {
    file,
    ...rest,
    forecasts: forecasts.map(({ model, fit, term }) => ({
      model,
      parameters: fit.parameters,
      standardErrors: fit.standardErrors ?? null,
      robustStandardErrors: fit.robustStandardErrors ?? null,
      logLikelihood: fit.logLikelihood,
      aic: fit.aic,
      bic: fit.bic,
      persistence: fit.persistence,
      shockHalfLifeSeconds: finiteOrNull(shockHalfLife(fit) * rest.intervalSeconds),
      ljungBox: fit.ljungBox,
      convergence: fit.convergence,
      warnings: fit.warnings,
      term,
    })),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
