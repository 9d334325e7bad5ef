import { worstCaseQuote } from '../../runtime/mandate/batch.ts';
import type { PreparedMandate } from '../../runtime/mandate/prepare.ts';
import { type PreparedRole, worstRoleCaseQuote } from '../../runtime/mandate/rolesMandate.ts';
import type { Trial } from '../../runtime/mandate/verify.ts';
import type { Terminal } from '../terminal.ts';
import { quote } from './numbers.ts';
import type { Style } from './style.ts';
import { labelled, pad } from './table.ts';

const INDENT = 4;

/** What the batch does, call by call, and the worst that can come of it. */
export function mandateLines(
  prepared: PreparedMandate,
  terminal: Pick<Terminal, 'style' | 'address'>,
): readonly string[] {
  const { mandate, vault } = prepared;
  const { decimals, symbol } = vault.terms.quote;
  const worst = (days: number) => `${quote(worstCaseQuote(mandate, decimals, days))} ${symbol}`;
  const stolen = `a stolen keeper key loses at most ${worst(1)} in a day and ${worst(7)} in a week to bad prices, measured against the oracle; what the price then does to what it left is bounded by the inventory limits; nothing can be withdrawn`;
  const { sender, waitsFor } = prepared;
  const { style, address } = terminal;
  const before =
    prepared.owners === null
      ? ['', `sent by the vault's owner ${address(sender)}, one transaction each, in this order`]
      : [];
  const after =
    waitsFor === null
      ? []
      : [
          '',
          ...labelled(style.yellow('then'), `        it waits for ${waitsFor}; run this again after it`, 12),
        ];
  return [...batchLines(prepared, stolen, terminal), ...before, ...after];
}

/** The same for a role. */
export function roleLines(
  prepared: PreparedRole,
  terminal: Pick<Terminal, 'style' | 'address'>,
): readonly string[] {
  const { terms, vault } = prepared;
  const { symbol } = vault.terms.quote;
  const worst = (days: number) => `${quote(worstRoleCaseQuote(terms, days))} ${symbol}`;
  const stolen = `a stolen keeper key loses at most ${worst(1)} in a day and ${worst(7)} in a week to bad prices: all that it may trade, at the worse of the role's two prices each way, in a market between them; where the market leaves them it can lose more, so renew the role or take it away; nothing can be withdrawn`;
  return batchLines(prepared, stolen, terminal);
}

function batchLines(
  { vault, owners, calls }: Pick<PreparedMandate, 'vault' | 'owners' | 'calls'>,
  stolen: string,
  { style, address: shown }: Pick<Terminal, 'style' | 'address'>,
): readonly string[] {
  const { terms } = vault;
  const kind = owners === null ? 'OptionVault' : `Safe ${owners.threshold}/${owners.count}`;
  const head = `${style.bold(terms.name)}   account ${shown(terms.account)}  ${kind}`;
  const explained = calls.flatMap(({ title, to, words }, index) => [
    `${index + 1}. ${style.bold(title)}  ${style.dim(`call to ${shown(to)}`)}`,
    ...words.flatMap(wordLines),
  ]);
  return [head, '', ...explained, '', ...labelled(style.yellow('worst case'), `  ${stolen}`, 12)];
}

/** `may: …` with the word in a column of its own. */
function wordLines(words: string): readonly string[] {
  const colon = words.indexOf(': ');
  const isNamed = colon > 0 && colon < 10;
  const label = isNamed ? words.slice(0, colon) : '';
  const text = isNamed ? words.slice(colon + 2) : words;
  const width = INDENT + (isNamed ? 11 : 0);
  return labelled(pad('', INDENT, 'left') + label, text, width);
}

/** What was tried on the fork. */
export function trialLines(trials: readonly Trial[], style: Style): readonly string[] {
  const width = Math.max(...trials.map(({ name }) => name.length)) + 2;
  return [
    style.dim('tried on a fork of the chain, by impersonation'),
    ...trials.flatMap(({ name, isAsExpected, found }) => {
      const mark = isAsExpected ? style.green('ok  ') : style.red('fail');
      return labelled(`${mark}  ${pad(name, width, 'left')}`, found, 6 + width);
    }),
  ];
}
