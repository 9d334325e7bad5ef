import type { Store } from '../../ports/store.ts';
import { type BaseFeeModel, fitBaseFee } from '../../sim/market/baseFee.ts';
import { fitInclusion } from '../../sim/market/fitInclusion.ts';
import { fitLiquidity } from '../../sim/market/fitLiquidity.ts';
import type { InclusionModel } from '../../sim/market/inclusion.ts';
import type { LiquidityModel } from '../../sim/market/liquidity.ts';
import type { RecordedSeries } from '../../sim/market/recordedSeries.ts';
import { type VolatilityModel, volatilitiesAlong } from '../../sim/market/volatility.ts';
import type { Plugged } from '../config/kinds.ts';
import type { FeeConfig, InclusionConfig, LiquidityConfig } from './marketSchema.ts';
import { orderWaits } from './orderWaits.ts';
import { readBaseFees, readPoolMinutes } from './recordedInputs.ts';
import type { StudyAssumption, StudyFinding } from './study.ts';

const TICK_BASE = 1.0001;

/** A model with where it is from. */
export interface ChosenModel<M> {
  readonly model: M;
  readonly assumption: StudyAssumption;
  readonly findings: readonly StudyFinding[];
}

/** Base fees: a model, and the recording beside it where there is one. */
export interface ChosenFees extends ChosenModel<BaseFeeModel> {
  readonly recorded: { readonly series: RecordedSeries; readonly staleAfterSeconds: number } | null;
}

/**
 * The base fee of a study: assumed, or fitted to recorded fees.
 *
 * @throws UsageError, InvalidInputError where a file cannot be used
 */
export async function chosenFees({ kind, config }: Plugged): Promise<ChosenFees> {
  if (kind === 'model') {
    const model = config as FeeConfig['model'];
    return { ...assumed('gas', model, feeWords(model)), recorded: null };
  }
  const { file, moveLoading } = config as FeeConfig['fitted'] | FeeConfig['recorded'];
  const { series, findings } = await readBaseFees(file);
  const from = Date.parse((config as FeeConfig['fitted']).from ?? '1970-01-01') / 1_000;
  const kept = series.timestampSeconds.flatMap((seconds, index) => (seconds >= from ? [index] : []));
  const model = fitBaseFee(
    kept.map((index) => series.timestampSeconds[index]!),
    kept.map((index) => series.value[index]!),
    moveLoading,
  );
  const isRecorded = kind === 'recorded';
  const what = `${kept.length} base fees, ${isRecorded ? 'the fitted model between them' : 'fitted'}`;
  return {
    model,
    findings,
    assumption: {
      part: 'gas',
      source: isRecorded ? 'recorded' : 'fitted',
      text: `${what}: ${feeWords(model)}`,
      parameters: { ...model },
    },
    recorded: isRecorded
      ? { series, staleAfterSeconds: (config as FeeConfig['recorded']).staleAfterSeconds }
      : null,
  };
}

function feeWords({ medianGwei, logStdDev, halfLifeSeconds }: BaseFeeModel): string {
  const hours = short(halfLifeSeconds / 3_600);
  return `median ${short(medianGwei)} gwei, log sd ${short(logStdDev)}, half-life ${hours} h`;
}

/**
 * How pools thin and refill: assumed, or fitted to a pool by the minute.
 *
 * @throws UsageError, InvalidInputError where a file cannot be used
 */
export async function chosenLiquidity(
  { kind, config }: Plugged,
  volatility: VolatilityModel,
): Promise<ChosenModel<LiquidityModel>> {
  if (kind === 'model') {
    const model = config as LiquidityConfig['model'];
    return assumed('liquidity', model, liquidityWords(model));
  }
  const { ticks, liquidity, findings } = await readPoolMinutes((config as LiquidityConfig['fitted']).files);
  const timestampSeconds = Float64Array.from(ticks.timestampSeconds);
  const path = {
    timestampSeconds,
    price: Float64Array.from(ticks.value, (tick) => TICK_BASE ** tick),
    afterGap: new Uint8Array(timestampSeconds.length),
  };
  const { model, explained } = fitLiquidity(
    path,
    liquidity,
    volatilitiesAlong(path, volatility).hourlyStdDev,
  );
  const share = `explains ${short(100 * explained)} % of how it varied`;
  return {
    model,
    findings,
    assumption: {
      part: 'liquidity',
      source: 'fitted',
      text: `${liquidity.length} minutes of a pool: ${liquidityWords(model)}; ${share}`,
      parameters: { ...model, explained },
    },
  };
}

function liquidityWords({ thinningPerStdDev, refillHalfLifeSeconds, floor }: LiquidityModel): string {
  const lost = `${short(100 * thinningPerStdDev)} % leave for each sd of a move`;
  return `${lost}, half-life ${short(refillHalfLifeSeconds / 3_600)} h, never under ${short(100 * floor)} %`;
}

/**
 * How orders get into blocks: assumed, or fitted to the orders of a journal.
 *
 * @param openJournal opens a journal file to read
 * @throws JournalError, InvalidInputError where the journal cannot be used
 */
export async function chosenInclusion(
  { kind, config }: Plugged,
  openJournal: (path: string) => Promise<Store>,
): Promise<ChosenModel<InclusionModel>> {
  if (kind === 'model') {
    const model = config as InclusionConfig['model'];
    return assumed('inclusion', model, inclusionWords(model));
  }
  const store = await openJournal((config as InclusionConfig['fitted']).journal);
  try {
    const { model, orders, expired, stdError } = fitInclusion(await orderWaits(store));
    const words = `${orders} orders, ${expired} expired: ${inclusionWords(model)}`;
    return {
      model,
      findings: [],
      assumption: {
        part: 'inclusion',
        source: 'fitted',
        text: `${words} ± ${short(100 * stdError)} %`,
        parameters: { ...model, orders, expired, stdError },
      },
    };
  } finally {
    await store.close();
  }
}

function inclusionWords({ perBlock, windowBlocks }: InclusionModel): string {
  return `a block takes an order with ${short(100 * perBlock)} %, ${windowBlocks} blocks are tried`;
}

function assumed<M extends object>(part: string, model: M, text: string): ChosenModel<M> {
  return {
    model,
    findings: [],
    assumption: {
      part,
      source: 'model',
      text,
      parameters: { ...model } as Readonly<Record<string, unknown>>,
    },
  };
}

/** Three significant digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
