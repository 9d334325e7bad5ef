import { type Field, type RowKind, rowKinds, searchable } from './decisionColumns.ts';
import type { VaultHistory } from './vaultHistory.ts';

/** Which decisions are asked for; everything where nothing is named. */
export interface DecisionFilter {
  readonly vault?: string;
  readonly kind?: RowKind;
  readonly code?: string;
  /** Words that all stand in what the decision said, in any order and case. */
  readonly text?: string;
  /** Unix seconds, inclusive. */
  readonly fromSeconds?: number;
  readonly toSeconds?: number;
  /** Number of the newest decision that counts: what is written later does not move the list. */
  readonly upTo?: number;
}

/** A decision in a list. */
export interface DecisionRow {
  readonly id: string;
  readonly vault: string;
  readonly atSeconds: number;
  readonly blockNumber: number;
  readonly kind: RowKind;
  readonly code: string;
  readonly spot: number | null;
  readonly netDelta: number | null;
  readonly netDeltaAfter: number | null;
  readonly costQuote: number | null;
}

/** A stretch of a list, newest first. */
export interface DecisionPage {
  readonly total: number;
  /** Number of the newest decision that counts: to be named when asking for more of the same list. */
  readonly upTo: number;
  readonly rows: readonly DecisionRow[];
}

interface Found {
  readonly history: VaultHistory;
  readonly index: number;
  readonly number: number;
}

/** Finds decisions, newest first, and gives a stretch of them. @param skip how many newer ones to leave out */
export function searchDecisions(
  histories: readonly VaultHistory[],
  filter: DecisionFilter,
  skip: number,
  limit: number,
): DecisionPage {
  const upTo = filter.upTo ?? Math.max(0, ...histories.map(({ columns }) => columns.range?.newest ?? 0));
  const found = histories
    .filter(({ vault }) => filter.vault === undefined || vault === filter.vault)
    .map((history) => matches(history, { ...filter, upTo }));
  const total = found.reduce((sum, { length }) => sum + length, 0);
  const rows = merged(found, skip, limit).map(rowOf);
  return { total, upTo, rows };
}

/** Newest first, without sorting what nobody asked for. */
function merged(lists: readonly (readonly Found[])[], skip: number, limit: number): readonly Found[] {
  if (lists.length === 1) return lists[0]!.slice(skip, skip + limit);
  const places = lists.map(() => 0);
  const taken: Found[] = [];
  for (let rank = 0; rank < skip + limit; rank += 1) {
    let newest = -1;
    for (const [list, found] of lists.entries()) {
      const head = found[places[list]!];
      const best = newest < 0 ? undefined : lists[newest]![places[newest]!];
      if (head !== undefined && (best === undefined || head.number > best.number)) newest = list;
    }
    if (newest < 0) break;
    const head = lists[newest]![places[newest]!]!;
    places[newest]! += 1;
    if (rank >= skip) taken.push(head);
  }
  return taken;
}

function matches(history: VaultHistory, filter: DecisionFilter): readonly Found[] {
  const { columns } = history;
  const kind = filter.kind === undefined ? null : rowKinds.indexOf(filter.kind);
  const code = filter.code === undefined ? null : columns.codeOf(filter.code);
  const [numbers, times] = [columns.column('number'), columns.column('atSeconds')];
  const [kinds, codes] = [columns.column('kind'), columns.column('code')];
  const { fromSeconds = Number.NEGATIVE_INFINITY, toSeconds = Number.POSITIVE_INFINITY } = filter;
  const words = searchable(filter.text ?? '')
    .split(' ')
    .filter((word) => word !== '');
  const found: Found[] = [];
  for (let index = numbers.length - 1; index >= 0; index -= 1) {
    const number = numbers[index]!;
    if (number > (filter.upTo ?? number)) continue;
    if (kind !== null && kinds[index] !== kind) continue;
    if (code !== null && codes[index] !== code) continue;
    if (times[index]! < fromSeconds || times[index]! > toSeconds) continue;
    if (words.length > 0 && !says(columns.textAt(index), words)) continue;
    found.push({ history, index, number });
  }
  return found;
}

const says = (text: string, words: readonly string[]) => words.every((word) => text.includes(word));

function rowOf({ history: { columns, vault }, index, number }: Found): DecisionRow {
  const at = (field: Field) => columns.column(field)[index]!;
  const known = (field: Field) => (Number.isNaN(at(field)) ? null : at(field));
  return {
    id: `d-${number}`,
    vault,
    atSeconds: at('atSeconds'),
    blockNumber: at('blockNumber'),
    kind: rowKinds[at('kind')]!,
    code: columns.codeName(at('code')),
    spot: known('spot'),
    netDelta: known('netDelta'),
    netDeltaAfter: known('netDeltaAfter'),
    costQuote: known('costQuote'),
  };
}
