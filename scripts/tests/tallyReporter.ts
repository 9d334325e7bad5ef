/** Given to vitest by path: writes what a run came to as JSON where `BALLAST_TALLY` says. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';
import type { FileTally } from './tally.ts';

/** Lines of an error's stack shown: enough for the place in the test, without the frames of the runner. */
const STACK_LINES = 6;

function told(error: Readonly<SerializedError>): string {
  const stack = (
    error.stack ??
    error.stacks?.map(({ file, line }) => `    at ${file}:${line}`).join('\n') ??
    ''
  )
    .split('\n')
    .filter((line) => /^\s*at /.test(line) && !/node_modules|<anonymous>|node:internal/.test(line));
  return [String(error.message), ...stack.slice(0, STACK_LINES)].join('\n');
}

const fileOf = (path: string): string => relative(process.cwd(), path);

const failure = (name: string, errors: readonly Readonly<SerializedError>[]): string =>
  [name, ...errors.map(told)].join('\n');

/** Failures of one file: its own, its groups' (a hook that failed), its tests', and that it was never run to its end. */
function failuresOf(module: TestModule): readonly string[] {
  const file = fileOf(module.moduleId);
  const own = module.errors();
  const groups = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  const tests = [...module.children.allTests('failed')];
  const isCutShort = module.state() === 'pending' || [...module.children.allTests('pending')].length > 0;
  return [
    ...(own.length > 0 ? [failure(file, own)] : []),
    ...groups.map((suite) => failure(`${file} > ${suite.fullName}`, suite.errors())),
    ...tests.map((test) => failure(`${file} > ${test.fullName}`, test.result().errors ?? [])),
    ...(isCutShort ? [`${file}\ndid not run to its end`] : []),
  ];
}

/** An error thrown after its test had ended, or with none awaiting it: vitest notes what ran at the time. */
function straying(error: SerializedError): FileTally {
  const { VITEST_TEST_PATH: path, VITEST_TEST_NAME: test } = error as { [note: string]: unknown };
  const file = path === undefined ? null : fileOf(String(path));
  const seen = [file, test ?? null].filter((part) => part !== null);
  const name = `an error that no test awaited${seen.length > 0 ? `, seen in ${seen.join(' > ')}` : ''}`;
  return { file, passed: 0, failures: [failure(name, [error])] };
}

/** Counts the tests that passed, names what failed: tests, files, hooks, and errors that no test awaited. */
export default class TallyReporter implements Reporter {
  /** @throws Error when `BALLAST_TALLY` names no file that can be written */
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tallies: readonly FileTally[] = [
      ...modules.map((module) => ({
        file: fileOf(module.moduleId),
        passed: [...module.children.allTests('passed')].length,
        failures: failuresOf(module),
      })),
      ...unhandled.map(straying),
    ];
    writeFileSync(process.env.BALLAST_TALLY ?? '', JSON.stringify(tallies));
  }
}
