import { utcMinute } from '../../src/core/report/utc.ts';
import type { ChartData } from '../../src/report/html/charts.ts';
import { announce } from './announce.ts';
import { type ChartKind, chartKinds } from './kinds.ts';
import { commonOptions, heightOf } from './options.ts';
import { onThemeChange } from './theme.ts';

/** Moves of the cursor by key, as a share of what is shown; one row where 0. */
const MOVES: Readonly<Record<string, readonly [sign: number, share: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  PageUp: [-1, 0.1],
  PageDown: [1, 0.1],
  Home: [-1, 1],
  End: [1, 1],
};
const HINT = 'Point at a chart, or focus it and use the arrow keys.';
/** Two moments this near are the same on any screen. */
const WITHIN_PIXELS = 5;

interface Drawn {
  readonly kind: ChartKind;
  readonly place: HTMLElement;
  chart: uPlot;
}

/** The charts over time: they share their cursor and the stretch of time that they show. */
export class TimeCharts {
  readonly #data: ChartData;
  readonly #drawn: Drawn[] = [];
  #chosen = 0;
  #isSharing = false;

  constructor(data: ChartData) {
    this.#data = data;
    for (const kind of chartKinds) {
      const place = document.querySelector<HTMLElement>(`[data-chart="${kind.id}"]`);
      if (place === null) continue;
      const drawn: Drawn = { kind, place, chart: this.#draw(kind, place) };
      this.#drawn.push(drawn);
      place.addEventListener('keydown', (event) => this.#onKey(event, drawn));
      new ResizeObserver(() => this.#fit(drawn)).observe(place);
      this.#say(drawn, null);
    }
    onThemeChange(() => this.choose(this.#chosen));
  }

  /** Shows another policy, over the same stretch of time. */
  choose(policy: number): void {
    this.#chosen = policy;
    const { min, max } = this.#drawn[0]?.chart.scales.x ?? {};
    for (const drawn of this.#drawn) {
      drawn.chart.destroy();
      drawn.chart = this.#draw(drawn.kind, drawn.place);
      this.#say(drawn, null);
    }
    if (min != null && max != null) this.#drawn[0]?.chart.setScale('x', { min, max });
  }

  /** Shows another stretch of time. @param action one of those of the zoom buttons */
  zoom(action: string): void {
    const chart = this.#drawn[0]?.chart;
    const times = chart?.data[0];
    const { min, max } = chart?.scales.x ?? {};
    if (chart === undefined || times === undefined || min == null || max == null) return;
    const [start, end] = [times[0]!, times[times.length - 1]!];
    const span = max - min;
    const ranges: Readonly<Record<string, readonly [number, number]>> = {
      in: [min + span / 4, max - span / 4],
      out: [min - span / 2, max + span / 2],
      earlier: [min - span / 2, max - span / 2],
      later: [min + span / 2, max + span / 2],
      all: [start, end],
    };
    const [from, to] = ranges[action] ?? [min, max];
    const width = Math.min(to - from, end - start);
    const left = Math.max(start, Math.min(from, end - width));
    chart.setScale('x', { min: left, max: left + width });
  }

  #draw(kind: ChartKind, place: HTMLElement): uPlot {
    const data = this.#data;
    const options = commonOptions(place.clientWidth, kind.series(data, this.#chosen), {
      setCursor: [(chart) => this.#onCursor(chart)],
      setScale: [(chart, scale) => scale === 'x' && this.#share(chart)],
      draw: [(chart) => kind.draw?.(chart, data, this.#chosen)],
    });
    const bands = kind.bands === undefined ? {} : { bands: [...kind.bands] };
    return new uPlot({ ...options, ...bands }, kind.columns(data, this.#chosen) as uPlot.AlignedData, place);
  }

  #fit({ chart, place }: Drawn): void {
    const width = place.clientWidth;
    if (width > 0 && width !== chart.width) chart.setSize({ width, height: heightOf(width) });
  }

  #share(chart: uPlot): void {
    const { min, max } = chart.scales.x ?? {};
    if (this.#isSharing || min == null || max == null) return;
    this.#isSharing = true;
    for (const other of this.#drawn) if (other.chart !== chart) other.chart.setScale('x', { min, max });
    this.#isSharing = false;
  }

  #onCursor(chart: uPlot): void {
    const drawn = this.#drawn.find((other) => other.chart === chart);
    if (drawn !== undefined) this.#say(drawn, chart.cursor.idx ?? null);
  }

  /** Writes what is under the cursor beneath a chart, and gives it. */
  #say({ kind, chart }: Drawn, row: number | null): string {
    const readout = document.getElementById(`${kind.id}-readout`);
    if (readout === null) return '';
    const at = row === null ? undefined : chart.data[0][row];
    if (row === null || at === undefined) {
      readout.textContent = HINT;
      return HINT;
    }
    const within = Math.abs(chart.posToVal(WITHIN_PIXELS, 'x') - chart.posToVal(0, 'x'));
    const text = `${utcMinute(at)} UTC · ${kind.readout(this.#data, this.#chosen, row, within)}`;
    readout.textContent = text;
    return text;
  }

  #onKey(event: KeyboardEvent, drawn: Drawn): void {
    const zooms: Readonly<Record<string, string>> = {
      '+': 'in',
      '=': 'in',
      '-': 'out',
      '0': 'all',
      Escape: 'all',
    };
    const zoom = zooms[event.key];
    if (zoom !== undefined) {
      event.preventDefault();
      this.zoom(zoom);
      return;
    }
    const move = MOVES[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const { chart } = drawn;
    const row = movedRow(chart, move);
    const at = chart.data[0][row]!;
    for (const { chart: each } of this.#drawn) {
      each.setCursor({ left: each.valToPos(at, 'x'), top: each.over.clientHeight / 2 });
    }
    announce(this.#say(drawn, row));
  }
}

/** The row that a key leads to, within what is shown. */
function movedRow(chart: uPlot, [sign, share]: readonly [number, number]): number {
  const { min, max } = chart.scales.x ?? {};
  const first = chart.valToIdx(min ?? 0);
  const last = chart.valToIdx(max ?? 0);
  const now = chart.cursor.idx ?? (sign > 0 ? first - 1 : last + 1);
  const by = share === 0 ? 1 : Math.max(1, Math.round(share * (last - first + 1)));
  return Math.max(first, Math.min(last, now + sign * by));
}
