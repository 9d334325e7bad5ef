import { BallastError, messageOf } from '../../core/errors.ts';
import { ConfigError, UsageError } from '../../runtime/errors.ts';
import type { Redactor } from '../../runtime/log/redact.ts';
import type { Style } from './style.ts';
import { labelled } from './table.ts';

const LABEL_WIDTH = 13;

/** Faults of what somebody configured, thrown by plug-ins that know nothing of exit codes. */
const CONFIG_CODES: ReadonlySet<string> = new Set([
  'SECRET_MISSING',
  'KEY_INVALID',
  'KEYSTORE_LOCKED',
  'KEYSTORE_UNREADABLE',
  'RELAY_IDENTITY_MISSING',
  'RELAY_IDENTITY_UNFIT',
  'RELAY_SECRET_MISSING',
  'IDENTITY_IS_SIGNER',
  'MNEMONIC_INVALID',
  'SECRET_FILE_UNREADABLE',
  'SECRET_FILE_EXPOSED',
  'SIGNING_MISMATCH',
  'WRONG_CHAIN',
  'ALERT_SECRET_MISSING',
  'HEARTBEAT_MISSING',
]);

/** 2 = wrong use or config, 1 = anything else. */
export function exitCodeOf(error: unknown): 1 | 2 {
  if (error instanceof ConfigError || error instanceof UsageError) return 2;
  return error instanceof BallastError && CONFIG_CODES.has(error.code) ? 2 : 1;
}

/** An error as people read it: what, the facts, and last what to do. The stack only where it was asked for. */
export function renderError(error: unknown, style: Style, redactor: Redactor, withStack = false): string {
  // Before lines are broken: a secret of several words would not be found on two lines.
  const show = redactor.text;
  const lines =
    error instanceof ConfigError ? configLines(error, style, show) : errorLines(error, style, show);
  const stack = withStack && error instanceof Error && error.stack ? ['', error.stack] : [];
  return redactor.text([...lines, ...stack].join('\n'));
}

/** The same as data, for `--json`. */
export function errorJson(error: unknown, redactor: Redactor): unknown {
  const known = error instanceof BallastError;
  return redactor.value({
    schema: 1,
    error: {
      code: known ? error.code : 'UNEXPECTED',
      message: messageOf(error),
      ...(known ? { facts: error.facts, action: error.action ?? null, retryable: error.retryable } : {}),
      ...(error instanceof ConfigError ? { file: error.file, issues: error.issues } : {}),
    },
  });
}

type Show = (text: string) => string;

function configLines(error: ConfigError, style: Style, show: Show): readonly string[] {
  return error.issues.flatMap((issue, index) => {
    const place = issue.line === null ? error.file : `${error.file}:${issue.line}`;
    return [
      ...(index === 0 ? [] : ['']),
      `${style.red('error')} CONFIG_INVALID  ${place}${issue.path === '' ? '' : `  ${issue.path}`}`,
      ...labelled('  found', show(issue.found), LABEL_WIDTH),
      ...labelled('  expected', show(issue.expected), LABEL_WIDTH),
      ...labelled('  do', show(issue.action), LABEL_WIDTH),
    ];
  });
}

function errorLines(error: unknown, style: Style, show: Show): readonly string[] {
  if (!(error instanceof BallastError)) {
    return [
      `${style.red('error')} UNEXPECTED`,
      ...labelled('  what', show(messageOf(error)), LABEL_WIDTH),
      ...labelled('  do', 'run it again with --debug and report what it prints', LABEL_WIDTH),
    ];
  }
  const facts = Object.entries(error.facts).filter(([, value]) => value !== null && value !== undefined);
  const cause =
    error.cause === undefined
      ? []
      : labelled('  cause', firstLine(show(messageOf(error.cause))), LABEL_WIDTH);
  return [
    `${style.red('error')} ${error.code}`,
    ...labelled('  what', show(error.message), LABEL_WIDTH),
    ...facts.flatMap(([name, value]) =>
      labelled(`  ${name}`, show(String(value)), Math.max(LABEL_WIDTH, name.length + 4)),
    ),
    ...cause,
    ...(error.action === undefined ? [] : labelled('  do', show(error.action), LABEL_WIDTH)),
  ];
}

const firstLine = (text: string) => text.split('\n')[0] ?? text;
