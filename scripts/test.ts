/**
 * Runs every test there is: the contracts' under forge, then everything else under vitest; names what failed and closes
 * with one line that counts both. Exits 1 when anything failed or nothing ran.
 */
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { commandOf, root, run } from './tests/run.ts';
import { withSecondTry } from './tests/secondTry.ts';
import { conclude, sumOf, type Tally } from './tests/tally.ts';
import { runVitest } from './tests/vitest.ts';

/** Beside the rest, which waits for chains and browsers much of its time; what it says comes at the end. */
async function runForge(): Promise<Tally & { readonly output: string }> {
  const { code, output } = await run(commandOf('forge'), ['test'], { isShown: false });
  const plain = stripVTControlCharacters(output);
  const passed = Number(/(\d+) tests passed, \d+ failed/.exec(plain)?.[1] ?? 0);
  // Forge names each failure twice: in its suite, and once more in a list at its end.
  const failures = [...new Set(plain.match(/^\[FAIL.*$/gm) ?? [])];
  const isExplained = code === 0 || failures.length > 0;
  const unexplained = [`forge ended with ${code}, and no test says why`];
  return { passed, failures: isExplained ? failures : unexplained, unsteady: [], output };
}

/** Builds the package once for all tests that start it or pack it; without it each does so for itself. */
async function built(): Promise<Readonly<Record<string, string>>> {
  const { code } = await run('npm', ['run', 'build']);
  return code === 0 ? { BALLAST_COMPILED: join(root, 'dist/src/cli/main.js') } : {};
}

const [contracts, rest] = await Promise.all([
  runForge(),
  built().then((environment) => withSecondTry((files) => runVitest(files, { environment }))),
]);
process.stdout.write(contracts.output);
conclude(sumOf([contracts, rest]));
