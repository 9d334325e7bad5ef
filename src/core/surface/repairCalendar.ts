import { InvalidInputError } from '../errors.ts';
import { nearestOnTheWay, repairButterfly } from './repairButterfly.ts';
import { type SviParameters, sviPoint } from './svi.ts';
import { sviButterflyArbitrage } from './sviButterfly.ts';
import { sviCalendarArbitrage } from './sviCalendar.ts';

/** The raw SVI smile of one expiry. */
export interface SviSlice {
  readonly years: number;
  readonly parameters: SviParameters;
}

const COMPARED = 81;
/** At-the-forward standard deviations within which two repairs are compared. */
const REACH = 2.5;

/**
 * Smiles of several expiries, in order of time, without butterfly or calendar arbitrage, proved for all strikes. What
 * has none stays as it is; from the shortest expiry on, a smile that crosses the one before it is lifted until it does
 * not, or moved toward that one, whichever changes less near the forward.
 *
 * @throws InvalidInputError when two slices share an expiry, or as `repairButterfly`
 */
export function repairCalendar(slices: readonly SviSlice[]): SviSlice[] {
  const ordered = [...slices].sort((a, b) => a.years - b.years);
  const repaired: SviSlice[] = [];
  for (const { years, parameters } of ordered) {
    const earlier = repaired.at(-1);
    if (earlier?.years === years) throw new InvalidInputError('years', years, 'a different expiry per slice');
    const alone = repairButterfly(parameters, years);
    const result = earlier === undefined ? alone : above(earlier.parameters, alone, years);
    repaired.push({ years, parameters: result });
  }
  return repaired;
}

/** The later smile, changed as little as these two ways allow so that it is nowhere below the earlier one. */
function above(earlier: SviParameters, later: SviParameters, years: number): SviParameters {
  const passes = (smile: SviParameters) =>
    sviButterflyArbitrage(smile) === undefined && sviCalendarArbitrage(earlier, smile) === undefined;
  if (passes(later)) return later;
  const rise = sviPoint(later, 0).totalVariance - sviPoint(earlier, 0).totalVariance;
  const raised = { ...earlier, a: earlier.a + Math.max(rise, 0) };
  // The earlier smile itself is always safe: equal total variance is no arbitrage.
  const moved = nearestOnTheWay(later, passes(raised) ? raised : earlier, passes);
  const lifted = liftedAbove(earlier, later, passes);
  if (lifted === undefined) return moved;
  return changeOf(later, lifted, years) <= changeOf(later, moved, years) ? lifted : moved;
}

/** The later smile plus the least constant total variance that passes, up to its own level; undefined when none does. */
function liftedAbove(
  earlier: SviParameters,
  later: SviParameters,
  passes: (smile: SviParameters) => boolean,
): SviParameters | undefined {
  const most = Math.max(sviPoint(later, 0).totalVariance, sviPoint(earlier, 0).totalVariance);
  const top = { ...later, a: later.a + most };
  if (!passes(top)) return undefined;
  let [failing, passing] = [0, most];
  for (let i = 0; i < 40; i++) {
    const middle = (failing + passing) / 2;
    if (passes({ ...later, a: later.a + middle })) passing = middle;
    else failing = middle;
  }
  return { ...later, a: later.a + passing };
}

/** Mean absolute change of volatility near the forward. */
function changeOf(from: SviParameters, to: SviParameters, years: number): number {
  const reach = REACH * Math.sqrt(sviPoint(from, 0).totalVariance);
  let sum = 0;
  for (let i = 0; i < COMPARED; i++) {
    const k = reach * ((2 * i) / (COMPARED - 1) - 1);
    const change =
      Math.sqrt(sviPoint(to, k).totalVariance / years) - Math.sqrt(sviPoint(from, k).totalVariance / years);
    sum += Math.abs(change);
  }
  return sum / COMPARED;
}
