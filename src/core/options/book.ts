import { InvalidInputError } from '../errors.ts';
import { compensatedSum } from '../math/sum.ts';
import { blackScholes, type OptionGreeks } from './blackScholes.ts';
import {
  ALL_GREEKS,
  type BookColumns,
  bookColumns,
  FIRST_GREEKS,
  INPUT_COLUMNS,
  type OptionBook,
} from './bookColumns.ts';
import type { BookKernel } from './bookKernel.ts';
import { loopKernel } from './bookLoop.ts';
import { vectorKernel } from './bookVector.ts';

type Greek = keyof OptionGreeks;

/** A column per greek: a value for each option, of size 1, in the units of {@link OptionGreeks}. */
export type GreekColumns<G extends Greek = Greek> = { readonly [Name in G]: Float64Array };

/** Greeks of each option of a book, and of the book: `totals` are the sums of size times each column. */
export type BookGreeks<G extends Greek = Greek> = GreekColumns<G> & {
  readonly totals: Pick<OptionGreeks, G>;
};

/** The greeks that a book gets unless others are asked for. */
export type FirstGreek = (typeof FIRST_GREEKS)[number];

/** How a book is priced. */
export interface BookOptions<G extends Greek = FirstGreek> {
  /** Which greeks: price, delta, gamma, vega and theta when left out. */
  readonly greeks?: readonly G[];
  /** Columns to write to instead of new ones, each as long as the book: for a book that is priced over and over. */
  readonly into?: GreekColumns<NoInfer<G>>;
  /** What does the arithmetic: the vector code when left out, or the plain loop where the engine has no vectors. */
  readonly kernel?: BookKernel;
}

const PRICE = ALL_GREEKS.indexOf('price');
const RHO = ALL_GREEKS.indexOf('rho');
const YEARS = INPUT_COLUMNS.indexOf('years');
const SIZE = INPUT_COLUMNS.indexOf('size');

/**
 * Made on first use and kept, since compiling takes a millisecond: the one thing here that outlives a call. No result
 * depends on what is in it, because every call fills what it reads, and none can come between the steps of another.
 */
let keptKernel: BookKernel | undefined;

function defaultKernel(): BookKernel {
  keptKernel ??= vectorKernel() ?? loopKernel();
  return keptKernel;
}

/** Columns in one piece of memory: asking for it once is what costs. */
function newColumns<G extends Greek>(greeks: readonly G[], count: number): GreekColumns<G> {
  const memory = new ArrayBuffer(greeks.length * count * Float64Array.BYTES_PER_ELEMENT);
  const column = (index: number) =>
    new Float64Array(memory, index * count * Float64Array.BYTES_PER_ELEMENT, count);
  return Object.fromEntries(greeks.map((greek, index) => [greek, column(index)])) as GreekColumns<G>;
}

/**
 * Price and greeks of every option of a book, and the totals of the book: the numbers of `blackScholes` (for a book with
 * `forward`, of `black76`) to 1e-10, with all its limits, in a fraction of the time.
 *
 * @example
 * const { delta, totals } = greeksOfBook({
 *   type: ['call', 'put'], spot: 3000, strike: [3200, 2800], years: 30 / 365, rate: 0.04, volatility: [0.6, 0.7], size: [-10, 5],
 * });
 * @throws InvalidInputError naming the column and the position (`strike[17]`) of the first value that cannot be, or the
 * column of another length than the rest
 */
export function greeksOfBook<G extends Greek = FirstGreek>(
  book: OptionBook,
  options: BookOptions<G> = {},
): BookGreeks<G> {
  const { kernel = defaultKernel(), greeks = FIRST_GREEKS as readonly Greek[] as readonly G[] } = options;
  const source = bookColumns(book);
  const { count, columns } = source;
  const wanted = greeks.map((greek) => indexOfGreek(greek));
  const all = wanted.some((index) => index >= FIRST_GREEKS.length);
  const into = options.into ?? newColumns(greeks, count);
  const targets = greeks.map((greek) => requireLength(greek, into[greek], count));
  columns.forEach((column, k) => {
    if (typeof column === 'number') kernel.inputs[k]!.fill(column);
  });
  const sums = greeks.map((): number[] => []);
  for (let start = 0; start < count; start += kernel.capacity) {
    const length = Math.min(kernel.capacity, count - start);
    priceBlock(kernel, source, start, length, all);
    wanted.forEach((index, k) => {
      const output = kernel.outputs[index]!;
      targets[k]!.set(length === kernel.capacity ? output : output.subarray(0, length), start);
      sums[k]!.push(kernel.totals[index]!);
    });
  }
  const totals = Object.fromEntries(greeks.map((greek, k) => [greek, compensatedSum(sums[k]!)]));
  return { ...into, totals: totals as Pick<OptionGreeks, G> };
}

function indexOfGreek(greek: Greek): number {
  const index = ALL_GREEKS.indexOf(greek);
  if (index < 0) throw new InvalidInputError('greeks', greek, ALL_GREEKS.join(', '));
  return index;
}

function requireLength(greek: string, column: Float64Array | undefined, count: number): Float64Array {
  if (column?.length !== count) {
    throw new InvalidInputError(`into.${greek}.length`, column?.length, `${count}`);
  }
  return column;
}

/** Prices one block of a book into the kernel's outputs and totals. */
function priceBlock(
  kernel: BookKernel,
  book: BookColumns,
  start: number,
  length: number,
  all: boolean,
): void {
  const { columns, onForwards } = book;
  columns.forEach((column, k) => {
    if (typeof column === 'number') return;
    kernel.inputs[k]!.set(column.length === length ? column : column.subarray(start, start + length));
  });
  const aside = kernel.run(length, all);
  for (let n = 0; n < aside; n++) priceAlone(kernel, kernel.left[n]!, start, onForwards);
  if (onForwards && all) holdForwards(kernel, length);
  if (!kernel.totals.every(Number.isFinite)) requireSizes(kernel, start, length);
}

/** The scalar function for what the kernel left alone: the limits, and what cannot be. */
function priceAlone(kernel: BookKernel, position: number, start: number, onForwards: boolean): void {
  const [sign, spot, strike, years, rate, dividendYield, volatility, size] = kernel.inputs.map(
    (column) => column[position]!,
  ) as [number, number, number, number, number, number, number, number];
  const index = start + position;
  if (sign !== 1 && sign !== -1) {
    throw new InvalidInputError(`type[${index}]`, sign, 'call or put, as a word or as 1 or -1');
  }
  const type = sign === 1 ? 'call' : 'put';
  const one = atIndex(index, onForwards, () =>
    blackScholes({ type, spot, strike, years, rate, dividendYield, volatility }),
  );
  ALL_GREEKS.forEach((greek, k) => {
    kernel.outputs[k]![position] = one[greek];
    kernel.totals[k]! += size * one[greek];
  });
}

/** Names the column and the position in what the scalar function refuses. */
function atIndex(index: number, onForwards: boolean, price: () => OptionGreeks): OptionGreeks {
  try {
    return price();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const { field, found, expected } = error.facts;
    const name = onForwards && field === 'spot' ? 'forward' : field;
    throw new InvalidInputError(`${name}[${index}]`, found, String(expected));
  }
}

/** Rho of options on forwards: it holds the forward where that of `blackScholes` holds the spot. */
function holdForwards(kernel: BookKernel, length: number): void {
  const prices = kernel.outputs[PRICE]!;
  const rhos = kernel.outputs[RHO]!;
  const years = kernel.inputs[YEARS]!;
  const sizes = kernel.inputs[SIZE]!;
  let total = 0;
  for (let i = 0; i < length; i++) {
    rhos[i] = 0 - years[i]! * prices[i]!;
    total += sizes[i]! * rhos[i]!;
  }
  kernel.totals[RHO] = total;
}

function requireSizes(kernel: BookKernel, start: number, length: number): void {
  const sizes = kernel.inputs[SIZE]!.subarray(0, length);
  const wrong = sizes.findIndex((size) => !Number.isFinite(size));
  if (wrong >= 0) throw new InvalidInputError(`size[${start + wrong}]`, sizes[wrong], 'a finite number');
}
