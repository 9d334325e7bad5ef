import { marginWords } from '../../core/report/marginWords.ts';
import type { MarginStanding } from '../../core/risk/marginStanding.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { labelled } from './table.ts';

/** Lines of each lending account that owes something: health factor, and the price of base that liquidates it, each behind a label. */
export function marginLines(
  standings: readonly MarginStanding[],
  { base, quote }: Pick<VaultTerms, 'base' | 'quote'>,
  label: string,
  labelWidth: number,
): readonly string[] {
  const units = { base: base.symbol, quote: quote.symbol };
  return standings.flatMap((standing) =>
    labelled(label, `${standing.label}: ${marginWords(standing, units)}`, labelWidth),
  );
}
