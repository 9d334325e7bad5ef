import { InvalidInputError } from '../errors.ts';
import type { Side } from '../side.ts';
import { requireAboveZero, requireAtLeastZero } from '../statistics/require.ts';

/** Ways to change net delta, beside the swap that most of them need. */
const instrumentKinds = ['inventory', 'withdraw', 'borrow', 'repay', 'perp'] as const;

/** One of {@link instrumentKinds}. */
export type InstrumentKind = (typeof instrumentKinds)[number];

/** A way to sell or buy base that a vault has. */
export interface Instrument {
  readonly kind: InstrumentKind;
  readonly side: Side;
  /** The most that it takes, base units, at or above 0. */
  readonly capacity: number;
  /** Paid for using it at all beside the first leg: gas of its own legs, quote. */
  readonly onceQuote: number;
  /** Paid for each unit when trading, beside the swap that all share: a perp's own fee less the swap that it saves. */
  readonly perUnitQuote: number;
  /** Paid for holding one unit for a year: borrow rate, funding, yield forgone; below 0 where holding it pays. */
  readonly perUnitYearQuote: number;
  /** What one unit uses of the margin, valued: quote; 0 for what needs none. */
  readonly marginPerUnitQuote: number;
  /** False for what is only read so far: it is weighed and shown, and not used. */
  readonly isExecutable: boolean;
}

/** A part of a trade done with one instrument. */
export interface InstrumentUse {
  readonly kind: InstrumentKind;
  /** Base units, above 0. */
  readonly base: number;
  /** When trading, beside the swap, quote. */
  readonly onceQuote: number;
  /** For holding it, quote a day. */
  readonly perDayQuote: number;
}

/** How a trade is done. */
export interface InstrumentChoice {
  readonly uses: readonly InstrumentUse[];
  /** What no executable instrument takes, base units. */
  readonly leftBase: number;
  /** Of all uses over the holding time, quote. */
  readonly totalQuote: number;
  /** The same if every instrument could be used, and with which; null where it would be no cheaper. */
  readonly cheaperUnexecutable: { readonly kind: InstrumentKind; readonly savedQuote: number } | null;
}

/** What is chosen for. */
export interface InstrumentInput {
  readonly side: Side;
  /** Base units, above 0. */
  readonly size: number;
  readonly instruments: readonly Instrument[];
  /** How long the hedge is expected to be held. */
  readonly holdingYears: number;
}

const DAYS_PER_YEAR = 365;
const MOST_INSTRUMENTS = 8;

/**
 * The instruments that do a trade at the least cost over its holding time, with their own costs per day. Every set of them is
 * tried, the cheapest per unit filled first: with fixed costs no greedy order is safe, and there are few. What is owned comes
 * first where it costs the same, and buying back closes a short before inventory grows, by the order of the list.
 *
 * @throws InvalidInputError when the size is not above 0, a capacity or the holding time is negative, or there are more than 8
 */
export function chooseInstruments(input: InstrumentInput): InstrumentChoice {
  const { side, size, holdingYears } = input;
  requireAboveZero('size', size);
  requireAtLeastZero('holdingYears', holdingYears);
  const open = input.instruments.filter((one) => one.side === side && one.capacity > 0);
  if (open.length > MOST_INSTRUMENTS) {
    throw new InvalidInputError('instruments', open.length, `at most ${MOST_INSTRUMENTS} of a side`);
  }
  for (const { kind, capacity } of input.instruments) requireAtLeastZero(`${kind}.capacity`, capacity);
  const executable = best(
    open.filter(({ isExecutable }) => isExecutable),
    size,
    holdingYears,
  );
  const any = best(open, size, holdingYears);
  const unexecutable = any.used.find(({ instrument }) => !instrument.isExecutable)?.instrument.kind;
  const isCheaper = any.left === executable.left && any.total < executable.total - 1e-9;
  return {
    uses: executable.used.map(({ instrument, base }) => ({
      kind: instrument.kind,
      base,
      onceQuote: instrument.onceQuote + instrument.perUnitQuote * base,
      perDayQuote: (instrument.perUnitYearQuote * base) / DAYS_PER_YEAR,
    })),
    leftBase: executable.left,
    totalQuote: executable.total,
    cheaperUnexecutable:
      unexecutable !== undefined && isCheaper
        ? { kind: unexecutable, savedQuote: executable.total - any.total }
        : null,
  };
}

interface Filled {
  readonly used: readonly { readonly instrument: Instrument; readonly base: number }[];
  readonly left: number;
  readonly total: number;
}

/** The set that leaves least over, and of those the cheapest; the earlier one where equal. */
function best(instruments: readonly Instrument[], size: number, years: number): Filled {
  let found: Filled = { used: [], left: size, total: 0 };
  for (let set = 1; set < 2 ** instruments.length; set += 1) {
    const filled = fill(
      instruments.filter((_, index) => (set >> index) & 1),
      size,
      years,
    );
    const isFuller = filled.left < found.left - 1e-12 * size;
    const isAsFull = filled.left <= found.left + 1e-12 * size;
    if (isFuller || (isAsFull && filled.total < found.total - 1e-12)) found = filled;
  }
  return found;
}

function fill(instruments: readonly Instrument[], size: number, years: number): Filled {
  const unit = (one: Instrument) => one.perUnitQuote + one.perUnitYearQuote * years + one.marginPerUnitQuote;
  const used: { instrument: Instrument; base: number }[] = [];
  let left = size;
  let total = 0;
  for (const instrument of [...instruments].sort((a, b) => unit(a) - unit(b))) {
    const base = Math.min(left, instrument.capacity);
    if (base === 0) continue;
    used.push({ instrument, base });
    left -= base;
    total += instrument.onceQuote + unit(instrument) * base;
  }
  return { used, left, total };
}
