import { normalCdf } from '../../core/math/normal.ts';
import { BATCH_PATHS, type BatchOutcome, type HedgingKernel } from './hedgingKernel.ts';
import type { HedgingTerms } from './hedgingTerms.ts';
import { fractions, streamWords } from './streamWords.ts';

/** Distances beyond this count as this, as in the vector code. */
const FARTHEST = 37;

/** Normals of one lane, as many as the steps of a path each time (G. Box and M. Muller, 1958). */
function normalsOf(first: bigint, second: bigint): (into: Float64Array) => void {
  const next = fractions(first, second);
  return (into) => {
    for (let k = 0; k < into.length; k += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      into[k] = radius * Math.cos(angle);
      if (k + 1 < into.length) into[k + 1] = radius * Math.sin(angle);
    }
  };
}

interface Row {
  readonly outcomes: readonly Float64Array[];
  readonly costs: readonly Float64Array[];
}

/** Prices along a path, and the delta of the call at each. */
function walk(terms: HedgingTerms, normals: Float64Array, prices: Float64Array, deltas: Float64Array): void {
  const { steps, driftStep, deviationStep, shift, inverseDeviation } = terms;
  let log = terms.logSpot;
  for (let k = 0; k < steps; k += 1) {
    log += driftStep + deviationStep * normals[k]!;
    const distance = (log + shift[k]!) * inverseDeviation[k]!;
    prices[k] = Math.exp(log);
    deltas[k] = normalCdf(Math.min(Math.max(distance, -FARTHEST), FARTHEST));
  }
}

/** One band along one path. */
function hedge(terms: HedgingTerms, band: number, prices: Float64Array, deltas: Float64Array) {
  const { steps, startDelta, feeRate, gas, discountedStrike } = terms;
  const [act, target] = [terms.act[band]!, terms.target[band]!];
  let held = startDelta;
  let cash = -startDelta * Math.exp(terms.logSpot);
  let cost = 0;
  for (let k = 0; k < steps - 1; k += 1) {
    const x = held - deltas[k]!;
    if (!(Math.abs(x) > act)) continue;
    const size = Math.abs(x) - target;
    const sold = x < 0 ? -size : size;
    held -= sold;
    cash += sold * prices[k]!;
    cost += feeRate * prices[k]! * size + gas[k]!;
  }
  const last = prices[steps - 1]!;
  return { outcome: cash + held * last - Math.max(last - discountedStrike, 0), cost };
}

function hedgeAll(
  terms: HedgingTerms,
  path: number,
  prices: Float64Array,
  deltas: Float64Array,
  row: Row,
): void {
  for (let band = 0; band < terms.act.length; band += 1) {
    const { outcome, cost } = hedge(terms, band, prices, deltas);
    row.outcomes[band]![path] = outcome;
    row.costs[band]![path] = cost;
  }
}

/** The plain twin of `wasm/hedging.ts`: the same paths, band by band, in the language's own mathematics. */
export function loopKernel(): HedgingKernel {
  return {
    run: (terms, batch, paths): BatchOutcome => {
      const words = streamWords(terms.seed, batch);
      const lanes = [normalsOf(words[0]!, words[2]!), normalsOf(words[1]!, words[3]!)];
      const rows = () => Array.from(terms.act, () => new Float64Array(BATCH_PATHS));
      const row: Row = { outcomes: rows(), costs: rows() };
      const column = () => new Float64Array(terms.steps);
      const [normals, prices, deltas] = [column(), column(), column()];
      for (let path = 0; path < paths; path += 1) {
        lanes[path % 2]!(normals);
        walk(terms, normals, prices, deltas);
        hedgeAll(terms, path, prices, deltas, row);
      }
      return { paths, ...row };
    },
  };
}
