import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { StudyReport } from '../../report/document.ts';
import { type PageAssets, reportPage } from '../../report/html/page.ts';
import type { Study } from '../../report/study.ts';
import { studyReport } from '../../report/studyReport.ts';
import { localeScript, reportScript, reportStyle } from './pageAssets.generated.ts';

/** Where a report was written. */
export interface WrittenReport {
  readonly html: string;
  readonly json: string;
  readonly report: StudyReport;
}

/**
 * Writes a study as one HTML file that needs nothing else, and the same as JSON beside it.
 *
 * @param file of the page; the JSON has the same name with `.json`
 * @throws InvalidInputError where the study has no run or runs that do not belong together; what writing files throws
 */
export function writeReport(file: string, study: Study): WrittenReport {
  const report = studyReport(study);
  const extension = extname(file);
  const json = `${extension === '' || extension === '.json' ? file : file.slice(0, -extension.length)}.json`;
  const html = extension === '.html' ? file : `${file}.html`;
  writeFileSync(html, reportPage(report, pageAssets(), sourceHash));
  writeFileSync(json, `${JSON.stringify(report)}\n`);
  return { html, json, report };
}

/** Styles and scripts of the page; uPlot as its package ships it. */
export function pageAssets(): PageAssets {
  const folder = join(dirname(createRequire(import.meta.url).resolve('uplot/package.json')), '.');
  const read = (path: string) => readFileSync(join(folder, path), 'utf8').trim();
  return {
    styles: [read('dist/uPlot.min.css'), reportStyle],
    scripts: [localeScript, read('dist/uPlot.iife.min.js'), reportScript],
    licences: `In this page: uPlot, ${read('LICENSE')}`,
  };
}

/** As a content security policy names a source that may run. */
export function sourceHash(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}
