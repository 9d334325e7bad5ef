import { messageOf } from '../../core/errors.ts';
import type { Permission } from '../../engine/world.ts';
import { type Binding, changesSince } from './binding.ts';
import type { OperatorLine } from './operatorFile.ts';

/** What the operator said last about a vault's leave to trade. */
export type Standing =
  | { readonly status: 'never' }
  | { readonly status: 'armed'; readonly binding: Binding; readonly by: string; readonly atSeconds: number }
  | {
      readonly status: 'disarmed';
      readonly by: string;
      readonly atSeconds: number;
      readonly reason: string | null;
    }
  /** A line of the file is damaged: it may have been a disarm. */
  | { readonly status: 'damaged'; readonly line: number };

/** Where a vault stands after everything that was said. */
export function standingOf(acts: readonly OperatorLine[], vault: string): Standing {
  let standing: Standing = { status: 'never' };
  for (const act of acts) {
    if (act.kind === 'damaged') standing = { status: 'damaged', line: act.line };
    if (act.kind === 'armed' && act.binding.vaults.includes(vault)) {
      const { binding, by, atSeconds } = act;
      standing = { status: 'armed', binding, by, atSeconds };
    }
    if (act.kind === 'disarmed' && act.vaults.includes(vault)) {
      const { by, atSeconds, reason } = act;
      standing = { status: 'disarmed', by, atSeconds, reason };
    }
  }
  return standing;
}

const utc = (seconds: number) => `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;

/** Why a vault may not trade as things are now; null where it may. */
export function refusalOf(
  acts: readonly OperatorLine[],
  vault: string,
  now: Binding,
  keepers: 'compared' | 'unknown',
): string | null {
  const standing = standingOf(acts, vault);
  if (standing.status === 'never') return `${vault} was never armed`;
  if (standing.status === 'damaged')
    return `line ${standing.line} of the operator's file is damaged: ${vault} counts as disarmed`;
  const { by, atSeconds } = standing;
  if (standing.status === 'disarmed') {
    const why = standing.reason === null ? '' : `: ${standing.reason}`;
    return `${vault} was disarmed by ${by} at ${utc(atSeconds)}${why}`;
  }
  const changes = changesSince(standing.binding, now, keepers);
  return changes.length === 0 ? null : `${vault} is no longer armed: ${changes.join('; ')}`;
}

/** Leave to trade as the operator's file gives it, looked at anew each time; a file that cannot be read gives none. */
export function permissionFrom(read: () => readonly OperatorLine[], now: Binding): Permission {
  const refusal = (vault: string): string | null => {
    try {
      return refusalOf(read(), vault, now, 'compared');
    } catch (error) {
      return messageOf(error);
    }
  };
  return {
    refusal: (vault) => {
      if (vault !== null) return refusal(vault);
      const refusals = now.vaults.map(refusal);
      return refusals.some((why) => why === null) ? null : (refusals[0] ?? null);
    },
  };
}
