import type { Binding } from '../../runtime/arm/binding.ts';
import type { ArmingStatus } from '../../runtime/arm/leave.ts';
import type { ArmingTerms } from '../../runtime/arm/terms.ts';
import { count, counted, orUnknown, quote } from './numbers.ts';
import type { Style } from './style.ts';
import { labelled } from './table.ts';

const LABEL_WIDTH = 18;
const line = (label: string, words: string) => labelled(label, words, LABEL_WIDTH);

/** What arming a vault allows, what the chain does not let happen, and the worst that can. */
export function armingLines(terms: ArmingTerms, binding: Binding): readonly string[] {
  const {
    base,
    quote: symbol,
    pools,
    slippageBps,
    capacityQuote,
    refillPerDayQuote,
    minBase,
    maxBase,
  } = terms;
  const budget =
    capacityQuote === null || refillPerDayQuote === null
      ? 'turnover as the account says'
      : `${count(capacityQuote)} ${symbol} at once, ${count(refillPerDayQuote)} more a day`;
  const loss = `stolen key, 1 day: ${orUnknown(terms.worstDayQuote, quote)} ${symbol}`;
  const worst =
    minBase === null || maxBase === null
      ? `${loss} in a market between the role's two prices; what it leaves the vault with is any mix of ${base} and ${symbol} that the allowances reach`
      : `${loss} execution loss against oracle; what it leaves the vault with stays between ${count(minBase)} and ${count(maxBase)} ${base}`;
  const { configHash, version, chainId } = binding;
  return [
    ...line(
      'will be allowed',
      `sell or buy ${base} on ${counted(pools, 'pool')}, ${slippageBps} bps, ${budget}`,
    ),
    ...line('cannot', 'withdraw, change mandate, use other pools (held on chain)'),
    ...line('worst case', worst),
    ...line(
      'bound to',
      `config ${configHash.slice(0, 4)}…, ballast ${version}, chain ${chainId}, ${terms.vault}`,
    ),
  ];
}

/** Which vaults may trade, and why the others may not; nothing where leave is not needed. */
export function armingStatusLines({ isNeeded, vaults }: ArmingStatus, style: Style): readonly string[] {
  if (!isNeeded) return [];
  const armed = vaults.filter(({ refusal }) => refusal === null).map(({ vault }) => vault);
  return [
    ...(armed.length === 0 ? [] : [`${style.green('armed')}      ${armed.join(', ')}`]),
    ...vaults.flatMap(({ refusal }) =>
      refusal === null ? [] : labelled(`${style.yellow('not armed')}  `, refusal, 11),
    ),
    '',
  ];
}
