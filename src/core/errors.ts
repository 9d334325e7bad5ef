/** Facts of an error, shown one per line; secrets are redacted on every way out. */
export type ErrorFacts = Readonly<Record<string, string | number | bigint | boolean | null | undefined>>;

export interface BallastErrorOptions {
  /** What was found, what was expected: shown as aligned `name value` lines. */
  readonly facts?: ErrorFacts;
  /** What the reader should do now, in one sentence. */
  readonly action?: string;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * The base of every error that Ballast throws. Errors are for broken invariants and faults; what a market does (a stale
 * feed, a drained pool) is data and ends in a decision, not here.
 *
 * @example
 * class PoolMissingError extends BallastError {
 *   constructor(pool: string) {
 *     super('POOL_MISSING', `no pool at ${pool}`, { action: 'check vaults[].venues[].pool' });
 *   }
 * }
 */
export class BallastError extends Error {
  /** Stable identifier, `UPPER_SNAKE`; each has a page in docs/errors.md. */
  readonly code: string;
  readonly facts: ErrorFacts;
  readonly action: string | undefined;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: BallastErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.facts = options.facts ?? {};
    this.action = options.action;
    this.retryable = options.retryable ?? false;
  }
}

/** A function was called with a value outside its domain. */
export class InvalidInputError extends BallastError {
  constructor(field: string, found: unknown, expected: string) {
    super('INVALID_INPUT', `${field} is ${String(found)}, expected ${expected}`, {
      facts: { field, found: String(found), expected },
    });
  }
}

/** Data from outside is impossible or malformed; the vault halts rather than guess. */
export class CorruptDataError extends BallastError {
  constructor(what: string, found: unknown, expected: string, options: BallastErrorOptions = {}) {
    super('CORRUPT_DATA', `${what}: found ${String(found)}, expected ${expected}`, {
      ...options,
      facts: { what, found: String(found), expected, ...options.facts },
    });
  }
}

/** The message of anything thrown, without a stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
