import type { RelayScore } from '../../runtime/relayScores.ts';
import { percent, UNKNOWN } from './numbers.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** How often what each relay accepts lands in time, best first; nothing where the config names no relay. */
export function relayLines(scores: readonly RelayScore[], style: Style): readonly string[] {
  if (scores.length === 0) return [];
  const [title = '', ...body] = table(
    [
      { title: 'relay', align: 'left' },
      { title: 'likely to land', align: 'right' },
      { title: 'orders', align: 'right' },
    ],
    scores.map(({ name, score, orders }) => [
      name,
      orders < 0.5 ? UNKNOWN : percent(score, 0),
      orders < 0.5 ? '0' : orders.toFixed(0),
    ]),
  );
  return ['', style.dim(title), ...body, ''];
}
