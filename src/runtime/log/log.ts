import { type DestinationStream, destination, pino } from 'pino';
import type { ErrorFacts } from '../../core/errors.ts';
import type { Log } from '../../ports/ambient.ts';
import type { Redactor } from './redact.ts';

/** How much is logged, from most to least. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A log of one JSON object per line, to stderr unless told otherwise, with every secret hidden. */
export function createLog(
  redactor: Redactor,
  level: LogLevel,
  stream: DestinationStream = destination({ fd: 2, sync: true }),
): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  const write = (method: 'debug' | 'info' | 'warn' | 'error') => (facts: ErrorFacts, message: string) =>
    logger[method](redactor.value(facts) as object, redactor.text(message));
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
