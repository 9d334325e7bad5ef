import { fixed, significant } from '../../core/report/format.ts';

/** An axis from `low` to `high`, straight or logarithmic, with round ticks. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly isLog: boolean;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10];
const LOG_STEPS = [1, 2, 5];
/** Beyond this ratio of the largest to the smallest value a straight axis would crowd most of them into a corner. */
const LOG_FROM = 8;
/** Share of the values below which their differences are rounding. */
const NARROWEST = 1e-9;

/**
 * An axis that holds all values, with a little room at the ends.
 *
 * @param values finite; none gives 0 to 1
 * @param most ticks there may be
 */
export function axisOf(values: readonly number[], most = 6): Axis {
  if (values.length === 0) return { low: 0, high: 1, isLog: false, ticks: [0, 1] };
  const [least, largest] = [Math.min(...values), Math.max(...values)];
  if (least > 0 && largest / least > LOG_FROM) return logAxis(least, largest, most);
  const size = Math.max(Math.abs(least), Math.abs(largest));
  // What differs by its last digits alone is drawn as one value: no tick would lie between.
  const spread = largest - least > NARROWEST * size ? largest - least : size || 1;
  const [low, high] = [least - 0.06 * spread, largest + 0.06 * spread];
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * STEPS.find((factor) => factor * power >= rough)!;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return {
    low,
    high,
    isLog: false,
    ticks: Array.from({ length: count }, (_, index) => (first + index) * step),
  };
}

function logAxis(least: number, largest: number, most: number): Axis {
  const room = (largest / least) ** 0.05;
  const [low, high] = [least / room, largest * room];
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, index) => Math.floor(Math.log10(low)) + index,
  );
  const within = (steps: readonly number[]) =>
    powers
      .flatMap((power) => steps.map((step) => step * 10 ** power))
      .filter((tick) => tick >= low && tick <= high);
  const all = within(LOG_STEPS);
  const ticks = all.length <= most + 2 ? all : within([1]);
  return { low, high, isLog: true, ticks };
}

/** A tick in as many decimals as tell it from the next one. */
export function tickText({ ticks, isLog }: Axis, value: number): string {
  const [first, second] = ticks;
  if (isLog || first === undefined || second === undefined) return significant(value, 3);
  return fixed(value, Math.min(12, Math.max(0, -Math.floor(Math.log10(second - first) + 1e-9))));
}

/** Where a value lies on an axis: 0 = at its low end, 1 = at its high end. */
export function shareOn({ low, high, isLog }: Axis, value: number): number {
  const of = (x: number) => (isLog ? Math.log(x) : x);
  return (of(value) - of(low)) / (of(high) - of(low));
}
