import { html, type Markup } from './markup.ts';

const SHAPES = [
  'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z',
  'M-4.5-4.5h9v9h-9z',
  'M0-5.6L5.4 4.2h-10.8z',
  'M0-6L6 0L0 6L-6 0z',
  'M0 5.6L5.4-4.2h-10.8z',
  'M-5.2 0L-2.6-4.6h5.2L5.2 0L2.6 4.6h-5.2z',
] as const;

/** How many colours there are; more policies than that take them again, with another shape. */
const COLOURS = 6;

/** Class of the colour that a policy has everywhere. */
export function colourClass(index: number): string {
  return `s${index % COLOURS}`;
}

/** The outline that a policy's marks have, drawn around 0, 0: colour alone never tells them apart. */
export function shapePath(index: number): string {
  return SHAPES[(index + Math.floor(index / COLOURS)) % SHAPES.length]!;
}

/** Names of policies beside their marks. */
export function legend(names: readonly string[]): Markup {
  return html`<ul class="legend">${names.map((name, index) => html`<li><svg width="16" height="16" viewBox="-8 -8 16 16" class="${colourClass(index)}" aria-hidden="true"><path d="${shapePath(index)}"/></svg>${name}</li>`)}</ul>`;
}
