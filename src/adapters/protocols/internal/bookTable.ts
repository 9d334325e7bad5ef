import { parse } from 'yaml';

/** One row of a book as it stands there. */
export interface BookRow {
  /** For people: `line 3` of a table, `position 3` of a list. */
  readonly place: string;
  readonly fields: unknown;
}

/** What a document holds, before any of it is believed. */
export interface BookText {
  /** As the document says itself; undefined where it does not. */
  readonly asOf: unknown;
  readonly rows: readonly BookRow[];
}

const AS_OF_LINE = /^#\s*asOf[:\s]\s*(\S+)\s*$/;

/**
 * A book in YAML or JSON: `asOf` and a list of `positions`.
 *
 * @throws Error with the parser's words where the text is neither, or has no such list
 */
export function yamlBook(text: string): BookText {
  const document = parse(text, { maxAliasCount: 0, logLevel: 'error' }) as unknown;
  const { asOf, positions, ...unknown } = (document ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(positions)) throw new Error('positions: is not a list');
  const [key] = Object.keys(unknown);
  if (key !== undefined) throw new Error(`${key}: is not a part of a book, which has asOf and positions`);
  return {
    asOf,
    rows: positions.map((fields: unknown, index) => ({ place: `position ${index + 1}`, fields })),
  };
}

/**
 * A book as comma-separated values: a header, one position a line, empty cells for what does not apply. A line
 * `# asOf 2026-01-30T08:00:00Z` before the header dates it; other lines that begin with `#` are comments.
 *
 * @throws Error where no header names the fields, a line has more or fewer cells than it, or a quote is not closed
 */
export function csvBook(text: string): BookText {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '');
  const [asOf, ...others] = lines.flatMap(({ line }) => AS_OF_LINE.exec(line)?.[1] ?? []);
  if (others.some((other) => other !== asOf)) throw new Error(`asOf: ${asOf}, and ${others.join(', ')} too`);
  const [header, ...rows] = lines.filter(({ line }) => !line.startsWith('#'));
  if (header === undefined) throw new Error('is empty: not even a line that names the fields');
  const names = cellsOf(header.line, header.number);
  // A table that has lost its header, or is being written, is not an empty book.
  if (!names.includes('kind'))
    throw new Error(`line ${header.number}: names no field kind, so it is not the header`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`line ${header.number}: ${twice} is there twice`);
  return {
    asOf,
    rows: rows.map(({ line, number }) => {
      const cells = cellsOf(line, number);
      if (cells.length !== names.length)
        throw new Error(`line ${number}: ${cells.length} cells, the header has ${names.length}`);
      const filled = names.flatMap((name, index) => (cells[index] === '' ? [] : [[name, cells[index]]]));
      return { place: `line ${number}`, fields: Object.fromEntries(filled) };
    }),
  };
}

/** Cells may be quoted; a doubled quote stands for one. */
function cellsOf(line: string, number: number): readonly string[] {
  const cell = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  const cells: string[] = [];
  for (let end = ','; end === ','; ) {
    const found = cell.exec(line);
    if (found === null) throw new Error(`line ${number}: a quote is out of place`);
    cells.push((found[1]?.replaceAll('""', '"') ?? found[2] ?? '').trim());
    end = found[3] ?? '';
  }
  return cells;
}
