import type { TickResult } from '../../src/engine/tick.ts';
import type { Ledger } from './world/ledger.ts';

/** A hash in a trace. */
export const short = (hash: string) => `0x…${hash.slice(-6).replace(/^f+/, '')}`;

/** A block in a trace, with what it holds. */
export function describeBlock(
  number: bigint,
  included: Ledger['head']['included'],
  isReorg: boolean,
): string {
  const held = included
    .map(({ hash, succeeded }) => `${short(hash)}${succeeded ? '' : ' reverted'}`)
    .join(', ');
  return `block ${number}${isReorg ? ' on another branch' : ''}${held === '' ? '' : `: ${held}`}`;
}

/** What a tick did about a vault, in a trace. */
export function describeResult({ vault, decision, block }: TickResult): string {
  return `${vault} at ${block?.number ?? 'no block'}: ${decision.kind} ${decision.code} (${decision.why.slice(0, 90)})`;
}
