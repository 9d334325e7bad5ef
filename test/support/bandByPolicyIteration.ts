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
  low: number;
  fromLow: number;
  fromHigh: number;
  high: number;
}

/**
 * R. Howard's policy iteration on a grid of net deltas, central differences: knows nothing of smooth pasting, of levels
 * on one curve or of closed forms.
 */
export function bandByPolicyIteration(problem: NumericProblem, points = 1_001): NumericBand {
  const { varianceRate, riskRate, drift, gas, sellCost, buyCost, lowest, highest } = problem;
  const step = (highest - lowest) / (points - 1);
  const x = (i: number) => lowest + i * step;
  const up = varianceRate / 2 / step ** 2 + drift / (2 * step);
  const down = varianceRate / 2 / step ** 2 - drift / (2 * step);
  if (up <= 0 || down <= 0) throw new RangeError('the grid is too coarse for this drift');
  const evaluate = ({ low, fromLow, fromHigh, high }: Policy) => {
    // V_i = p_i V_(i+1) + q_i + rate r_i + V_low s_i from the low end up; then V_low = 0 and two jumps close it.
    const size = high - low + 1;
    const [p, q, r, s] = [0, 1, 2, 3].map(() => new Float64Array(size)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    s[0] = 1;
    for (let k = 1; k < size - 1; k++) {
      const pivot = up + down - down * p[k - 1]!;
      p[k] = up / pivot;
      q[k] = (down * q[k - 1]! + riskRate * x(low + k) ** 2) / pivot;
      r[k] = (down * r[k - 1]! - 1) / pivot;
      s[k] = (down * s[k - 1]!) / pivot;
    }
    // Each V as constant + a V_high + b rate, with V_low = 0.
    const value = new Float64Array(size);
    const ofHigh = new Float64Array(size);
    const ofRate = new Float64Array(size);
    ofHigh[size - 1] = 1;
    for (let k = size - 2; k >= 1; k--) {
      value[k] = p[k]! * value[k + 1]! + q[k]!;
      ofHigh[k] = p[k]! * ofHigh[k + 1]!;
      ofRate[k] = p[k]! * ofRate[k + 1]! + r[k]!;
    }
    const [a, b] = [fromHigh - low, fromLow - low];
    const jumpDown = gas + sellCost((high - fromHigh) * step);
    const jumpUp = gas + buyCost((fromLow - low) * step);
    // V_high (1 - A) - rate R = constant + jumpDown;  -V_high A' - rate R' = constant' + jumpUp
    const [m11, m12, right1] = [1 - ofHigh[a]!, -ofRate[a]!, value[a]! + jumpDown];
    const [m21, m22, right2] = [-ofHigh[b]!, -ofRate[b]!, value[b]! + jumpUp];
    const determinant = m11 * m22 - m12 * m21;
    const valueHigh = (right1 * m22 - m12 * right2) / determinant;
    const rate = (m11 * right2 - m21 * right1) / determinant;
    const values = Float64Array.from(value, (v, k) => v + ofHigh[k]! * valueHigh + ofRate[k]! * rate);
    return { values, rate };
  };
  let policy: Policy = {
    low: 0,
    fromLow: Math.floor(points / 3),
    fromHigh: Math.ceil((2 * points) / 3),
    high: points - 1,
  };
  let rate = Number.POSITIVE_INFINITY;
  for (let iteration = 0; iteration < 60; iteration++) {
    const { values, rate: next } = evaluate(policy);
    if (!(next < rate * (1 - 1e-12))) break;
    rate = next;
    policy = improve(policy, values);
  }
  const { low, fromLow, fromHigh, high } = policy;
  return { sellAct: x(high), sellTarget: x(fromHigh), buyTarget: x(fromLow), buyAct: x(low), rate, step };

  /** The pairs between which jumping gains most against waiting; the region only shrinks from a wide start. */
  function improve({ low, high }: Policy, values: Float64Array): Policy {
    const best = { low, fromLow: low + 1, fromHigh: high - 1, high };
    let [mostDown, mostUp] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const size = high - low + 1;
    for (let from = 1; from < size; from++) {
      for (let to = 0; to < from; to++) {
        const distance = (from - to) * step;
        const difference = values[from]! - values[to]!;
        const gainDown = difference - gas - sellCost(distance);
        if (gainDown > mostDown && to > 0)
          [mostDown, best.high, best.fromHigh] = [gainDown, from + low, to + low];
        const gainUp = -difference - gas - buyCost(distance);
        if (gainUp > mostUp && from < size - 1)
          [mostUp, best.low, best.fromLow] = [gainUp, to + low, from + low];
      }
    }
    return best;
  }
}
