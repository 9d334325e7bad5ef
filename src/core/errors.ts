import { oneLine } from './oneLine.ts';

/** Of data that is malformed, so much is shown: an address or a hash whole. */
const LONGEST_FOUND = 120;

/** Facts of an error, shown one per line; secrets are redacted on every way out. */
export type ErrorFacts = Readonly<Record<string, string | number | bigint | boolean | null | undefined>>;

/** What an error carries beside its code and message. */
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
    const shown = oneLine(String(found), LONGEST_FOUND);
    super('CORRUPT_DATA', `${what}: found ${shown}, expected ${expected}`, {
      ...options,
      facts: { what, found: shown, expected, ...options.facts },
    });
  }
}

/** The message of anything thrown, without a stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The node could not be asked: network, timeout, rate limit or a server error. */
export class ChainUnavailableError extends BallastError {
  constructor(what: string, options: BallastErrorOptions = {}) {
    super('CHAIN_UNAVAILABLE', `the node did not answer: ${what}`, {
      retryable: true,
      action: 'check the RPC endpoint; nothing was sent',
      ...options,
    });
  }
}

/** A block that reads were pinned to is no longer in the chain: a reorg. */
export class BlockGoneError extends BallastError {
  constructor(hash: string, options: BallastErrorOptions = {}) {
    super('BLOCK_GONE', `block ${hash} is no longer in the chain`, {
      retryable: true,
      action: 'nothing to do: the next tick reads the new head',
      ...options,
    });
  }
}

/** The journal could not be read or written; without it nothing may be signed. */
export class JournalError extends BallastError {
  constructor(what: string, options: BallastErrorOptions = {}) {
    super('JOURNAL', `the journal failed: ${what}`, {
      action: 'check the disk, and that no other keeper holds the file; nothing was sent',
      ...options,
    });
  }
}

/** What the journal holds fails its checksum or breaks its own rules: nothing may be decided on it. */
export class JournalCorruptError extends BallastError {
  constructor(what: string, options: BallastErrorOptions = {}) {
    super('JOURNAL_CORRUPT', `the journal is damaged: ${what}`, {
      action: 'stop the keeper, restore the journal from a backup, and check the vault before starting again',
      ...options,
    });
  }
}
