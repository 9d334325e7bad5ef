import type { Finding } from '../../runtime/doctor/checks.ts';
import type { Terminal } from '../terminal.ts';
import type { Style } from './style.ts';
import { labelled, pad } from './table.ts';

/** One line per finding, what to do under it, and the next safe command last. */
export function doctorLines(
  findings: readonly Finding[],
  { style, command }: Pick<Terminal, 'style' | 'command'>,
): readonly string[] {
  const count = (verdict: Finding['verdict']) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const summary = `${count('fail')} fail, ${count('warn')} warn, ${count('ok')} ok`;
  const next = count('fail') > 0 ? '' : `      next  ${command('plan')}`;
  return [...findingLines(findings, style), `${summary}${next}`];
}

/** Names of checks that are longer, as those of vaults may be, have a line of their own. */
const LONGEST_CHECK = 26;

/** One line per finding, what to do under it. */
export function findingLines(findings: readonly Finding[], style: Style): readonly string[] {
  const width = Math.min(LONGEST_CHECK, Math.max(...findings.map(({ check }) => check.length))) + 2;
  const paint = { fail: style.red, warn: style.yellow, ok: style.green };
  return findings.flatMap(({ verdict, check, found, action }) => {
    const head = `${paint[verdict](verdict.padEnd(4))}  ${pad(check, width, 'left')}`;
    const does = action === null ? [] : labelled('', `do: ${action}`, 6 + width);
    return [...labelled(head, found, 6 + width), ...does];
  });
}
