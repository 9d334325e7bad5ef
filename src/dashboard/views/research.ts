import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { StudyReport } from '../../report/document.ts';

/** A report that a backtest or a calibration left behind. */
export interface ReportEntry {
  /** Name of its JSON file. */
  readonly file: string;
  readonly title: string;
  readonly verdict: string;
  readonly command: string;
  readonly unit: string;
  readonly policies: readonly {
    readonly name: string;
    readonly parameters: string;
    readonly hedges: number;
    readonly cost: number;
  }[];
  readonly frontiers: StudyReport['frontiers'];
}

/** Reports found, and files that look like one and cannot be read. */
export interface ResearchDocument {
  readonly folder: string | null;
  readonly reports: readonly ReportEntry[];
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
}

const MOST_BYTES = 20_000_000;
const MOST_FILES = 50;

/** Reports in a folder, by name; what is no report is passed over. */
export async function researchDocument(folder: string | null): Promise<ResearchDocument> {
  if (folder === null) return { folder, reports: [], unreadable: [] };
  const names = await readdir(folder).catch(() => []);
  const reports: ReportEntry[] = [];
  const unreadable: { file: string; why: string }[] = [];
  for (const file of names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .slice(0, MOST_FILES)) {
    try {
      const report = await readReport(join(folder, file));
      if (report !== null) reports.push(entryOf(file, report));
    } catch (error) {
      unreadable.push({ file, why: messageOf(error) });
    }
  }
  return { folder, reports, unreadable };
}

/** Null where a file is something else, or too large to be a report. */
async function readReport(path: string): Promise<StudyReport | null> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    if (size > MOST_BYTES) return null;
    const found: unknown = JSON.parse(await handle.readFile('utf8'));
    return isReport(found) ? found : null;
  } finally {
    await handle.close();
  }
}

function isReport(found: unknown): found is StudyReport {
  const { title, verdict, policies, units } = (found ?? {}) as Partial<StudyReport>;
  return typeof title === 'string' && verdict !== undefined && Array.isArray(policies) && units !== undefined;
}

function entryOf(file: string, report: StudyReport): ReportEntry {
  return {
    file,
    title: report.title,
    verdict: report.verdict.sentence,
    command: report.reproduce.command,
    unit: report.units.quote,
    policies: report.policies.map(({ name, parameters, hedges, cost }) => ({
      name,
      parameters,
      hedges,
      cost: cost.total,
    })),
    frontiers: report.frontiers,
  };
}
