import type { TickResult } from '../../engine/tick.ts';
import type { DemoHedge, DemoReport, ResultParts } from '../../runtime/demo/report.ts';
import { DEMO_VAULT_WORDS } from '../../runtime/demo/vault.ts';
import { base, count, orUnknown, percent, profit, quote, signed, UNKNOWN } from './numbers.ts';
import { shortReason } from './reasons.ts';
import type { Style } from './style.ts';
import { type Column, pad, row, table } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'block', align: 'right', width: 6 },
  { title: 'spot', align: 'right', width: 9 },
  { title: 'net delta', align: 'right', width: 10 },
  { title: 'decision', align: 'left', width: 8 },
  { title: 'why', align: 'left', width: 26 },
  { title: 'cost USDC', align: 'right', width: 9 },
];

/** `devnet  ready 3.1 s   http://127.0.0.1:8545   seed 7`, and what there is on it. */
export function readyLines(
  { url, seconds }: { readonly url: string; readonly seconds: number },
  seed: number,
  style: Style,
): readonly string[] {
  return [
    `${style.green('devnet')}  ready ${seconds.toFixed(1)} s   ${url}   seed ${seed}`,
    ...DEMO_VAULT_WORDS.map(style.dim),
    '',
  ];
}

/** The titles above the decisions. */
export function demoHeader(style: Style): string {
  return style.dim(
    row(
      COLUMNS,
      COLUMNS.map(({ title }) => title),
    ),
  );
}

/** A decision in one line, and one more for what landed in its block. */
export function demoLine(result: TickResult, filled: readonly DemoHedge[], style: Style): readonly string[] {
  const { decision, block } = result;
  const { spot, netDelta, cost } = decision.numbers;
  const landed = filled.map((hedge) => {
    const words = `${hedge.side === 'sell' ? 'sold' : 'bought'} ${base(hedge.amountBase)} by ${hedge.relay}`;
    return row(COLUMNS, ['', '', '', style.green('landed'), words, quote(hedge.costQuote + hedge.gasQuote)]);
  });
  const kind =
    decision.kind === 'hedge' ? style.bold('hedge') : decision.kind === 'halt' ? style.red('halt') : 'hold';
  const cells = [
    block === null ? UNKNOWN : count(block.number),
    orUnknown(spot, quote),
    orUnknown(netDelta, signed),
    kind,
    shortReason(decision),
    decision.kind === 'hedge' ? orUnknown(cost?.totalQuote ?? null, quote) : UNKNOWN,
  ];
  return [...landed, row(COLUMNS, cells)];
}

/** The demo summed up against the same vault left alone, whichever came out better. */
export function summaryLines(report: DemoReport, parts: ResultParts | null, style: Style): readonly string[] {
  const { pnl, maxDrawdown, stdDev, netDelta, hedges } = report;
  const share = (compared: { hedged: number; unhedged: number }) =>
    compared.unhedged === 0 ? UNKNOWN : percent(compared.hedged / compared.unhedged, 0);
  const comparison = table(
    [
      { title: 'USDC', align: 'left', width: 24 },
      { title: 'hedged', align: 'right', width: 12 },
      { title: 'unhedged', align: 'right', width: 12 },
      { title: 'of unhedged', align: 'right' },
    ],
    [
      ['profit and loss', profit(pnl.hedged), profit(pnl.unhedged), ''],
      ['largest drawdown', quote(maxDrawdown.hedged), quote(maxDrawdown.unhedged), share(maxDrawdown)],
      ['std deviation a block', quote(stdDev.hedged), quote(stdDev.unhedged), share(stdDev)],
    ],
  );
  const [title = '', ...rows] = comparison;
  const landed = `${report.blocks} blocks, ${report.decisions} decisions, ${hedges.length} hedges through the relay`;
  return [
    `${landed}, ${report.publicMempoolSightings} seen in public`,
    `net delta  start ${signed(netDelta.start)}   end ${signed(netDelta.end)}   largest ${base(netDelta.maxAbs)} WETH`,
    '',
    style.dim(title),
    ...rows,
    '',
    ...(parts === null ? [] : partLines(parts, style)),
    '',
    'next  ballast devnet --help     the same devnet, for your own experiments',
  ];
}

function partLines(parts: ResultParts, style: Style): readonly string[] {
  const lines: readonly (readonly [string, number])[] = [
    ['options', parts.options],
    ['Uniswap range', parts.liquidity],
    ['tokens and collateral', parts.tokens],
    ['hedges, before costs', parts.hedges],
    ['pool fees', parts.fees],
    ['price impact and delay', parts.impact],
    ['gas', parts.gas],
  ];
  const total = lines.reduce((sum, [, value]) => sum + value, 0);
  const say = (name: string, value: number) => `${pad(name, 24, 'left')}  ${pad(profit(value), 12, 'right')}`;
  return [
    style.dim(say('where it came from', 0).replace(/\S+$/, '')).trimEnd(),
    ...lines.map(([name, value]) => say(name, value)),
    style.bold(say('together', total)),
  ];
}
