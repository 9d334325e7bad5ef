import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { BallastError } from '../../core/errors.ts';
import type { Job, JobResults } from './jobs.ts';
import { type Assignment, errorOf, type Report } from './messages.ts';

/** Who is told how far some jobs are, and who can stop them. */
export interface RunOptions {
  /** Told from 0 to 1, over all jobs. */
  readonly onProgress?: (share: number) => void;
  /** Once aborted, the pool is closed, whatever its workers are doing, and its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** The entry beside this file: as it was compiled, or, where everything runs as it was written, by way of tsx. */
function startWorker(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./worker.js', import.meta.url));
  const entry = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  const load = `import("tsx/esm/api").then(({ tsImport }) => tsImport(${entry}, ${entry}))`;
  return new Worker(load, { eval: true });
}

/**
 * Threads that do jobs side by side. A job's answer does not depend on who does it or when, so that the answers are the
 * same for any number of workers. Whoever opens a pool closes it.
 */
export class WorkerPool {
  readonly #workers: readonly Worker[];
  #isClosed = false;
  /** Ends with the last call that was made so far, however that ended. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param count of threads; by default as many as the machine runs at once */
  constructor(count = availableParallelism()) {
    this.#workers = Array.from({ length: Math.max(1, count) }, startWorker);
  }

  /** How many threads there are. */
  get size(): number {
    return this.#workers.length;
  }

  /**
   * Does jobs, each by the next worker that is free. A call that comes while another is at work waits for its turn.
   *
   * @returns answers in the order of the jobs
   * @throws BallastError as a job threw it, or WORKER_GONE where a thread ended; the signal's reason. The pool is closed then.
   */
  run<J extends Job>(
    jobs: readonly J[],
    options: RunOptions = {},
  ): Promise<readonly JobResults[J['kind']][]> {
    const answer = this.#turn.then(() => this.#runNow(jobs, options));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  async #runNow<J extends Job>(
    jobs: readonly J[],
    { onProgress, signal }: RunOptions,
  ): Promise<readonly JobResults[J['kind']][]> {
    const results: JobResults[J['kind']][] = new Array(jobs.length);
    const shares = new Float64Array(jobs.length);
    let [next, done] = [0, 0];
    let stopListening = () => {};
    const tell = (place: number, share: number) => {
      shares[place] = share;
      onProgress?.(shares.reduce((sum, one) => sum + one, 0) / jobs.length);
    };
    const finished = new Promise<void>((resolve, reject) => {
      const assign = (worker: Worker) => {
        const job = jobs[next];
        if (job === undefined) return;
        worker.postMessage({ place: next, job } satisfies Assignment);
        next += 1;
      };
      const listeners = this.#workers.map((worker) => {
        const onMessage = (report: Report) => {
          if (report.kind === 'failed') return reject(errorOf(report.error));
          if (report.kind === 'progress') return tell(report.place, report.share);
          results[report.place] = report.result as JobResults[J['kind']];
          done += 1;
          tell(report.place, 1);
          if (done === jobs.length) return resolve();
          return assign(worker);
        };
        const onExit = (code: number) =>
          reject(new BallastError('WORKER_GONE', `a worker thread ended with code ${code}`));
        worker.on('message', onMessage).on('error', reject).on('exit', onExit);
        return () => worker.off('message', onMessage).off('error', reject).off('exit', onExit);
      });
      const onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      stopListening = () => {
        for (const stop of listeners) stop();
        signal?.removeEventListener('abort', onAbort);
      };
      if (signal?.aborted === true) return onAbort();
      if (this.#isClosed) return reject(new BallastError('WORKER_GONE', 'the worker pool is closed'));
      if (jobs.length === 0) return resolve();
      return this.#workers.forEach(assign);
    });
    try {
      await finished;
      return results;
    } catch (error) {
      stopListening();
      await this.close();
      throw error;
    } finally {
      stopListening();
    }
  }

  /** Ends every thread, whatever it is doing. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
