import { count, quote } from '../../core/report/numbers.ts';
import { utcDay } from '../../core/report/utc.ts';
import type { CalibrationReport, HeldOutPoint, SearchReport } from '../document.ts';
import { heatMap } from './heatMap.ts';
import { type Content, html, type Markup } from './markup.ts';
import { parallelCoordinates } from './parallel.ts';
import { atX, atY, plot } from './plot.ts';
import { colourClass, legend, shapePath } from './shapes.ts';
import { dataTable, numberCell } from './table.ts';
import { axisOf, tickText } from './ticks.ts';

function scatter(points: readonly HeldOutPoint[], unit: string): Markup {
  const policies = [...new Set(points.map(({ policy }) => policy))];
  const axis = axisOf(points.flatMap(({ training, heldOut }) => [training, heldOut]));
  const marks = points.map((point, index) => {
    const { policy, label, training, heldOut, isChosen } = point;
    const tip = `${policy} ${label}${isChosen ? ', chosen' : ''}\ntraining ${quote(training)} ${unit} a year\nheld out ${quote(heldOut)} ${unit} a year`;
    const place = policies.indexOf(policy);
    return html`<g class="mark ${colourClass(place)}" role="img" tabindex="${index === 0 ? 0 : -1}" aria-label="${tip.replaceAll('\n', '; ')}" data-tip="${tip}"><svg x="${atX(axis, training)}" y="${atY(axis, heldOut)}" class="at"><circle class="target" r="12"/>${isChosen && html`<circle class="halo" r="10"/>`}<path d="${shapePath(place)}"/></svg></g>`;
  });
  const text = (value: number) => tickText(axis, value);
  return html`<figure>${legend(policies)}${plot({
    label: `${points.length} settings by training and held-out objective; arrow keys walk through them`,
    x: axis,
    y: axis,
    xTitle: `training, ${unit} a year, low = good`,
    yTitle: `held out, ${unit} a year`,
    xText: text,
    yText: text,
    marks: [html`<line class="same" x1="0" y1="100%" x2="100%" y2="0"/>`, marks],
  })}<figcaption>On the dashed line, a setting did as well on data that it was not chosen on. Far above it: luck. A ring marks what was chosen.</figcaption></figure>`;
}

/** What a search for parameters came to, on what it was chosen on and on what it was not. */
export function calibrationSection(
  { trials, verdict, points, windows, searches }: CalibrationReport,
  unit: string,
): Markup {
  return html`<section id="calibration"><h2>Calibration</h2>
<p>${verdict} ${count(trials)} trials.</p>
${points.length > 0 && scatter(points, unit)}
${dataTable({
  caption: 'Walk-forward: chosen on one stretch, scored on the next',
  columns: [
    { label: 'trained from', align: 'left' },
    { label: 'scored from' },
    { label: 'to' },
    { label: 'policy', align: 'left' },
    { label: 'chosen', align: 'left' },
    { label: 'training', unit: `${unit} a year` },
    { label: 'held out', unit: `${unit} a year` },
  ],
  rows: windows.map((window) => [
    utcDay(window.trainFromSeconds),
    utcDay(window.testFromSeconds),
    utcDay(window.testToSeconds),
    window.policy,
    window.chosen,
    quote(window.training),
    quote(window.heldOut),
  ]),
  empty: 'the search used one window',
})}
${searches.map((search) => searchFigures(search, unit))}
</section>`;
}

/** Rows of tried settings shown, the best; the JSON has all of them. */
const MOST_SETTINGS = 60;

function searchFigures(search: SearchReport, unit: string): Content {
  const { policy, settings } = search;
  const best = settings.toSorted((a, b) => a.training - b.training).slice(0, MOST_SETTINGS);
  return html`${heatMap(search, unit)}${parallelCoordinates(search, unit)}
<details><summary>The same as a table: ${policy}</summary>${dataTable({
    caption:
      best.length < settings.length
        ? `The best ${count(best.length)} of ${count(settings.length)} settings of ${policy}, by training`
        : `Settings of ${policy}, by training`,
    columns: [
      { label: 'setting', align: 'left' },
      { label: 'cost', unit: `${unit} a year` },
      { label: 'error', unit: `${unit} an hour` },
      { label: 'training', unit: `${unit} a year` },
      { label: 'held out', unit: `${unit} a year` },
    ],
    rows: best.map(({ label, costPerYear, hedgingError, training, heldOut, isChosen }) => [
      `${label}${isChosen ? ', chosen' : ''}`,
      quote(costPerYear),
      quote(hedgingError),
      quote(training),
      numberCell(heldOut, quote, 'no hour of the held-out weeks counts'),
    ]),
    empty: 'nothing was tried',
  })}</details>`;
}
