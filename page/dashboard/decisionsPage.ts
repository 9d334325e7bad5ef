import type { DecisionDocument, StateDocument } from '../../src/dashboard/documents.ts';
import type { DecisionPage, DecisionRow } from '../../src/dashboard/history/search.ts';
import { html } from '../../src/report/html/markup.ts';
import {
  countWords,
  decisionDetail,
  decisionLine,
  decisionsShell,
  type FilterFields,
  noFilter,
} from './pages/decisions.ts';
import { get } from './parts/api.ts';
import { byId, show } from './parts/dom.ts';
import { VirtualList } from './parts/virtualList.ts';
import type { Page, Surroundings } from './routes.ts';

let filter: FilterFields = noFilter;
let shared: { readonly list: VirtualList<DecisionRow>; readonly element: HTMLElement } | null = null;

/** Every decision, searchable, and one of them in full. */
export class DecisionsPage implements Page {
  readonly title: string;
  readonly #surroundings: Surroundings;
  readonly #id: string | null;
  #isOpen = true;
  #upTo = 0;
  #total = 0;

  constructor(id: string | null, surroundings: Surroundings) {
    this.#id = id;
    this.title = id ?? 'Decisions';
    this.#surroundings = surroundings;
  }

  async open(): Promise<void> {
    const isThere = shared !== null && this.#surroundings.main.contains(shared.element);
    if (!isThere) await this.#build();
    if (!this.#isOpen) return;
    document.body.classList.toggle('one-decision', this.#id !== null);
    shared?.list.setCurrent(this.#id ?? '');
    if (isThere) await this.#count();
    await this.#detail();
  }

  async refresh(): Promise<void> {
    if (shared === null) return;
    if (shared.list.isAtTop) return this.#load(true);
    const { total } = await this.#ask(0, 0, undefined);
    const added = total - this.#total;
    if (!this.#isOpen || added <= 0) return;
    const button = byId('list-new');
    button.hidden = false;
    button.textContent = `${added} new: show`;
  }

  close(): void {
    this.#isOpen = false;
    document.body.classList.remove('one-decision');
  }

  async #build(): Promise<void> {
    const state = this.#surroundings.state();
    const codes = await get<readonly string[]>('codes');
    show(this.#surroundings.main, decisionsShell(namesOf(state), codes, filter));
    const element = byId('decision-list');
    shared = { list: new VirtualList<DecisionRow>(element), element };
    const form = byId('filters') as HTMLFormElement;
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('change', () => {
      filter = Object.fromEntries(new FormData(form)) as unknown as FilterFields;
      void this.#load(false).catch((error) => this.#surroundings.fail(error));
    });
    form.addEventListener('reset', () => {
      filter = noFilter;
      for (const option of form.querySelectorAll('option[selected]')) option.removeAttribute('selected');
      for (const input of form.querySelectorAll('input')) input.removeAttribute('value');
      void this.#load(false).catch((error) => this.#surroundings.fail(error));
    });
    byId('list-new').addEventListener('click', () => {
      void this.#load(false).catch((error) => this.#surroundings.fail(error));
    });
    await this.#load(false);
  }

  /** Keeps the total up when only the details changed. */
  async #count(): Promise<void> {
    const { total, upTo } = await this.#ask(0, 0, undefined);
    [this.#total, this.#upTo] = [total, upTo];
  }

  async #load(keepsPlace: boolean): Promise<void> {
    const { total, upTo } = await this.#ask(0, 0, undefined);
    if (!this.#isOpen || shared === null) return;
    const isSame = keepsPlace && total === this.#total && upTo === this.#upTo;
    [this.#total, this.#upTo] = [total, upTo];
    const isComplete = this.#surroundings.state()?.isComplete ?? true;
    byId('list-count').textContent = countWords(total, isComplete);
    byId('list-new').hidden = true;
    if (isSame) return;
    const { list } = shared;
    list.setSource(
      {
        total,
        page: async (skip, limit) => (await this.#ask(skip, limit, upTo)).rows,
        row: (row, index, _total, isCurrent) => decisionLine(row, list.tabIndexOf(index), isCurrent),
      },
      keepsPlace,
    );
    if (total === 0)
      shared.element.firstElementChild!.textContent =
        'No decision is like that. The first one of all: ballast plan';
  }

  #ask(skip: number, limit: number, upTo: number | undefined): Promise<DecisionPage> {
    const seconds = (text: string) => (text === '' ? '' : String(Date.parse(`${text}Z`) / 1_000));
    const { vault, kind, code, from, to } = filter;
    const query = new URLSearchParams({
      skip: String(skip),
      limit: String(limit),
      vault,
      kind,
      code,
      from: seconds(from),
      to: seconds(to),
      upTo: upTo === undefined ? '' : String(upTo),
    });
    return get<DecisionPage>(`decisions?${query}`);
  }

  async #detail(): Promise<void> {
    const place = byId('decision-detail');
    if (this.#id === null) {
      show(place, html`<p class="empty">Choose a decision to see why it was made.</p>`);
      return;
    }
    const found = await get<DecisionDocument>(`decisions/${encodeURIComponent(this.#id)}`);
    if (this.#isOpen) show(place, decisionDetail(found));
  }
}

function namesOf(state: StateDocument | null): readonly string[] {
  return (state?.vaults ?? []).map(({ name }) => name).toSorted();
}
