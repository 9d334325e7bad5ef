import type { JournalInfo, Pruned } from '../../adapters/stores/internal/upkeepFacts.ts';
import type { Plugged } from '../config/kinds.ts';
import { UsageError } from '../errors.ts';

export type { JournalInfo, Pruned } from '../../adapters/stores/internal/upkeepFacts.ts';
export {
  backUpJournal,
  type Migrated,
  migrateJournal,
  type Restored,
  restoreJournal,
} from '../../adapters/stores/sqlite/upkeep.ts';
export { type FileVerb, journalFile } from './journalFile.ts';

/** A journal as it is looked at and cut back, wherever it is kept. */
export interface JournalUpkeep {
  /** Which it is; nothing of a server's address, which holds a password. */
  readonly place: { readonly path: string } | { readonly schema: string };
  /** How long it keeps decisions that led to nothing, as its config says; null: for good. */
  readonly retentionDays: number | null;
  /** Looks without changing anything, also beside the keeper. @throws JournalError, JournalCorruptError */
  info(): Promise<JournalInfo>;
  /**
   * Removes decisions recorded before a moment, in Unix seconds, that no order came of; a trial only counts them.
   *
   * @throws JournalError where a keeper holds it
   * @throws JournalCorruptError where a decision that stays cannot be read: then nothing is removed
   */
  prune(beforeSeconds: number, isTrial: boolean): Promise<Pruned>;
}

type Keys = Readonly<Record<'path' | 'retentionDays' | 'url' | 'schema', unknown>>;

/** @throws UsageError where the journal of a config is of a kind that only its own tools look after */
export function journalUpkeep({ kind, config }: Plugged): JournalUpkeep {
  const { path, url, schema, retentionDays: days } = config as Keys;
  const retentionDays = typeof days === 'number' ? days : null;
  // Each loaded where it is used, as the journals themselves are.
  if (kind === 'sqlite' && typeof path === 'string') {
    const upkeep = () => import('../../adapters/stores/sqlite/upkeep.ts');
    const pruning = () => import('../../adapters/stores/sqlite/prune.ts');
    return {
      place: { path },
      retentionDays,
      info: async () => (await upkeep()).journalInfo(path),
      prune: async (beforeSeconds, isTrial) => (await pruning()).pruneJournal(path, beforeSeconds, isTrial),
    };
  }
  if (kind === 'postgres' && typeof url === 'string' && typeof schema === 'string') {
    const upkeep = () => import('../../adapters/stores/postgres/upkeep.ts');
    const at = { url, schema };
    return {
      place: { schema },
      retentionDays,
      info: async () => (await upkeep()).journalInfo(at),
      prune: async (beforeSeconds, isTrial) => (await upkeep()).pruneJournal(at, beforeSeconds, isTrial),
    };
  }
  throw new UsageError('USAGE', `ballast journal does not know journals that are kept by ${kind}`, {
    action: 'use the tools of what keeps it',
  });
}
