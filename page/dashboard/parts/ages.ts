import { age } from '../../../src/cli/output/numbers.ts';
import { utcMinute } from '../../../src/core/report/utc.ts';
import { html, type Markup } from '../../../src/report/html/markup.ts';

const EVERY_MILLISECONDS = 1_000;
let offsetSeconds = 0;

/** Tells how far the server's clock is from this machine's. */
export function setServerClock(nowSeconds: number): void {
  offsetSeconds = nowSeconds - Date.now() / 1_000;
}

/** The server's time. */
export function now(): number {
  return Date.now() / 1_000 + offsetSeconds;
}

/** How long ago something was; it goes on by itself. */
export function ago(atSeconds: number): Markup {
  const at = new Date(atSeconds * 1_000).toISOString();
  return html`<time data-age="${atSeconds}" datetime="${at}" title="${utcMinute(atSeconds)}:${at.slice(17, 19)} UTC"></time>`;
}

/** Writes every age in a part of the page. */
export function fillAges(part: ParentNode): void {
  for (const element of part.querySelectorAll('[data-age]')) {
    const text = age(now() - Number(element.getAttribute('data-age')));
    if (element.textContent !== text) element.textContent = text;
  }
}

/** Lets ages go on. */
export function startAges(alsoEverySecond: () => void): void {
  setInterval(() => {
    fillAges(document);
    alsoEverySecond();
  }, EVERY_MILLISECONDS);
}
