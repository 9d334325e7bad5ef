import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import type { Study as ReportStudy } from '../../report/study.ts';
import { BASE, QUOTE } from '../../sim/backtest/tokens.ts';
import { comparePolicies } from '../../sim/study/comparePolicies.ts';
import { weekBlocks } from '../../sim/study/weekBlock.ts';
import type { BacktestRun } from '../backtest/backtestRun.ts';
import { shownSetting } from '../backtest/studyReport.ts';
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

/**
 * Writes a backtest as a page, and the same as JSON beside it.
 *
 * @throws UsageError where a file cannot be written
 */
export async function writeBacktestPage(
  file: string,
  run: BacktestRun,
  facts: RunFacts,
): Promise<WrittenReport> {
  const hash = facts.file === undefined ? null : await hashOf(facts.file);
  const study = reportStudy(run, facts, hash);
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

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/** A backtest as a report wants it: charts show the first path, scores are over all. */
function reportStudy(
  { study, results, report }: BacktestRun,
  { command, version }: RunFacts,
  configHash: string | null,
): ReportStudy {
  const settings = study.policies.map(({ name, settings: own }, policy) => ({
    policy: name,
    settings: own.map(({ label }, setting) => ({
      label,
      blocks: study.markets.flatMap((market, path) => weekBlocks(results[policy]![setting]![path]!, market)),
    })),
  }));
  return {
    title: study.name,
    units: { base: BASE.symbol, quote: QUOTE.symbol },
    market: study.markets[0]!,
    runs: study.policies.map((policy, index) => {
      const at = shownSetting(policy);
      return { name: policy.name, parameters: policy.settings[at]!.label, result: results[index]![at]![0]! };
    }),
    settings,
    scores: comparePolicies(settings, { seed: study.seed }),
    assumptions: report.assumptions.map(({ part, source, text }) => ({
      name: part,
      text: `${text} (${source})`,
    })),
    findings: report.findings.map(({ file, kind, atSeconds, text }) => ({
      kind,
      timestampSeconds: atSeconds,
      text: `${file}: ${text}`,
    })),
    reproduce: { command, seed: study.seed, version, configHash, dataHash: null },
    seed: study.seed,
  };
}
