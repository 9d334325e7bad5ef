import { type Content, html, type Markup } from './markup.ts';
import { type Axis, shareOn } from './ticks.ts';

/** A drawing between two axes. */
export interface PlotInput {
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xText: (value: number) => string;
  readonly yText: (value: number) => string;
  readonly marks: Content;
}

const percentAt = (share: number) => `${(share * 100).toFixed(2)}%`;

/** Where a value lies from the left of a plot. */
export function atX(axis: Axis, value: number): string {
  return percentAt(shareOn(axis, value));
}

/** Where a value lies from the top of a plot. */
export function atY(axis: Axis, value: number): string {
  return percentAt(1 - shareOn(axis, value));
}

/**
 * A plot whose lengths are shares of its room, so that letters and marks keep their size on every screen: the axes are
 * drawings of their own around it. Its marks can be pointed at and walked with the arrow keys.
 */
export function plot({ label, x, y, xTitle, yTitle, xText, yText, marks }: PlotInput): Markup {
  const across = y.ticks.map(
    (tick) => html`<line class="grid" x1="0" x2="100%" y1="${atY(y, tick)}" y2="${atY(y, tick)}"/>`,
  );
  const down = x.ticks.map(
    (tick) => html`<line class="grid" x1="${atX(x, tick)}" x2="${atX(x, tick)}" y1="0" y2="100%"/>`,
  );
  return html`<div class="plot">
<p class="y-title">${yTitle}</p>
<svg class="y-axis" aria-hidden="true">${y.ticks.map((tick) => html`<text x="100%" y="${atY(y, tick)}" dx="-8" dy="4" text-anchor="end">${yText(tick)}</text>`)}</svg>
<svg class="room" role="group" aria-label="${label}" data-marks><g aria-hidden="true">${across}${down}</g>${marks}</svg>
<svg class="x-axis" aria-hidden="true">${x.ticks.map((tick) => html`<text x="${atX(x, tick)}" y="16" text-anchor="middle">${xText(tick)}</text>`)}</svg>
<p class="x-title">${xTitle}</p>
</div>`;
}
