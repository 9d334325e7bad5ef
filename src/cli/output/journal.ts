import { utcMinute } from '../../core/report/utc.ts';
import type { JournalInfo, JournalUpkeep, Migrated, Pruned, Restored } from '../../runtime/journal/upkeep.ts';
import type { Terminal } from '../terminal.ts';
import { count, UNKNOWN } from './numbers.ts';
import type { Style } from './style.ts';
import { labelled } from './table.ts';

const LABEL_WIDTH = 14;
const BYTES_PER_MEGABYTE = 1_048_576;

const say = (label: string, text: string) => labelled(label, text, LABEL_WIDTH);
const megabytes = (bytes: number) => `${(bytes / BYTES_PER_MEGABYTE).toFixed(2)} MB`;
const moment = (seconds: number | null) => (seconds === null ? UNKNOWN : `${utcMinute(seconds)} UTC`);

/** What is in a journal. */
export function journalInfoLines(
  place: JournalUpkeep['place'],
  info: JournalInfo,
  style: Style,
): readonly string[] {
  const name = 'path' in place ? place.path : `schema ${place.schema}`;
  const { version, newestVersion, bytes, isHeld } = info;
  const age = version === newestVersion ? 'up to date' : style.yellow(`this build writes ${newestVersion}`);
  return [
    ...say('journal', `${name}   ${megabytes(bytes)}   version ${version}, ${age}`),
    ...say('keeper', isHeld ? style.green('holds it now') : 'none holds it'),
    ...contentLines(info),
  ];
}

function contentLines(info: JournalInfo): readonly string[] {
  const { decisions, orders, openOrders, snapshotParts, firstDecisionSeconds, lastDecisionSeconds } = info;
  const span = decisions === 0 ? '' : `   ${moment(firstDecisionSeconds)} to ${moment(lastDecisionSeconds)}`;
  return [
    ...say('decisions', `${count(decisions)}${span}`),
    ...say('orders', `${count(orders)}, ${count(openOrders)} of them not settled for good`),
    ...say('snapshots', `${count(snapshotParts)} parts`),
  ];
}

/** A copy that was made and checked. */
export function backupLines(
  to: string,
  info: JournalInfo,
  { command }: Pick<Terminal, 'command'>,
): readonly string[] {
  return [
    ...say('wrote', `${to}   ${megabytes(info.bytes)}, checked`),
    ...contentLines(info),
    '',
    `next  ${command(`journal restore ${to}`)}     once no keeper runs`,
  ];
}

/** A journal that took the place of another; what it cannot know is said. */
export function restoredLines(
  path: string,
  { info, setAside }: Restored,
  { style, command }: Pick<Terminal, 'style' | 'command'>,
): readonly string[] {
  return [
    ...say('restored', path),
    ...contentLines(info),
    ...(setAside === null ? [] : say('set aside', setAside)),
    ...say(
      style.yellow('look'),
      `orders after ${moment(info.lastDecisionSeconds)} are not in it: what the chain holds of them is found by its nonces and sequences, their costs are not`,
    ),
    '',
    `next  ${command('doctor')}`,
  ];
}

/** What was removed, or would be. */
export function prunedLines(
  { decisions, snapshotParts, kept, bytesBefore, bytesAfter }: Pruned,
  days: number,
  isTrial: boolean,
): readonly string[] {
  return [
    ...say(
      isTrial ? 'would remove' : 'removed',
      `${count(decisions)} decisions older than ${days} d, ${count(snapshotParts)} parts of their snapshots`,
    ),
    ...say('kept', `${count(kept)} older ones: orders came of them, or they are the newest of a vault`),
    ...(isTrial ? [] : say('size', `${megabytes(bytesBefore)} → ${megabytes(bytesAfter)}`)),
  ];
}

/** What bringing it up to date did. */
export function migratedLines({ from, to, steps, backup }: Migrated): readonly string[] {
  if (steps.length === 0) return [`version ${to}, up to date: nothing to do`];
  return [
    ...say('was', `version ${from}${backup === null ? '' : `, copied to ${backup}`}`),
    ...steps.flatMap((step) => say('brought', step)),
    ...say('now', `version ${to}`),
  ];
}
