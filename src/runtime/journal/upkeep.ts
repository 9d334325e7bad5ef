export { type Pruned, pruneJournal } from '../../adapters/stores/sqlite/prune.ts';
export {
  backUpJournal,
  type JournalInfo,
  journalInfo,
  type Migrated,
  migrateJournal,
  type Restored,
  restoreJournal,
} from '../../adapters/stores/sqlite/upkeep.ts';
export { type JournalPlace, type JournalVerb, journalPlace } from './journalFile.ts';
