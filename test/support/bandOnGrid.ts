/** A band, four levels in signed net delta, and its cost rate. */
export interface NumericBand {
  readonly sellAct: number;
  readonly sellTarget: number;
  readonly buyTarget: number;
  readonly buyAct: number;
  readonly rate: number;
  readonly step: number;
}

export interface NumericProblem {
  readonly varianceRate: number;
  readonly riskRate: number;
  readonly drift: number;
  readonly gas: number;
  readonly sellCost: (q: number) => number;
  readonly buyCost: (q: number) => number;
  readonly lowest: number;
  readonly highest: number;
}

/** A policy on a grid: jump from `low` to `fromLow`, from `high` to `fromHigh`, wait in between. */
interface Policy {
  readonly low: number;
  readonly fromLow: number;
  readonly fromHigh: number;
  readonly high: number;
}

/** Every way to move some of the four levels by one step, or to leave them. */
const DIRECTIONS = [-1, 0, 1].flatMap((low) =>
  [-1, 0, 1].flatMap((fromLow) =>
    [-1, 0, 1].flatMap((fromHigh) => [-1, 0, 1].map((high) => ({ low, fromLow, fromHigh, high }))),
  ),
);

/** Where a search starts, in shares of the grid: targets far apart, and each close to where the other side acts. */
const STARTS: readonly (readonly [fromLow: number, fromHigh: number])[] = [
  [1 / 3, 2 / 3],
  [0.1, 0.9],
  [0.8, 0.2],
];

/**
 * The cheapest of all four-level bands on a grid of net deltas: each policy's rate by central differences, the best by
 * search. Knows nothing of smooth pasting, of levels on one curve or of closed forms.
 *
 * @throws RangeError where the grid is too coarse for the drift
 */
export function bandOnGrid(problem: NumericProblem, points = 1_001): NumericBand {
  const { drift, varianceRate, lowest, highest } = problem;
  const step = (highest - lowest) / (points - 1);
  if (Math.abs(drift) * step >= varianceRate) throw new RangeError('the grid is too coarse for this drift');
  const rateOf = ratesOn(problem, step);
  const last = points - 1;
  const [best, ...others] = STARTS.map(([fromLow, fromHigh]) =>
    searched(
      { low: 0, fromLow: Math.round(fromLow * last), fromHigh: Math.round(fromHigh * last), high: last },
      last,
      rateOf,
    ),
  );
  const { policy, rate } = others.reduce((a, b) => (b.rate < a.rate ? b : a), best!);
  const x = (i: number) => lowest + i * step;
  return {
    sellAct: x(policy.high),
    sellTarget: x(policy.fromHigh),
    buyTarget: x(policy.fromLow),
    buyAct: x(policy.low),
    rate,
    step,
  };
}

/** The cheapest policy that no move of any levels makes cheaper, moves being halved until they are one point. */
function searched(start: Policy, last: number, rateOf: (policy: Policy) => number) {
  let [policy, rate] = [start, rateOf(start)];
  for (let move = Math.ceil(last / 8); move >= 1; move = move === 1 ? 0 : Math.ceil(move / 2)) {
    for (let improved = true; improved; ) {
      improved = false;
      for (const direction of DIRECTIONS) {
        const next = moved(policy, direction, move);
        if (!isPolicy(next, last)) continue;
        const nextRate = rateOf(next);
        if (!(nextRate < rate)) continue;
        [policy, rate, improved] = [next, nextRate, true];
      }
    }
  }
  return { policy, rate };
}

function moved(policy: Policy, direction: Policy, points: number): Policy {
  return {
    low: policy.low + direction.low * points,
    fromLow: policy.fromLow + direction.fromLow * points,
    fromHigh: policy.fromHigh + direction.fromHigh * points,
    high: policy.high + direction.high * points,
  };
}

function isPolicy({ low, fromLow, fromHigh, high }: Policy, last: number): boolean {
  const inside = (target: number) => low < target && target < high;
  return low >= 0 && high <= last && inside(fromLow) && inside(fromHigh);
}

/** What a policy costs for ever: V_i = p_i V_(i+1) + q_i + rate r_i between the ends, and two jumps that close it. */
function ratesOn(problem: NumericProblem, step: number) {
  const { varianceRate, riskRate, drift, gas, sellCost, buyCost, lowest } = problem;
  const up = varianceRate / 2 / step ** 2 + drift / (2 * step);
  const down = varianceRate / 2 / step ** 2 - drift / (2 * step);
  return ({ low, fromLow, fromHigh, high }: Policy): number => {
    const size = high - low + 1;
    const [p, q, r] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    for (let k = 1; k < size - 1; k++) {
      const pivot = up + down - down * p[k - 1]!;
      p[k] = up / pivot;
      q[k] = (down * q[k - 1]! + riskRate * (lowest + (low + k) * step) ** 2) / pivot;
      r[k] = (down * r[k - 1]! - 1) / pivot;
    }
    // V at the low end is 0; each V is a constant, a share of V at the high end and a multiple of the rate.
    let [constant, ofHigh, ofRate] = [0, 1, 0];
    const at = new Map<number, readonly [number, number, number]>();
    const [a, b] = [fromHigh - low, fromLow - low];
    for (let k = size - 2; k >= Math.min(a, b); k--) {
      [constant, ofHigh, ofRate] = [p[k]! * constant + q[k]!, p[k]! * ofHigh, p[k]! * ofRate + r[k]!];
      if (k === a || k === b) at.set(k, [constant, ofHigh, ofRate]);
    }
    const [down0, downHigh, downRate] = at.get(a)!;
    const [up0, upHigh, upRate] = at.get(b)!;
    // V_high = V_(from high) + its jump; 0 = V_(from low) + its jump.
    const sold = down0 + gas + sellCost((high - fromHigh) * step);
    const bought = up0 + gas + buyCost((fromLow - low) * step);
    return ((1 - downHigh) * bought + upHigh * sold) / ((1 - downHigh) * -upRate + upHigh * -downRate);
  };
}
