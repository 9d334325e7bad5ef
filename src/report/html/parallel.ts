import { quote } from '../../core/report/numbers.ts';
import type { SearchReport, TriedRow } from '../document.ts';
import { excessOf, excessText, shadeClass } from './excess.ts';
import { axisText } from './heatMap.ts';
import { type Content, html } from './markup.ts';
import { type Axis, axisOf, shareOn } from './ticks.ts';

/** One upright axis; null where a setting has no value on it. */
interface Upright {
  readonly title: string;
  readonly axis: Axis;
  readonly pick: (setting: TriedRow) => number | null;
}

/** Room above and beneath the lines for the ends of the axes, as shares of the height. */
const TOP = 0.08;
const ROOM = 0.84;

const percentAt = (share: number) => `${(share * 100).toFixed(2)}%`;

/** From the least to the largest value, without room at the ends: those are what the axis shows in figures. */
function tightAxis(values: readonly number[], isLog: boolean): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return { low, high, isLog: isLog && low > 0, ticks: [] };
}

function uprights({ numbers, settings }: SearchReport): readonly Upright[] {
  const of = (title: string, pick: Upright['pick'], isLog: boolean | null): Upright => {
    const values = settings.map(pick).filter((value) => value !== null);
    return { title, pick, axis: tightAxis(values, isLog ?? axisOf(values).isLog) };
  };
  return [
    ...numbers.map(({ title, isLog }, index) => of(title, ({ values }) => values[index]!, isLog)),
    of('cost a year', ({ costPerYear }) => costPerYear, null),
    of('error an hour', ({ hedgingError }) => hedgingError, null),
    of('training', ({ training }) => training, null),
    ...(settings.some(({ heldOut }) => heldOut !== null)
      ? [of('held out', ({ heldOut }) => heldOut, null)]
      : []),
  ];
}

function heightOn({ axis, pick }: Upright, setting: TriedRow): string | null {
  const value = pick(setting);
  if (value === null) return null;
  const share = axis.high > axis.low ? shareOn(axis, value) : 0.5;
  return percentAt(TOP + ROOM * (1 - share));
}

/** Every setting of a policy as a line from axis to axis: its numbers, what it cost and left open, and what that came to. */
export function parallelCoordinates(search: SearchReport, unit: string): Content {
  const { policy, settings } = search;
  if (settings.length < 2) return '';
  const axes = uprights(search);
  const least = Math.min(...settings.map(({ training }) => training));
  const at = (index: number) => percentAt((index + 0.5) / axes.length);
  // The best last: they are drawn over the others.
  const inOrder = settings.toSorted(
    (a, b) => Number(a.isChosen) - Number(b.isChosen) || b.training - a.training,
  );
  const line = (setting: TriedRow, index: number) => {
    const excess = excessOf(setting.training, least);
    const heldOut = setting.heldOut === null ? 'not known' : `${quote(setting.heldOut)} ${unit} a year`;
    const tip = `${policy} ${setting.label}${setting.isChosen ? ', chosen' : ''}\ncost ${quote(setting.costPerYear)} ${unit} a year, error ${quote(setting.hedgingError)} ${unit} an hour\ntraining ${quote(setting.training)} ${unit} a year, ${excess === 0 ? 'the best' : `${excessText(excess)} of the best`}\nheld out ${heldOut}`;
    const heights = axes.map((axis) => heightOn(axis, setting));
    const joints = heights.slice(1).map((height, before) => {
      const from = heights[before];
      if (height === null || from == null) return '';
      const ends = html`x1="${at(before)}" y1="${from}" x2="${at(before + 1)}" y2="${height}"`;
      return html`<line class="reach" ${ends}/><line ${ends}/>`;
    });
    return html`<g class="mark thread ${shadeClass(excess)}${setting.isChosen ? ' chosen' : ''}" role="img" tabindex="${index === 0 ? 0 : -1}" aria-label="${tip.replaceAll('\n', '; ')}" data-tip="${tip}">${joints}</g>`;
  };
  const upright = ({ axis }: Upright, index: number) =>
    html`<line class="upright" x1="${at(index)}" x2="${at(index)}" y1="${percentAt(TOP)}" y2="${percentAt(TOP + ROOM)}"/><text x="${at(index)}" y="${percentAt(TOP)}" dy="-7" text-anchor="middle">${axisText(axis.high)}</text><text x="${at(index)}" y="${percentAt(TOP + ROOM)}" dy="16" text-anchor="middle">${axisText(axis.low)}</text>`;
  return html`<figure class="parallel"><h3>${policy}: each setting as a line</h3>
<div class="wide"><ol class="axis-names">${axes.map(({ title }) => html`<li>${title}</li>`)}</ol>
<svg class="threads" role="group" aria-label="${settings.length} settings of ${policy} as lines from axis to axis; arrow keys walk through them" data-marks>${inOrder.map(line)}<g aria-hidden="true">${axes.map(upright)}</g></svg></div>
<figcaption>One line for each setting, shaded as on the map; cost, training and held out in ${unit} a year, error in ${unit} an hour, low = good. Thick: what is proposed. Where dark lines on the left fan out, that number hardly matters; where they cross between training and held out, the best of one was not the best of the other.</figcaption></figure>`;
}
