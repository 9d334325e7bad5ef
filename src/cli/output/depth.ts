import type { Pool } from '../../core/amm/pool.ts';
import { swapFeePips } from '../../core/amm/poolTerms.ts';
import { swapsZeroForOne } from '../../core/amm/price.ts';
import { isTowardsQuote, poolsOfWay } from '../../core/amm/twoHop.ts';
import { gasQuote } from '../../core/hedge/cost.ts';
import {
  type DepthFill,
  type DepthTable,
  FARTHEST,
  type PoolDepth,
  sharesOf,
} from '../../core/hedge/depthTable.ts';
import { toWhole } from '../../core/units.ts';
import type { DepthReport } from '../../runtime/pools/depth.ts';
import type { Terminal } from '../terminal.ts';
import { count, counted, fixed, quote, significant, UNKNOWN } from './numbers.ts';
import { visibleWidth } from './style.ts';
import { type Column, labelled, row, wrap } from './table.ts';

const WIDTH = 80;
const GAP = 2;
/** Wide enough for `9,999.9` and for a size of a thousand. */
const SIZE_WIDTH = 7;
const LABEL_WIDTH = 8;

type Shown = Pick<Terminal, 'style' | 'address' | 'command'>;

/** One line of a block: its labels, and a cell for every size. */
interface Line {
  readonly labels: readonly string[];
  readonly cells: readonly string[];
  readonly isStrong?: boolean;
}

/** Lines over the sizes, under a sentence that says what the numbers are. */
interface Block {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** The depth of one market: all in, each pool by itself, how the best split is made; at most 80 columns. */
export function depthLines(report: DepthReport, terminal: Shown): readonly string[] {
  const { table } = report;
  const { style } = terminal;
  const blocks = blocksOf(table, terminal);
  const labelColumns = widened(labelColumnsOf(table), blocks);
  const labelWidth = labelColumns.reduce((sum, { width }) => sum + width + GAP, 0);
  const sizes = table.sizesRaw.map((raw) => sizeText(raw, table));
  const sizeWidth = Math.max(SIZE_WIDTH, ...sizes.map(visibleWidth));
  const perChunk = Math.max(1, Math.floor((WIDTH - labelWidth + GAP) / (sizeWidth + GAP)));
  const chunks = Array.from({ length: Math.ceil(sizes.length / perChunk) }, (_, index) => index * perChunk);
  const lines = [...headLines(report, terminal)];
  for (const block of blocks) {
    lines.push('', ...wrap(block.title, WIDTH));
    for (const from of chunks) {
      const columns: readonly Column[] = [
        ...labelColumns,
        ...sizes
          .slice(from, from + perChunk)
          .map((title) => ({ title, align: 'right' as const, width: sizeWidth })),
      ];
      lines.push(
        style.dim(
          row(
            columns,
            columns.map(({ title }) => title),
          ),
        ),
      );
      for (const { labels, cells, isStrong } of block.lines) {
        const named = labelColumns.map((_, index) => labels[index] ?? '');
        const text = row(columns, [...named, ...cells.slice(from, from + perChunk)]);
        lines.push(isStrong ? style.bold(text) : text);
      }
    }
  }
  return [...lines, ...footLines(report, terminal)];
}

function headLines(report: DepthReport, { style }: Shown): readonly string[] {
  const { vault, chainId, block, fairFrom, table } = report;
  const { base: baseToken, quote: quoteToken, side, fairPrice } = table;
  const trade = `${side} ${baseToken.symbol} ${side === 'sell' ? 'for' : 'with'} ${quoteToken.symbol}`;
  const where = [
    ...(chainId === null ? [] : [`chain ${chainId}`]),
    block === null ? 'block not recorded' : `block ${count(block)}`,
  ];
  const sources = [
    ...(fairFrom.feeds === 0 ? [] : [counted(fairFrom.feeds, 'feed')]),
    counted(fairFrom.pools, 'pool'),
  ].join(' and ');
  const from = fairFrom.feeds + fairFrom.pools === 1 ? `from ${sources}` : `median of ${sources}`;
  return [
    [style.bold(vault ?? trade), ...(vault === null ? [] : [trade]), ...where].join('   '),
    ...labelled(
      'fair',
      `${priceText(fairPrice)} ${quoteToken.symbol} per ${baseToken.symbol}, ${from}`,
      LABEL_WIDTH,
    ),
    ...labelled('gas', gasWords(table), LABEL_WIDTH),
  ];
}

function gasWords({ gas, quote: quoteToken }: DepthTable): string {
  if (gas === null) return 'not counted';
  const first = gasQuote(1, gas.native, gas);
  const further = gasQuote(2, gas.native, gas) - first;
  return `${quote(first)} ${quoteToken.symbol}, ${quote(further)} more for each further pool, as ballast plan counts it`;
}

function labelColumnsOf({ quote: quoteToken }: DepthTable): readonly Column[] {
  return [
    { title: 'pool', align: 'left' },
    { title: 'fee %', align: 'right' },
    { title: `middle ${quoteToken.symbol}`, align: 'right' },
  ];
}

function widened(
  columns: readonly Column[],
  blocks: readonly Block[],
): readonly (Column & { width: number })[] {
  return columns.map((column, index) => ({
    ...column,
    width: Math.max(
      visibleWidth(column.title),
      ...blocks.flatMap(({ lines }) => lines.map(({ labels }) => visibleWidth(labels[index] ?? ''))),
    ),
  }));
}

function blocksOf(table: DepthTable, terminal: Shown): readonly Block[] {
  const { pools, best, gas, base: baseToken, side, fairPrice } = table;
  const { style } = terminal;
  const missing = style.yellow(UNKNOWN);
  const bySize = `by ${baseToken.symbol} ${side === 'sell' ? 'sold' : 'bought'}`;
  const labelsOf = (depth: PoolDepth) => [
    poolName(depth, terminal),
    feeText(depth, table),
    priceText(depth.middlePrice),
  ];
  const costs = (fills: readonly DepthFill[]) =>
    fills.map((fill) => (fill.filled ? bpsText(fill.cost.bps) : missing));
  const included = gas === null ? 'fee and impact' : 'fee, impact and gas';
  const shares = best.map((split) => (split.filled ? sharesOf(split, pools) : null));
  const allIn: Block = {
    title: `cost in bps ${bySize}: ${included}, from the fair price`,
    lines: [
      ...pools.map((depth) => ({ labels: labelsOf(depth), cells: costs(depth.fills) })),
      ...(pools.length > 1 ? [{ labels: ['best split'], cells: costs(best), isStrong: true }] : []),
    ],
  };
  const own: Block = {
    title: `depth in bps ${bySize}: fee and impact, from each pool's own middle`,
    lines: pools.map((depth) => ({
      labels: labelsOf(depth),
      cells: depth.fills.map(({ ownCost }) => (ownCost === null ? missing : bpsText(ownCost.bps))),
    })),
  };
  const split: Block = {
    title: `best split in % ${bySize}, and bps that it saves on the best single pool`,
    lines: [
      ...pools.map((depth, index) => ({
        labels: [poolName(depth, terminal), feeText(depth, table)],
        cells: shares.map((ofSize) => (ofSize === null ? missing : shareText(ofSize[index] ?? 0, style.dim))),
      })),
      {
        labels: ['saved, bps'],
        cells: best.map(({ savedBps }) => (savedBps === null ? missing : bpsText(savedBps))),
      },
    ],
  };
  const isSameTwice = gas === null && pools.every((depth) => depth.middlePrice === fairPrice);
  return [allIn, ...(isSameTwice ? [] : [own]), ...(pools.length > 1 ? [split] : [])];
}

/** What stands behind every mark for "not known", and what could not be read. */
function footLines({ table, missing, vault }: DepthReport, terminal: Shown): readonly string[] {
  const { style } = terminal;
  const mark = style.yellow(UNKNOWN);
  const alone = table.pools.flatMap((depth) => notesOf(poolName(depth, terminal), depth.fills, table));
  const together = table.pools.length > 1 ? notesOf('the best split', table.best, table) : [];
  const unsaved = table.best.flatMap((fill) =>
    fill.filled && fill.savedBps === null
      ? [`${sizeText(fill.sizeRaw, table)}: no pool fills it alone, so there is nothing to save on`]
      : [],
  );
  const notes = [...alone, ...together, ...unsaved].flatMap((text) => labelled(mark, text, 3));
  const hops = table.pools.some(({ pool }) => pool.kind === 'twoHop')
    ? labelled('a+b', 'two pools in a row: over a bridge token, counted as two swaps of gas', 5)
    : [];
  const unread = missing.flatMap(({ what, why }) =>
    labelled(style.yellow('not read'), `${what}: ${why}`, 10),
  );
  const next = vault === null ? [] : ['', `next  ${terminal.command(`plan --vault ${vault}`)}`];
  return [
    ...(notes.length + unread.length + hops.length === 0 ? [] : ['']),
    ...hops,
    ...notes,
    ...unread,
    ...next,
  ];
}

/** One note for all sizes that are not filled for the same reason. */
function notesOf(name: string, fills: readonly DepthFill[], table: DepthTable): readonly string[] {
  const sizes = new Map<string, string[]>();
  for (const fill of fills) {
    if (fill.filled) continue;
    const words = unfilledWords(fill, table);
    sizes.set(words, [...(sizes.get(words) ?? []), sizeText(fill.sizeRaw, table)]);
  }
  return [...sizes].map(([words, texts]) => `${texts.join('; ')}: ${name} ${words}`);
}

function unfilledWords(
  { why, fillableRaw }: Extract<DepthFill, { readonly filled: false }>,
  { base: baseToken, side }: DepthTable,
): string {
  const verb = side === 'sell' ? 'takes' : 'gives';
  const amount = `${significant(toWhole(fillableRaw, baseToken.decimals))} ${baseToken.symbol}`;
  switch (why) {
    case 'noLiquidity':
      return `${verb} ${amount}; its liquidity ends there`;
    case 'knownRangeEnd':
      return `${verb} at least ${amount}; its ticks were not read any further (priceRange)`;
    case 'tooFar':
      return `${verb} ${amount} before its price is ${count(FARTHEST)} times off the fair price`;
  }
}

/** `uniswapV3 0x88e6…5640`; of two hops, whose venues would not fit beside, `0x4e68…fa36+0x3416…8cb6`. */
function poolName({ pool }: PoolDepth, { address }: Shown): string {
  return pool.kind === 'twoHop'
    ? `${address(pool.near.address)}+${address(pool.far.address)}`
    : `${pool.venue} ${address(pool.address)}`;
}

/** The whole fee of each swap on its input, per cent, the pool of base first. */
export function feesPercent({ pool }: PoolDepth, table: DepthTable): readonly number[] {
  const feeOf = (one: Pool) =>
    swapFeePips(one, swapsZeroForOne(table.side, isTowardsQuote(one, table))) / 10_000;
  return poolsOfWay(pool).map(feeOf);
}

function feeText(depth: PoolDepth, table: DepthTable): string {
  return feesPercent(depth, table).join('+');
}

function sizeText(raw: bigint, { base: baseToken }: DepthTable): string {
  const size = toWhole(raw, baseToken.decimals);
  return Number.isInteger(size) ? count(size) : significant(size, 6).replace(/0+$/, '');
}

/** Two decimals for what is worth more than one, significant ones below. */
function priceText(price: number): string {
  return price >= 1 ? quote(price) : significant(price, 6);
}

function bpsText(value: number): string {
  return fixed(value, Math.abs(value) < 1_000 ? 1 : 0);
}

function shareText(share: number, dim: (text: string) => string): string {
  const text = fixed(share * 100, 1);
  return share === 0 ? dim(text) : text;
}
