/**
 * `npm run test:lyra`: installs Lyra v1 into `test/lyra`, apart from the main install, and runs the tests on its real
 * contracts. Closes with one line that counts them. Where the registry does not give the packages in time it says so, counts
 * none and ends with 0: the rest of the tests do not hang on it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const workspace = join(root, 'test/lyra');
/** Says of which lockfile the installed packages are. */
const installed = join(workspace, 'node_modules/.installed-lockfile');
const INSTALL_TIMEOUT_MS = 120_000;
const TEST_TIMEOUT_MS = 300_000;

/** Runs a command with its output shown. @returns its exit code, 1 where it had to be ended */
function run(command: string, args: readonly string[], cwd: string, timeout: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], timeout });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

async function install(): Promise<boolean> {
  const lockfile = readFileSync(join(workspace, 'package-lock.json'), 'utf8');
  if (textOf(installed) === lockfile) return true;
  const quietly = ['ci', '--no-audit', '--no-fund', '--ignore-scripts'];
  if ((await run('npm', quietly, workspace, INSTALL_TIMEOUT_MS)) !== 0) return false;
  writeFileSync(installed, lockfile);
  return true;
}

async function test(): Promise<{ readonly passed: number; readonly failed: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-lyra-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const args = ['run', '--config', join(workspace, 'vitest.config.ts'), ...reporters];
    const code = await run(join(root, 'node_modules/.bin/vitest'), args, root, TEST_TIMEOUT_MS);
    const counts = JSON.parse(textOf(report) ?? '{}') as { numPassedTests?: number; numFailedTests?: number };
    const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = counts;
    return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (await install()) {
  const { passed, failed } = await test();
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
} else {
  console.log('\nLyra was not installed, so its tests were skipped: the registry did not give it in time');
  console.log('0 passed, 0 failed');
}
