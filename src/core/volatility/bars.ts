import { InvalidInputError } from '../errors.ts';
import { requireAboveZero, requireFinite } from '../statistics/require.ts';

/** What the price did in one interval: the first, highest, lowest and last price, quote per base. */
export interface Bar {
  /** Start of the interval in unix seconds; when absent, every bar follows the one before it. */
  readonly timestampSeconds?: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/**
 * Refuses bars that cannot be: prices at or below zero, a high under the open or a low over the close, timestamps that do
 * not rise, or timestamps on some bars only.
 *
 * @throws InvalidInputError naming the field, `bars[index].high` for example
 */
export function requireBars(bars: readonly Bar[]): void {
  const isTimed = bars[0]?.timestampSeconds !== undefined;
  bars.forEach(({ open, high, low, close, timestampSeconds }, index) => {
    const field = `bars[${index}]`;
    requireAboveZero(`${field}.open`, open);
    requireAboveZero(`${field}.high`, high);
    requireAboveZero(`${field}.low`, low);
    requireAboveZero(`${field}.close`, close);
    if (high < Math.max(open, close, low)) {
      throw new InvalidInputError(`${field}.high`, high, 'at least the open, the low and the close');
    }
    if (low > Math.min(open, close)) {
      throw new InvalidInputError(`${field}.low`, low, 'at most the open and the close');
    }
    if ((timestampSeconds !== undefined) !== isTimed) {
      throw new InvalidInputError(
        `${field}.timestampSeconds`,
        timestampSeconds,
        'given on all bars or on none',
      );
    }
    if (timestampSeconds === undefined) return;
    requireFinite(`${field}.timestampSeconds`, timestampSeconds);
    const before = bars[index - 1]?.timestampSeconds;
    if (before !== undefined && timestampSeconds <= before) {
      throw new InvalidInputError(`${field}.timestampSeconds`, timestampSeconds, `later than ${before}`);
    }
  });
}

/**
 * The most frequent distance between neighbouring bars, in seconds, the shorter where two are equally frequent; missing
 * bars do not change it as long as most are there.
 *
 * @returns undefined when the bars have no timestamps or there is only one
 */
export function barIntervalSeconds(bars: readonly Bar[]): number | undefined {
  const counts = new Map<number, number>();
  for (let i = 1; i < bars.length; i++) {
    const from = bars[i - 1]?.timestampSeconds;
    const to = bars[i]?.timestampSeconds;
    if (from === undefined || to === undefined) return undefined;
    counts.set(to - from, (counts.get(to - from) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return ranked[0]?.[0];
}

/** Two bars with nothing missing between them. */
export interface BarPair {
  readonly previous: Bar;
  readonly current: Bar;
}

/**
 * Each bar with the one just before it. Where bars are missing there is no pair, so that the move over a gap never
 * becomes a return.
 *
 * @param intervalSeconds distance of neighbours; ignored for bars without timestamps
 */
export function neighbours(bars: readonly Bar[], intervalSeconds: number | undefined): BarPair[] {
  const pairs: BarPair[] = [];
  for (let i = 1; i < bars.length; i++) {
    const previous = bars[i - 1]!;
    const current = bars[i]!;
    const from = previous.timestampSeconds;
    const to = current.timestampSeconds;
    if (from === undefined || to === undefined || to - from === intervalSeconds) {
      pairs.push({ previous, current });
    }
  }
  return pairs;
}
