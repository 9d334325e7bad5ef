import type { Decision } from '../core/decision.ts';
import { keptHaltCodes } from '../core/risk/haltLimits.ts';
import type { KeptHalt } from '../core/snapshot.ts';
import type { Memory } from '../ports/protocol.ts';
import type { Store } from '../ports/store.ts';
import { attempt } from './faults.ts';
import type { Memories } from './memories.ts';
import { acceptedKey } from './settle/finality.ts';
import type { World } from './world.ts';

/** Key under which a halt is kept that waits for somebody to resume the vault. */
export const keptHaltKey = 'engine.keptHalt';
/** Key under which it is kept who resumed the vault last, and why. */
export const resumedKey = 'engine.resumed';

/** Somebody's word that a vault may go on. */
export interface Resumption {
  /** The halt that was ended. */
  readonly halt: KeptHalt;
  readonly reason: string;
  /** Who said so: a user of the machine. */
  readonly by: string;
  readonly atSeconds: number;
  /** The vault's newest order then: what came up to it no longer counts. Null where it had none. */
  readonly afterOrder: string | null;
}

/** The halt that a vault is kept in; null where it is in none. */
export function keptHaltOf(memory: Memory): KeptHalt | null {
  return (memory ?? null) as KeptHalt | null;
}

/** How a vault was resumed last; null where it never was. */
export function resumptionOf(memory: Memory): Resumption | null {
  return (memory ?? null) as Resumption | null;
}

/** Whether two halts are the same one: a vault may halt twice for one reason. */
function isSameHalt(a: Pick<KeptHalt, 'code' | 'sinceSeconds'>, b: KeptHalt): boolean {
  return a.code === b.code && a.sinceSeconds === b.sinceSeconds;
}

/** A decision as a halt that must not end by itself; null where it is none. */
export function haltToKeep({ kind, code, why }: Decision, nowSeconds: number): KeptHalt | null {
  return kind === 'halt' && keptHaltCodes.includes(code) ? { code, why, sinceSeconds: nowSeconds } : null;
}

/** Keeps a halt that must not end by itself; the first of several reasons stays. Never throws. */
export async function keepHalt(
  world: World,
  vault: string,
  decision: Decision,
  memories: Memories | null,
): Promise<void> {
  const halt = haltToKeep(decision, world.clock.nowSeconds());
  if (halt === null) return;
  if (memories !== null && keptHaltOf(memories.get(keptHaltKey)) !== null) return;
  const kept = await attempt(async () => {
    if (memories === null && keptHaltOf(await world.store.recall(vault, keptHaltKey)) !== null) return;
    await world.store.remember(vault, keptHaltKey, halt);
  });
  // What broke the limit is in the journal all the same: the next tick finds it again.
  if (!kept.ok) world.log.warn({ vault, error: kept.error.message }, 'a halt was not kept');
}

/**
 * Ends the halt that somebody saw, with the reason that they gave. Another halt than that one stays.
 *
 * @returns null where the vault is not in that halt
 * @throws JournalError, JournalCorruptError
 */
export async function resumeVault(
  store: Store,
  vault: string,
  seen: Pick<KeptHalt, 'code' | 'sinceSeconds'>,
  { reason, by, atSeconds }: Pick<Resumption, 'reason' | 'by' | 'atSeconds'>,
): Promise<Resumption | null> {
  const halt = keptHaltOf(await store.recall(vault, keptHaltKey));
  if (halt === null || !isSameHalt(seen, halt)) return null;
  const [newest] = await store.orders(vault, 1);
  const resumption = { halt, reason, by, atSeconds, afterOrder: newest?.record.id ?? null };
  // The reason first: a vault that goes on with no reason kept would be worse than one that waits for another word.
  await store.remember(vault, resumedKey, resumption);
  if (halt.code === 'finalityBroken') await store.remember(vault, acceptedKey, resumption.afterOrder);
  await store.remember(vault, keptHaltKey, null);
  return resumption;
}
