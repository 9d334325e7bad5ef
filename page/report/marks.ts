import { announce } from './announce.ts';

const GAP = 14;
const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Marks of a drawing show what they stand for when they are pointed at; arrow keys walk from one to the next. */
export function followMarks(): void {
  for (const container of document.querySelectorAll('[data-marks]')) {
    const marks = [...container.querySelectorAll<HTMLElement | SVGElement>('.mark')];
    container.addEventListener('pointerover', (event) => showUnder(event as PointerEvent));
    container.addEventListener('pointermove', (event) => showUnder(event as PointerEvent));
    container.addEventListener('pointerleave', hide);
    container.addEventListener('focusin', ({ target }) => showBeside((target as Element).closest('.mark')));
    container.addEventListener('focusout', hide);
    container.addEventListener('keydown', (event) => walk(event as KeyboardEvent, marks));
  }
}

function walk(event: KeyboardEvent, marks: readonly (HTMLElement | SVGElement)[]): void {
  if (event.key === 'Escape') hide();
  const now = marks.indexOf((event.target as Element).closest('.mark') as HTMLElement);
  const ends: Readonly<Record<string, number>> = { Home: 0, End: marks.length - 1 };
  const step = STEPS[event.key];
  const next = step === undefined ? ends[event.key] : Math.max(0, Math.min(marks.length - 1, now + step));
  const mark = next === undefined ? undefined : marks[next];
  if (mark === undefined) return;
  event.preventDefault();
  for (const other of marks) other.setAttribute('tabindex', other === mark ? '0' : '-1');
  mark.focus();
}

function showUnder({ target, clientX, clientY }: PointerEvent): void {
  const mark = (target as Element).closest('.mark');
  if (mark === null) hide();
  else show(mark, clientX, clientY);
}

function showBeside(mark: Element | null): void {
  if (mark === null) return;
  const { left, width, top, height } = (
    mark.querySelector('path, rect:not(.target)') ?? mark
  ).getBoundingClientRect();
  show(mark, left + width / 2, top + Math.min(height, 24) / 2);
  announce(mark.getAttribute('data-tip') ?? '');
}

function show(mark: Element, x: number, y: number): void {
  const tip = document.getElementById('tip');
  if (tip === null) return;
  tip.textContent = mark.getAttribute('data-tip');
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const isRight = x + GAP + width <= document.documentElement.clientWidth;
  tip.style.left = `${Math.max(4, isRight ? x + GAP : x - GAP - width)}px`;
  tip.style.top = `${Math.max(4, y - GAP - height)}px`;
}

function hide(): void {
  const tip = document.getElementById('tip');
  if (tip !== null) tip.hidden = true;
}
