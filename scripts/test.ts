/**
 * Runs every test there is: the contracts' under forge, then everything else under vitest, and closes with one line
 * that counts both. Exits 1 when anything failed or nothing ran.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

/** Runs a command, gives its exit code and what it printed; shown as it comes, unless another one is. */
function run(
  command: string,
  args: readonly string[],
  { env = {}, isShown = true }: { env?: Readonly<Record<string, string>>; isShown?: boolean } = {},
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const child = spawn(command, args, { cwd: root, stdio: [...stdio], env: { ...process.env, ...env } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (isShown) process.stdout.write(chunk);
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Beside the rest, which waits for chains and browsers much of its time; what it says comes at the end. */
async function runForge(): Promise<Tally & { readonly output: string }> {
  const { code, output } = await run(bin('forge'), ['test'], { isShown: false });
  const counts = /(\d+) tests passed, (\d+) failed/.exec(stripVTControlCharacters(output));
  const passed = Number(counts?.[1] ?? 0);
  const failed = Number(counts?.[2] ?? 0);
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, output };
}

/** Builds the package once for all tests that start it or pack it; without it each does so for itself. */
async function built(): Promise<Readonly<Record<string, string>>> {
  const { code } = await run('npm', ['run', 'build']);
  return code === 0 ? { BALLAST_COMPILED: join(root, 'dist/src/cli/main.js') } : {};
}

async function runVitest(): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { code } = await run(bin('vitest'), ['run', ...reporters], { env: await built() });
    const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [contracts, rest] = await Promise.all([runForge(), runVitest()]);
process.stdout.write(contracts.output);
const tallies: readonly Tally[] = [contracts, rest];
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
