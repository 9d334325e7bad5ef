import { requireAboveZero, requireAtLeastZero, requireFinite } from '../../statistics/require.ts';
import { type SymmetricTerms, symmetricBand } from './symmetric.ts';

/** What of a book ends at one time. */
export interface ExpiryGamma {
  /** From now on. */
  readonly years: number;
  /** Net gamma of it, signed, base per 1.00 of price. */
  readonly gamma: number;
}

/** What hedging costs, by the straight line that comes closest, and what is at risk. */
export interface ExpiriesTerms extends Omit<SymmetricTerms, 'varianceRate'> {
  /** Price times volatility: quote per base and square root of a year. */
  readonly deviation: number;
  /** In any order; at least one. */
  readonly expiries: readonly ExpiryGamma[];
}

/** A book with one expiry whose band is that of a book with several. */
export interface EquivalentBook {
  /** Signed, base per 1.00 of price. */
  readonly gamma: number;
  readonly horizonYears: number;
}

/** The stretches between expiries, the nearest first, and the gamma of all that is left during each. */
function stretchesOf(expiries: readonly ExpiryGamma[]): readonly ExpiryGamma[] {
  const sorted = expiries.toSorted((one, other) => one.years - other.years);
  let gamma = 0;
  const left = sorted.toReversed().map((expiry) => {
    gamma += expiry.gamma;
    return gamma;
  });
  const stretches = sorted.map(({ years }, index) => ({
    years: years - (sorted[index - 1]?.years ?? 0),
    gamma: left[sorted.length - 1 - index]!,
  }));
  const lasting = stretches.filter(({ years }) => years > 0);
  return lasting.length > 0 ? lasting : stretches.slice(0, 1);
}

/** Where the band of a book with one expiry acts: its stationary level and that of a last trade, added in squares. */
function actOf({ gamma, horizonYears }: EquivalentBook, terms: ExpiriesTerms): number {
  const { deviation, riskRate, price, gas } = terms;
  const { act } = symmetricBand({ varianceRate: (gamma * deviation) ** 2, riskRate, price, gas });
  const risk = riskRate * horizonYears;
  return Math.hypot(act, price / (2 * risk) + Math.sqrt(gas / risk));
}

/** c T at which a last trade, one or none until the end, acts at this level: U = p / (2 c T) + sqrt(K / (c T)) solved for it. */
function riskActedOn(act: number, { price, gas }: ExpiriesTerms): number {
  const root = (Math.sqrt(gas) + Math.sqrt(gas + 2 * price * act)) / (2 * act);
  return root * root;
}

/** How fast the value of waiting fades as waiting itself gets dear: only the last hours before an expiry are left of it. */
const FADES = 12;

/** A stretch as it is felt by the band that comes after it. */
interface Stretch {
  readonly years: number;
  /** Of net delta over all of it, base^2. */
  readonly variance: number;
  /** Where the band of what comes after acts, and the risk that it acts on. */
  readonly act: number;
  readonly after: number;
}

/**
 * How long the risk goes on that a trade in a stretch takes away: the stretch, and what comes after it as far as a trade now
 * spares one then. What is still to move costs something at the end of the stretch whatever is done now: R s^2 where net delta
 * stays within the next band, the gas K of a trade at most: what each unit costs is paid now or then. So a trade now is worth
 * it from sqrt(that / (c t)) on, where holding costs as much until then, and the risk is at most one that acts there, where
 * waiting costs little beside K.
 */
function horizonOf({ years, variance, act, after }: Stretch, terms: ExpiriesTerms): number {
  const { riskRate, gas } = terms;
  const all = years + after / riskRate;
  const moved = after * variance;
  if (!(moved > 0 && gas > 0)) return all;
  const waitedFor = Math.sqrt(moved / (1 + moved / gas) / (riskRate * years));
  const short = Math.min(Math.max(riskActedOn(waitedFor, terms) / riskRate, years), all);
  const waiting = (riskRate * years * act * act) / gas;
  return all * (short / all) ** Math.exp(-FADES * waiting);
}

/**
 * The one expiry by which a book of several is hedged now, from the last expiry back: during each stretch net delta is moved
 * by what has not ended yet, and what it is worth to be nearer neutral when the stretch ends is what the band of the rest
 * of the book says. A band with the level U acts as one whose risk goes on for c T, U = p / (2 c T) + sqrt(K / (c T)): so
 * much is added to the risk of the stretch itself, less of it shortly before its end ({@link horizonOf}). What moves during a
 * stretch makes its band wider only as far as it carries net delta across the band that comes after it: its variance counts
 * with the share 1 - exp(-a^2 t / U^2), so that right before an expiry the band is that of what is left. In the last stretch
 * the share is 1: one expiry is left as it is.
 *
 * @throws InvalidInputError naming the field out of its domain
 */
export function equivalentBook(terms: ExpiriesTerms): EquivalentBook {
  const { deviation, riskRate, price, gas, expiries } = terms;
  requireAboveZero('riskRate', riskRate);
  requireAboveZero('deviation', deviation);
  requireAtLeastZero('price', price);
  requireAtLeastZero('gas', gas);
  requireAboveZero('expiries', expiries.length);
  for (const { years, gamma } of expiries) {
    requireAtLeastZero('years', years);
    requireFinite('gamma', gamma);
  }
  const stretches = stretchesOf(expiries);
  const last = stretches.at(-1)!;
  let book: EquivalentBook = { gamma: last.gamma, horizonYears: last.years };
  for (const { years, gamma } of stretches.slice(0, -1).toReversed()) {
    const act = actOf(book, terms);
    const variance = (gamma * deviation) ** 2 * years;
    const share = act === 0 ? 1 : -Math.expm1(-variance / act ** 2);
    const after = act === 0 ? 0 : riskActedOn(act, terms);
    const horizonYears = horizonOf({ years, variance, act, after }, terms);
    book = { gamma: gamma * Math.sqrt(share), horizonYears };
  }
  return book;
}
