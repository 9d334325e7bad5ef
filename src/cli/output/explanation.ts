import type { Explanation, SettlementAhead } from '../../core/decision.ts';
import { base, quote, significant } from './numbers.ts';

/** Symbols that amounts are shown with. */
export interface Symbols {
  readonly base: string;
  readonly quote: string;
}

/** One labelled line of what a policy weighed. */
export interface ExplanationLine {
  readonly label: string;
  readonly text: string;
}

function changeWords(
  { gasQuote, changesAtGasQuote, changesAtGamma, gamma }: Explanation,
  symbol: string,
): string {
  const than = (limit: number, now: number) => (limit > now ? 'above' : 'below');
  const parts = [
    changesAtGasQuote === null
      ? []
      : [`gas ${than(changesAtGasQuote, gasQuote)} ${significant(changesAtGasQuote)} ${symbol}`],
    changesAtGamma === null
      ? []
      : [`gamma ${than(changesAtGamma, Math.abs(gamma))} ${significant(changesAtGamma)}`],
  ].flat();
  return parts.length === 0
    ? 'no gas and no gamma alone would change it'
    : `${parts.join(', or ')} would change it`;
}

function settlementWords(
  { label, expirySeconds, hedgeBase, unwindCostQuote }: SettlementAhead,
  symbols: Symbols,
): string {
  const at = new Date(expirySeconds * 1_000).toISOString().slice(0, 16).replace('T', ' ');
  const verb = hedgeBase < 0 ? 'buy back' : 'sell';
  const cost =
    unwindCostQuote === null ? 'more than pools take now' : `${quote(unwindCostQuote)} ${symbols.quote} now`;
  return `${label} settles in cash ${at} UTC: ${verb} ${base(Math.abs(hedgeBase))} ${symbols.base} of hedge, ${cost}`;
}

/** What a policy weighed, for people: waiting against trading, what would turn it, what expires soon. */
export function explanationLines(explanation: Explanation, symbols: Symbols): readonly ExplanationLine[] {
  const { costNowQuote, waitingQuotePerHour, settlements } = explanation;
  const trade =
    costNowQuote === null ? 'pools do not take all of it' : `a hedge ${quote(costNowQuote)} ${symbols.quote}`;
  const waiting = `${significant(waitingQuotePerHour, 3)} ${symbols.quote} an hour of risk; ${trade}; ${changeWords(explanation, symbols.quote)}`;
  return [
    { label: 'waiting', text: waiting },
    ...settlements.map((settlement) => ({ label: 'expiry', text: settlementWords(settlement, symbols) })),
  ];
}
