import type { Markup } from '../../../src/report/html/markup.ts';
import { fillAges } from './ages.ts';

const shown = new WeakMap<Element, string>();

/**
 * Shows markup in an element, and only where it differs from what is there: what has the focus keeps it, and what is unfolded stays
 * so. Elements that shall be recognised again carry an id.
 *
 * @returns whether anything changed
 */
export function show(element: Element, markup: Markup): boolean {
  if (shown.get(element) === markup.text) return false;
  const active = document.activeElement;
  const focused = active !== null && element.contains(active) ? active.id : '';
  const unfolded = [...element.querySelectorAll('details[id]')].map(
    (one) => [one.id, (one as HTMLDetailsElement).open] as const,
  );
  element.innerHTML = markup.text;
  shown.set(element, markup.text);
  for (const [id, open] of unfolded) {
    const details = document.getElementById(id);
    if (details instanceof HTMLDetailsElement) details.open = open;
  }
  if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
  fillAges(element);
  return true;
}

/** The element of an id that the page's own markup has. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}
