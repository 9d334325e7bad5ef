import { BallastError, type ErrorFacts } from '../../core/errors.ts';
import type { Job, JobResults } from './jobs.ts';

/** What a worker is sent. */
export interface Assignment {
  readonly place: number;
  readonly job: Job;
}

/** What a worker says about its job. */
export type Report =
  | { readonly kind: 'progress'; readonly place: number; readonly share: number }
  | { readonly kind: 'done'; readonly place: number; readonly result: JobResults[Job['kind']] }
  | { readonly kind: 'failed'; readonly place: number; readonly error: PlainError };

/** An error as plain data: classes do not survive the way between threads. */
export interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly facts: ErrorFacts;
  readonly action: string | undefined;
  readonly retryable: boolean;
}

/** An error on its way to another thread. */
export function plainError({ code, message, facts, action, retryable }: BallastError): PlainError {
  return { code, message, facts, action, retryable };
}

/** The same error on the other side. */
export function errorOf({ code, message, action, ...rest }: PlainError): BallastError {
  return new BallastError(code, message, { ...rest, ...(action === undefined ? {} : { action }) });
}
