import { InvalidInputError } from '../../core/errors.ts';
import { fitGarch } from '../../core/volatility/fitGarch.ts';
import { type CleanedPrices, cleanPrices, type PriceRow } from '../../sim/paths/cleanPrices.ts';
import { garchBootstrapPath } from '../../sim/paths/garchBootstrap.ts';
import { gbmPath } from '../../sim/paths/gbm.ts';
import { hestonPath } from '../../sim/paths/heston.ts';
import { mertonPath } from '../../sim/paths/merton.ts';
import type { PathGrid, PricePath } from '../../sim/paths/pricePath.ts';
import { type RandomStream, randomStream } from '../../sim/random.ts';
import type { Plugged } from '../config/kinds.ts';
import { readPriceRows, unusable } from '../priceHistory.ts';
import type { PriceConfig } from './priceSchema.ts';
import type { StudyAssumption, StudyFinding } from './study.ts';

/** A price path with what was simulated beside it. */
export interface NamedPath {
  readonly name: string;
  readonly path: PricePath;
  /** Volatility at each step, where the price was simulated with one. */
  readonly volatility?: Float64Array;
}

/** Prices of a study. */
export interface StudyPrices {
  readonly paths: readonly NamedPath[];
  readonly findings: readonly StudyFinding[];
  readonly assumption: StudyAssumption;
}

type Grid = Pick<PriceConfig['gbm'], 'days' | 'stepSeconds' | 'paths' | 'start' | 'startPrice'>;
type Drawn = Omit<NamedPath, 'name'>;

/**
 * The price paths that a study asks for: recorded ones cleaned, simulated ones drawn, each from a stream of its own.
 *
 * @throws UsageError where a file cannot be read, InvalidInputError where what it holds cannot be used
 */
export async function studyPrices(prices: Plugged, seed: number): Promise<StudyPrices> {
  const config = prices.config as PriceConfig[keyof PriceConfig];
  switch (prices.kind as keyof PriceConfig) {
    case 'recorded':
      return recorded(config as PriceConfig['recorded']);
    case 'gbm':
      return simulated('gbm', config as PriceConfig['gbm'], seed, (grid, random) => ({
        path: gbmPath(grid, config as PriceConfig['gbm'], random),
      }));
    case 'merton':
      return simulated('merton', config as PriceConfig['merton'], seed, (grid, random) => ({
        path: mertonPath(grid, config as PriceConfig['merton'], random),
      }));
    case 'heston':
      return simulated('heston', config as PriceConfig['heston'], seed, (grid, random) =>
        hestonPath(grid, config as PriceConfig['heston'], random),
      );
    case 'garchBootstrap':
      return bootstrapped(config as PriceConfig['garchBootstrap'], seed);
  }
}

async function cleanedFiles(
  files: readonly string[],
  stepSeconds: number | undefined,
  shortGapRows: number,
): Promise<CleanedPrices & { readonly named: readonly StudyFinding[] }> {
  const rows = (await Promise.all(files.map(readPriceRows))).flat();
  const taken =
    stepSeconds === undefined
      ? rows
      : rows.filter(({ timestampSeconds }) => !(timestampSeconds % stepSeconds > 0));
  const all = files.join(', ');
  const cleaned = cleanedRows(taken, shortGapRows, all);
  const named = cleaned.findings.map(({ kind, timestampSeconds, text, file = all, line }) => ({
    file,
    kind,
    atSeconds: Number.isNaN(timestampSeconds) ? null : timestampSeconds,
    text,
    ...(line !== undefined && { line }),
  }));
  return { ...cleaned, named };
}

/** Rows that cannot be used are the file's fault. */
function cleanedRows(rows: readonly PriceRow[], shortGapRows: number, file: string): CleanedPrices {
  try {
    return cleanPrices(rows, { shortGapRows });
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const { found, expected } = error.facts;
    throw unusable(file, `it has ${found}, where ${expected} are wanted`);
  }
}

async function recorded({ files, stepSeconds, shortGapRows }: PriceConfig['recorded']): Promise<StudyPrices> {
  const { path, named, intervalSeconds } = await cleanedFiles(files, stepSeconds, shortGapRows);
  const rows = path.price.length;
  return {
    paths: [{ name: 'recorded', path }],
    findings: named,
    assumption: {
      part: 'prices',
      source: 'recorded',
      text: `${rows} prices, one every ${intervalSeconds} s`,
      parameters: { rows, intervalSeconds },
    },
  };
}

function simulated(
  kind: string,
  config: Grid,
  seed: number,
  draw: (grid: PathGrid, random: RandomStream) => Drawn,
): StudyPrices {
  const { days, stepSeconds, paths, start } = config;
  const grid = { startSeconds: start, stepSeconds, steps: Math.floor((days * 86_400) / stepSeconds) };
  const parameters = Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) =>
      typeof value === 'number' || typeof value === 'string' ? [[name, value]] : [],
    ),
  );
  return {
    paths: Array.from({ length: paths }, (_, index) => ({
      name: paths === 1 ? kind : `${kind} ${index + 1}`,
      ...draw(grid, randomStream(seed, `price ${index}`)),
    })),
    findings: [],
    assumption: {
      part: 'prices',
      source: 'model',
      text: `${kind}, ${paths} x ${days} days, one price every ${stepSeconds} s`,
      parameters,
    },
  };
}

async function bootstrapped(config: PriceConfig['garchBootstrap'], seed: number): Promise<StudyPrices> {
  const { files, stepSeconds, model, startPrice } = config;
  const { path, named, intervalSeconds } = await cleanedFiles(files, stepSeconds, 0);
  if (intervalSeconds !== stepSeconds) {
    throw new InvalidInputError(
      'prices.stepSeconds',
      stepSeconds,
      `${intervalSeconds}, as ${files.join(', ')}`,
    );
  }
  const returns = Array.from(path.price, (price, step) =>
    step === 0 || path.afterGap[step] === 1 ? Number.NaN : Math.log(price / path.price[step - 1]!),
  ).filter((logReturn) => !Number.isNaN(logReturn));
  const specification = fitGarch(returns, { model });
  const { mu, omega, alpha, beta, gamma } = specification.parameters;
  const terms = { startPrice, returns, specification };
  const drawn = simulated('garchBootstrap', config, seed, (grid, random) =>
    garchBootstrapPath(grid, terms, random),
  );
  return {
    ...drawn,
    findings: named,
    assumption: {
      ...drawn.assumption,
      source: 'fitted',
      text: `${drawn.assumption.text}; ${model} fitted to ${returns.length} recorded returns`,
      parameters: { ...drawn.assumption.parameters, model, mu, omega, alpha, beta, gamma },
    },
  };
}
