import { fixed } from '../../src/core/report/format.ts';
import { utcDay, utcMinute } from '../../src/core/report/utc.ts';
import { colour } from './theme.ts';

const DAY = 86_400;
const NARROW = 640;

/** Times of an axis in UTC, as long as their distance needs. */
function timeTicks(splits: readonly number[], distance: number): string[] {
  return splits.map((at) => {
    if (distance >= 360 * DAY) return utcDay(at).slice(0, 4);
    if (distance >= 27 * DAY) return utcDay(at).slice(0, 7);
    if (distance >= DAY || at % DAY === 0) return utcDay(at).slice(5);
    return utcMinute(at).slice(11);
  });
}

function valueTicks(splits: readonly number[], distance: number): string[] {
  const decimals = Math.max(0, Math.min(6, -Math.floor(Math.log10(distance) + 1e-9)));
  return splits.map((value) => fixed(value, decimals));
}

/** Height of a chart in pixels. */
export function heightOf(width: number): number {
  return width < NARROW ? 210 : 250;
}

/**
 * What all charts over time have in common: one cursor, times in UTC, colours of the page, no legend of their own since the
 * line beneath says it all.
 */
export function commonOptions(
  width: number,
  series: uPlot.Series[],
  hooks: uPlot.Hooks.Arrays,
): uPlot.Options {
  const text = '12px system-ui, sans-serif';
  const axis: uPlot.Axis = {
    stroke: () => colour('muted'),
    grid: { stroke: () => colour('rule'), width: 1 },
    ticks: { show: false },
    font: text,
  };
  return {
    width,
    height: heightOf(width),
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, sync: { key: 'report', scales: ['x', null] }, drag: { x: true, y: false } },
    series: [{}, ...series],
    axes: [
      {
        ...axis,
        size: 30,
        space: 72,
        values: (_chart, splits, _axis, _space, distance) => timeTicks(splits, distance),
      },
      {
        ...axis,
        size: 62,
        space: 36,
        values: (_chart, splits, _axis, _space, distance) => valueTicks(splits, distance),
      },
    ],
    hooks,
  };
}
