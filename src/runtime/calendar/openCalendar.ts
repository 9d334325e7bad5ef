import { messageOf } from '../../core/errors.ts';
import { havePassed } from '../../core/havePassed.ts';
import type { CalendarEvent } from '../../core/risk/eventCalendar.ts';
import type { Clock, Log } from '../../ports/ambient.ts';
import type { LoadedDocument } from '../../ports/protocol.ts';
import { eventsOf } from './eventsText.ts';

/** Where a calendar comes from, and how often it is read again. */
export interface CalendarSource {
  readonly from: string;
  readonly refreshSeconds: number;
}

/** What a calendar is read with. */
export interface CalendarTools {
  readonly load: (from: string, signal: AbortSignal) => Promise<LoadedDocument>;
  readonly clock: Clock;
  readonly log: Log;
}

const LOAD_TIMEOUT_MS = 10_000;

/**
 * Opens a calendar: read once now, and again in the background when it is asked for after its time. A reading that fails
 * later is said in the log and leaves the events known before in force, since these only ever tighten limits.
 *
 * @returns the events known, at once
 * @throws CalendarInvalidError, or what loading it threw, where the first reading fails
 */
export async function openCalendar(
  { from, refreshSeconds }: CalendarSource,
  { load, clock, log }: CalendarTools,
): Promise<() => readonly CalendarEvent[]> {
  const loaded = async () => (await load(from, AbortSignal.timeout(LOAD_TIMEOUT_MS))).text;
  let text = await loaded();
  let events = eventsOf(from, text);
  let readAt = clock.nowSeconds();
  let isReading = false;
  const refresh = async () => {
    try {
      const next = await loaded();
      if (next !== text) [events, text] = [eventsOf(from, next), next];
    } catch (error) {
      log.warn(
        { from, error: messageOf(error) },
        'the calendar could not be read again: the events known before hold',
      );
    } finally {
      readAt = clock.nowSeconds();
      isReading = false;
    }
  };
  return () => {
    if (!isReading && havePassed(refreshSeconds, readAt, clock.nowSeconds())) {
      isReading = true;
      void refresh();
    }
    return events;
  };
}
