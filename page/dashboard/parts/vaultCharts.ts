import { utcMinute } from '../../../src/core/report/utc.ts';
import { announce } from '../../report/announce.ts';
import { heightOf } from '../../report/options.ts';
import { onThemeChange } from '../../report/theme.ts';
import { type ChartInput, type ChartKind, chartKinds } from './chartKinds.ts';
import { chartOptions } from './chartOptions.ts';

const HINT = 'Point at a chart, or focus it and use the arrow keys.';
const WITHIN_PIXELS = 5;
const REFINE_AFTER_MILLISECONDS = 200;
const ZOOM_KEYS: Readonly<Record<string, string>> = {
  '+': 'in',
  '=': 'in',
  '-': 'out',
  '0': 'all',
  Escape: 'all',
};
const MOVES: Readonly<Record<string, readonly [sign: number, share: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  PageUp: [-1, 0.1],
  PageDown: [1, 0.1],
  Home: [-1, 1],
  End: [1, 1],
};

/** A stretch of time; null for all there is. */
export type Stretch = { readonly from: number; readonly to: number } | null;

interface Drawn {
  readonly kind: ChartKind;
  readonly place: HTMLElement;
  chart: uPlot;
}

/** A vault's charts over time: one cursor, one stretch of time, finer data where one looks closer. */
export class VaultCharts {
  readonly #drawn: Drawn[] = [];
  readonly #observer: ResizeObserver;
  readonly #onStretch: (stretch: Stretch) => void;
  #input: ChartInput;
  #shown = { min: Number.NaN, max: Number.NaN };
  #timer = 0;

  /** @param onStretch told when somebody looks at another stretch of time */
  constructor(root: ParentNode, input: ChartInput, onStretch: (stretch: Stretch) => void) {
    this.#input = input;
    this.#onStretch = onStretch;
    this.#observer = new ResizeObserver((entries) => {
      for (const { target } of entries) this.#fit(target as HTMLElement);
    });
    for (const kind of chartKinds) {
      const place = root.querySelector<HTMLElement>(`[data-chart="${kind.id}"]`);
      if (place === null) continue;
      place.textContent = '';
      const drawn: Drawn = { kind, place, chart: this.#draw(kind, place) };
      this.#drawn.push(drawn);
      place.addEventListener('keydown', (event) => this.#onKey(event, drawn));
      this.#observer.observe(place);
      this.#say(drawn, null);
    }
    const { min, max } = this.#drawn[0]?.chart.scales.x ?? {};
    if (min != null && max != null) this.#shown = { min, max };
    onThemeChange(() => {
      for (const { chart } of this.#drawn) chart.redraw();
    });
  }

  /** Shows other data; the cursor stays where it is. */
  update(input: ChartInput): void {
    this.#input = input;
    const times = input.series.atSeconds;
    const [min, last] = [times[0], times.at(-1)];
    if (min === undefined || last === undefined) return;
    this.#shown = { min, max: Math.max(last, min + 1) };
    for (const drawn of this.#drawn) {
      drawn.chart.setData(drawn.kind.columns(input) as uPlot.AlignedData, false);
      drawn.chart.setScale('x', this.#shown);
      this.#say(drawn, drawn.chart.cursor.idx ?? null);
    }
  }

  /** Another stretch of time. @param action one of those of the zoom buttons */
  zoom(action: string): void {
    const { min, max } = this.#drawn[0]?.chart.scales.x ?? {};
    if (min == null || max == null) return;
    const span = max - min;
    const stretches: Readonly<Record<string, Stretch>> = {
      in: { from: min + span / 4, to: max - span / 4 },
      out: { from: min - span / 2, to: max + span / 2 },
      earlier: { from: min - span / 2, to: max - span / 2 },
      later: { from: min + span / 2, to: max + span / 2 },
      all: null,
    };
    this.#onStretch(stretches[action] ?? null);
  }

  /** Lets go of everything. */
  close(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
    for (const { chart } of this.#drawn) chart.destroy();
  }

  #draw(kind: ChartKind, place: HTMLElement): uPlot {
    const options = chartOptions(place.clientWidth, kind.series(), {
      setCursor: [(chart) => this.#onCursor(chart)],
      setScale: [(chart, scale) => scale === 'x' && this.#onScale(chart)],
      draw: [(chart) => kind.draw?.(chart, this.#input)],
    });
    const bands = kind.bands === undefined ? {} : { bands: [...kind.bands] };
    return new uPlot({ ...options, ...bands }, kind.columns(this.#input) as uPlot.AlignedData, place);
  }

  #fit(place: HTMLElement): void {
    const drawn = this.#drawn.find((one) => one.place === place);
    const width = place.clientWidth;
    if (drawn !== undefined && width > 0 && width !== drawn.chart.width)
      drawn.chart.setSize({ width, height: heightOf(width) });
  }

  /** Somebody dragged over a chart: all show that stretch, and finer data is asked for. uPlot tells of every change, late. */
  #onScale(chart: uPlot): void {
    const { min, max } = chart.scales.x ?? {};
    if (min == null || max == null || this.#drawn.length < chartKinds.length) return;
    if (min === this.#shown.min && max === this.#shown.max) return;
    this.#shown = { min, max };
    for (const other of this.#drawn) if (other.chart !== chart) other.chart.setScale('x', this.#shown);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#onStretch({ from: min, to: max }), REFINE_AFTER_MILLISECONDS);
  }

  #onCursor(chart: uPlot): void {
    const drawn = this.#drawn.find((other) => other.chart === chart);
    if (drawn !== undefined) this.#say(drawn, chart.cursor.idx ?? null);
  }

  #say({ kind, chart }: Drawn, row: number | null): string {
    const readout = document.getElementById(`${kind.id}-readout`);
    const at = row === null ? undefined : chart.data[0][row];
    const within = Math.abs(chart.posToVal(WITHIN_PIXELS, 'x') - chart.posToVal(0, 'x'));
    const text =
      row === null || at === undefined
        ? HINT
        : `${utcMinute(at)}:${String(Math.floor(at) % 60).padStart(2, '0')} UTC · ${kind.readout(this.#input, row, within)}`;
    if (readout !== null && readout.textContent !== text) readout.textContent = text;
    return text;
  }

  #onKey(event: KeyboardEvent, drawn: Drawn): void {
    const zoom = ZOOM_KEYS[event.key];
    const move = MOVES[event.key];
    if (zoom === undefined && move === undefined) return;
    event.preventDefault();
    if (zoom !== undefined) {
      this.zoom(zoom);
      return;
    }
    const { chart } = drawn;
    const at = chart.data[0][movedRow(chart, move!)];
    if (at === undefined) return;
    for (const { chart: each } of this.#drawn)
      each.setCursor({ left: each.valToPos(at, 'x'), top: each.over.clientHeight / 2 });
    announce(this.#say(drawn, chart.cursor.idx ?? null));
  }
}

/** The row that a key leads to, within what is shown. */
function movedRow(chart: uPlot, [sign, share]: readonly [number, number]): number {
  const { min, max } = chart.scales.x ?? {};
  const [first, last] = [chart.valToIdx(min ?? 0), chart.valToIdx(max ?? 0)];
  const now = chart.cursor.idx ?? (sign > 0 ? first - 1 : last + 1);
  const by = share === 0 ? 1 : Math.max(1, Math.round(share * (last - first + 1)));
  return Math.max(first, Math.min(last, now + sign * by));
}
