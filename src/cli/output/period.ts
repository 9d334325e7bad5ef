import { utcMinute } from '../../core/report/utc.ts';
import type { OtherPolicy, PeriodReport } from '../../runtime/dailyReport/periodReport.ts';
import { bps, count, counted, orUnknown, percent, profit, quote, signed, UNKNOWN } from './numbers.ts';
import { reasonWords } from './reasons.ts';
import type { Style } from './style.ts';
import { labelled, table } from './table.ts';

const LABEL_WIDTH = 12;
/** Reasons named in the terminal; the page has all of them. */
const MOST_REASONS = 4;
/** Letters that the name of a policy may take of a line. */
const NAME_WIDTH = 28;

const say = (label: string, text: string) => labelled(label, text, LABEL_WIDTH);

/** A report of a period, as far as a terminal has room: cost, risk, profit, and what other policies would have done. */
export function periodLines(report: PeriodReport, style: Style): readonly string[] {
  const { vault, units, decisions, cost, risk, span, openOrders, notes } = report;
  const period = `${utcMinute(report.fromSeconds)} to ${utcMinute(report.toSeconds)} UTC`;
  const head = `${style.bold(vault)}  ${report.policy}   ${period}`;
  if (span === null) return [head, ...say('', 'the journal has no decision of this vault in this period')];
  const counted = `${count(decisions.all)}: ${count(decisions.hedge)} hedge, ${count(decisions.hold)} hold, ${count(decisions.reduce)} reduce, ${count(decisions.halt)} halt`;
  return [
    head,
    ...say('decisions', counted),
    ...(openOrders.length === 0 ? [] : say('open', openOrders.join(', '))),
    ...say('cost', costText(report)),
    ...say(
      'risk',
      'missing' in risk
        ? `${UNKNOWN} ${risk.missing}`
        : `net delta ${signed(risk.meanAbsoluteBase).slice(1)} ${units.base} on the mean, ${signed(risk.largestBase)} at worst; beyond the band ${orUnknown(risk.beyondShare, percent)} of the time; ${risk.errorPerDayQuote === null ? `${UNKNOWN} what it made or lost a day: too few decisions` : `±${quote(risk.errorPerDayQuote)} ${units.quote} a day`}`,
    ),
    ...say('profit', profitText(report)),
    ...reasonLines(report),
    ...report.halts
      .slice(-MOST_REASONS)
      .flatMap(({ id, code }) => say(style.red('halt'), `${id}  ${reasonWords(code)}`)),
    '',
    ...othersLines(report, style),
    ...(cost.hedges === 0 && notes.length === 0
      ? []
      : ['', ...notes.flatMap((note) => labelled(style.dim('note'), style.dim(note), LABEL_WIDTH))]),
  ];
}

function costText({ cost, units }: PeriodReport): string {
  const parts = `fee ${quote(cost.feeQuote)} + impact ${quote(cost.impactQuote)} + gas ${quote(cost.gasQuote)} = ${quote(cost.totalQuote)} ${units.quote}`;
  const failed = cost.failed === 0 ? '' : `, ${count(cost.failed)} failed`;
  const of = cost.bps === null ? '' : `, ${bps(cost.bps)} of ${quote(cost.turnoverQuote)}`;
  return `${parts}   ${counted(cost.hedges, 'hedge')}${failed}${of}`;
}

function profitText({ profit: found, units }: PeriodReport): string {
  if ('missing' in found) return `${UNKNOWN} ${found.missing}`;
  const { parts } = found;
  const costs = parts.swapFee + parts.impact + parts.gas + parts.timing;
  return `${profit(parts.total)} ${units.quote}: theta ${profit(parts.theta)}, gamma ${profit(parts.gamma)}, vega ${profit(parts.vega)}, delta ${profit(parts.hedge)}, trading ${profit(costs)}, unexplained ${profit(parts.unexplained)}`;
}

function reasonLines({ notTraded }: PeriodReport): readonly string[] {
  if (notTraded.length === 0) return [];
  const named = notTraded
    .slice(0, MOST_REASONS)
    .map(({ code, steps }) => `${reasonWords(code)} ${count(steps)}`);
  const rest =
    notTraded.length > MOST_REASONS ? [`${count(notTraded.length - MOST_REASONS)} more reasons`] : [];
  return say('not traded', [...named, ...rest].join(', '));
}

/** A policy with its parameters, as far as the table has room for them. */
function nameOf({ name, parameters }: OtherPolicy): string {
  const text = parameters === '' ? name : `${name}, ${parameters.replaceAll(/[{}]/g, '')}`;
  return text.length > NAME_WIDTH ? `${text.slice(0, NAME_WIDTH - 1)}…` : text;
}

function othersLines({ others, units }: PeriodReport, style: Style): readonly string[] {
  if ('missing' in others) return say('others', `${UNKNOWN} ${others.missing}`);
  const [title = '', ...rows] = table(
    [
      { title: 'on the same path', align: 'left' },
      { title: 'hedges', align: 'right' },
      { title: `traded ${units.quote}`, align: 'right' },
      { title: 'cost', align: 'right' },
      { title: 'error a day', align: 'right' },
    ],
    others.policies.map((one) => [
      nameOf(one),
      count(one.hedges),
      quote(one.turnoverQuote),
      quote(one.costQuote),
      one.errorPerDayQuote === null ? UNKNOWN : `±${quote(one.errorPerDayQuote)}`,
    ]),
  );
  return [style.dim(title), ...rows];
}
