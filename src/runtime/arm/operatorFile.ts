import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import type { ReasonCode } from '../../core/decision.ts';
import { BallastError, messageOf } from '../../core/errors.ts';
import type { Config } from '../config/schema.ts';
import type { Binding } from './binding.ts';

/** What somebody told the keeper, in the order in which it was said. */
export type OperatorAct = {
  readonly atSeconds: number;
  /** A user of the machine. */
  readonly by: string;
} & (
  | { readonly kind: 'armed'; readonly binding: Binding }
  | { readonly kind: 'disarmed'; readonly vaults: readonly string[]; readonly reason: string | null }
  | {
      readonly kind: 'resumed';
      readonly vault: string;
      readonly reason: string;
      /** The halt that somebody saw when they said so. */
      readonly halt: { readonly code: ReasonCode; readonly sinceSeconds: number };
    }
);

/** A line of the file: an act, or what is left of one. */
export type OperatorLine = OperatorAct | { readonly kind: 'damaged'; readonly line: number };

/** The operator's file cannot be read or written. */
export class OperatorFileError extends BallastError {
  constructor(what: string, file: string, cause: unknown) {
    super('OPERATOR_FILE', `${what}: ${messageOf(cause)}`, {
      facts: { file },
      action: 'check the folder and its permissions; the keeper places nothing new meanwhile',
      cause,
    });
  }
}

/** Where a config's operator is listened to: beside the journal, since a running keeper is the journal's only writer. */
export function operatorFileOf({ arming, journal }: Pick<Config, 'arming' | 'journal'>): string {
  const { path } = journal.config as { readonly path?: unknown };
  return arming.file ?? (typeof path === 'string' ? `${path}-operator` : 'ballast-operator');
}

const checksumOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/**
 * Adds an act to the end of the file, durably: what was said before stays.
 *
 * @throws OperatorFileError
 */
export function appendAct(file: string, act: OperatorAct): void {
  const text = JSON.stringify(act);
  try {
    const descriptor = openSync(file, 'a', 0o600);
    try {
      // One write, begun on a line of its own: what a crash left half-written before it stays a line by itself.
      writeSync(descriptor, `${endsOpen(file) ? '\n' : ''}${checksumOf(text)} ${text}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new OperatorFileError('the operator’s file cannot be written', file, cause);
  }
}

function endsOpen(file: string): boolean {
  const text = readFileSync(file, 'utf8');
  return text !== '' && !text.endsWith('\n');
}

/**
 * Everything in the file, oldest first; nothing where there is none.
 *
 * @throws OperatorFileError
 */
export function readActs(file: string): readonly OperatorLine[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.flatMap((line, index) => (line === '' ? [] : [actOf(line, index + 1)]));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new OperatorFileError('the operator’s file cannot be read', file, cause);
  }
}

function actOf(line: string, number: number): OperatorLine {
  const [checksum = '', text = ''] = [line.slice(0, 16), line.slice(17)];
  if (checksumOf(text) !== checksum) return { kind: 'damaged', line: number };
  return JSON.parse(text) as OperatorAct;
}

/** A reader of the file that parses it again only where it has changed. */
export function actsReader(file: string): () => readonly OperatorLine[] {
  let key = '';
  let acts: readonly OperatorLine[] = [];
  return () => {
    const now = keyOf(file);
    if (now !== key) {
      acts = readActs(file);
      key = now;
    }
    return acts;
  };
}

function keyOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.ino} ${found.size} ${found.mtimeMs}`;
}
