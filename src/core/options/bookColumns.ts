import { InvalidInputError } from '../errors.ts';
import type { OptionGreeks, OptionType } from './blackScholes.ts';

/** One value per option, or one number that all of them share. Float64Array is read in place; others are copied once. */
export type BookColumn = number | ArrayLike<number>;

/** Calls and puts: words, or 1 for a call and -1 for a put. */
export type TypeColumn = OptionType | readonly OptionType[] | Int8Array | Float64Array;

interface BookTerms {
  readonly type: TypeColumn;
  /** Quote per base. */
  readonly strike: BookColumn;
  /** Time to expiry; 0 at expiry. */
  readonly years: BookColumn;
  /** Continuously compounded, per year. */
  readonly rate: BookColumn;
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: BookColumn;
  /** How many of each are held, negative when short; only the totals depend on it. One each when left out. */
  readonly size?: BookColumn;
}

/** Options on an asset with a spot price, as `blackScholes` takes them. */
export interface SpotBook extends BookTerms {
  /** Quote per base. */
  readonly spot: BookColumn;
  /** What holding base yields; 0 when left out. */
  readonly dividendYield?: BookColumn;
}

/** Options on forwards, as `black76` takes them. */
export interface ForwardBook extends BookTerms {
  /** Quote per base. */
  readonly forward: BookColumn;
}

/** A portfolio of European options as columns of equal length. */
export type OptionBook = SpotBook | ForwardBook;

/** The columns that pricing reads, in the order in which a kernel holds them. */
export const INPUT_COLUMNS = [
  'type',
  'spot',
  'strike',
  'years',
  'rate',
  'dividendYield',
  'volatility',
  'size',
] as const;

/** The greeks that a book gets unless others are asked for. */
export const FIRST_GREEKS = [
  'price',
  'delta',
  'gamma',
  'vega',
  'theta',
] as const satisfies readonly (keyof OptionGreeks)[];

/** All greeks that a book can get, in the order in which a kernel holds them. */
export const ALL_GREEKS = [
  ...FIRST_GREEKS,
  'rho',
  'vanna',
  'volga',
  'charm',
] as const satisfies readonly (keyof OptionGreeks)[];

/** A book with every column in the order of {@link INPUT_COLUMNS}, each an array of `count` numbers or one for all. */
export interface BookColumns {
  readonly count: number;
  readonly columns: readonly (Float64Array | number)[];
  /** True when `spot` holds forwards. */
  readonly onForwards: boolean;
}

function typeColumn(type: TypeColumn): Float64Array | number {
  if (type instanceof Float64Array) return type;
  if (type instanceof Int8Array) return Float64Array.from(type);
  const sign = (word: OptionType) => (word === 'call' ? 1 : word === 'put' ? -1 : Number.NaN);
  return typeof type === 'string' ? sign(type) : Float64Array.from(type, sign);
}

function column(values: BookColumn): Float64Array | number {
  return typeof values === 'number' || values instanceof Float64Array ? values : Float64Array.from(values);
}

/**
 * Brings a book into the form that a kernel reads.
 *
 * @throws InvalidInputError when columns differ in length or none has one
 */
export function bookColumns(book: OptionBook): BookColumns {
  const onForwards = 'forward' in book;
  const underlying = onForwards ? book.forward : book.spot;
  const rate = column(book.rate);
  const columns = [
    typeColumn(book.type),
    column(underlying),
    column(book.strike),
    column(book.years),
    rate,
    onForwards ? rate : column(book.dividendYield ?? 0),
    column(book.volatility),
    column(book.size ?? 1),
  ];
  const lengths = columns.map((values) => (typeof values === 'number' ? null : values.length));
  const count = lengths.find((length) => length !== null);
  if (count === undefined || count === null) {
    throw new InvalidInputError('book', 'all numbers', 'at least one column with a value per option');
  }
  const wrong = lengths.findIndex((length) => length !== null && length !== count);
  if (wrong >= 0) {
    throw new InvalidInputError(`${columnName(wrong, onForwards)}.length`, lengths[wrong], `${count}`);
  }
  return { count, columns, onForwards };
}

/** What a column is called in the caller's book. */
function columnName(index: number, onForwards: boolean): string {
  const name = INPUT_COLUMNS[index]!;
  return onForwards && name === 'spot' ? 'forward' : name;
}
