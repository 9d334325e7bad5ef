import { type FileTally, sumOf, type Tally, tallyOf } from './tally.ts';

/** More files than this do not fail by chance. */
const MOST_FILES = 6;

/**
 * Tests on real processes, ports and clocks fail now and then with nothing wrong but a machine that stood still; the files
 * in which anything did, a hook for instance, run once more, with nothing beside them. What fails then has failed.
 *
 * @param runFiles runs the tests of these files, of all where none is named
 */
export async function withSecondTry(
  runFiles: (files: readonly string[]) => Promise<readonly FileTally[]>,
): Promise<Tally> {
  const first = await runFiles([]);
  const failing = first.flatMap(({ file, failures }) => (file !== null && failures.length > 0 ? [file] : []));
  const again = [...new Set(failing)];
  if (again.length === 0 || again.length > MOST_FILES) return tallyOf(first);
  console.log(`\nOnce more, alone: ${again.join(', ')}\n`);
  const second = await runFiles(again);
  const hasFailed = new Set(second.filter(({ failures }) => failures.length > 0).map(({ file }) => file));
  const isRepeated = ({ file }: FileTally): boolean => file !== null && again.includes(file);
  return sumOf([
    tallyOf(first.filter((tally) => !isRepeated(tally))),
    tallyOf(second),
    {
      passed: 0,
      failures: again.filter((file) => !second.some((tally) => tally.file === file)).map(neverRan),
      unsteady: first
        .filter((tally) => isRepeated(tally) && !hasFailed.has(tally.file))
        .flatMap(({ failures }) => failures),
    },
  ]);
}

const neverRan = (file: string): string => `${file}\nfailed, and did not run when it was tried again`;
