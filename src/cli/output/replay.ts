import type { Decision } from '../../core/decision.ts';
import { toWhole } from '../../core/units.ts';
import type { ChangedDecision, ReplayResult } from '../../runtime/journal/replay.ts';
import { base, count, profit } from './numbers.ts';
import type { Style } from './style.ts';
import { type Column, labelled, table } from './table.ts';

const LABEL_WIDTH = 12;

const columns: readonly Column[] = [
  { title: 'id', align: 'left' },
  { title: 'time', align: 'left' },
  { title: 'then', align: 'left' },
  { title: 'now', align: 'left' },
  { title: 'cost difference', align: 'right' },
];

/** A replay as people read it: how much is the same, then what is not and why. */
export function replayLines(
  { vault, policy, same, identical, heldByEngine, changed, unread }: ReplayResult,
  style: Style,
): readonly string[] {
  const counted = `same ${count(same)} | changed ${count(changed.length)}`;
  const notes = [
    `${count(identical)} to the byte`,
    ...(heldByEngine > 0 ? [`${count(heldByEngine)} held back by an open order or the like`] : []),
    ...(unread > 0 ? [`${count(unread)} blocks not read, nothing to decide on`] : []),
  ].join('; ');
  const rows = table(columns, changed.map(changedCells));
  const [title = '', ...lines] = rows;
  const label = Math.max(LABEL_WIDTH, vault.length + 2);
  return [
    ...labelled(vault, `${counted}   ${policy}`, label),
    ...labelled('', style.dim(notes), label),
    ...(changed.length === 0 ? [] : ['', title]),
    ...lines.flatMap((line, index) => [line, ...labelled('', style.dim(changed[index]!.now.why), 8)]),
  ];
}

function changedCells({ id, atSeconds, then, now, costDifferenceQuote, baseDecimals }: ChangedDecision) {
  const time = new Date(atSeconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');
  const cost = costDifferenceQuote === 0 ? '–' : profit(costDifferenceQuote);
  return [id, `${time}Z`, doneWords(then, baseDecimals), doneWords(now, baseDecimals), cost];
}

function doneWords(decision: Decision, decimals: number): string {
  if (decision.kind === 'reduce') return 'reduce';
  if (decision.kind !== 'hedge') return decision.kind === 'halt' ? `HALT ${decision.code}` : 'hold';
  return `${decision.plan.side} ${base(toWhole(decision.plan.baseRaw, decimals))}`;
}

/** The same as data. */
export function replayJson(result: ReplayResult): Readonly<Record<string, unknown>> {
  return { ...result };
}
