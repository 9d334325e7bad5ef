import { visibleWidth } from './style.ts';

/** How one column of a table is headed and set. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Least width; the column is as wide as its widest cell otherwise. */
  readonly width?: number;
  /** Where the table is wider than a terminal, cells of this column are cut in their middle. */
  readonly mayShorten?: boolean;
}

const TERMINAL_WIDTH = 80;
const LEAST_SHORTENED = 12;
const GAP = 2;

/** Pads to a width as seen on screen; what is wider stays whole. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const fill = ' '.repeat(Math.max(0, width - visibleWidth(text)));
  return align === 'left' ? text + fill : fill + text;
}

/** One row of a table whose column widths are known: for tables that are printed as they grow. */
export function row(columns: readonly Column[], cells: readonly string[]): string {
  return columns
    .map((column, index) => pad(cells[index] ?? '', column.width ?? 0, column.align))
    .join('  ')
    .trimEnd();
}

/** A whole table: header line, then rows, two blanks between columns. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map((column, index) =>
    Math.max(
      column.width ?? 0,
      visibleWidth(column.title),
      ...rows.map((cells) => visibleWidth(cells[index] ?? '')),
    ),
  );
  const total = widths.reduce((sum, width) => sum + width + GAP, -GAP);
  const sized = columns.map((column, index) => {
    const width = widths[index]!;
    const left = Math.max(LEAST_SHORTENED, visibleWidth(column.title), width - (total - TERMINAL_WIDTH));
    return { ...column, width: column.mayShorten === true ? Math.min(width, left) : width };
  });
  return [
    row(
      sized,
      sized.map((column) => column.title),
    ),
    ...rows.map((cells) =>
      row(
        sized,
        cells.map((cell, index) => (sized[index]?.mayShorten ? shorten(cell, sized[index].width) : cell)),
      ),
    ),
  ];
}

/** A text without colours cut in its middle, since names that are alike differ at their ends. */
function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}

/** Breaks a text at blanks so that no line is wider than `width`; a longer word stays whole, a line end stays one. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (visibleWidth(longer) > width && line !== '') {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** A name in a fixed column and a text beside it, wrapped under itself; a name too long for it has a line of its own. */
export function labelled(label: string, text: string, labelWidth: number, width = 80): readonly string[] {
  if (label !== '' && visibleWidth(label.trimEnd()) >= labelWidth)
    return [label.trimEnd(), ...labelled('', text, labelWidth, width)];
  return wrap(text, width - labelWidth).map(
    (line, index) => pad(index === 0 ? label : '', labelWidth, 'left') + line,
  );
}
