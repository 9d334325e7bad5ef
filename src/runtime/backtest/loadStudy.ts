import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Store } from '../../ports/store.ts';
import type { PoolPlan } from '../../sim/backtest/poolPlan.ts';
import { buildMarket, type MarketModels } from '../../sim/market/buildMarket.ts';
import type { MarketPath } from '../../sim/market/marketPath.ts';
import { poolPlanOfRecorded } from '../../sim/market/recordedPoolPlan.ts';
import { lastKnown, sliceMarket } from '../../sim/market/recordedSeries.ts';
import { explainIssues } from '../config/explain.ts';
import { toJsonSchema } from '../config/jsonSchema.ts';
import { readSource, renderPath } from '../config/source.ts';
import { ConfigError, type ConfigIssue } from '../errors.ts';
import { readRecordedPools } from '../pools/depthRecorded.ts';
import type { Registry } from '../registry.ts';
import { openJournalToRead } from '../worlds/look.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { settingsOf } from './policySettings.ts';
import { type NamedPath, studyPrices } from './pricePaths.ts';
import { type CleanedSeries, readImpliedVolatility } from './recordedInputs.ts';
import type { Study, StudyAssumption, StudyFinding, StudyPolicy } from './study.ts';
import { type ChosenFees, chosenFees, chosenInclusion, chosenLiquidity } from './studyModels.ts';
import { type StudyConfig, studySchema } from './studySchema.ts';
import { withToxicity } from './studyToxicity.ts';

/** What is asked for on the command line instead of in the file. */
export interface StudyChanges {
  readonly seed?: number;
  /** Unix seconds, this moment included. */
  readonly fromSeconds?: number;
  /** Unix seconds, this moment not included. */
  readonly toSeconds?: number;
}

/**
 * Reads a study file and everything that it names, files relative to it, and builds its markets.
 *
 * @throws ConfigError with everything that is wrong in the file
 * @throws UsageError, InvalidInputError, CorruptDataError where a recording that it names cannot be used
 * @example
 * const { markets, plan, pools, policies, findings } = await loadStudy('examples/backtest.yaml', tools);
 */
export async function loadStudy(file: string, tools: WorldTools, changes: StudyChanges = {}): Promise<Study> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === 'ENOENT' ? 'no such file' : (cause.code ?? String(cause));
    const action = 'name a study file, or leave it out for a small simulated study';
    throw new ConfigError(file, [{ line: null, path: '', found, expected: 'a study file', action }]);
  });
  return studyOf(file, text, tools, changes);
}

/**
 * The same from text.
 *
 * @param file what errors call it, and what the files that it names are relative to
 */
export async function studyOf(
  file: string,
  text: string,
  tools: WorldTools,
  changes: StudyChanges = {},
): Promise<Study> {
  const { config, policies } = parseStudy(file, text, tools);
  const placed = withPlaces(config, dirname(file));
  const seed = changes.seed ?? placed.seed;
  const { volatility } = placed;
  const openJournal = (path: string): Promise<Store> =>
    openJournalToRead({ kind: 'sqlite', config: { path } }, tools);
  const [prices, fees, liquidity, inclusion, implied, pools] = await Promise.all([
    studyPrices(placed.prices, seed),
    chosenFees(placed.gas),
    chosenLiquidity(placed.liquidity, volatility),
    chosenInclusion(placed.inclusion, openJournal),
    volatility.implied === undefined ? null : readImpliedVolatility(volatility.implied.file),
    studyPools(placed),
  ]);
  const models: MarketModels = {
    volatility,
    baseFee: fees.model,
    tipGwei: placed.tipGwei,
    liquidity: liquidity.model,
    oracle: placed.oracle,
    inclusion: inclusion.model,
  };
  const markets = prices.paths.map((path, index) => {
    const whole = marketOf(path, placed, models, seed + index * PATH_STRIDE, fees, implied);
    const from = changes.fromSeconds ?? placed.from ?? Number.NEGATIVE_INFINITY;
    const to = changes.toSeconds ?? placed.to ?? Number.POSITIVE_INFINITY;
    return sliceMarket(whole, from, to);
  });
  const watched = await withToxicity(markets, placed);
  const gaps = filledGaps(markets, fees, implied, placed);
  return {
    name: placed.name,
    seed,
    markets: watched.markets,
    plan: placed.vault,
    pools,
    policies,
    limits: placed.limits,
    guard: placed.guard,
    findings: [
      ...prices.findings,
      ...fees.findings,
      ...liquidity.findings,
      ...inclusion.findings,
      ...(implied?.findings ?? []),
      ...watched.findings,
      ...gaps,
    ],
    assumptions: [
      prices.assumption,
      ...[fees, liquidity, inclusion].map(({ assumption }) => assumption),
      volatilityAssumption(placed, implied),
      ...watched.assumptions,
    ],
  };
}

/** Seeds of markets are this far apart, so that paths of one study never share one. */
const PATH_STRIDE = 1_000_003;

/** Checks the text of a study. @throws ConfigError with everything that is wrong */
function parseStudy(
  file: string,
  text: string,
  { registry, environment }: { readonly registry: Registry; environment(name: string): string | undefined },
): { readonly config: StudyConfig; readonly policies: readonly StudyPolicy[] } {
  const source = readSource(file, text, { environment, without: [] });
  if (source.data === null && source.issues.length > 0) throw new ConfigError(file, source.issues);
  const { schema, families } = studySchema(registry);
  const parsed = schema.safeParse(source.data ?? {});
  const wrong = parsed.success
    ? []
    : explainIssues(source, toJsonSchema(schema, families), parsed.error.issues);
  const policies: StudyPolicy[] = [];
  const unscalable: ConfigIssue[] = [];
  for (const [index, policy] of (parsed.data?.policies ?? []).entries()) {
    const settings = settingsOf(registry.policies[policy.kind]!, policy);
    if (settings !== null) policies.push(settings);
    else {
      const path = ['policies', index, 'scales'];
      unscalable.push({
        line: source.lineOf(path),
        path: renderPath(path),
        found: `scales of ${policy.kind}, which has no half width, interval or risk aversion`,
        expected: 'no scales',
        action: 'leave scales out, and name the policy once for each of its settings',
      });
    }
  }
  const issues = [...source.issues, ...wrong, ...unscalable];
  if (!parsed.success || issues.length > 0) throw new ConfigError(file, issues);
  return { config: parsed.data, policies };
}

/** The config with every file that it names where it is, seen from the study file. */
function withPlaces(config: StudyConfig, folder: string): StudyConfig {
  const place = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((one: unknown) => place(one, key));
    if (typeof value === 'string') return FILE_KEYS.has(key) ? resolve(folder, value) : value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, place(one, name)]));
  };
  const { policies, ...rest } = config;
  return { ...(place(rest) as Omit<StudyConfig, 'policies'>), policies };
}

const FILE_KEYS: ReadonlySet<string> = new Set(['file', 'files', 'recorded', 'journal']);

async function studyPools({ pools, base }: StudyConfig): Promise<readonly PoolPlan[]> {
  return Promise.all(
    pools.map(async (pool) => {
      if (!('recorded' in pool)) return pool;
      const [read] = await readRecordedPools([pool.recorded]);
      const { recorded } = read!;
      const { token0, token1 } = recorded;
      const name = pool.name ?? `${token0.symbol}${token1.symbol}${recorded.pool.feePips}`;
      return poolPlanOfRecorded(recorded, name, base);
    }),
  );
}

function marketOf(
  { name, path, volatility }: NamedPath,
  config: StudyConfig,
  models: MarketModels,
  seed: number,
  { recorded }: ChosenFees,
  implied: CleanedSeries | null,
): MarketPath {
  const { timestampSeconds } = path;
  const stale = config.volatility.implied?.staleAfterSeconds ?? 0;
  const marks = implied === null ? volatility : lastKnown(timestampSeconds, implied.series, stale);
  return buildMarket(name, path, models, seed, {
    ...(marks === undefined ? {} : { implied: marks }),
    ...(recorded === null
      ? {}
      : { baseFeeGwei: lastKnown(timestampSeconds, recorded.series, recorded.staleAfterSeconds) }),
  });
}

/** Steps at which a recording said nothing, and a model did instead. */
function filledGaps(
  markets: readonly MarketPath[],
  { recorded }: ChosenFees,
  implied: CleanedSeries | null,
  { volatility, gas }: StudyConfig,
): readonly StudyFinding[] {
  const missing = (series: CleanedSeries['series'], stale: number) =>
    markets.reduce(
      (sum, { timestampSeconds }) =>
        sum + lastKnown(timestampSeconds, series, stale).filter(Number.isNaN).length,
      0,
    );
  const found = (file: string, count: number, what: string): readonly StudyFinding[] =>
    count === 0
      ? []
      : [{ file, kind: 'modelled', atSeconds: null, text: `no ${what} for ${count} steps: modelled there` }];
  const { file = '' } = gas.config as { readonly file?: string };
  return [
    ...(recorded === null
      ? []
      : found(file, missing(recorded.series, recorded.staleAfterSeconds), 'recorded base fee')),
    ...(implied === null || volatility.implied === undefined
      ? []
      : found(
          volatility.implied.file,
          missing(implied.series, volatility.implied.staleAfterSeconds),
          'recorded implied volatility',
        )),
  ];
}

function volatilityAssumption({ volatility }: StudyConfig, implied: CleanedSeries | null): StudyAssumption {
  const { implied: _, ...parameters } = volatility;
  const forecast = `forecast by moving average, half-life ${volatility.halfLifeSeconds / 86_400} d`;
  const marked = implied === null ? 'marked by a model' : `${implied.series.value.length} recorded marks`;
  return {
    part: 'volatility',
    source: implied === null ? 'model' : 'recorded',
    text: `${forecast}; ${marked}`,
    parameters,
  };
}
