/**
 * Hedging Monte Carlo against its peers, in turns in the same run: `npm run bench -- sim`. Path-steps per second of one
 * option hedged at every step, on one and on two worker threads, beside Debian's python3-numpy vectorised over paths and
 * QuantLib's own DiscreteHedging example (quantlib-examples), each where it is installed; and what sixteen bands on the
 * same paths cost over one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { simulateHedgingOn } from '../src/runtime/workers/simulateHedging.ts';
import { WorkerPool } from '../src/runtime/workers/workerPool.ts';
import type { HedgingSimulation } from '../src/sim/montecarlo/hedgingTerms.ts';
import { simulateHedging } from '../src/sim/montecarlo/simulateHedging.ts';

/** Least speed over each peer with two workers, and most that sixteen bands may cost over one. */
const TARGETS = { quantLib: 33, numpy: 2.3, sixteenBands: 3 };
const PATHS = 51_200;
const STEPS = 84;
const ROUNDS = 3;
const SAMPLES = 6;
/** What QuantLib's example runs: 50,000 paths with 21 and with 84 rebalances. */
const QUANTLIB_PATH_STEPS = 50_000 * (21 + 84);
const QUANTLIB = '/usr/bin/DiscreteHedging';
const DEBIAN_PYTHON = '/usr/bin/python3';

const simulationOf = (bands: number): HedgingSimulation => ({
  option: { type: 'call', spot: 100, strike: 100, rate: 0.05 },
  years: 1 / 12,
  steps: STEPS,
  paths: PATHS,
  drift: 0.05,
  volatility: 0.2,
  bands: Array.from({ length: bands }, (_, band) => ({ act: 0.01 * band, target: 0.005 * band })),
  feeRate: 0.0005,
  gasQuote: 0,
  seed: 1,
});

interface Contender {
  readonly name: string;
  readonly pathSteps: number;
  /** Seconds of the fastest of some runs. */
  readonly time: () => Promise<number> | number;
}

async function fastestOf(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const started = performance.now();
    await work();
    least = Math.min(least, (performance.now() - started) / 1_000);
  }
  return least;
}

function outputOf(command: string, words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', input: '' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return stdout;
}

const hasNumpy = () => spawnSync(DEBIAN_PYTHON, ['-c', 'import numpy']).status === 0;
const numpyFile = join(import.meta.dirname, 'hedgingNumpy.py');

function numpy(bands: number): Contender {
  const words = [numpyFile, PATHS, STEPS, bands, 1].map(String);
  return {
    name: bands === 1 ? 'numpy' : `numpy, ${bands} bands one by one`,
    pathSteps: PATHS * STEPS,
    time: () => Number(outputOf(DEBIAN_PYTHON, words).split(' ')[0]),
  };
}

const quantLib: Contender = {
  name: 'QuantLib DiscreteHedging',
  pathSteps: QUANTLIB_PATH_STEPS,
  time: () => {
    const started = performance.now();
    outputOf(QUANTLIB, []);
    return (performance.now() - started) / 1_000;
  },
};

const pools = [1, 2].map((count) => new WorkerPool(count));
const ours = (bands: number): Contender[] => [
  {
    name: `ours, this thread${bands === 1 ? '' : `, ${bands} bands`}`,
    pathSteps: PATHS * STEPS,
    time: () => fastestOf(() => simulateHedging(simulationOf(bands))),
  },
  ...pools.map((pool) => ({
    name: `ours, ${pool.size} ${pool.size === 1 ? 'worker' : 'workers'}${bands === 1 ? '' : `, ${bands} bands`}`,
    pathSteps: PATHS * STEPS,
    time: () => fastestOf(() => simulateHedgingOn(pool, simulationOf(bands))),
  })),
];

const contenders = [
  ...ours(1),
  ...ours(16),
  ...(hasNumpy() ? [numpy(1), numpy(16)] : []),
  ...(existsSync(QUANTLIB) ? [quantLib] : []),
];
if (!hasNumpy()) console.log('numpy is skipped: python3-numpy is not installed');
if (!existsSync(QUANTLIB)) console.log('QuantLib is skipped: quantlib-examples is not installed');

const seconds = new Map<string, number>();
// Taken in turns, and the least of each: on a shared machine everything above it is somebody else's work.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { name, time } of contenders) {
    if (name.startsWith('numpy, ') && round > 0) continue;
    seconds.set(name, Math.min(seconds.get(name) ?? Number.POSITIVE_INFINITY, await time()));
  }
}
await Promise.all(pools.map((pool) => pool.close()));

console.log(
  `\n${`${PATHS.toLocaleString('en-US')} paths x ${STEPS} steps`.padEnd(34)}   time ms   M path-steps/s`,
);
const speed = new Map<string, number>();
for (const { name, pathSteps } of contenders) {
  const taken = seconds.get(name)!;
  speed.set(name, pathSteps / taken);
  const cells = [(taken * 1_000).toFixed(1).padStart(10), (pathSteps / taken / 1e6).toFixed(1).padStart(17)];
  console.log(`${name.padEnd(34)}${cells.join('')}`);
}

function judge(what: string, ratio: number, target: number, isMost: boolean): void {
  const missed = isMost ? ratio > target : ratio < target;
  const bound = `${isMost ? '<=' : '>='} ${target}`;
  console.log(`${what.padEnd(50)}${ratio.toFixed(2).padStart(8)}   ${bound}${missed ? '  missed' : ''}`);
  if (missed) process.exitCode = 1;
}

console.log('');
const two = speed.get('ours, 2 workers')!;
if (speed.has('numpy')) judge('two workers over numpy', two / speed.get('numpy')!, TARGETS.numpy, false);
if (speed.has(quantLib.name))
  judge('two workers over QuantLib', two / speed.get(quantLib.name)!, TARGETS.quantLib, false);
for (const who of ['this thread', '2 workers']) {
  const ratio = speed.get(`ours, ${who}`)! / speed.get(`ours, ${who}, 16 bands`)!;
  judge(`sixteen bands over one, ${who}`, ratio, TARGETS.sixteenBands, true);
}
