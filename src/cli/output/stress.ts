import type { OneWayReach } from '../../core/risk/stress/reach.ts';
import { casesWithin, type StressFigure } from '../../core/risk/stress/stressFigures.ts';
import type { StressLevel } from '../../core/risk/stress/stressLevel.ts';
import type { StressCase } from '../../core/risk/stress/stressTest.ts';
import type { StressReport } from '../../runtime/stress.ts';
import type { Terminal } from '../terminal.ts';
import { marginLines } from './margin.ts';
import { base, count, fixed, quote, signed, UNKNOWN } from './numbers.ts';
import { type Style, visibleWidth } from './style.ts';
import { type Column, labelled, pad, table, wrap } from './table.ts';

const LABEL_WIDTH = 12;
const WIDTH = 80;
const MOST_ADVICE = 3;

const right = (title: string): Column => ({ title, align: 'right' });

/** A vault's stress as people read it: level first, then where it would be, what back would cost, what a crash asks. */
export function stressLines(report: StressReport, { style }: Pick<Terminal, 'style'>): readonly string[] {
  const { input } = report;
  const say = (label: string, text: string) => labelled(label, text, LABEL_WIDTH);
  const title = `${style.bold(report.vault)}   block ${count(Number(report.block.number))}   spot ${quote(report.spot)}`;
  const owns = `owns ${base(input.sellableBase)} ${report.base.symbol} and ${quote(input.quote)} ${report.quote.symbol}`;
  const lent = input.debtBase > 0 ? `, owes ${base(input.debtBase)} ${report.base.symbol}` : '';
  return [
    pad(title, WIDTH - 'NOTHING SENT'.length, 'left') + style.yellow('NOTHING SENT'),
    ...say('net delta', `${signed(report.netDelta)} ${report.base.symbol}; ${owns}${lent}`),
    ...marginLines(report.margin, report, 'margin', LABEL_WIDTH),
    ...say(
      'level',
      `${levelWord(report.level, style)}${report.isConfigured ? '' : style.dim('   default limits: limits.stress is not set')}`,
    ),
    ...figureLines('margin', report.figures.margin, style),
    ...figureLines('cost', report.figures.cost, style),
    ...figureLines('reach', report.figures.reach, style),
    '',
    ...priceLines(report, style),
    '',
    ...conditionLines(report, style),
    '',
    ...say('reach', `${reachWords('down', report.reach.down)}; ${reachWords('up', report.reach.up)}`),
    ...say(
      'jump',
      `costs ${quote(report.jump.meanQuote)} on average, ${quote(report.jump.shortfallQuote)} in the worst 1 %; ${quote(report.jump.perYearQuote)} ${report.quote.symbol} a year`,
    ),
    ...say(
      'a day alone',
      `the worst 1 % of days cost ${quote(report.day.shortfallQuote)} ${report.quote.symbol} on average, unhedged`,
    ),
    ...crashLines(report, style),
    ...ownersLines(report),
  ];
}

function levelWord(level: StressLevel, style: Style): string {
  if (level === 'normal') return style.green(level);
  return level === 'cautious' ? style.yellow(level) : style.red(level);
}

function figureLines(label: string, { use, text }: StressFigure, style: Style): readonly string[] {
  const share = Number.isFinite(use) ? `${fixed(use * 100, 0)} %` : 'beyond';
  const word = use >= 1 ? style.red(share) : use >= 0.67 ? style.yellow(share) : share;
  return labelled('', `${pad(`${label} ${word}`, 14, 'left')}${text}`, LABEL_WIDTH);
}

function percentMove(change: number): string {
  return `${signed(change * 100, 0)} %`;
}

function priceLines({ cases, limits, quote: token }: StressReport, style: Style): readonly string[] {
  const plain = cases.filter(({ condition }) => condition === 'as it is');
  const [still = 0, ...moved] = limits.volatilityChanges;
  const at = (priceChange: number, volatilityChange: number) =>
    plain.find((one) => one.priceChange === priceChange && one.volatilityChange === volatilityChange);
  const value = still === 0 ? `value ${token.symbol}` : `value, vol ${signed(still * 100, 0)}`;
  const tableOf = (moved: readonly number[]) => {
    const columns = [
      right('price'),
      right('spot'),
      right(value),
      ...moved.map((change) => right(`vol ${signed(change * 100, 0)}`)),
      right('net delta'),
      right('health'),
      right('back costs'),
      { title: 'lacks', align: 'left' } as const,
    ];
    const rows = limits.priceChanges.flatMap((priceChange) => {
      const one = at(priceChange, still);
      if (one === undefined) return [];
      const others = moved.map((change) => at(priceChange, change));
      return [
        [
          percentMove(priceChange),
          quote(one.spot),
          signed(one.valueChange, 0),
          ...others.map((other) => (other === undefined ? UNKNOWN : signed(other.valueChange, 0))),
          signed(one.netDelta, 2),
          Number.isFinite(one.healthFactor) ? fixed(one.healthFactor, 2) : UNKNOWN,
          one.costQuote === null ? UNKNOWN : quote(one.costQuote),
          one.lacks === null ? '' : style.red(one.lacks),
        ],
      ];
    });
    return table(columns, rows);
  };
  // A terminal of 80 columns: volatilities that do not fit are in the JSON.
  const fits = (lines: readonly string[]) => lines.every((line) => visibleWidth(line) <= WIDTH);
  const shown = moved.findLastIndex((_, last) => fits(tableOf(moved.slice(0, last + 1)))) + 1;
  const left = moved.slice(shown).map((change) => signed(change * 100, 0));
  const title =
    left.length === 0
      ? 'a jump, before anybody trades'
      : `a jump, before anybody trades (vol ${left.join(', ')}: --json)`;
  return [...wrap(title, WIDTH), ...headed(tableOf(moved.slice(0, shown)), style)];
}

function conditionLines(report: StressReport, style: Style): readonly string[] {
  const { cases, limits, quote: token } = report;
  const near = casesWithin(cases, limits);
  const names = [...new Set(near.map(({ condition }) => condition))];
  const rows = names.map((name) => {
    const own = near.filter(({ condition }) => condition === name);
    const worst = own.reduce((most, one) => (costOf(one) > costOf(most) ? one : most));
    const lacking = [...new Set(own.flatMap(({ lacks }) => lacks ?? []))];
    return [
      name,
      percentMove(worst.priceChange),
      worst.costQuote === null ? UNKNOWN : quote(worst.costQuote),
      count(worst.orders),
      lacking.length === 0 ? '' : style.red(lacking.join(', ')),
    ];
  });
  const columns: readonly Column[] = [
    { title: 'condition', align: 'left' },
    right('worst at'),
    right(`back costs ${token.symbol}`),
    right('orders'),
    { title: 'lacks', align: 'left' },
  ];
  const title = `back to neutral within ${fixed(limits.within * 100, 0)} % either way, the dearest case of each condition`;
  return [title, ...headed(table(columns, rows), style)];
}

function costOf({ costQuote }: StressCase): number {
  return costQuote ?? Number.POSITIVE_INFINITY;
}

function headed([head = '', ...rows]: readonly string[], style: Style): readonly string[] {
  return [style.dim(head), ...rows];
}

function reachWords(way: string, { priceChange, spot, end }: OneWayReach): string {
  if (end === 'grid') return `${way} beyond ${percentMove(priceChange)}`;
  return `${way} to ${percentMove(priceChange)} (${quote(spot)}), then ${end} runs out`;
}

/** What would shrink the vault and is not the keeper's to do; nothing while all is well. */
function ownersLines({ level, owners }: StressReport): readonly string[] {
  if (level === 'normal' || owners.length === 0) return [];
  return owners.slice(0, MOST_ADVICE).flatMap(({ text }) => labelled('owners may', text, LABEL_WIDTH));
}

function crashLines({ crash, quote: token }: StressReport, style: Style): readonly string[] {
  if (crash === null) return [];
  const fall = percentMove(crash.priceChange);
  const needs = `${fall} in a day trades ${quote(crash.turnoverQuote)} of ${quote(crash.turnoverRoomQuote)} ${token.symbol}; needs ${fixed(crash.slippageBps, 0)} of ${crash.slippageRoomBps} bps`;
  return [
    ...labelled('mandate', needs, LABEL_WIDTH),
    ...crash.lacks.flatMap(({ text }) => labelled(style.red('lacks'), text, LABEL_WIDTH)),
  ];
}
