import { html, type Markup } from './markup.ts';

/** Upper ends of what a shade stands for: so much over the best. */
const ENDS = [0.01, 0.03, 0.1, 0.3, 1, 3] as const;
const WORDS = ['within 1 %', '3 %', '10 %', '30 %', '100 %', '300 %', 'more'] as const;

/** How much a value lies above the best, as a share of the best's size. */
export function excessOf(value: number, best: number): number {
  return value === best ? 0 : (value - best) / Math.abs(best);
}

/** Class of the shade of a value: `h0` is as good as the best, `h6` the worst. */
export function shadeClass(excess: number): string {
  const index = ENDS.findIndex((end) => excess <= end);
  return `h${index === -1 ? ENDS.length : index}`;
}

/** A value beside the best in a few letters. */
export function excessText(excess: number): string {
  if (excess === 0) return 'best';
  if (excess < 0.0995) return `+${(excess * 100).toFixed(1)} %`;
  if (excess < 9.995) return `+${(excess * 100).toFixed(0)} %`;
  return excess < 999 ? `×${(excess + 1).toFixed(0)}` : '>×999';
}

/** What the shades stand for. */
export function shadeLegend(): Markup {
  return html`<ul class="legend shades"><li>above the best:</li>${WORDS.map((words, index) => html`<li><svg width="16" height="16" class="h${index}" aria-hidden="true"><rect width="16" height="16" rx="3"/></svg>${words}</li>`)}</ul>`;
}
