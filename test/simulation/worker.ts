import { parentPort, workerData } from 'node:worker_threads';
import { drained } from './drain.ts';
import { History } from './history.ts';
import { journalText } from './journalText.ts';
import { mutants } from './mutants.ts';
import type { WorkerAnswer, WorkerTask } from './tasks.ts';

/** Errors are many here and nobody reads their stacks: making one would cost more than a tick. */
Error.stackTraceLimit = 0;

const task = workerData as WorkerTask;
const mutant = mutants.find(({ name }) => name === task.mutant) ?? null;
const chunk = 50;

function answer(message: WorkerAnswer): void {
  parentPort?.postMessage(message);
}

let counts: Record<string, number> = {};
let histories = 0;
let ticks = 0;
let seconds = 0;
const flush = (done: boolean) => {
  answer({ kind: 'progress', histories, ticks, seconds, counts, done });
  counts = {};
  histories = 0;
  ticks = 0;
  seconds = 0;
};

for (let seed = task.firstSeed; seed < task.endSeed; seed += task.stride) {
  const result = await new History({ seed, mutant }).play(drained);
  for (const [what, count] of result.counts) counts[what] = (counts[what] ?? 0) + count;
  histories += 1;
  ticks += result.ticks;
  seconds += result.seconds;
  if (task.wantsJournals) answer({ kind: 'journal', seed, journal: journalText(result.disk) });
  if (result.violation !== null) {
    answer({ kind: 'violation', seed, violation: result.violation });
    if (task.stopsAtViolation) break;
  }
  if (histories >= chunk) flush(false);
}
flush(true);
