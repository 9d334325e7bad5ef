/** The entry of a worker thread: does one job after another, and says how far it is. */
import { parentPort } from 'node:worker_threads';
import { faultOf } from '../../engine/faults.ts';
import { runJob } from './jobs.ts';
import { type Assignment, plainError, type Report } from './messages.ts';

/** Progress is told this many times a job at most. */
const MOST_REPORTS = 100;

const say = (report: Report) => parentPort?.postMessage(report);

parentPort?.on('message', ({ place, job }: Assignment) => {
  let told = 0;
  try {
    const result = runJob(job, (share) => {
      if (Math.floor(share * MOST_REPORTS) === told) return;
      told = Math.floor(share * MOST_REPORTS);
      say({ kind: 'progress', place, share });
    });
    say({ kind: 'done', place, result });
  } catch (thrown) {
    say({ kind: 'failed', place, error: plainError(faultOf(thrown)) });
  }
});
