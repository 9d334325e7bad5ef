import { announce } from '../../report/announce.ts';
import { byId } from './dom.ts';

const GAP = 14;
const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Marks of drawings say what they stand for when pointed at, and are walked with arrow keys; drawings may come and go. */
export function followTips(): void {
  document.addEventListener('pointermove', ({ target, clientX, clientY }) => {
    const mark = (target as Element).closest?.('[data-marks] .mark');
    if (mark == null) hide();
    else showAt(mark, clientX, clientY);
  });
  document.addEventListener('pointerleave', hide);
  document.addEventListener('focusin', ({ target }) => {
    const mark = (target as Element).closest('[data-marks] .mark');
    if (mark === null) return hide();
    const box = (mark.querySelector('path, rect:not(.target)') ?? mark).getBoundingClientRect();
    showAt(mark, box.left + box.width / 2, box.top + Math.min(box.height, 24) / 2);
    announce(mark.getAttribute('data-tip') ?? '');
  });
  document.addEventListener('focusout', hide);
  document.addEventListener('keydown', walk);
}

function walk(event: KeyboardEvent): void {
  if (event.key === 'Escape') hide();
  const container = (event.target as Element).closest?.('[data-marks]');
  if (container == null) return;
  const marks = [...container.querySelectorAll<HTMLElement | SVGElement>('.mark')];
  const now = marks.indexOf((event.target as Element).closest('.mark') as HTMLElement);
  const ends: Readonly<Record<string, number>> = { Home: 0, End: marks.length - 1 };
  const step = STEPS[event.key];
  const mark =
    marks[step === undefined ? (ends[event.key] ?? -1) : Math.max(0, Math.min(marks.length - 1, now + step))];
  if (mark === undefined) return;
  event.preventDefault();
  for (const other of marks) other.setAttribute('tabindex', other === mark ? '0' : '-1');
  mark.focus();
}

function showAt(mark: Element, x: number, y: number): void {
  const tip = byId('tip');
  tip.textContent = mark.getAttribute('data-tip');
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const isRight = x + GAP + width <= document.documentElement.clientWidth;
  tip.style.left = `${Math.max(4, isRight ? x + GAP : x - GAP - width)}px`;
  tip.style.top = `${Math.max(4, y - GAP - height)}px`;
}

function hide(): void {
  byId('tip').hidden = true;
}
