/**
 * `npm run test:lyra`: installs Lyra v1 into `test/lyra`, apart from the main install, and runs the tests on its real
 * contracts. Closes with one line that counts them. Where the registry does not give the packages in time it says so, counts
 * none and ends with 0: the rest of the tests do not hang on it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './tests/run.ts';
import { withSecondTry } from './tests/secondTry.ts';
import { conclude } from './tests/tally.ts';
import { runVitest } from './tests/vitest.ts';

const workspace = join(root, 'test/lyra');
/** Says of which lockfile the installed packages are. */
const installed = join(workspace, 'node_modules/.installed-lockfile');
const INSTALL_TIMEOUT_MS = 120_000;
const TEST_TIMEOUT_MS = 300_000;

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
  const { code } = await run('npm', quietly, { folder: workspace, timeoutMs: INSTALL_TIMEOUT_MS });
  if (code !== 0) return false;
  writeFileSync(installed, lockfile);
  return true;
}

if (await install()) {
  const config = ['--config', join(workspace, 'vitest.config.ts')];
  const tally = await withSecondTry((files) =>
    runVitest([...config, ...files], { timeoutMs: TEST_TIMEOUT_MS }),
  );
  conclude(tally);
} else {
  console.log('\nLyra was not installed, so its tests were skipped: the registry did not give it in time');
  console.log('0 passed, 0 failed');
}
