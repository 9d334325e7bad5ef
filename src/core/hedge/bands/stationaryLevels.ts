import { InvalidInputError } from '../../errors.ts';
import { type BandCosts, readCost, scaledCosts } from './bandCosts.ts';
import { targetBeyond } from './beyond.ts';
import type { SideLevels } from './levels.ts';
import { type ScaledSolution, solveStationary } from './stationary.ts';
import { type SymmetricBand, symmetricBand } from './symmetric.ts';
import { valueCurve } from './value.ts';
import type { Motion } from './window.ts';

/** A stationary problem in base, quote and years. */
export interface StationaryTerms {
  /** a^2, base^2 per year. */
  readonly varianceRate: number;
  /** c, quote per base^2 and year. */
  readonly riskRate: number;
  /** Quote per trade. */
  readonly gas: number;
  /** Base per year. */
  readonly drift: number;
  readonly sell: BandCosts;
  readonly buy: BandCosts;
}

/** Both sides, each in its own direction. */
export interface StationaryLevels {
  readonly sell: SideLevels;
  readonly buy: SideLevels;
  readonly costRate: number;
}

/** Multiples of the half width at which costs are looked at before they are taken for straight. */
const PROBES = [1e-4, 0.01, 0.1, 0.3, 0.6, 1, 1.6, 2.4, 4, 8];
/** Beside the drift, less diffusion than this cannot be told from none. */
const LEAST_EPSILON = 1e-17;
/** A band narrower than this, base, is none: powers of it vanish, and no token is cut so small. */
const LEAST_LENGTH = 1e-60;

function fixedLevels(act: number, target: number): SideLevels {
  return { act, target, targetFrom: () => target };
}

const never: SideLevels = {
  act: Number.POSITIVE_INFINITY,
  target: Number.POSITIVE_INFINITY,
  targetFrom: (x) => x,
};

function isStraight(side: string, costs: BandCosts, price: number, halfWidth: number): boolean {
  return PROBES.every((probe) => {
    const size = probe * halfWidth;
    if (readCost(side, 'marginal', costs, size) !== price) return false;
    return Math.abs(readCost(side, 'cost', costs, size) - price * size) <= 1e-13 * Math.abs(price) * size;
  });
}

/** The closed form, where it holds: no drift, and on both sides the next unit always costs the same. */
function straightBand(terms: StationaryTerms, prices: Prices): SymmetricBand | null {
  if (terms.drift !== 0) return null;
  const price = (prices.sell + prices.buy) / 2;
  if (price < 0) return null;
  const band = symmetricBand({ ...terms, price });
  const holds = (['sell', 'buy'] as const).every((side) =>
    isStraight(side, terms[side], prices[side], band.act),
  );
  return holds ? band : null;
}

interface Prices {
  readonly sell: number;
  readonly buy: number;
}

/** A length of the order of the band. */
function lengthOf({ varianceRate, riskRate, gas, drift }: StationaryTerms, price: number): number {
  return Math.max(
    Math.cbrt((varianceRate / riskRate) * Math.max(price, 0)),
    Math.sqrt(Math.sqrt(varianceRate / riskRate) * Math.sqrt(gas)),
    Math.cbrt((Math.abs(drift) / riskRate) * gas),
    Math.sqrt((Math.abs(drift) / riskRate) * Math.max(price, 0)),
  );
}

/** Buying what was sold, at once, must not pay: no band would be wide enough. */
function requireNoRoundTripGain({ sell, buy, gas }: StationaryTerms, length: number): void {
  for (let share = 1e-4; share < 100; share *= 1.5) {
    const size = share * length;
    const gain = -(2 * gas + sell.cost(size) + buy.cost(size));
    if (gain > 0) throw roundTripGain(gain);
  }
}

function roundTripGain(gain: number): InvalidInputError {
  return new InvalidInputError(
    'buy',
    `a gain of ${gain} on buying what is sold`,
    'costs without such a gain',
  );
}

/** The levels of the stationary problem. @throws InvalidInputError where a round trip gains */
export function stationaryLevels(terms: StationaryTerms): StationaryLevels {
  const prices = { sell: terms.sell.marginal(0), buy: terms.buy.marginal(0) };
  const closed = (['sell', 'buy'] as const).filter((side) => prices[side] === Number.POSITIVE_INFINITY);
  if (closed.length === 2) return { sell: never, buy: never, costRate: Number.POSITIVE_INFINITY };
  const [shut] = closed;
  if (shut !== undefined) {
    // The side that is left does what it would do if the other were like it.
    const open = shut === 'sell' ? terms.buy : terms.sell;
    const alike = stationaryLevels({ ...terms, drift: 0, sell: open, buy: open });
    return { ...alike, [shut]: never, costRate: Number.POSITIVE_INFINITY };
  }
  const price = (prices.sell + prices.buy) / 2;
  if (price < 0 && terms.gas === 0) throw roundTripGain(-2 * price);
  const length = lengthOf(terms, price);
  if (!(length > LEAST_LENGTH)) {
    // Nothing moves, or trading is free: net delta is kept at 0.
    const none = fixedLevels(0, 0);
    return { sell: none, buy: none, costRate: terms.drift * prices.sell };
  }
  if (price < 0) requireNoRoundTripGain(terms, length);
  const straight = straightBand(terms, prices);
  if (straight !== null) {
    const side = fixedLevels(straight.act, straight.target);
    return { sell: side, buy: side, costRate: straight.costRate };
  }
  return generalLevels(terms, length);
}

/** Drift to the buy side is drift to the sell side of the mirror image. */
function generalLevels(terms: StationaryTerms, length: number): StationaryLevels {
  const { varianceRate, riskRate, gas, drift } = terms;
  const [near, far] = drift < 0 ? (['buy', 'sell'] as const) : (['sell', 'buy'] as const);
  const damping = varianceRate / 2 + Math.abs(drift) * length;
  const quote = (riskRate * length ** 3) / damping;
  const epsilon = Math.max(varianceRate / 2 / damping, LEAST_EPSILON);
  const motion: Motion = { epsilon, delta: (Math.abs(drift) * length) / damping };
  // Counted from the near side's first unit: what every unit costs moves the rate, not the band.
  const shift = readCost(near, 'marginal', terms[near], 0);
  const longest = 10 * length;
  const solution = solveStationary({
    motion,
    gas: gas / (quote * length),
    sell: scaledCosts(near, terms[near], { base: length, quote, shift }, longest),
    buy: scaledCosts(far, terms[far], { base: length, quote, shift: -shift }, longest),
  });
  if (solution === null) throw new InvalidInputError('buy', 'no band', 'costs for which a band exists');
  const { rate, sell, buy } = solution;
  const beyond = beyondOf(motion, solution, { length, quote, shift });
  const nearSide: SideLevels = {
    act: (sell.start + sell.length) * length,
    target: sell.start * length,
    targetFrom: (x) => beyond(terms[near], 1, x),
  };
  const farSide: SideLevels = {
    act: -buy.start * length,
    target: -(buy.start + buy.length) * length,
    targetFrom: (x) => beyond(terms[far], -1, x),
  };
  return {
    [near]: nearSide,
    [far]: farSide,
    costRate: rate * riskRate * length * length + Math.abs(drift) * shift,
  } as unknown as StationaryLevels;
}

interface Units {
  readonly length: number;
  readonly quote: number;
  readonly shift: number;
}

/** Where trades from beyond the act level end, with V taken back to base and quote. */
function beyondOf(motion: Motion, solution: ScaledSolution, { length, quote, shift }: Units) {
  const curve = valueCurve(motion, solution);
  const [lowest, highest] = [solution.buy.start, solution.sell.start + solution.sell.length];
  return (costs: BandCosts, sign: 1 | -1, x: number): number => {
    const inside = (y: number) => Math.min(Math.max((sign * y) / length, lowest), highest);
    return targetBeyond(
      {
        costs,
        value: (y) => quote * length * curve.value(inside(y)) + shift * sign * y,
        slope: (y) => sign * (quote * curve.slope(inside(y)) + shift),
        low: (sign > 0 ? lowest : -highest) * length,
        high: (sign > 0 ? highest : -lowest) * length,
      },
      x,
    );
  };
}
