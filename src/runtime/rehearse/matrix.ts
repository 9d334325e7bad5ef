import type { ReasonCode } from '../../core/decision.ts';
import { median } from '../../core/statistics/moments.ts';
import type { KeeperPool } from './keeperProcess.ts';
import { type FaultRun, runFault } from './runFault.ts';
import type { Fault } from './scene.ts';
import type { Stage } from './stage.ts';

/** One fault over all its runs. */
export interface FaultRow {
  readonly fault: string;
  readonly family: string;
  readonly words: string;
  readonly runs: number;
  /** Runs in which what the fault is about happened. */
  readonly reached: number;
  readonly hedges: number;
  readonly doubleHedges: number;
  readonly lostOrders: number;
  /** Blocks from the end of the fault until nothing was open and nothing to do, over the runs; null where one never came there. */
  readonly blocksToRecover: { readonly median: number; readonly most: number } | null;
  /** Runs with findings, each with the seed that repeats it. */
  readonly failures: readonly Pick<FaultRun, 'seed' | 'findings'>[];
}

/** What a matrix is made of. */
export interface MatrixOptions {
  readonly faults: readonly Fault[];
  readonly seeds: readonly number[];
  /** Each takes one run at a time. */
  readonly stages: readonly Stage[];
  readonly pool: KeeperPool;
  readonly gifts: ReadonlyMap<string, number>;
  readonly restingCodes: ReadonlySet<ReasonCode>;
  /** Told after each run. */
  readonly onRun: (run: FaultRun, done: number, of: number) => void;
  /** Told once all runs of a fault are over, in the order of the faults. */
  readonly onRow: (row: FaultRow) => void;
  /** Once aborted, no run begins. */
  readonly stop: AbortSignal | null;
}

/** One row of the table from its runs. */
export function rowOf({ name, family, words }: Fault, runs: readonly FaultRun[]): FaultRow {
  const sum = (of: (run: FaultRun) => number) => runs.reduce((total, run) => total + of(run), 0);
  const blocks = runs.flatMap(({ blocksToRecover }) => blocksToRecover ?? []).sort((a, b) => a - b);
  return {
    fault: name,
    family,
    words,
    runs: runs.length,
    reached: runs.filter(({ wasReached }) => wasReached).length,
    hedges: sum(({ hedges }) => hedges),
    doubleHedges: sum(({ doubleHedges }) => doubleHedges),
    lostOrders: sum(({ lostOrders }) => lostOrders),
    blocksToRecover:
      runs.length > 0 && blocks.length === runs.length
        ? { median: median(blocks), most: blocks.at(-1) as number }
        : null,
    failures: runs
      .filter(({ findings }) => findings.length > 0)
      .map(({ seed, findings }) => ({ seed, findings })),
  };
}

/** Runs every fault with every seed, as many at a time as there are stages. */
export async function runMatrix(options: MatrixOptions): Promise<readonly FaultRow[]> {
  const { faults, seeds, stages, onRun, onRow, stop } = options;
  const queue = faults.flatMap((fault) => seeds.map((seed) => ({ fault, seed })));
  const total = queue.length;
  const runs = new Map(faults.map(({ name }): [string, FaultRun[]] => [name, []]));
  const rows: FaultRow[] = [];
  let done = 0;
  const tell = () => {
    for (let fault = faults[rows.length]; fault !== undefined; fault = faults[rows.length]) {
      const own = runs.get(fault.name) ?? [];
      if (own.length < seeds.length) return;
      const row = rowOf(fault, own);
      rows.push(row);
      onRow(row);
    }
  };
  const work = async (stage: Stage) => {
    for (let next = queue.shift(); next !== undefined && stop?.aborted !== true; next = queue.shift()) {
      const run = await runFault(next.fault, next.seed, { ...options, stage });
      runs.get(next.fault.name)?.push(run);
      done += 1;
      onRun(run, done, total);
      tell();
    }
  };
  await Promise.all(stages.map(work));
  return rows;
}
