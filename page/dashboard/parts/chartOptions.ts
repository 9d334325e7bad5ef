import { fixed } from '../../../src/core/report/format.ts';
import { utcDay, utcMinute } from '../../../src/core/report/utc.ts';
import { commonOptions } from '../../report/options.ts';
import { colour } from '../../report/theme.ts';

const DAY = 86_400;

/** Times of an axis in UTC, as long as their distance needs: down to seconds. */
function timeTicks(splits: readonly number[], distance: number): string[] {
  return splits.map((at) => {
    if (distance >= DAY || at % DAY === 0) return utcDay(at).slice(5);
    const clock = utcMinute(at).slice(11);
    return distance >= 60 ? clock : `${clock}:${String(Math.floor(at) % 60).padStart(2, '0')}`;
  });
}

const MOST_DECIMALS = 6;

/** Values of an axis with as many decimals as their distance has. */
function valueTicks(splits: readonly number[], distance: number): string[] {
  let decimals = 0;
  while (
    decimals < MOST_DECIMALS &&
    Math.abs(distance * 10 ** decimals - Math.round(distance * 10 ** decimals)) > 1e-6
  )
    decimals += 1;
  return splits.map((value) => fixed(value, decimals));
}

/** What the report's charts have in common, with times down to seconds and a cursor of this page's own. */
export function chartOptions(
  width: number,
  series: uPlot.Series[],
  hooks: uPlot.Hooks.Arrays,
): uPlot.Options {
  const options = commonOptions(width, series, hooks);
  const [time = {}, value = {}] = options.axes ?? [];
  return {
    ...options,
    cursor: { ...options.cursor, sync: { key: 'dashboard', scales: ['x', null] } },
    axes: [
      { ...time, values: (_chart, splits, _axis, _space, distance) => timeTicks(splits, distance) },
      { ...value, values: (_chart, splits, _axis, _space, distance) => valueTicks(splits, distance) },
    ],
  };
}

const HATCH_PIXELS = 6;

/** Hatches stretches of time: a halt is seen without colour too. */
export function hatch(
  chart: uPlot,
  stretches: readonly { readonly fromSeconds: number; readonly toSeconds: number }[],
): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colour('bad');
  ctx.lineWidth = devicePixelRatio;
  for (const { fromSeconds, toSeconds } of stretches) {
    const left = chart.valToPos(fromSeconds, 'x', true);
    const right = Math.max(chart.valToPos(toSeconds, 'x', true), left + 2 * devicePixelRatio);
    if (right < bbox.left || left > bbox.left + bbox.width) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.beginPath();
    const step = HATCH_PIXELS * devicePixelRatio;
    for (let x = left - bbox.height; x < right; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}
