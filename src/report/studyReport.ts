import { InvalidInputError } from '../core/errors.ts';
import { fixed } from '../core/report/format.ts';
import { quote } from '../core/report/numbers.ts';
import { utcDay } from '../core/report/utc.ts';
import type { OpenOption } from '../sim/backtest/result.ts';
import { randomStream } from '../sim/random.ts';
import { type ErrorBars, LEAST_BLOCKS, pairedBlockBootstrap } from '../sim/study/blockBootstrap.ts';
import type { PolicyRuns, PolicyScore } from '../sim/study/comparePolicies.ts';
import { frontierOf } from '../sim/study/frontier.ts';
import { figuresOf, type RunFigures } from '../sim/study/runFigures.ts';
import { type WeekBlock, weekBlocks } from '../sim/study/weekBlock.ts';
import type {
  Known,
  OpenPosition,
  PolicyReport,
  ReportFrontier,
  ReportPoint,
  ReportScore,
  StudyReport,
} from './document.ts';
import { distributionOf } from './histogram.ts';
import { bucketsFor, costMoments, costsAt, marksOf, periodsOf, seriesOf } from './runSeries.ts';
import type { Study, StudyRun } from './study.ts';
import { limitsOf, verdictOf } from './verdict.ts';
import { worstHours } from './worstHours.ts';

/** What no backtest here models, whatever is put in. */
const NOT_MODELLED = [
  'the effect of our own trades on what others do, beyond the refill of pools',
  'losses to searchers: orders go to private relays, and fill at the pools’ own arithmetic or not at all',
  'faults of nodes, relays and keys: those are rehearsed, not priced',
  'who exercises or buys the options, and at what spread',
] as const;

/** Draws for the error bars of one figure: enough for two digits. */
const RESAMPLES = 400;

/**
 * Makes the report of a study as data: thinned for drawing, with error bars by whole weeks, and a sentence on top.
 *
 * @throws InvalidInputError where there is no run, two have the same name, or one was not made on the study's path
 */
export function studyReport(study: Study): StudyReport {
  const { market, runs } = study;
  const [first] = runs;
  if (first === undefined) throw new InvalidInputError('runs', 0, 'at least one');
  if (new Set(runs.map(({ name }) => name)).size < runs.length) {
    throw new InvalidInputError('runs', runs.map(({ name }) => name).join(', '), 'names that differ');
  }
  const moments = costMoments(market.timestampSeconds, 2 * bucketsFor(runs.length));
  const policies = runs.map((run) => policyReport(study, run, moments));
  const blocks = study.settings[0]?.settings[0]?.blocks ?? [];
  const stepSeconds = market.timestampSeconds[1]! - market.timestampSeconds[0]!;
  const paths = Math.max(1, new Set(blocks.map(({ path }) => path)).size);
  return {
    schema: 1,
    title: study.title,
    vault: first.result.vault,
    path: market.name,
    units: study.units,
    fromSeconds: market.timestampSeconds[0]!,
    toSeconds: market.timestampSeconds.at(-1)!,
    steps: first.result.steps,
    years: first.result.years,
    paths,
    baseline: first.name,
    verdict: {
      sentence: study.calibration?.verdict ?? verdictOf(policies, study.units.quote),
      limits: limitsOf(policies, { paths, stepSeconds }),
    },
    assumptions: study.assumptions,
    notModelled: [...NOT_MODELLED, ...(study.notModelled ?? [])],
    policies,
    costTimestampSeconds: moments,
    frontiers: frontiers(study),
    calibration: study.calibration ?? null,
    findings: study.findings,
    reproduce: study.reproduce,
  };
}

function policyReport(study: Study, run: StudyRun, moments: readonly number[]): PolicyReport {
  const { market, scores, seed } = study;
  const { result, name, parameters } = run;
  const { afterGap } = market;
  const bars = barsOf(weekBlocks(result, market), seed);
  return {
    name,
    parameters,
    hedges: result.hedges.length,
    hedgesPerDay: result.hedgesPerDay,
    turnoverQuote: result.turnoverQuote,
    cost: result.cost,
    costBars: bars('cost'),
    risk: result.risk,
    errorBars: bars('hedgingError'),
    score: scoreOf(name, scores),
    profit: result.profit,
    notTraded: Object.entries(result.notTraded)
      .map(([code, steps]) => ({ code, steps }))
      .sort((a, b) => b.steps - a.steps),
    rounds: result.rounds,
    refusals: result.refusals,
    openAtEnd: openAtEnd(run),
    series: seriesOf(result, afterGap, bucketsFor(study.runs.length)),
    costs: costsAt(result, moments),
    marks: marksOf(result.hedges, study.runs.length),
    periods: periodsOf(result),
    distribution: distributionOf(result.hourlyError),
    worstHours: worstHours(result, afterGap),
  };
}

function openAtEnd({ openAtEnd: told, result }: StudyRun): Known<readonly OpenPosition[]> {
  if (told !== undefined) return { value: told };
  if (result.openAtEnd === undefined) return { missing: 'this run did not list them' };
  return { value: result.openAtEnd.map((option) => ({ text: openOptionText(option) })) };
}

/** `12.5 calls written at 3,500.00, expiry 2026-02-06: 1,200.00 taken in, 900.00 owed at the last mark`. */
function openOptionText({
  type,
  strike,
  expirySeconds,
  sizeBase,
  premiumQuote,
  valueQuote,
}: OpenOption): string {
  const isWritten = sizeBase < 0;
  const what = `${fixed(Math.abs(sizeBase), 4)} of a ${type} ${isWritten ? 'written' : 'bought'} at ${quote(strike)}, expiry ${utcDay(expirySeconds)}`;
  const premium = `${quote(Math.abs(premiumQuote))} ${premiumQuote < 0 ? 'paid' : 'taken in'}`;
  return `${what}: ${premium}, ${quote(Math.abs(valueQuote))} ${valueQuote < 0 ? 'owed' : 'worth'} at the last mark`;
}

function scoreOf(name: string, scores: readonly PolicyScore[]): Known<ReportScore> {
  const found = scores.find(({ policy }) => policy === name);
  if (found === undefined) return { missing: 'not compared in this study' };
  if (found === scores[0])
    return { value: { ratio: 1, bars: { missing: 'it is the baseline' }, levels: [] } };
  if (found.score === null)
    return { missing: `no hedging error that it and ${scores[0]!.policy} both reach` };
  const { score, bars, levels } = found;
  const why = `under ${LEAST_BLOCKS} weeks, or draws without a common level`;
  return { value: { ratio: score, bars: bars === null ? { missing: why } : { value: bars }, levels } };
}

/** Error bars of a run's figures over its weeks. */
function barsOf(weeks: readonly WeekBlock[], seed: number) {
  const figures = figuresOf(weeks);
  return (figure: keyof RunFigures): Known<ErrorBars> => {
    const bars = pairedBlockBootstrap({
      blocks: weeks.length,
      statistic: (weights) => figures(weights)[figure],
      resamples: RESAMPLES,
      random: randomStream(seed, 'weeks'),
    });
    return bars === null ? { missing: `${weeks.length} weeks are too few for error bars` } : { value: bars };
  };
}

const orNull = <T>(known: Known<T>): T | null => ('value' in known ? known.value : null);

/** Every setting by policy; where nothing but the runs is known, those. */
function frontiers({ settings, runs, market, seed }: Study): readonly ReportFrontier[] {
  const all: readonly PolicyRuns[] =
    settings.length > 0
      ? settings
      : runs.map(({ name, parameters, result }) => ({
          policy: name,
          settings: [{ label: parameters, blocks: weekBlocks(result, market) }],
        }));
  return all.map(({ policy, settings: own }): ReportFrontier => {
    const shown = runs.find(({ name }) => name === policy)?.parameters;
    const points = own.map(({ label, blocks }) => {
      const { cost, hedgingError } = figuresOf(blocks)();
      const bars = barsOf(blocks, seed);
      return {
        label,
        cost,
        hedgingError,
        costBars: orNull(bars('cost')),
        errorBars: orNull(bars('hedgingError')),
      };
    });
    const best = new Set(frontierOf(policy, points).points.map(({ label }) => label));
    return {
      policy,
      points: points.map(
        (point): ReportPoint => ({
          ...point,
          isOnFrontier: best.has(point.label),
          isShown: point.label === shown,
        }),
      ),
    };
  });
}
