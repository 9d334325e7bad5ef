import { signed, significant } from '../../src/core/report/format.ts';
import { count, counted, quote } from '../../src/core/report/numbers.ts';
import { utcMinute } from '../../src/core/report/utc.ts';
import type { Units, VaultDocument, VaultMoney } from '../../src/dashboard/documents.ts';
import type { Series } from '../../src/dashboard/history/series.ts';
import { html, type Markup } from '../../src/report/html/markup.ts';
import { dataTable, numberCell } from '../../src/report/html/table.ts';
import type { Page, Surroundings } from './page.ts';
import { vaultHead, vaultPanels, vaultShell, vaultSide } from './pages/vault.ts';
import { now } from './parts/ages.ts';
import { get } from './parts/api.ts';
import { byId, show } from './parts/dom.ts';
import { type Stretch, VaultCharts } from './parts/vaultCharts.ts';

/** Charts and sums are made again at most so often while news come in. */
const CHARTS_EVERY_MILLISECONDS = 900;
const MONEY_EVERY_MILLISECONDS = 15_000;
const TABLE_ROWS = 20;
const NARROW = '(max-width: 60rem)';
const UNKNOWN_UNITS: Units = { base: 'base', quote: 'quote' };

/** A vault's page: why is it where it is, and what did it cost? */
export class VaultPage implements Page {
  readonly title: string;
  readonly #surroundings: Surroundings;
  readonly #path: string;
  #isOpen = true;
  #document: VaultDocument | null = null;
  #series: Series | null = null;
  #money: VaultMoney | null = null;
  #charts: VaultCharts | null = null;
  #range = 0;
  #stretch: Stretch = null;
  #tablePage = 0;
  #chartsAt = 0;
  #moneyAt = 0;

  constructor(name: string, surroundings: Surroundings) {
    this.title = name;
    this.#surroundings = surroundings;
    this.#path = `vaults/${encodeURIComponent(name)}`;
  }

  async open(): Promise<void> {
    const document = await get<VaultDocument>(this.#path);
    if (!this.#isOpen) return;
    this.#document = document;
    show(this.#surroundings.main, vaultShell(this.title));
    this.#listen();
    this.#drawDocument();
    const isNarrow = matchMedia(NARROW).matches;
    for (const details of this.#surroundings.main.querySelectorAll<HTMLDetailsElement>('details[data-fold]'))
      details.open = !isNarrow;
    await this.#loadSeries();
    void this.#loadMoney().catch((error) => this.#surroundings.fail(error));
  }

  async refresh(): Promise<void> {
    if (this.#document === null) return;
    this.#document = await get<VaultDocument>(this.#path);
    if (!this.#isOpen) return;
    this.#drawDocument();
    const isWholeRange = this.#stretch === null;
    if (isWholeRange && performance.now() - this.#chartsAt > CHARTS_EVERY_MILLISECONDS)
      await this.#loadSeries();
    if (performance.now() - this.#moneyAt > MONEY_EVERY_MILLISECONDS)
      void this.#loadMoney().catch((error) => this.#surroundings.fail(error));
  }

  close(): void {
    this.#isOpen = false;
    this.#charts?.close();
  }

  #drawDocument(): void {
    const document = this.#document!;
    show(byId('vault-head'), vaultHead(document));
    show(byId('vault-side'), vaultSide(document));
    show(byId('vault-panels'), vaultPanels(document, this.#money));
  }

  /** The stretch asked for: what was zoomed to, or the newest so many seconds, or everything. */
  #wanted(): Stretch {
    if (this.#stretch !== null) return this.#stretch;
    const newest = this.#document?.range?.toSeconds ?? now();
    return this.#range === 0 ? null : { from: newest - this.#range, to: newest };
  }

  async #loadSeries(): Promise<void> {
    this.#chartsAt = performance.now();
    const place = this.#surroundings.main.querySelector('[data-chart]');
    const wanted = this.#wanted();
    const stretch = wanted === null ? '' : `&from=${wanted.from}&to=${wanted.to}`;
    const series = await get<Series>(
      `${this.#path}/series?buckets=${Math.max(200, place?.clientWidth ?? 800)}${stretch}`,
    );
    if (!this.#isOpen) return;
    this.#series = series;
    this.#drawCharts();
  }

  async #loadMoney(): Promise<void> {
    this.#moneyAt = performance.now();
    const money = await get<VaultMoney>(`${this.#path}/money`);
    if (!this.#isOpen) return;
    this.#money = money;
    this.#drawDocument();
    this.#drawCharts();
  }

  #drawCharts(): void {
    const series = this.#series;
    if (series === null) return;
    const units = this.#document?.row.units ?? UNKNOWN_UNITS;
    const input = { series, money: this.#money, units };
    if (series.atSeconds.length === 0) {
      show(byId('chart-note'), html`There is no decision in this stretch of time yet.`);
      for (const place of document.querySelectorAll('[data-chart]'))
        if (this.#charts === null) place.replaceChildren(nothing());
      return;
    }
    if (this.#charts === null) {
      this.#charts = new VaultCharts(byId('charts'), input, (stretch) => this.#lookAt(stretch, 0));
    }
    this.#charts.update(input);
    show(byId('chart-note'), noteOf(series));
    show(byId('cost-caption'), costCaption(this.#money, units));
    this.#drawTable();
    for (const button of byId('charts').querySelectorAll('[data-range]')) {
      const isOn = this.#stretch === null && Number(button.getAttribute('data-range')) === this.#range;
      button.setAttribute('aria-pressed', String(isOn));
    }
  }

  #lookAt(stretch: Stretch, range: number): void {
    this.#stretch = stretch;
    this.#range = range;
    this.#tablePage = 0;
    void this.#loadSeries().catch((error) => this.#surroundings.fail(error));
  }

  #listen(): void {
    byId('charts').addEventListener('click', ({ target }) => {
      const button = (target as Element).closest('button');
      const [range, zoom, turn] = ['range', 'zoom', 'turn'].map((name) =>
        button?.getAttribute(`data-${name}`),
      );
      if (range != null) this.#lookAt(null, Number(range));
      if (zoom != null) this.#charts?.zoom(zoom);
      if (turn == null) return;
      this.#tablePage += Number(turn);
      this.#drawTable();
    });
  }

  #drawTable(): void {
    if (this.#series !== null)
      show(
        byId('chart-rows'),
        seriesTable(this.#series, this.#tablePage, this.#document?.row.units ?? UNKNOWN_UNITS),
      );
  }
}

function nothing(): HTMLElement {
  const text = document.createElement('p');
  text.className = 'empty';
  text.textContent = 'nothing to draw yet';
  return text;
}

function noteOf({ of, atSeconds }: Series): Markup {
  if (of <= atSeconds.length) return html`${counted(of, 'decision')}, each drawn.`;
  return html`${count(of)} decisions; of each pixel the first, last, lowest and highest are drawn, so that no breach is lost. Zoom in for each of them.`;
}

function costCaption(money: VaultMoney | null, { base, quote: unit }: Units): Markup {
  if (money === null) return html`adding up…`;
  const { halfWidth, own, fixedBand, fixedBandHedges, unpriced } = money.cost;
  const last = (values: readonly (number | null)[]) => values.at(-1) ?? 0;
  if (halfWidth === null) return html`It never had a band to compare with.`;
  const left = unpriced === 0 ? '' : ` ${count(unpriced)} of them could not be priced and are left out.`;
  return html`Own ${quote(last(own))} ${unit} with ${counted(money.hedges.length, 'hedge')}, on the pools of the block that each was decided on; dashed: a band of ±${significant(halfWidth, 3)} ${base}, the mean width of its own, traded to the middle: ${quote(last(fixedBand))} with ${counted(fixedBandHedges, 'hedge')}.${left}`;
}

/** The charts' numbers a page at a time, newest first, for those who cannot see them. */
function seriesTable({ atSeconds, columns }: Series, page: number, { base, quote: unit }: Units): Markup {
  const pages = Math.max(1, Math.ceil(atSeconds.length / TABLE_ROWS));
  const shown = Math.max(0, Math.min(pages - 1, page));
  const newest = atSeconds.length - 1 - shown * TABLE_ROWS;
  const places = Array.from({ length: TABLE_ROWS }, (_, index) => newest - index).filter(
    (index) => index >= 0,
  );
  const cell = (values: readonly (number | null)[], index: number, form: (value: number) => string) =>
    numberCell(values[index] ?? null, form, 'not known at this decision');
  return html`${dataTable({
    caption: `Page ${shown + 1} of ${pages}, newest first`,
    columns: [
      { label: 'UTC', align: 'left' },
      { label: 'price', unit },
      { label: 'net delta', unit: base },
      { label: 'buys at', unit: base },
      { label: 'sells at', unit: base },
    ],
    rows: places.map((index) => [
      `${utcMinute(atSeconds[index]!)}:${String(Math.floor(atSeconds[index]!) % 60).padStart(2, '0')}`,
      cell(columns.spot, index, quote),
      cell(columns.netDelta, index, (value) => signed(value)),
      cell(columns.buyAct, index, (value) => signed(value)),
      cell(columns.sellAct, index, (value) => signed(value)),
    ]),
    empty: 'no decision',
  })}<p class="zoom"><button type="button" id="rows-newer" data-turn="-1" ${shown === 0 ? html`disabled` : ''}>Newer</button><button type="button" id="rows-older" data-turn="1" ${shown === pages - 1 ? html`disabled` : ''}>Older</button></p>`;
}
