import { parse } from 'yaml';
import { z } from 'zod';
import { BallastError, messageOf } from '../../core/errors.ts';
import type { CalendarEvent } from '../../core/risk/eventCalendar.ts';

/** A calendar that cannot be made sense of. */
export class CalendarInvalidError extends BallastError {
  constructor(source: string, place: string, why: string) {
    super('CALENDAR_INVALID', `${source}: ${place === '' ? '' : `${place}: `}${why}`, {
      facts: { source, place },
      action: 'correct that entry; until then the events known before stay in force',
    });
  }
}

const MOST_EVENTS = 10_000;
/** Reading YAML holds up the whole keeper, a second for each of some hundred thousand characters at worst. */
const MOST_YAML = 250_000;
const HOUR = 3_600;

const event = z.strictObject({
  name: z.string().min(1).max(80),
  at: z.iso.datetime({ offset: true, error: 'a time with its zone, such as 2026-12-16T19:00:00Z' }),
  hoursBefore: z.number().min(0).max(720).default(1),
  hoursAfter: z.number().min(0).max(720).default(1),
  bandFactor: z.number().positive().max(1).optional(),
  maxTradeQuote: z.number().positive().optional(),
  maxSlippageBps: z.number().int().min(1).max(10_000).optional(),
  maxGasQuote: z.number().positive().optional(),
  minSpacingSeconds: z.number().min(0).optional(),
});

type EventText = z.infer<typeof event>;

function eventOf({ name, at, hoursBefore, hoursAfter, ...changes }: EventText): CalendarEvent {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return {
    name,
    atSeconds: Date.parse(at) / 1_000,
    beforeSeconds: hoursBefore * HOUR,
    afterSeconds: hoursAfter * HOUR,
    changes: Object.fromEntries(given),
  };
}

/**
 * Reads a calendar: a list of events in YAML (to 250,000 characters) or JSON, each with a name, a time with its zone, hours
 * before and after, and what it changes.
 *
 * @param source what it is called in an error
 * @throws CalendarInvalidError naming the entry and the field
 *
 * @example
 * - name: rate decision
 *   at: 2026-12-16T19:00:00Z
 *   hoursBefore: 2
 *   bandFactor: 0.5
 */
export function eventsOf(source: string, text: string): readonly CalendarEvent[] {
  const parsed = parsedText(source, text);
  const found = z
    .array(event)
    .max(MOST_EVENTS)
    .safeParse(parsed ?? []);
  if (found.success) return found.data.map(eventOf);
  const [issue] = found.error.issues;
  const [index, ...field] = issue?.path ?? [];
  const place = typeof index === 'number' ? `entry ${index + 1} ${field.join('.')}`.trim() : '';
  throw new CalendarInvalidError(source, place, issue?.message ?? 'not a list of events');
}

function parsedText(source: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // All of JSON is YAML, but it is read a hundred times as fast by itself.
  }
  if (text.length > MOST_YAML) {
    const why = `${text.length} characters, of YAML at most ${MOST_YAML} are read: give it as JSON`;
    throw new CalendarInvalidError(source, '', why);
  }
  try {
    return parse(text);
  } catch (error) {
    throw new CalendarInvalidError(source, '', messageOf(error));
  }
}
