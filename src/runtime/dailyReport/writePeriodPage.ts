import { writeFileSync } from 'node:fs';
import { messageOf } from '../../core/errors.ts';
import { periodPage } from '../../report/html/periodPage.ts';
import type { PeriodReport } from '../../report/periodReport.ts';
import { UsageError } from '../errors.ts';
import { reportStyle } from '../report/pageAssets.generated.ts';
import { sourceHash } from '../report/writeReport.ts';

/** Where a report was written. */
export interface WrittenPeriod {
  readonly html: string;
  readonly json: string;
}

/**
 * Writes reports as one HTML file that needs nothing else, and the same as JSON beside it.
 *
 * @param file of the page; the JSON has the same name with `.json`
 * @throws UsageError where a file cannot be written
 */
export function writePeriodPage(file: string, reports: readonly PeriodReport[]): WrittenPeriod {
  const stem = file.replace(/\.(html|json)$/, '');
  const paths = { html: `${stem}.html`, json: `${stem}.json` };
  try {
    writeFileSync(paths.html, periodPage(reports, { styles: [reportStyle] }, sourceHash));
    writeFileSync(paths.json, `${JSON.stringify({ schema: 1, vaults: reports })}\n`);
  } catch (error) {
    throw new UsageError('FILE_UNUSABLE', `${file} cannot be written: ${messageOf(error)}`, {
      action: 'name another file with --html',
    });
  }
  return paths;
}
