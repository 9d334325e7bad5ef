import { fixed, significant } from '../core/report/format.ts';
import { counted, percent, quote } from '../core/report/numbers.ts';
import type { PolicyReport } from './document.ts';

const signedPercent = (ratio: number) =>
  `${fixed(Math.abs(ratio - 1) * 100, 0)} % ${ratio < 1 ? 'less' : 'more'}`;

/** One policy against the baseline in words. */
function compared({ name, score }: PolicyReport): string {
  if ('missing' in score) return `${name} not comparable`;
  const { ratio, bars } = score.value;
  if ('missing' in bars) return `${name} ${signedPercent(ratio)}, without error bars`;
  const { low, high } = bars.value;
  const range = `95 %: ${fixed((low - 1) * 100, 0)} to ${fixed((high - 1) * 100, 0)} %`;
  if (low <= 1 && high >= 1) return `${name} no different within its error bars (${range})`;
  return `${name} ${signedPercent(ratio)} (${range})`;
}

/**
 * What came out, in one sentence with its uncertainty.
 *
 * @param policies the baseline first, at least one
 * @param unit name of the quote token
 */
export function verdictOf(policies: readonly PolicyReport[], unit: string): string {
  const [baseline, ...others] = policies;
  if (baseline === undefined) return 'Nothing was run.';
  const { name, cost, risk, hedges } = baseline;
  const own = `${name} paid ${quote(cost.total)} ${unit} for ${counted(hedges, 'hedge')} and left an hourly hedging error of ${quote(risk.hedgingError)} ${unit}`;
  if (others.length === 0) return `${own}.`;
  if (others.some(({ score }) => 'value' in score)) {
    return `${own}. At equal hedging error, cost: ${others.map(compared).join('; ')}.`;
  }
  return `${own}. The others cannot be set against it: no level of hedging error is reached by both.`;
}

/** What the figures of any backtest here do not show, with those that this one is short of. */
export function limitsOf(
  policies: readonly PolicyReport[],
  { paths, stepSeconds }: { readonly paths: number; readonly stepSeconds: number },
): readonly string[] {
  const hours = stepSeconds / 3_600;
  const few = policies.every(({ errorBars }) => 'missing' in errorBars);
  return [
    ...(paths === 1 ? ['One path: error bars are of its weeks, and tell nothing of markets unlike it.'] : []),
    ...(few ? ['No error bars: differences may be chance.'] : []),
    ...(hours > 1
      ? [
          `What is said of an hour is of a step of ${Number(hours.toPrecision(3))} hours: about ${significant(Math.sqrt(hours), 3)} times what it would be of one.`,
        ]
      : []),
    'Costs are against the fair price at decision. What the market did after it is risk, and stands in the hedging error.',
  ];
}

/** How often a share of the cost was of each kind: `fee 49 %, impact 11 %, gas 40 %`; null where nothing was paid. */
export function costShares({ fee, impact, gas, total }: PolicyReport['cost']): string | null {
  if (!(total > 0)) return null;
  return [fee, impact, gas].map((part) => percent(part / total, 0).replace(' %', '')).join(' / ');
}
