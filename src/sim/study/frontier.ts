import { InvalidInputError } from '../../core/errors.ts';

/** One setting of a policy: what it cost and how much risk it left. */
export interface FrontierPoint {
  /** The parameters, for people. */
  readonly label: string;
  /** Quote. */
  readonly hedgingError: number;
  /** Fee, impact and gas, quote. */
  readonly cost: number;
}

/** What a policy can be had for, by how much risk it leaves. */
export interface PolicyFrontier {
  readonly policy: string;
  /** Hedging error rising, cost falling: of its settings those that no other of them beats in both. */
  readonly points: readonly FrontierPoint[];
}

/** What a policy costs at each level of hedging error; null where its settings do not reach. */
export interface CostAtLevels {
  readonly policy: string;
  readonly costs: readonly (number | null)[];
}

/** How many levels policies are compared at. */
const LEVELS = 3;

/**
 * The settings of one policy that no other of them beats in both cost and hedging error, by hedging error.
 *
 * @throws InvalidInputError when a cost or an error is below 0 or not finite
 */
export function frontierOf(policy: string, points: readonly FrontierPoint[]): PolicyFrontier {
  for (const { label, hedgingError, cost } of points) {
    if (hedgingError >= 0 && cost >= 0 && Number.isFinite(hedgingError + cost)) continue;
    throw new InvalidInputError(`${policy} ${label}`, `${cost} at ${hedgingError}`, 'finite, at or above 0');
  }
  const sorted = [...points].sort((a, b) => a.hedgingError - b.hedgingError || a.cost - b.cost);
  let cheapest = Number.POSITIVE_INFINITY;
  const kept = sorted.filter(({ cost }) => {
    if (cost >= cheapest) return false;
    cheapest = cost;
    return true;
  });
  return { policy, points: kept };
}

/** Points that have a logarithm in both: a policy that never trades costs nothing, and says nothing of what trading costs. */
const measurable = ({ points }: PolicyFrontier) =>
  points.filter(({ hedgingError, cost }) => hedgingError > 0 && cost > 0);

/** What a policy costs at a hedging error between two of its settings: log cost over log error in a straight line. */
function costAtError(frontier: PolicyFrontier, level: number): number | null {
  const points = measurable(frontier);
  const after = points.findIndex(({ hedgingError }) => hedgingError >= level);
  const right = points[after];
  if (right === undefined) return null;
  if (right.hedgingError === level) return right.cost;
  const left = points[after - 1];
  if (left === undefined) return null;
  const share = Math.log(level / left.hedgingError) / Math.log(right.hedgingError / left.hedgingError);
  return left.cost * (right.cost / left.cost) ** share;
}

/** Hedging errors from one to another, quote. */
interface ErrorRange {
  readonly low: number;
  readonly high: number;
}

/** Where a policy's settings lie close enough for what is between them to be told; several ranges where gaps part them. */
function coveredBy(frontier: PolicyFrontier, widestGap: number): readonly ErrorRange[] {
  const ranges: ErrorRange[] = [];
  for (const { hedgingError } of measurable(frontier)) {
    const last = ranges.at(-1);
    const joins = last !== undefined && hedgingError <= last.high * widestGap;
    const low = joins ? last.low : hedgingError;
    ranges.splice(joins ? -1 : ranges.length, 1, { low, high: hedgingError });
  }
  return ranges;
}

function coveredByBoth(some: readonly ErrorRange[], others: readonly ErrorRange[]): readonly ErrorRange[] {
  return some.flatMap((one) =>
    others
      .map((other) => ({ low: Math.max(one.low, other.low), high: Math.min(one.high, other.high) }))
      .filter(({ low, high }) => low <= high),
  );
}

/**
 * Three hedging errors that all of the policies can be had at, evenly apart in their logarithm within what all reach; none
 * where there is nothing of the kind.
 *
 * Cost falls the faster the wider a band is, down to 0 where nothing is traded: a straight line over a gap between two
 * settings is below what any setting in it would cost, and flatters the policy with the gap.
 *
 * @param widestGap no level lies between two neighbouring settings of a policy whose errors are more than so many times
 *   apart; any distance will do where it is left out
 */
export function commonLevels(
  frontiers: readonly PolicyFrontier[],
  widestGap = Number.POSITIVE_INFINITY,
): readonly number[] {
  const [first, ...rest] = frontiers.map((frontier) => coveredBy(frontier, widestGap));
  const ranges = rest.reduce(coveredByBoth, first ?? []);
  const total = ranges.reduce((sum, { low, high }) => sum + Math.log(high / low), 0);
  if (ranges.length === 0) return [];
  return Array.from({ length: LEVELS }, (_, index) => levelAt(ranges, ((index + 1) / (LEVELS + 1)) * total));
}

/** The hedging error so far into ranges laid end to end, in logarithms. */
function levelAt(ranges: readonly ErrorRange[], place: number): number {
  let left = place;
  for (const { low, high } of ranges) {
    const length = Math.log(high / low);
    if (left < length) return low * (high / low) ** (left / length);
    left -= length;
  }
  return ranges.at(-1)!.high;
}

/**
 * Policies at equal hedging error, by interpolating log cost between their settings; never beyond them.
 *
 * @param levels hedging errors, quote; {@link commonLevels} chooses three
 * @throws InvalidInputError when a level is not above 0
 */
export function compareAtEqualError(
  frontiers: readonly PolicyFrontier[],
  levels: readonly number[],
): readonly CostAtLevels[] {
  for (const level of levels) {
    if (!(level > 0)) throw new InvalidInputError('levels', level, 'hedging errors above 0');
  }
  return frontiers.map((frontier) => ({
    policy: frontier.policy,
    costs: levels.map((level) => costAtError(frontier, level)),
  }));
}

/**
 * Cost of one policy over that of another at equal hedging error: the geometric mean over the levels, 1.2 = a fifth dearer.
 *
 * @returns null where they have no level in common
 */
export function relativeCost(costs: CostAtLevels, baseline: CostAtLevels): number | null {
  const logs = costs.costs.flatMap((cost, level) => {
    const other = baseline.costs[level] ?? null;
    return cost === null || other === null ? [] : [Math.log(cost / other)];
  });
  if (logs.length === 0) return null;
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}
