import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerAnswer, WorkerTask } from './tasks.ts';
import type { Violation } from './violation.ts';

const root = join(import.meta.dirname, '../..');

/** The simulation as plain JavaScript: what loaders add to every function costs more than a tick does. */
export interface CompiledSimulation {
  readonly worker: string;
  dispose(): void;
}

/** Compiles the simulation and the engine under it into a folder of its own. @throws Error when the compiler fails */
export function compileSimulation(): CompiledSimulation {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-simulation-'));
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      noCheck: true,
      rootDir: root,
      outDir: folder,
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [],
    files: [join(root, 'test/simulation/worker.ts')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const arguments_ = ['-p', join(folder, 'tsconfig.json')];
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), arguments_, { encoding: 'utf8' });
  if (status !== 0) {
    dispose();
    throw new Error(`the simulation does not compile:\n${stdout}`);
  }
  return { worker: join(folder, 'test/simulation/worker.js'), dispose };
}

/** Seeds to play. */
export interface RunOptions {
  readonly firstSeed: number;
  readonly histories: number;
  readonly workers: number;
  readonly mutant?: string | null;
  readonly stopsAtViolation?: boolean;
  readonly wantsJournals?: boolean;
  /** Told now and then, with what there is so far. */
  readonly onProgress?: (soFar: RunResult) => void;
}

/** What came of many histories. */
export interface RunResult {
  histories: number;
  ticks: number;
  /** Simulated. */
  seconds: number;
  readonly counts: Map<string, number>;
  readonly violations: { readonly seed: number; readonly violation: Violation }[];
  readonly journals: Map<number, string>;
}

function take(result: RunResult, answer: WorkerAnswer): void {
  if (answer.kind === 'violation') result.violations.push(answer);
  if (answer.kind === 'journal') result.journals.set(answer.seed, answer.journal);
  if (answer.kind !== 'progress') return;
  result.histories += answer.histories;
  result.ticks += answer.ticks;
  result.seconds += answer.seconds;
  for (const [what, count] of Object.entries(answer.counts)) {
    result.counts.set(what, (result.counts.get(what) ?? 0) + count);
  }
}

/** Histories live shortly: with room for many of them, hardly anything is ever moved to where it is collected slowly. */
const resourceLimits = { maxYoungGenerationSizeMb: 128 };

function work(file: string, task: WorkerTask, onAnswer: (answer: WorkerAnswer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: task, execArgv: [], resourceLimits });
    worker.on('message', onAnswer);
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
  });
}

/** Plays seeds on worker threads, every worker its own share of them. */
export async function runSimulation(compiled: CompiledSimulation, options: RunOptions): Promise<RunResult> {
  const { firstSeed, histories, workers, mutant = null } = options;
  const result: RunResult = {
    histories: 0,
    ticks: 0,
    seconds: 0,
    counts: new Map(),
    violations: [],
    journals: new Map(),
  };
  const running = Array.from({ length: workers }, (_, index) => {
    const task: WorkerTask = {
      firstSeed: firstSeed + index,
      endSeed: firstSeed + histories,
      stride: workers,
      mutant,
      stopsAtViolation: options.stopsAtViolation ?? false,
      wantsJournals: options.wantsJournals ?? false,
    };
    return work(compiled.worker, task, (answer) => {
      take(result, answer);
      if (answer.kind === 'progress') options.onProgress?.(result);
    });
  });
  await Promise.all(running);
  result.violations.sort((a, b) => a.seed - b.seed);
  return result;
}
