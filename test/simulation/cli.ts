/**
 * The simulation at the prompt. `npm run sim -- --histories 200000 --workers 2` plays many seeds and says what it found;
 * `npm run sim -- --seed 17 [--until 848]` plays one and prints what happened, step by step.
 */
import { parseArgs } from 'node:util';
import { drained } from './drain.ts';
import { History } from './history.ts';
import { enoughHistories, neverReached } from './mustHappen.ts';
import { mutants } from './mutants.ts';
import { compileSimulation, type RunResult, runSimulation } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    until: { type: 'string' },
    from: { type: 'string', default: '1' },
    histories: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '2' },
    mutant: { type: 'string' },
    counts: { type: 'boolean', default: false },
  },
});

async function playOne(seed: number): Promise<boolean> {
  const mutant = mutants.find(({ name }) => name === values.mutant) ?? null;
  const untilStep = values.until === undefined ? {} : { untilStep: Number(values.until) };
  const trace = (line: string) => console.log(line);
  const result = await new History({ seed, mutant, trace, ...untilStep }).play(drained);
  const { violation, blocks, ticks, steps } = result;
  console.log(`\nseed ${seed}: ${blocks} blocks, ${ticks} ticks, ${steps} steps`);
  if (violation === null) console.log('every promise was kept');
  else console.log(`${violation.invariant} broken at step ${violation.step}: ${violation.what}`);
  return violation === null;
}

function progressOf({ histories, ticks, seconds, violations }: RunResult, startedAt: number): string {
  const elapsed = (performance.now() - startedAt) / 1_000;
  const rate = (histories / elapsed).toFixed(0);
  const days = (seconds / 86_400).toFixed(1);
  return `${histories} histories, ${ticks} ticks, ${days} simulated days in ${elapsed.toFixed(0)} s (${rate}/s), ${violations.length} failing`;
}

/** Failing seeds that are printed. */
const MOST_TOLD = 20;

async function playMany(): Promise<boolean> {
  const startedAt = performance.now();
  const compiled = compileSimulation();
  let shownAt = startedAt;
  const told = new Set<number>();
  // At once: whoever breaks a long run off has what it found.
  const tell = ({ violations }: RunResult) => {
    for (const { seed, violation } of violations) {
      if (told.has(seed) || told.size === MOST_TOLD) continue;
      told.add(seed);
      console.log(`\nseed ${seed}, step ${violation.step}: ${violation.invariant} ${violation.what}`);
      console.log(`  npm run sim -- --seed ${seed} --until ${violation.step}\n`);
    }
  };
  try {
    const result = await runSimulation(compiled, {
      firstSeed: Number(values.from),
      histories: Number(values.histories),
      workers: Number(values.workers),
      mutant: values.mutant ?? null,
      onProgress: (soFar) => {
        tell(soFar);
        if (performance.now() - shownAt < 5_000) return;
        shownAt = performance.now();
        console.log(progressOf(soFar, startedAt));
      },
    });
    tell(result);
    console.log(progressOf(result, startedAt));
    if (values.counts)
      for (const [what, count] of [...result.counts].sort()) console.log(`${what}: ${count}`);
    const isEnough = values.mutant === undefined && result.histories >= enoughHistories;
    const never = isEnough ? neverReached(result.counts) : [];
    if (never.length > 0) console.log(`\nnever happened: ${never.join(', ')}`);
    return result.violations.length === 0 && never.length === 0;
  } finally {
    compiled.dispose();
  }
}

const ok = values.seed === undefined ? await playMany() : await playOne(Number(values.seed));
process.exitCode = ok ? 0 : 1;
