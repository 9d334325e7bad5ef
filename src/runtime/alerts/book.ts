import { havePassed } from '../../core/havePassed.ts';
import type { AlertMessage } from '../../ports/alertChannel.ts';
import type { AlertSeverity } from '../../ports/ambient.ts';
import type { AlertSettings } from '../config/operations.ts';

const RANK: Readonly<Record<AlertSeverity, number>> = { info: 0, warning: 1, critical: 2 };
const SECONDS_PER_DAY = 86_400;

/** What a channel knows of one thing that can go wrong. */
interface Entry {
  /** As it was raised last. */
  readonly message: AlertMessage;
  readonly isRaised: boolean;
  /** Whether the channel was told since it was raised. */
  readonly isTold: boolean;
  /** When it was told last, Unix seconds. */
  readonly toldAtSeconds: number | null;
  /** How often it was raised since without being told. */
  readonly unsaid: number;
}

/** What one channel was told, by what it was about. Plain data: see {@link take} and {@link release}. */
export type AlertBook = ReadonlyMap<string, Entry>;

/** A book after something happened, and what is to be told now. */
export interface BookStep {
  readonly book: AlertBook;
  readonly tell: readonly AlertMessage[];
}

/** What a message is about, whichever way it goes. */
export const keyOf = ({ rule, subject }: Pick<AlertMessage, 'rule' | 'subject'>) => `${rule} ${subject}`;

/** Whether a time lies within the quiet hours; they may go over midnight. */
export function isQuietHour(hours: AlertSettings['quietHours'], nowSeconds: number): boolean {
  if (hours === null) return false;
  const minutes = Math.floor((nowSeconds % SECONDS_PER_DAY) / 60);
  const of = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const [from, to] = [of(hours.from), of(hours.to)];
  return from <= to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}

function mayTell(entry: Entry, settings: AlertSettings, nowSeconds: number): boolean {
  const { toldAtSeconds, message } = entry;
  if (toldAtSeconds !== null && !havePassed(settings.quietSeconds, toldAtSeconds, nowSeconds)) return false;
  return message.severity === 'critical' || !isQuietHour(settings.quietHours, nowSeconds);
}

/**
 * Takes in that something went wrong, or that it is over. The same thing is told once within its quiet time, however
 * often it is raised; its end is told where its beginning was.
 */
export function take(
  book: AlertBook,
  message: AlertMessage,
  settings: AlertSettings,
  nowSeconds: number,
): BookStep {
  const { rules, atLeast } = settings;
  const key = keyOf(message);
  const before = book.get(key);
  if (rules !== null && !rules.includes(message.rule)) return { book, tell: [] };
  if (message.status === 'recovered') {
    if (before?.isRaised !== true) return { book, tell: [] };
    const after = { ...before, isRaised: false, isTold: false, unsaid: 0 };
    const severity = before.message.severity;
    return {
      book: new Map(book).set(key, after),
      tell: before.isTold ? [{ ...message, severity }] : [],
    };
  }
  if (RANK[message.severity] < RANK[atLeast]) return { book, tell: [] };
  const raised: Entry = {
    message,
    isRaised: true,
    isTold: before?.isRaised === true && before.isTold,
    toldAtSeconds: before?.toldAtSeconds ?? null,
    unsaid: before?.unsaid ?? 0,
  };
  if (mayTell(raised, settings, nowSeconds)) return told(book, raised, nowSeconds);
  return { book: new Map(book).set(key, { ...raised, unsaid: raised.unsaid + 1 }), tell: [] };
}

function told(book: AlertBook, entry: Entry, nowSeconds: number): BookStep {
  const { message, unsaid } = entry;
  const after = { ...entry, isTold: true, toldAtSeconds: nowSeconds, unsaid: 0 };
  return { book: new Map(book).set(keyOf(message), after), tell: [{ ...message, unsaid }] };
}

/** What was held back and still lasts, now that its quiet time is over. */
export function release(book: AlertBook, settings: AlertSettings, nowSeconds: number): BookStep {
  let step: BookStep = { book, tell: [] };
  for (const entry of book.values()) {
    if (!entry.isRaised || entry.isTold || !mayTell(entry, settings, nowSeconds)) continue;
    // The raising that is told now was itself counted as unsaid.
    const next = told(step.book, { ...entry, unsaid: Math.max(0, entry.unsaid - 1) }, nowSeconds);
    step = { book: next.book, tell: [...step.tell, ...next.tell] };
  }
  return step;
}
