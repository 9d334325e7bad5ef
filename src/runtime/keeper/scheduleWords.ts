import type { Schedule } from '../config/parts.ts';

/** A schedule in words: `every block`, `every 60 s`. */
export function scheduleWords(schedule: Schedule): string {
  if (schedule.kind === 'block') return 'every block';
  if (schedule.kind === 'interval') return `every ${schedule.seconds} s`;
  return `cron ${schedule.expression} ${schedule.timeZone}`;
}
