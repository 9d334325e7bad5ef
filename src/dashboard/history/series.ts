import { thinnedSteps } from '../../report/thinSeries.ts';
import { type DecisionColumns, type Field, rowKinds } from './decisionColumns.ts';

/** The columns that a vault's charts are drawn from. */
const DRAWN = ['spot', 'netDelta', 'sellAct', 'sellTarget', 'buyAct', 'buyTarget', 'valueQuote'] as const;

/** A vault over time, thinned to what a screen can show; null = not known. */
export interface Series {
  /** Decisions in the stretch, before thinning. */
  readonly of: number;
  readonly atSeconds: readonly number[];
  readonly number: readonly number[];
  readonly columns: Readonly<Record<(typeof DRAWN)[number], readonly (number | null)[]>>;
  /** Stretches in which the vault was halted. */
  readonly halts: readonly { readonly fromSeconds: number; readonly toSeconds: number }[];
}

/** Place of the first value of a rising column that is not below a bound. */
export function firstAtOrAfter(column: Float64Array, bound: number): number {
  let [low, high] = [0, column.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A stretch of a vault's decisions: of each bucket the first, the last, the lowest and the highest of price and net delta, so
 * that a breach of one block stays visible.
 *
 * @param fromSeconds and toSeconds inclusive; may lie outside of what there is
 * @param buckets pixels of the screen
 */
export function seriesOf(
  columns: DecisionColumns,
  fromSeconds: number,
  toSeconds: number,
  buckets: number,
): Series {
  const times = columns.column('atSeconds');
  const from = firstAtOrAfter(times, fromSeconds);
  const to = firstAtOrAfter(times, toSeconds + 1e-6);
  const part = (field: Field) => columns.column(field).subarray(from, to);
  const atSeconds = part('atSeconds');
  const steps = thinnedSteps(atSeconds, [part('spot'), part('netDelta')], buckets);
  const pick = (field: Field) => {
    const column = part(field);
    return steps.map((step) => {
      const value = column[step]!;
      return Number.isNaN(value) ? null : value;
    });
  };
  return {
    of: atSeconds.length,
    atSeconds: steps.map((step) => atSeconds[step]!),
    number: steps.map((step) => part('number')[step]!),
    columns: Object.fromEntries(DRAWN.map((field) => [field, pick(field)])) as unknown as Series['columns'],
    halts: haltsOf(atSeconds, part('kind')),
  };
}

const HALT = rowKinds.indexOf('halt');

function haltsOf(atSeconds: Float64Array, kinds: Float64Array): Series['halts'] {
  const halts: { fromSeconds: number; toSeconds: number }[] = [];
  for (let index = 0; index < kinds.length; index += 1) {
    if (kinds[index] !== HALT) continue;
    const ends = atSeconds[index + 1] ?? atSeconds[index]!;
    const last = halts.at(-1);
    if (index > 0 && kinds[index - 1] === HALT && last !== undefined) last.toSeconds = ends;
    else halts.push({ fromSeconds: atSeconds[index]!, toSeconds: ends });
  }
  return halts;
}
