import { signed } from '../core/report/format.ts';
import { base, quote } from '../core/report/numbers.ts';
import type { BacktestHedge, BacktestResult } from '../sim/backtest/result.ts';
import type { WorstHour } from './document.ts';

const HOUR = 3_600;
const HOW_MANY = 10;

/** The ten hours in which net delta lost most, each with what the policy did. Empty where no hour lost. */
export function worstHours(
  { series, hourlyError, hedges }: BacktestResult,
  afterGap: Uint8Array,
): readonly WorstHour[] {
  const hours = hoursOf(series.timestampSeconds, afterGap);
  const byStep = new Map<number, BacktestHedge[]>();
  for (const hedge of hedges) byStep.set(hedge.step, [...(byStep.get(hedge.step) ?? []), hedge]);
  return hours
    .map(([first, end], index) => ({ first, end, error: hourlyError[index] ?? Number.NaN }))
    .filter(({ error }) => error < 0)
    .sort((a, b) => a.error - b.error)
    .slice(0, HOW_MANY)
    .map(({ first, end, error }): WorstHour => {
      const done = Array.from({ length: end - first }, (_, index) => byStep.get(first + index) ?? []).flat();
      const bounds = { sell: series.sellAct[first]!, buy: series.buyAct[first]! };
      const netDelta = series.netDelta[first]!;
      return {
        timestampSeconds: series.timestampSeconds[first]!,
        error,
        fromSpot: series.spot[first]!,
        toSpot: series.spot[end]!,
        netDelta,
        explanation: explained(netDelta, bounds, done),
      };
    });
}

/** First step and the step after the last of every hour that was scored, in the order that hourly sums come in. */
function hoursOf(
  timestampSeconds: Float64Array,
  afterGap: Uint8Array,
): readonly (readonly [number, number])[] {
  const hours: [number, number][] = [];
  let hour = Number.NaN;
  for (let step = 0; step + 1 < timestampSeconds.length; step += 1) {
    if (afterGap[step + 1] === 1) continue;
    const own = Math.floor(timestampSeconds[step]! / HOUR);
    if (own === hour) hours[hours.length - 1]![1] = step + 1;
    else hours.push([step, step + 1]);
    hour = own;
  }
  return hours;
}

function explained(
  netDelta: number,
  bounds: { readonly sell: number; readonly buy: number },
  done: readonly BacktestHedge[],
): string {
  const band = `${signed(bounds.buy)} to ${signed(bounds.sell)}`;
  const hasBand = Number.isFinite(bounds.sell) && Number.isFinite(bounds.buy);
  const isInside = netDelta <= bounds.sell && netDelta >= bounds.buy;
  const where = hasBand ? `${isInside ? 'inside' : 'beyond'} its band of ${band}` : 'no band at this step';
  if (done.length === 0) return `Held: ${where}.`;
  const trades = done.map(
    ({ side, base: amount, cost }) =>
      `${side === 'sell' ? 'sold' : 'bought'} ${base(amount)} for ${quote(cost.total)} of cost`,
  );
  return `Hedged, ${where}: ${trades.join(', ')}.`;
}
