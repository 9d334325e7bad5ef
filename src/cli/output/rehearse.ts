import type { FaultRow } from '../../runtime/rehearse/matrix.ts';
import type { RehearsalFacts } from '../../runtime/rehearse/rehearse.ts';
import type { Fault } from '../../runtime/rehearse/scene.ts';
import { base, count, fixed } from './numbers.ts';
import type { Style } from './style.ts';
import { type Column, row, table, wrap } from './table.ts';

const columns: readonly Column[] = [
  { title: 'fault', align: 'left', width: 26 },
  { title: 'runs', align: 'right', width: 5 },
  { title: 'met', align: 'right', width: 5 },
  { title: 'double hedges', align: 'right', width: 13 },
  { title: 'lost orders', align: 'right', width: 11 },
  { title: 'blocks', align: 'right', width: 8 },
];

/** Head of the table of faults. */
export function rehearsalHeader(style: Style): string {
  return style.dim(
    row(
      columns,
      columns.map(({ title }) => title),
    ),
  );
}

const bad = (style: Style, value: number) => (value === 0 ? '0' : style.red(count(value)));

/** `1, 4`: the median, and the most where it is another. */
function blocksOf({ blocksToRecover, runs }: FaultRow, style: Style): string {
  if (runs === 0) return '–';
  if (blocksToRecover === null) return style.red('never');
  const { median, most } = blocksToRecover;
  const usual = fixed(median, Number.isInteger(median) ? 0 : 1);
  return most === median ? usual : `${usual}–${count(most)}`;
}

/** One fault over all its runs, with what was found under it. */
export function rehearsalRow(found: FaultRow, style: Style): readonly string[] {
  const { fault, runs, reached, doubleHedges, lostOrders, failures } = found;
  const cells = [
    fault,
    count(runs),
    reached === 0 ? style.yellow('none') : count(reached),
    bad(style, doubleHedges),
    bad(style, lostOrders),
    blocksOf(found, style),
  ];
  const findings = failures.flatMap(({ seed, findings: words }) =>
    words.flatMap((text) => wrap(`seed ${seed}: ${text}`, 76).map((line) => style.red(`    ${line}`))),
  );
  return [row(columns, cells), ...findings];
}

/** `REHEARSAL  fork of 1 at 21,004,512 · throw-away key and relay · loopback only`, and what the runs start from. */
export function rehearsalReady(
  { blockNumber, gifts, marketMoves }: RehearsalFacts,
  chainId: number,
  style: Style,
): readonly string[] {
  const where = `fork of ${chainId} at ${count(blockNumber)}`;
  const given = [...gifts].filter(([, amount]) => amount > 0);
  const gift =
    given.length === 0
      ? 'every vault has something to hedge as it is'
      : `so that there is something to hedge, on the fork: ${given.map(([vault, amount]) => `${base(amount)} base to ${vault}`).join(', ')}`;
  const market = marketMoves ? 'the market moves from block to block' : 'the market stays as it is';
  return [
    `${style.yellow('REHEARSAL')}  ${where} · throw-away key and relay · loopback only`,
    ...wrap(`${market}; ${gift}`, 80).map((line) => style.dim(line)),
    '',
  ];
}

/** Every fault by its name, in words; a mark for those of a rehearsal where none are named. */
export function faultList(
  faults: readonly Pick<Fault, 'name' | 'words'>[],
  usual: readonly string[],
  style: Style,
): readonly string[] {
  const rows = faults.map(({ name, words }) => [name, usual.includes(name) ? '*' : '', words]);
  const [head = '', ...lines] = table(
    [
      { title: 'fault', align: 'left' },
      { title: '', align: 'left' },
      { title: 'what happens', align: 'left' },
    ],
    rows,
  );
  return [style.dim(head), ...lines, style.dim('* where --faults names none')];
}

/** Whether anything is not as it must be. */
export function hasViolations(rows: readonly FaultRow[]): boolean {
  return rows.some(({ failures }) => failures.length > 0);
}

/** What all of it came to. */
export function rehearsalSummary(rows: readonly FaultRow[], style: Style): readonly string[] {
  const sum = (of: (found: FaultRow) => number) => rows.reduce((total, one) => total + of(one), 0);
  const runs = sum((one) => one.runs);
  const failed = sum(({ failures }) => failures.length);
  const hedges = count(sum((one) => one.hedges));
  const words = `${count(runs)} runs, ${hedges} hedges: ${count(sum((one) => one.doubleHedges))} double, ${count(sum((one) => one.lostOrders))} lost`;
  const verdict =
    failed === 0
      ? style.green('every run came to rest, journal and chain agree')
      : style.red(`${count(failed)} runs did not end as they must`);
  const unmet = rows.filter(({ reached }) => reached === 0).map(({ fault }) => fault);
  const note =
    unmet.length === 0 ? [] : wrap(`not met here: ${unmet.join(', ')}`, 78).map((line) => style.yellow(line));
  return ['', words, verdict, ...note];
}
