import type { OrderPlan } from '../../core/decision.ts';
import type { DecisionDocument, OrderDocument } from '../../dashboard/documents.ts';
import type { Subject } from '../../runtime/journal/findSubject.ts';
import type { Terminal } from '../terminal.ts';
import { explanationLines } from './explanation.ts';
import { age, base, count, orUnknown, signed, timeOfDay, UNKNOWN } from './numbers.ts';
import { bandWords, careLines, costWords, lendingWords } from './plan.ts';
import { reasonWords } from './reasons.ts';
import type { Style } from './style.ts';
import { labelled, table } from './table.ts';

const LABEL_WIDTH = 12;
const INPUT_WIDTH = 22;

/** What a subject is shown from. */
export interface ExplainDocument {
  readonly subject: Subject;
  /** Null where an order's decision is no longer in the journal. */
  readonly decision: DecisionDocument | null;
  readonly order: OrderDocument | null;
  /** Where the reason is explained with what to do. */
  readonly runbook: string | null;
}

type Shown = Pick<Terminal, 'style' | 'address'>;

const say = (label: string, text: string) => labelled(label, text, LABEL_WIDTH);

/** A decision or an order as people read it: the sentence, what it stood on, what would have changed it, what came of it. */
export function explainLines(document: ExplainDocument, terminal: Shown): readonly string[] {
  const { subject, decision, order, runbook } = document;
  return [
    ...(decision === null
      ? say('decision', 'no longer in the journal: it was pruned')
      : decisionLines(decision, subject, terminal)),
    ...haltLines(subject, terminal.style),
    ...(order === null ? [] : ['', ...orderLines(order, terminal)]),
    ...(runbook === null ? [] : ['', ...say('runbook', runbook)]),
  ];
}

const PAINT = {
  hold: (style: Style) => style.dim,
  hedge: (style: Style) => style.bold,
  reduce: (style: Style) => style.bold,
  halt: (style: Style) => style.red,
  corrupt: (style: Style) => style.red,
} as const;

function decisionLines(
  shown: DecisionDocument,
  { decision: stored }: Subject,
  terminal: Shown,
): readonly string[] {
  const { style } = terminal;
  const kind = PAINT[shown.kind](style)(shown.kind);
  const units = shown.units ?? { base: 'base', quote: 'quote' };
  const when = shown.atSeconds === null ? '' : `${day(shown.atSeconds)} ${timeOfDay(shown.atSeconds)}`;
  const block = shown.blockNumber === null ? '' : `   block ${count(BigInt(shown.blockNumber))}`;
  const head = `${style.bold(shown.id)}  ${kind}: ${reasonWords(shown.code)}   ${shown.vault}${block}   ${when}`;
  const decided = stored?.decision;
  return [
    head,
    ...labelled('', sentence(shown.why), 2),
    '',
    ...say('net delta', netDeltaWords(shown, units.base, style)),
    ...(shown.cost === null ? [] : say('cost', costWords(shown.cost, units.quote))),
    ...(decided !== undefined && 'plan' in decided && hasSteps(decided.plan) && stored?.snapshot
      ? say('lending', lendingWords(decided.plan, { terms: stored.snapshot.vault }))
      : []),
    ...(decided?.kind === 'hedge' ? instrumentLines(decided.instruments ?? [], units) : []),
    ...(shown.explanation === null
      ? say('changed by', changeWords(shown, units.base))
      : explanationLines(shown.explanation, units).flatMap(({ label, text }) => say(label, text))),
    ...(decided === undefined ? [] : precautionLines(decided, style)),
    ...shown.warnings.flatMap(({ text }) => say(style.yellow('warn'), text)),
    ...inputLines(shown, terminal),
  ];
}

/** Whether an order does anything beside swaps. */
function hasSteps({ lending, withdrawals }: OrderPlan): boolean {
  return lending !== undefined || withdrawals !== undefined;
}

/** What a policy that weighs no costs would have needed to decide otherwise: the other side of its band. */
function changeWords({ policy, band, netDelta }: DecisionDocument, symbol: string): string {
  if (band === null || netDelta === null)
    return `${policy ?? 'this policy'} does not say what would have changed it`;
  const range = `${signed(band.buy.act)} and ${signed(band.sell.act)} ${symbol}`;
  const isInside = netDelta <= band.sell.act && netDelta >= band.buy.act;
  return isInside ? `net delta beyond ${range}` : `net delta between ${range}`;
}

const sentence = (why: string) =>
  `${why.charAt(0).toUpperCase()}${why.slice(1)}${/[.!?]$/.test(why) ? '' : '.'}`;
const day = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(0, 10);

function netDeltaWords(
  { netDelta, netDeltaAfter, band }: DecisionDocument,
  symbol: string,
  style: Style,
): string {
  const after = netDeltaAfter === null ? '' : ` → ${signed(netDeltaAfter)}`;
  return `${orUnknown(netDelta, signed)}${after} ${symbol}  ${bandWords(band, netDelta, style)}`;
}

function instrumentLines(
  instruments: readonly { readonly kind: string; readonly base: number; readonly perDayQuote: number }[],
  units: { readonly base: string; readonly quote: string },
): readonly string[] {
  if (instruments.length === 0) return [];
  const words = instruments.map(
    ({ kind, base: amount, perDayQuote }) =>
      `${kind} ${base(amount)} ${units.base}, ${signed(perDayQuote, 2)} ${units.quote} a day`,
  );
  return say('instruments', words.join('; '));
}

function precautionLines(
  decision: NonNullable<Subject['decision']>['decision'],
  style: Style,
): readonly string[] {
  if (decision.precautions === undefined) return [];
  const lines = careLines(decision, style);
  if (lines.length > 0) return lines;
  const stress = decision.precautions.figures === null ? '' : '; the vault stands every case tried';
  return say('looked at', style.dim(`breakers: none tripped${stress}; no dated event near`));
}

/** Each input with where it came from and how old it was when it was decided on. */
function inputLines({ inputs, atSeconds }: DecisionDocument, terminal: Shown): readonly string[] {
  if (inputs.length === 0) return say('inputs', 'reading failed: there are none');
  const rows = inputs.flatMap(({ name, value, source, atSeconds: of }) => {
    const old = of === null || atSeconds === null ? '' : `, ${age(atSeconds - of)} old`;
    const from = source.replaceAll(/0x[0-9a-fA-F]{40}/g, (address) => terminal.address(address));
    return labelled(`  ${name}`, `${value}   ${terminal.style.dim(`${from}${old}`)}`, INPUT_WIDTH);
  });
  return ['', 'inputs', ...rows];
}

/** What still halts the vault, or how it was resumed; nothing where it never was. */
function haltLines({ halts: { halt, resumed }, vault }: Subject, style: Style): readonly string[] {
  if (halt !== null) {
    const since = `${day(halt.sinceSeconds)} ${timeOfDay(halt.sinceSeconds)}`;
    return [
      '',
      ...say(style.red('HALT'), `${vault} since ${since}, until somebody resumes it: ${halt.why}`),
      ...say('do', `find out why, then  ballast resume --vault ${vault} --reason "…"`),
    ];
  }
  if (resumed === null) return [];
  const words = `by ${resumed.by} after ${reasonWords(resumed.halt.code)}: ${resumed.reason}`;
  return ['', ...say('resumed', style.dim(words))];
}

/** An order from decision to finality, what the relays said, and plan against fill. */
function orderLines(order: OrderDocument, { style, address }: Shown): readonly string[] {
  const began = order.timeline[0]?.atSeconds ?? null;
  const tone = {
    done: (text: string) => text,
    good: style.green,
    bad: style.red,
    unknown: style.yellow,
    waiting: style.dim,
  };
  const steps = order.timeline.flatMap(({ tone: of, title, detail, atSeconds }) => {
    const after = atSeconds === null || began === null ? UNKNOWN : `${(atSeconds - began).toFixed(1)} s`;
    return labelled(`  ${after.padStart(9)}`, `${tone[of](title)}${detail === '' ? '' : `: ${detail}`}`, 13);
  });
  const legs = order.legs.map(({ venue, pool, base: amount, via }) => {
    const way = via === null ? '' : ` then ${address(via)}`;
    const name = venue.includes('0x') ? venue : `${venue} ${address(pool)}`;
    return `${base(amount)} on ${name}${way}`;
  });
  const [title = '', ...rows] = table(
    [
      { title: '', align: 'left' },
      { title: 'plan', align: 'right' },
      { title: 'fill', align: 'right' },
    ],
    order.comparison.map(({ name, plan, fill }) => [name, plan, fill]),
  );
  return [
    `${style.bold(order.id)}  ${order.side}   ${order.status}`,
    ...(order.transactionHash === null ? [] : say('transaction', address(order.transactionHash))),
    ...say('legs', legs.length === 0 ? 'lending alone' : legs.join('; ')),
    '',
    style.dim(`  ${'after'.padStart(9)}  step`),
    ...steps,
    '',
    style.dim(title),
    ...rows,
  ];
}
