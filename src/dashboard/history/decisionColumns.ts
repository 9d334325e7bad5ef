import type { CorruptHead, DecisionHead } from '../../ports/store.ts';

/** What a row of the index says was decided; `corrupt` where the journal's row cannot be believed. */
export const rowKinds = ['hold', 'hedge', 'reduce', 'halt', 'corrupt'] as const;

/** One of {@link rowKinds}. */
export type RowKind = (typeof rowKinds)[number];

const FIELDS = [
  'number',
  'atSeconds',
  'blockNumber',
  'kind',
  'code',
  'spot',
  'netDelta',
  'netDeltaAfter',
  'sellAct',
  'sellTarget',
  'buyAct',
  'buyTarget',
  'gamma',
  'valueQuote',
  'costQuote',
] as const;

/** A column of the index; NaN = not known. */
export type Field = (typeof FIELDS)[number];

type Row = Readonly<Record<Field, number>>;

/** Number of a decision: 17 of `d-17`. */
export function numberOf(id: string): number {
  return Number(id.slice(2));
}

/**
 * The decisions of one vault in columns, oldest first: what lists and charts are drawn from, small enough to keep a hundred
 * thousand in memory. It grows at both ends, since the newest are read first.
 */
export class DecisionColumns {
  readonly #older = emptyLists();
  readonly #newer = emptyLists();
  readonly #codes: string[] = [];
  readonly #olderTexts: string[] = [];
  readonly #newerTexts: string[] = [];
  #columns = new Map<Field, Float64Array>();

  get length(): number {
    return this.#older.number.length + this.#newer.number.length;
  }

  /** Number of the oldest and of the newest decision; null where there is none. */
  get range(): { readonly oldest: number; readonly newest: number } | null {
    const column = this.column('number');
    return column.length === 0 ? null : { oldest: column[0]!, newest: column[column.length - 1]! };
  }

  /** The reason that a value of the column `code` stands for. */
  codeName(code: number): string {
    return this.#codes[code] ?? '';
  }

  /** Every reason that a decision had. */
  get codeNames(): readonly string[] {
    return this.#codes;
  }

  /** Place of a reason in the column `code`; -1 where no decision has it. */
  codeOf(name: string): number {
    return this.#codes.indexOf(name);
  }

  /** What a decision said, as {@link searchable} has it. @param index its place in every column */
  textAt(index: number): string {
    const older = this.#olderTexts.length;
    return (index < older ? this.#olderTexts[older - 1 - index] : this.#newerTexts[index - older]) ?? '';
  }

  /** A decision newer than all others. */
  append(head: DecisionHead | CorruptHead): void {
    this.#newerTexts.push(textOf(head));
    this.#push(this.#newer, head);
  }

  /** A decision older than all others. */
  prepend(head: DecisionHead | CorruptHead): void {
    this.#olderTexts.push(textOf(head));
    this.#push(this.#older, head);
  }

  /** A whole column, oldest first; the same array until there is another decision. */
  column(field: Field): Float64Array {
    const known = this.#columns.get(field);
    if (known !== undefined) return known;
    const [older, newer] = [this.#older[field], this.#newer[field]];
    const column = new Float64Array(older.length + newer.length);
    for (let index = 0; index < older.length; index += 1) column[older.length - 1 - index] = older[index]!;
    column.set(newer, older.length);
    if (field === 'atSeconds') fillFromNeighbours(column);
    this.#columns.set(field, column);
    return column;
  }

  #push(lists: Record<Field, number[]>, head: DecisionHead | CorruptHead): void {
    const row = 'corrupt' in head ? this.#corruptRow(head) : this.#rowOf(head);
    for (const field of FIELDS) lists[field].push(row[field]);
    this.#columns = new Map();
  }

  #placeOf(code: string): number {
    const known = this.#codes.indexOf(code);
    return known >= 0 ? known : this.#codes.push(code) - 1;
  }

  #rowOf({ id, recordedAtSeconds, blockNumber, decision }: DecisionHead): Row {
    const { kind, code, numbers } = decision;
    const { spot, netDelta, band, exposure, cost } = numbers;
    return {
      number: numberOf(id),
      atSeconds: recordedAtSeconds,
      blockNumber: Number(blockNumber),
      kind: rowKinds.indexOf(kind),
      code: this.#placeOf(code),
      spot: spot ?? Number.NaN,
      netDelta: netDelta ?? Number.NaN,
      netDeltaAfter: 'plan' in decision ? decision.netDeltaAfter : Number.NaN,
      sellAct: band?.sell.act ?? Number.NaN,
      sellTarget: band?.sell.target ?? Number.NaN,
      buyAct: band?.buy.act ?? Number.NaN,
      buyTarget: band?.buy.target ?? Number.NaN,
      gamma: exposure?.gamma ?? Number.NaN,
      valueQuote: exposure?.valueQuote ?? Number.NaN,
      costQuote: cost?.totalQuote ?? Number.NaN,
    };
  }

  /** A damaged row keeps its place; its number is all that is certain. */
  #corruptRow({ id }: CorruptHead): Row {
    const unknown = Object.fromEntries(FIELDS.map((field) => [field, Number.NaN])) as Record<Field, number>;
    const kind = rowKinds.indexOf('corrupt');
    return { ...unknown, number: numberOf(id), kind, code: this.#placeOf('corrupt') };
  }
}

/** Text as it is searched: without case, with the signs and spaces that a keyboard has. */
export function searchable(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/\s+/g, ' ');
}

function textOf(head: DecisionHead | CorruptHead): string {
  return searchable('corrupt' in head ? head.corrupt : head.decision.why);
}

/** A damaged row takes the time of the one before it, or after it where it is the first: times must rise. */
function fillFromNeighbours(times: Float64Array): void {
  for (let index = 1; index < times.length; index += 1)
    if (Number.isNaN(times[index]!)) times[index] = times[index - 1]!;
  for (let index = times.length - 2; index >= 0; index -= 1)
    if (Number.isNaN(times[index]!)) times[index] = times[index + 1]!;
}

function emptyLists(): Record<Field, number[]> {
  return Object.fromEntries(FIELDS.map((field) => [field, []])) as unknown as Record<Field, number[]>;
}
