/** Compiles `src` and `abis` to `dist`, from nothing, so that no file of an earlier build is left in it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
rmSync(join(root, 'dist'), { recursive: true, force: true });
const compiler = join(root, 'node_modules/.bin/tsc');
const { status } = spawnSync(compiler, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (status === 0) chmodSync(join(root, 'dist/src/cli/main.js'), 0o755);
process.exitCode = status ?? 1;
