/**
 * Runs the benches, each in a process of its own, one after the other: only ratios taken in one run mean anything. What they
 * measure is compiled as it is shipped.
 *
 *   npm run bench                 every bench
 *   npm run bench -- models       a group: models, amm, chain, sim, risk
 *   npm run bench -- quote        one of them
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const groups: Readonly<Record<string, readonly string[]>> = {
  models: ['greeks', 'impliedVolatility', 'surfaces', 'garch', 'volatilityForecasts'],
  amm: ['quote', 'split'],
  chain: ['reads', 'positions', 'latency', 'gas'],
  sim: ['sim'],
  risk: ['stress'],
};

const all = Object.values(groups).flat();
const wanted = process.argv.slice(2).filter((argument) => argument !== '--');
const unknown = wanted.filter((name) => groups[name] === undefined && !all.includes(name));
if (unknown.length > 0) {
  console.error(
    `no bench called ${unknown.join(', ')}; there are ${[...Object.keys(groups), ...all].join(', ')}`,
  );
  process.exit(2);
}

const chosen = wanted.length === 0 ? all : wanted.flatMap((name) => groups[name] ?? [name]);
const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
const shipped = join(import.meta.dirname, 'support/shipped.ts');
let failed = 0;
for (const name of chosen) {
  const file = join(import.meta.dirname, `${name}.ts`);
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--import', shipped, file], {
    stdio: 'inherit',
  });
  if (status !== 0) failed += 1;
}
process.exitCode = failed > 0 ? 1 : 0;
