import type { StudyAssumption, StudyFinding } from '../../runtime/backtest/study.ts';
import type { PolicyReport, StudyReport } from '../../runtime/backtest/studyReport.ts';
import { count, fixed, orUnknown, percent, UNKNOWN } from './numbers.ts';
import { reasonWords } from './reasons.ts';
import type { Style } from './style.ts';
import { type Column, labelled, table } from './table.ts';

const LABEL_WIDTH = 12;
const HOUR = 3_600;
/** Findings of one kind that are shown one by one. */
const MOST_SHOWN = 2;

const columns: readonly Column[] = [
  { title: 'policy', align: 'left' },
  { title: 'hedges', align: 'right' },
  { title: 'cost USDC', align: 'right' },
  { title: 'fee/impact/gas', align: 'right' },
  { title: 'sd USDC', align: 'right' },
  { title: 'ES 99 %', align: 'right' },
  { title: 'score', align: 'left' },
];

/** A backtest as people read it: the policies beside each other, then what held the first one back and what it earned. */
export function backtestLines(report: StudyReport, style: Style): readonly string[] {
  const [first] = report.policies;
  return [
    ...labelled(report.name, headline(report), Math.max(LABEL_WIDTH, report.name.length + 2)),
    ...report.assumptions.flatMap((assumption) => assumptionLines(assumption, style)),
    ...findingLines(report.findings, style),
    '',
    ...table(columns, report.policies.map(policyCells)),
    ...labelled('score', scoreNote(report), LABEL_WIDTH),
    '',
    ...(first === undefined ? [] : detailLines(first)),
    ...report.policies.flatMap((policy) => budgetLines(policy, style)),
  ];
}

function headline({ paths, seed, engine }: StudyReport): string {
  const from = Math.min(...paths.map(({ fromSeconds }) => fromSeconds));
  const to = Math.max(...paths.map(({ toSeconds }) => toSeconds));
  const hours = paths.reduce((sum, path) => sum + (path.toSeconds - path.fromSeconds) / HOUR, 0);
  const many = paths.length === 1 ? '' : `${paths.length} paths  `;
  return `${day(from)}…${day(to)}  ${many}${count(hours)} h  seed ${seed}  ${engine} path`;
}

function assumptionLines({ part, text, source }: StudyAssumption, style: Style): readonly string[] {
  return labelled(part, style.dim(source === 'model' ? `${text} (assumed)` : text), LABEL_WIDTH);
}

/** Each kind once with how often it was found, and the first of them with what was done. */
function findingLines(findings: readonly StudyFinding[], style: Style): readonly string[] {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const all = findings.filter((finding) => finding.kind === kind);
    const shown = all.slice(0, MOST_SHOWN).map(({ atSeconds, line, text }) => {
      const when = atSeconds === null ? '' : `${minute(atSeconds)} `;
      const where = line === undefined ? '' : `line ${line}: `;
      return `${when}${where}${text}`;
    });
    const more = all.length > shown.length ? `; and ${count(all.length - shown.length)} more` : '';
    return labelled(style.yellow('data'), `${kind}: ${shown.join('; ')}${more}`, LABEL_WIDTH);
  });
}

function policyCells({ name, hedges, cost, hedgingError, expectedShortfall99, score, bars }: PolicyReport) {
  const half = bars === null ? '' : ` ± ${fixed((bars.high - bars.low) / 2, 2)}`;
  return [
    name,
    count(hedges),
    count(cost.total),
    costSplit(cost),
    count(hedgingError),
    count(expectedShortfall99),
    `${orUnknown(score, (value) => fixed(value, 2))}${half}`,
  ];
}

function costSplit({ fee, impact, gas, total }: PolicyReport['cost']): string {
  if (!(total > 0)) return UNKNOWN;
  return `${[fee, impact, gas].map((part) => fixed((100 * part) / total, 0)).join('/')} %`;
}

function scoreNote({ policies: [first, ...others] }: StudyReport): string {
  const what = `low is good: cost over that of ${first?.name} at equal hedging error`;
  const hasScore = others.some(({ score }) => score !== null);
  if (!hasScore && others.length > 0) return `${what}; none: give policies scales that overlap`;
  return others.some(({ bars }) => bars !== null)
    ? `${what} ± 95 % by whole weeks`
    : `${what}; weeks are too few for error bars`;
}

/** What did not happen, and what the rounds came to, of one policy. */
function detailLines({ name, notTraded, rounds, refusals, hedgesPerDay, turnoverQuote }: PolicyReport) {
  const reasons = Object.entries(notTraded).sort(([, a], [, b]) => b - a);
  const idle = reasons.reduce((sum, [, steps]) => sum + steps, 0);
  const words = reasons.map(([code, steps]) => `${reasonWords(code)} ${count(steps)}`).join(', ');
  const enough = refusals.findIndex(({ refused }) => refused === 0);
  const refused = refusals
    .slice(0, enough < 0 ? refusals.length : enough + 1)
    .filter(({ of }) => of > 0)
    .map(({ maxSlippageBps, refused, of }) => `${maxSlippageBps} bps ${percent(refused / of, 0)}`)
    .join(', ');
  return [
    ...labelled(name, `${fixed(hedgesPerDay, 2)} hedges a day, turnover ${count(turnoverQuote)} USDC`, 16),
    ...labelled('not traded', `${count(idle)}${words === '' ? '' : `: ${words}`}`, LABEL_WIDTH),
    ...(rounds.count === 0 ? [] : labelled('rounds', roundWords(rounds), LABEL_WIDTH)),
    ...(refused === '' ? [] : labelled('refused at', refused, LABEL_WIDTH)),
  ];
}

function roundWords(rounds: PolicyReport['rounds']): string {
  const { premiumQuote, hedgingCostQuote, breakEvenVolatility, realizedVolatility } = rounds;
  const share = premiumQuote > 0 ? ` (${percent(hedgingCostQuote / premiumQuote, 0)})` : '';
  const volatilities = `break-even at ${orUnknown(breakEvenVolatility, percent)}, realised ${orUnknown(realizedVolatility, percent)}`;
  return `${count(rounds.count)}, premium ${count(premiumQuote)}, hedging ${count(hedgingCostQuote)} USDC${share}; ${volatilities}`;
}

/** Hedging that takes more than the options earned is not worth its while. */
function budgetLines({ name, rounds }: PolicyReport, style: Style): readonly string[] {
  if (rounds.overBudget === 0) return [];
  const words = `${name}: hedging ate the premium in ${count(rounds.overBudget)} of ${count(rounds.count)} rounds`;
  return labelled(style.red('budget'), words, LABEL_WIDTH);
}

const day = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 10);
const minute = (seconds: number) => `${new Date(seconds * 1_000).toISOString().slice(0, 16)}Z`;
