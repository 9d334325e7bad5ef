import { html, type Markup } from '../../../src/report/html/markup.ts';
import { fillAges } from './ages.ts';

/** Rows asked for at a time. */
const PAGE = 100;
/** Rows kept drawn above and beneath what is seen. */
const MARGIN = 10;
/** Pages that are kept. */
const MOST_PAGES = 40;

/** What a long list is made of. */
export interface ListSource<R> {
  readonly total: number;
  /** Rows from a place on, in the list's order. */
  page(skip: number, limit: number): Promise<readonly R[]>;
  readonly row: (row: R, index: number, total: number, isCurrent: boolean) => Markup;
}

/** A list of any length of which only what is seen is in the page; arrow keys walk through all of it. */
export class VirtualList<R extends { readonly id: string }> {
  readonly #viewport: HTMLElement;
  readonly #canvas: HTMLElement;
  readonly #pages = new Map<number, readonly R[] | Promise<void>>();
  #source: ListSource<R> | null = null;
  #active = 0;
  #current = '';
  #text = '';

  /** @param viewport scrolls; what is in it is replaced */
  constructor(viewport: HTMLElement) {
    this.#viewport = viewport;
    viewport.replaceChildren();
    this.#canvas = document.createElement('div');
    this.#canvas.className = 'canvas';
    this.#canvas.setAttribute('role', 'list');
    viewport.append(this.#canvas);
    viewport.addEventListener('scroll', () => this.#draw(), { passive: true });
    viewport.addEventListener('keydown', (event) => this.#onKey(event));
    new ResizeObserver(() => this.#draw()).observe(viewport);
  }

  /** Shows another list from its top, or the same one grown. */
  setSource(source: ListSource<R>, keepsPlace: boolean): void {
    this.#source = source;
    this.#pages.clear();
    this.#text = '';
    if (!keepsPlace) {
      this.#active = 0;
      this.#viewport.scrollTop = 0;
    }
    this.#draw();
  }

  /** Marks the row whose details are shown. */
  setCurrent(id: string): void {
    this.#current = id;
    this.#draw();
  }

  /** Whether the newest rows are in sight. */
  get isAtTop(): boolean {
    return this.#viewport.scrollTop < 8;
  }

  get #rowHeight(): number {
    return Number.parseFloat(getComputedStyle(this.#viewport).getPropertyValue('--row')) || 44;
  }

  #draw(): void {
    const source = this.#source;
    if (source === null) return;
    const height = this.#rowHeight;
    const { scrollTop, clientHeight } = this.#viewport;
    const first = Math.max(0, Math.floor(scrollTop / height) - MARGIN);
    const last = Math.min(source.total, Math.ceil((scrollTop + clientHeight) / height) + MARGIN);
    for (let page = Math.floor(first / PAGE); page * PAGE < last; page += 1) this.#load(page, source);
    const rows = Array.from({ length: Math.max(0, last - first) }, (_, offset) =>
      this.#rowAt(first + offset, source),
    );
    const text = html`${rows}`.text;
    this.#canvas.style.height = `${source.total * height}px`;
    if (text === this.#text) return;
    this.#text = text;
    const hadFocus = this.#canvas.contains(document.activeElement);
    this.#canvas.innerHTML = text;
    for (const [offset, element] of [...this.#canvas.children].entries())
      (element as HTMLElement).style.transform = `translateY(${(first + offset) * height}px)`;
    fillAges(this.#canvas);
    if (hadFocus) this.#canvas.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  }

  #rowAt(index: number, source: ListSource<R>): Markup {
    const page = this.#pages.get(Math.floor(index / PAGE));
    const found = page === undefined || page instanceof Promise ? undefined : page[index % PAGE];
    const inner =
      found === undefined
        ? html`<span class="skeleton-row" aria-hidden="true"></span>`
        : source.row(found, index, source.total, found.id === this.#current);
    return html`<div class="row" role="listitem" aria-setsize="${source.total}" aria-posinset="${index + 1}" data-active="${index === this.#active ? 'yes' : 'no'}">${inner}</div>`;
  }

  /** The tabindex of a row's link: one row of all can be reached by Tab. */
  tabIndexOf(index: number): 0 | -1 {
    return index === this.#active ? 0 : -1;
  }

  #load(page: number, source: ListSource<R>): void {
    if (this.#pages.has(page)) return;
    const loading = source.page(page * PAGE, PAGE).then(
      (rows) => {
        if (this.#source !== source) return;
        this.#pages.set(page, rows);
        for (const old of [...this.#pages.keys()].slice(0, Math.max(0, this.#pages.size - MOST_PAGES)))
          this.#pages.delete(old);
        this.#draw();
      },
      () => {
        this.#pages.delete(page);
      },
    );
    this.#pages.set(page, loading);
  }

  #onKey(event: KeyboardEvent): void {
    const source = this.#source;
    if (source === null || source.total === 0) return;
    const screen = Math.max(1, Math.floor(this.#viewport.clientHeight / this.#rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: screen,
      PageUp: -screen,
      Home: -source.total,
      End: source.total,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#active = Math.max(0, Math.min(source.total - 1, this.#active + step));
    const top = this.#active * this.#rowHeight;
    const { scrollTop, clientHeight } = this.#viewport;
    if (top < scrollTop) this.#viewport.scrollTop = top;
    if (top + this.#rowHeight > scrollTop + clientHeight)
      this.#viewport.scrollTop = top + this.#rowHeight - clientHeight;
    this.#draw();
    this.#canvas.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  }
}
