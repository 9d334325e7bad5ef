import type { Study as ReportStudy } from '../../report/study.ts';
import { comparePolicies } from '../../sim/study/comparePolicies.ts';
import { weekBlocks } from '../../sim/study/weekBlock.ts';
import type { BacktestRun } from '../backtest/backtestRun.ts';
import { shownSetting } from '../backtest/studyReport.ts';
import { type RunFacts, studyFacts, writePage } from './studyFacts.ts';
import type { WrittenReport } from './writeReport.ts';

/**
 * Writes a backtest as a page, and the same as JSON beside it: charts show the first path, scores are over all.
 *
 * @throws UsageError where a file cannot be written
 */
export async function writeBacktestPage(
  file: string,
  { study, results }: BacktestRun,
  facts: RunFacts,
): Promise<WrittenReport> {
  const settings = study.policies.map(({ name, settings: own }, policy) => ({
    policy: name,
    settings: own.map(({ label }, setting) => ({
      label,
      blocks: study.markets.flatMap((market, path) => weekBlocks(results[policy]![setting]![path]!, market)),
    })),
  }));
  const runs = study.policies.map((policy, index): ReportStudy['runs'][number] => {
    const at = shownSetting(policy);
    return { name: policy.name, parameters: policy.settings[at]!.label, result: results[index]![at]![0]! };
  });
  const scores = comparePolicies(settings, { seed: study.seed });
  return writePage(file, { ...(await studyFacts(study, facts)), runs, settings, scores });
}
