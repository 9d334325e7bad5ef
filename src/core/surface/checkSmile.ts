import { InvalidInputError } from '../errors.ts';
import { durrlemanG } from './durrleman.ts';
import { requireSlice, type SmileSlice, smilePoint, sviOf } from './smile.ts';
import { sviButterflyArbitrage } from './sviButterfly.ts';
import { sviCalendarArbitrage } from './sviCalendar.ts';

/** Where to look for what is reported; verdicts on SVI and SSVI hold on the whole line whatever it is. */
export interface CheckSmileOptions {
  /** Log-moneyness from and to, -3 to 3 by default. */
  readonly range?: readonly [from: number, to: number];
}

/** Butterfly arbitrage of one slice. */
export interface ButterflyCheck {
  readonly years: number;
  readonly isFree: boolean;
  /** `everywhere` when the verdict is a proof for the whole line, `range` when it rests on a fine grid of the range. */
  readonly scope: 'everywhere' | 'range';
  /** Least value of Durrleman's g in the range, and where. */
  readonly minimumG: number;
  readonly minimumAt: number;
  /** Log-moneynesses in the range between which g is below 0. */
  readonly negativeOn: readonly (readonly [from: number, to: number])[];
  /** A log-moneyness with arbitrage, also outside the range; -Infinity or Infinity for a wing steeper than R. Lee's 2. */
  readonly arbitrageAt: number | undefined;
}

/** Calendar arbitrage between two neighbouring slices. */
export interface CalendarCheck {
  readonly earlierYears: number;
  readonly laterYears: number;
  readonly isFree: boolean;
  readonly scope: 'everywhere' | 'range';
  /** The most by which the earlier total variance exceeds the later in the range; 0 when it does not. */
  readonly crossedness: number;
  readonly arbitrageAt: number | undefined;
}

/** What `checkSmile` found. */
export interface SmileCheck {
  readonly isArbitrageFree: boolean;
  readonly butterfly: readonly ButterflyCheck[];
  readonly calendar: readonly CalendarCheck[];
}

const INTERVALS = 2_000;
const ROUNDING = 1e-12;

/**
 * Static arbitrage of a smile, or of the smiles of several expiries, which are taken in order of time: butterflies
 * (Durrleman's g at or above 0, wings within R. Lee's bound) and calendars (total variance that does not fall with time
 * at constant forward moneyness; J. Gatheral and A. Jacquier, 2014, section 2).
 *
 * @throws InvalidInputError when there is no slice, two share an expiry, or a parameter is out of its range
 */
export function checkSmile(
  slices: SmileSlice | readonly SmileSlice[],
  { range = [-3, 3] }: CheckSmileOptions = {},
): SmileCheck {
  const ordered = ('smile' in slices ? [slices] : [...slices]).sort((a, b) => a.years - b.years);
  if (ordered.length === 0) throw new InvalidInputError('slices.length', 0, 'at least one slice');
  if (!(range[0] < range[1] && Number.isFinite(range[1] - range[0]))) {
    throw new InvalidInputError('range', range.join(' to '), 'two finite numbers in rising order');
  }
  ordered.forEach(requireSlice);
  const butterfly = ordered.map((slice) => checkButterfly(slice, range));
  const calendar = ordered.slice(1).map((later, i) => checkCalendar(ordered[i]!, later, range));
  return {
    isArbitrageFree: [...butterfly, ...calendar].every(({ isFree }) => isFree),
    butterfly,
    calendar,
  };
}

function checkButterfly(slice: SmileSlice, range: readonly [number, number]): ButterflyCheck {
  const g = (k: number) => durrlemanG(k, smilePoint(slice, k));
  const lowest = lowestOf(g, range);
  const svi = sviOf(slice);
  const isNegative = !(lowest.value >= -ROUNDING);
  const arbitrageAt = svi === undefined ? (isNegative ? lowest.at : undefined) : sviButterflyArbitrage(svi);
  return {
    years: slice.years,
    isFree: arbitrageAt === undefined,
    scope: svi === undefined ? 'range' : 'everywhere',
    minimumG: lowest.value,
    minimumAt: lowest.at,
    negativeOn: isNegative ? negativeIntervals(g, range) : [],
    arbitrageAt,
  };
}

function checkCalendar(
  earlier: SmileSlice,
  later: SmileSlice,
  range: readonly [number, number],
): CalendarCheck {
  if (earlier.years === later.years)
    throw new InvalidInputError('years', later.years, 'a different expiry per slice');
  const gap = (k: number) => smilePoint(later, k).totalVariance - smilePoint(earlier, k).totalVariance;
  const lowest = lowestOf(gap, range);
  const [first, second] = [sviOf(earlier), sviOf(later)];
  const isProvable = first !== undefined && second !== undefined;
  const found = lowest.value >= -ROUNDING ? undefined : lowest.at;
  const arbitrageAt = isProvable ? sviCalendarArbitrage(first, second) : found;
  return {
    earlierYears: earlier.years,
    laterYears: later.years,
    isFree: arbitrageAt === undefined,
    scope: isProvable ? 'everywhere' : 'range',
    crossedness: Math.max(0, -lowest.value),
    arbitrageAt,
  };
}

function gridOf([from, to]: readonly [number, number]): number[] {
  return Array.from({ length: INTERVALS + 1 }, (_, i) => from + ((to - from) * i) / INTERVALS);
}

/** The least value on a grid, refined between its neighbours by golden section (J. Kiefer, 1953). */
function lowestOf(of: (k: number) => number, range: readonly [number, number]) {
  const grid = gridOf(range);
  const values = grid.map(of);
  let best = 0;
  values.forEach((value, i) => {
    if (!(value >= values[best]!)) best = i;
  });
  let low = grid[Math.max(best - 1, 0)]!;
  let high = grid[Math.min(best + 1, INTERVALS)]!;
  const ratio = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 40; i++) {
    const width = ratio * (high - low);
    if (of(high - width) < of(low + width)) high = low + width;
    else low = high - width;
  }
  const middle = (low + high) / 2;
  const value = of(middle);
  return value < values[best]! ? { at: middle, value } : { at: grid[best]!, value: values[best]! };
}

function negativeIntervals(of: (k: number) => number, range: readonly [number, number]): [number, number][] {
  const grid = gridOf(range);
  const isNegative = grid.map((k) => of(k) < 0);
  const intervals: [number, number][] = [];
  grid.forEach((k, i) => {
    if (!isNegative[i]) return;
    const from = i > 0 && !isNegative[i - 1] ? signChange(of, grid[i - 1]!, k) : k;
    const to = i < INTERVALS && !isNegative[i + 1] ? signChange(of, grid[i + 1]!, k) : k;
    const last = intervals.at(-1);
    if (last !== undefined && isNegative[i - 1]) last[1] = to;
    else intervals.push([from, to]);
  });
  return intervals;
}

/** Where `of` changes its sign between a point that is not negative and one that is, by bisection. */
function signChange(of: (k: number) => number, positive: number, negative: number): number {
  let [outside, inside] = [positive, negative];
  for (let i = 0; i < 50; i++) {
    const middle = (outside + inside) / 2;
    if (of(middle) < 0) inside = middle;
    else outside = middle;
  }
  return (outside + inside) / 2;
}
