import { messageOf } from '../../core/errors.ts';
import type { KeptHalt } from '../../core/snapshot.ts';
import {
  keptHaltKey,
  keptHaltOf,
  type Resumption,
  resumedKey,
  resumeVault,
  resumptionOf,
} from '../../engine/keptHalt.ts';
import type { World } from '../../engine/world.ts';
import type { Store } from '../../ports/store.ts';
import type { OperatorLine } from './operatorFile.ts';

/** What stands in a vault's way until somebody says so, and what somebody said last. */
export interface HaltStatus {
  /** Null where nothing halts the vault for good. */
  readonly halt: KeptHalt | null;
  readonly resumed: Resumption | null;
}

/** What halts a vault until somebody resumes it, and how it was resumed last. @throws JournalError, JournalCorruptError */
export async function haltStatus(store: Store, vault: string): Promise<HaltStatus> {
  const [halt, resumed] = await Promise.all([
    store.recall(vault, keptHaltKey),
    store.recall(vault, resumedKey),
  ]);
  return { halt: keptHaltOf(halt), resumed: resumptionOf(resumed) };
}

/**
 * Carries into the journal what somebody said about halts, for a keeper that is the journal's only writer. What was said
 * about a halt that is over changes nothing; what the journal does not take is tried again at the next look.
 */
export function resumptionsFrom(
  read: () => readonly OperatorLine[],
  { store, log }: Pick<World, 'store' | 'log'>,
  vaults: readonly string[],
): () => Promise<void> {
  let done: readonly OperatorLine[] | null = null;
  return async () => {
    try {
      const acts = read();
      if (acts === done) return;
      for (const act of acts) {
        if (act.kind !== 'resumed' || !vaults.includes(act.vault)) continue;
        const resumption = await resumeVault(store, act.vault, act.halt, act);
        if (resumption !== null)
          log.warn({ vault: act.vault, by: act.by, reason: act.reason }, 'the vault was resumed');
      }
      done = acts;
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'what the operator said could not be carried into the journal');
    }
  };
}
