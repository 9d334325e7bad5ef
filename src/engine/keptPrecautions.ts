import type { Decision } from '../core/decision.ts';
import type { KeptPrecautions } from '../core/risk/precautionRecord.ts';
import { stressLevels } from '../core/risk/stress/stressLevel.ts';
import type { Memory } from '../ports/protocol.ts';
import type { Store } from '../ports/store.ts';

/** Key under which a vault's track of its market and its stress levels are remembered. */
export const precautionsKey = 'engine.precautions';

/** What a memory holds of the decision before; null where there was none, or it is not what was kept. */
export function recalledPrecautions(memory: Memory): KeptPrecautions | null {
  if (typeof memory !== 'object' || memory === null) return null;
  const { track, levels } = memory as { readonly track?: unknown; readonly levels?: unknown };
  const isTrack = track === null || (isRecord(track) && Object.values(track).every(Number.isFinite));
  const names = isRecord(levels) ? [levels.margin, levels.cost, levels.reach] : [];
  const areLevels = names.length === 3 && names.every((name) => stressLevels.some((level) => level === name));
  return isTrack && areLevels ? (memory as unknown as KeptPrecautions) : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What a decision leaves to the next; null where it looked at nothing. */
export function keptPrecautions({ precautions }: Decision): KeptPrecautions | null {
  if (precautions === undefined) return null;
  const { track, levels } = precautions;
  return { track, levels };
}

/**
 * Keeps for the next decision what this one leaves to it.
 *
 * @throws JournalError
 */
export async function keepPrecautions(store: Store, vault: string, decision: Decision): Promise<void> {
  const kept = keptPrecautions(decision);
  if (kept === null) return;
  await store.remember(vault, precautionsKey, {
    track: kept.track === null ? null : { ...kept.track },
    levels: { ...kept.levels },
  });
}
