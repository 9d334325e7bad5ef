import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonical, type TrialResult } from '../../sim/calibrate/trial.ts';
import type { PreparedMarket } from '../../sim/fast/fastBacktest.ts';
import { addMarket } from '../backtest/marketHash.ts';
import { UsageError } from '../errors.ts';

const SCHEMA = 2;

/** What a line of a log holds at least. */
export interface LoggedTrial {
  readonly key: string;
  readonly weeks: readonly object[];
}

/** Trials that were run, kept line by line, so that a run that was broken off goes on where it was. */
export interface TrialLog<R extends LoggedTrial = TrialResult> {
  /** What was in it when it was opened, by key. */
  readonly known: ReadonlyMap<string, R>;
  append(results: readonly R[]): Promise<void>;
}

/** What every trial's result depends on beside its setting: markets, vault, pools, limits, and the steps that are run. */
export function inputHash(inputs: readonly PreparedMarket[]): string {
  const hash = createHash('sha256');
  for (const { market, ...rest } of inputs) {
    hash.update(canonical(rest));
    addMarket(hash, market);
  }
  return hash.digest('hex');
}

/**
 * Opens the log of a run, or begins one. A line that was cut off as the process ended is cut away.
 *
 * @param hash of the input, {@link inputHash}: results of another input are never mixed in
 * @throws UsageError where the file is of another input, or is no such log
 */
export async function openTrialLog<R extends LoggedTrial = TrialResult>(
  file: string,
  hash: string,
): Promise<TrialLog<R>> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return '';
    throw cause;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [first, ...lines] = whole.split('\n').slice(0, -1);
  if (first === undefined) {
    if (text !== '' && !text.startsWith('{"schema"')) throw notALog(file, 'no heading');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify({ schema: SCHEMA, input: hash })}\n`);
  } else {
    requireSameInput(file, first, hash);
    if (whole.length < text.length) await truncate(file, Buffer.byteLength(whole));
  }
  const known = new Map(lines.map((line) => readLine<R>(file, line)).map((result) => [result.key, result]));
  return {
    known,
    append: async (results) => {
      if (results.length > 0)
        await appendFile(file, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
    },
  };
}

function requireSameInput(file: string, line: string, hash: string): void {
  const heading = parsed(file, line) as { readonly schema?: unknown; readonly input?: unknown };
  if (heading.schema !== SCHEMA || typeof heading.input !== 'string') throw notALog(file, 'another heading');
  if (heading.input === hash) return;
  throw new UsageError('TRIALS_OF_ANOTHER_STUDY', `${file} holds trials of another study`, {
    facts: { 'its input': heading.input.slice(0, 12), 'this input': hash.slice(0, 12) },
    action: 'name another file, or run the study that it was made with: same data, vault, pools and seed',
  });
}

function readLine<R extends LoggedTrial>(file: string, line: string): R {
  const result = parsed(file, line) as Partial<R>;
  if (typeof result.key !== 'string' || !Array.isArray(result.weeks)) throw notALog(file, line.slice(0, 40));
  return result as R;
}

function parsed(file: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw notALog(file, line.slice(0, 40), cause);
  }
}

function notALog(file: string, found: string, cause?: unknown): UsageError {
  return new UsageError('NOT_A_TRIAL_LOG', `${file} is not a log of trials`, {
    cause,
    facts: { found },
    action: 'name another file with --resume',
  });
}
