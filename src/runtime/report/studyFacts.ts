import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import type { Study as ReportStudy } from '../../report/study.ts';
import { BASE, QUOTE } from '../../sim/backtest/tokens.ts';
import { dataHash } from '../backtest/marketHash.ts';
import type { Study } from '../backtest/study.ts';
import { UsageError } from '../errors.ts';
import { type WrittenReport, writeReport } from './writeReport.ts';

/** How a run was asked for. */
export interface RunFacts {
  /** As it was typed. */
  readonly command: string;
  readonly version: string;
  /** Of the study; the built-in one where left out. */
  readonly file?: string;
}

/** What a report says of a study whatever was done with it. */
export async function studyFacts(
  study: Study,
  { command, version, file }: RunFacts,
): Promise<
  Pick<ReportStudy, 'title' | 'units' | 'market' | 'assumptions' | 'findings' | 'reproduce' | 'seed'>
> {
  const { name, seed, markets, assumptions, findings } = study;
  const configHash = file === undefined ? null : await hashOf(file);
  return {
    title: name,
    units: { base: BASE.symbol, quote: QUOTE.symbol },
    market: markets[0]!,
    assumptions: assumptions.map(({ part, source, text }) => ({ name: part, text: `${text} (${source})` })),
    findings: findings.map(({ file: of, kind, atSeconds, text }) => ({
      kind,
      timestampSeconds: atSeconds,
      text: `${of}: ${text}`,
    })),
    reproduce: { command, seed, version, configHash, dataHash: dataHash(markets) },
    seed,
  };
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/** Writes a report that a command was asked for. @throws UsageError where a file cannot be written */
export function writePage(file: string, study: ReportStudy): WrittenReport {
  try {
    return writeReport(file, study);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError('FILE_UNUSABLE', `${file} cannot be written: ${messageOf(error)}`, {
      action: 'name another file with --html',
      cause: error,
    });
  }
}
