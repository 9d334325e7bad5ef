import type { Decision } from '../core/decision.ts';
import { breakerNames } from '../core/risk/breakers/breaker.ts';
import type { KeptPrecautions } from '../core/risk/precautionRecord.ts';
import { stressLevels } from '../core/risk/stress/stressLevel.ts';
import type { Memory } from '../ports/protocol.ts';
import type { Store } from '../ports/store.ts';

/** Key under which a vault's track of its market and its stress levels are remembered. */
export const precautionsKey = 'engine.precautions';

/** What a memory holds of the decision before; null where there was none, or it is not what was kept. */
export function recalledPrecautions(memory: Memory): KeptPrecautions | null {
  if (typeof memory !== 'object' || memory === null) return null;
  const { track, levels, held } = memory as Partial<Record<keyof KeptPrecautions, unknown>>;
  const isTrack = track === null || (isRecord(track) && Object.values(track).every(Number.isFinite));
  const names = isRecord(levels) ? [levels.margin, levels.cost, levels.reach] : [];
  const areLevels = names.length === 3 && names.every((name) => stressLevels.some((level) => level === name));
  const areNames =
    held === undefined ||
    (Array.isArray(held) && held.every((name) => breakerNames.some((breaker) => breaker === name)));
  return isTrack && areLevels && areNames ? (memory as unknown as KeptPrecautions) : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What a decision leaves to the next; null where it looked at nothing. */
export function keptPrecautions({ precautions }: Decision): KeptPrecautions | null {
  if (precautions === undefined) return null;
  const { track, levels, held = [] } = precautions;
  return held.length === 0 ? { track, levels } : { track, levels, held };
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
    ...(kept.held === undefined ? {} : { held: [...kept.held] }),
  });
}
