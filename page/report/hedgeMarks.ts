import type { HedgeMark } from '../../src/report/document.ts';
import { colour } from './theme.ts';

const LEAST = 2.5;
const MOST = 6;
const AWAY = 9;

/** Draws hedges at the price they were decided at: triangles down above it for sales, up beneath it for purchases. */
export function drawHedges(chart: uPlot, marks: readonly HedgeMark[]): void {
  const { ctx, bbox, scales } = chart;
  const { min = 0, max = 0 } = scales.x ?? {};
  const scale = devicePixelRatio;
  const largest = Math.max(...marks.map(({ base }) => base), Number.MIN_VALUE);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { timestampSeconds, side, base, fairPrice } of marks) {
    if (timestampSeconds < (min ?? 0) || timestampSeconds > (max ?? 0)) continue;
    const size = scale * (LEAST + (MOST - LEAST) * Math.sqrt(base / largest));
    const up = side === 'buy' ? 1 : -1;
    const x = chart.valToPos(timestampSeconds, 'x', true);
    const y = chart.valToPos(fairPrice, 'y', true) + up * AWAY * scale;
    ctx.fillStyle = colour(side);
    ctx.beginPath();
    ctx.moveTo(x, y - up * size);
    ctx.lineTo(x - size, y + up * size * 0.8);
    ctx.lineTo(x + size, y + up * size * 0.8);
    ctx.fill();
  }
  ctx.restore();
}

/** The hedge nearest to a moment, if one is within the given seconds. */
export function hedgeNear(marks: readonly HedgeMark[], at: number, within: number): HedgeMark | null {
  let nearest: HedgeMark | null = null;
  for (const mark of marks) {
    const distance = Math.abs(mark.timestampSeconds - at);
    if (
      distance <= within &&
      distance < Math.abs((nearest?.timestampSeconds ?? Number.NEGATIVE_INFINITY) - at)
    ) {
      nearest = mark;
    }
  }
  return nearest;
}
