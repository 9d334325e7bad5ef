import { Cron } from 'croner';
import type { Schedule } from './config/parts.ts';

/**
 * How long after a moment the next look is due, by a schedule.
 *
 * @param blockSeconds seconds between blocks, for a schedule that looks at each
 * @returns gives null where nothing is due any more
 */
export function expectedLook(schedule: Schedule, blockSeconds: number): (atSeconds: number) => number | null {
  if (schedule.kind === 'block') return () => blockSeconds;
  if (schedule.kind === 'interval') return () => schedule.seconds;
  const cron = new Cron(schedule.expression, { timezone: schedule.timeZone, paused: true });
  return (atSeconds) => {
    const next = cron.nextRun(new Date(atSeconds * 1_000));
    return next === null ? null : next.getTime() / 1_000 - atSeconds;
  };
}

/** A schedule in words: `every block`, `every 60 s`. */
export function scheduleWords(schedule: Schedule): string {
  if (schedule.kind === 'block') return 'every block';
  if (schedule.kind === 'interval') return `every ${schedule.seconds} s`;
  return `cron ${schedule.expression} ${schedule.timeZone}`;
}
