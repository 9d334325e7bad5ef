import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultCalibrationText } from '../../src/runtime/calibrate/index.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const elsewhere = mkdtempSync(join(tmpdir(), 'ballast-package-'));
const megabytes = 1024 * 1024;

function bytesBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) return sum;
    return sum + (entry.isDirectory() ? bytesBelow(path) : statSync(path).size);
  }, 0);
}

describe('the package as somebody else installs it', () => {
  beforeAll(async () => {
    if (process.env.BALLAST_COMPILED === undefined) await run('npm', ['run', 'build'], { cwd: root });
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', elsewhere], { cwd: root });
    const [packed] = JSON.parse(stdout) as [{ filename: string }];
    writeFileSync(join(elsewhere, 'package.json'), JSON.stringify({ name: 'elsewhere', private: true }));
    await run(
      'npm',
      ['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', `./${packed.filename}`],
      {
        cwd: elsewhere,
      },
    );
  });

  afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

  it('stays under the install budget of 280 MB', () => {
    expect(bytesBelow(join(elsewhere, 'node_modules')) / megabytes).toBeLessThan(280);
  });

  it('exports its public surface with types', async () => {
    const script = "import('ballast').then((ballast) => console.log(Object.keys(ballast).sort().join(' ')))";
    const { stdout } = await run('node', ['-e', script], { cwd: elsewhere });
    for (const name of [
      'backtest',
      'blackScholes',
      'calibrate',
      'decide',
      'fitGarch',
      'lelandVolatility',
      'optimalBand',
      'policies',
      'quoteExactIn',
      'splitOrder',
      'startDevnet',
      'tick',
    ])
      expect(stdout).toContain(name);
    expect(statSync(join(elsewhere, 'node_modules/ballast/dist/src/index.d.ts')).isFile()).toBe(true);
  });

  it('backtests, calibrates on worker threads, and writes the page, each from an empty folder', async () => {
    const ballast = join(elsewhere, 'node_modules/.bin/ballast');
    const options = { cwd: elsewhere, timeout: 180_000, maxBuffer: 64 * megabytes };
    await run(ballast, ['backtest', '--html', 'report.html'], options);
    expect(statSync(join(elsewhere, 'report.html')).size).toBeGreaterThan(100_000);
    const study = join(elsewhere, 'study.yaml');
    writeFileSync(study, defaultCalibrationText.replace('days: 168', 'days: 28'));
    const search = ['--tests', '1', '--train', '1', '--refinements', '0', '--workers', '2'];
    const { stdout } = await run(ballast, ['calibrate', study, ...search, '--json'], options);
    expect(JSON.parse(stdout)).toHaveProperty('schema');
  }, 400_000);

  it('knows the faults that it can rehearse', async () => {
    const ballast = join(elsewhere, 'node_modules/.bin/ballast');
    const { stdout } = await run(ballast, ['rehearse', '--list'], { cwd: elsewhere, timeout: 30_000 });
    expect(stdout).toContain('relay-lies');
  });

  it('runs the demo', async () => {
    const ballast = join(elsewhere, 'node_modules/.bin/ballast');
    const { stdout } = await run(ballast, ['demo', '--json'], {
      cwd: elsewhere,
      timeout: 180_000,
      maxBuffer: 64 * megabytes,
    });
    const result = JSON.parse(stdout) as { hedges: unknown[]; publicMempoolSightings: number };
    expect(result.hedges.length).toBeGreaterThan(0);
    expect(result.publicMempoolSightings).toBe(0);
  });
});
