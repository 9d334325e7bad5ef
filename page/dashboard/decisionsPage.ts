import type { DecisionDocument, StateDocument } from '../../src/dashboard/documents.ts';
import type { DecisionPage, DecisionRow } from '../../src/dashboard/history/search.ts';
import { html } from '../../src/report/html/markup.ts';
import type { Page, Surroundings } from './page.ts';
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

/** A pause in typing after which what was typed is looked for. */
const TYPING_MILLISECONDS = 300;

let filter: FilterFields = noFilter;
let shared: DecisionsList | null = null;

/** The list with its filters; it outlives the page that shows one of its decisions. */
class DecisionsList {
  readonly #surroundings: Surroundings;
  readonly #element: HTMLElement;
  readonly #list: VirtualList<DecisionRow>;
  #upTo = 0;
  #total = 0;

  private constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#element = byId('decision-list');
    this.#list = new VirtualList<DecisionRow>(this.#element);
    const form = byId('filters') as HTMLFormElement;
    form.addEventListener('submit', (event) => event.preventDefault());
    const apply = () => {
      const asked = Object.fromEntries(new FormData(form)) as unknown as FilterFields;
      if (JSON.stringify(asked) === JSON.stringify(filter)) return;
      filter = asked;
      this.#reload();
    };
    let typing: ReturnType<typeof setTimeout> | undefined;
    form.addEventListener('change', apply);
    byId('filter-text').addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(apply, TYPING_MILLISECONDS);
    });
    form.addEventListener('reset', () => {
      filter = noFilter;
      for (const option of form.querySelectorAll('option[selected]')) option.removeAttribute('selected');
      for (const input of form.querySelectorAll('input')) input.removeAttribute('value');
      this.#reload();
    });
    byId('list-new').addEventListener('click', () => this.#reload());
  }

  /** Shows the list where it is not there yet. */
  static async open(surroundings: Surroundings): Promise<DecisionsList> {
    const codes = await get<readonly string[]>('codes');
    show(surroundings.main, decisionsShell(namesOf(surroundings.state()), codes, filter));
    const list = new DecisionsList(surroundings);
    await list.#load(false);
    return list;
  }

  get isThere(): boolean {
    return this.#surroundings.main.contains(this.#element);
  }

  /** Marks the decision whose details are shown. */
  setCurrent(id: string): void {
    this.#list.setCurrent(id);
  }

  /** There is something new: shown at once at the list's top, offered where somebody reads further down. */
  async refresh(): Promise<void> {
    if (this.#list.isAtTop) return this.#load(true);
    const { total } = await this.#ask(0, 0, undefined);
    const added = total - this.#total;
    if (!this.isThere || added <= 0) return;
    const button = byId('list-new');
    button.hidden = false;
    button.textContent = `${added} new: show`;
  }

  #reload(): void {
    void this.#load(false).catch((error) => this.#surroundings.fail(error));
  }

  async #load(keepsPlace: boolean): Promise<void> {
    const { total, upTo } = await this.#ask(0, 0, undefined);
    if (!this.isThere) return;
    const isSame = keepsPlace && total === this.#total && upTo === this.#upTo;
    [this.#total, this.#upTo] = [total, upTo];
    byId('list-count').textContent = countWords(total, this.#surroundings.state()?.isComplete ?? true);
    byId('list-new').hidden = true;
    if (isSame) return;
    this.#list.setSource(
      {
        total,
        page: async (skip, limit) => (await this.#ask(skip, limit, upTo)).rows,
        row: (row, index, _total, isCurrent) => decisionLine(row, this.#list.tabIndexOf(index), isCurrent),
      },
      keepsPlace,
    );
    if (total === 0)
      this.#element.firstElementChild!.textContent =
        'No decision is like that. Where there is none at all, ballast run --shadow makes the first.';
  }

  #ask(skip: number, limit: number, upTo: number | undefined): Promise<DecisionPage> {
    const seconds = (text: string) => (text === '' ? '' : String(Date.parse(`${text}Z`) / 1_000));
    const { vault, kind, code, text, from, to } = filter;
    const query = new URLSearchParams({
      skip: String(skip),
      limit: String(limit),
      vault,
      kind,
      code,
      text,
      from: seconds(from),
      to: seconds(to),
      upTo: upTo === undefined ? '' : String(upTo),
    });
    return get<DecisionPage>(`decisions?${query}`);
  }
}

/** Every decision, searchable, and one of them in full. */
export class DecisionsPage implements Page {
  readonly title: string;
  readonly #surroundings: Surroundings;
  readonly #id: string | null;
  #isOpen = true;

  constructor(id: string | null, surroundings: Surroundings) {
    this.#id = id;
    this.title = id ?? 'Decisions';
    this.#surroundings = surroundings;
  }

  async open(): Promise<void> {
    if (shared?.isThere !== true) shared = await DecisionsList.open(this.#surroundings);
    if (!this.#isOpen) return;
    document.body.classList.toggle('one-decision', this.#id !== null);
    shared.setCurrent(this.#id ?? '');
    await this.#detail();
  }

  async refresh(): Promise<void> {
    await shared?.refresh();
  }

  close(): void {
    this.#isOpen = false;
    document.body.classList.remove('one-decision');
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
