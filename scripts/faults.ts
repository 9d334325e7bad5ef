/**
 * `npm run test:faults`: the keeper as a process of its own on a devnet, killed at every write of its journal and led
 * through every other fault, each along as many market paths as there are seeds. Prints a row for each fault; exits 1
 * where a hedge was made twice, an order was lost, a vault did not come back into its band, or a fault was never met.
 *
 *   npm run test:faults                                     everything, 20 seeds
 *   npm run test:faults -- --faults relay,kill-after-signed --seeds 5
 *   npm run test:faults -- --faults reorg-3 --seed 17       that run once more
 */
import { parseArgs } from 'node:util';
import {
  hasViolations,
  rehearsalHeader,
  rehearsalRow,
  rehearsalSummary,
} from '../src/cli/output/rehearse.ts';
import { styleFor } from '../src/cli/output/style.ts';
import { allFaults } from '../src/runtime/rehearse/faults/index.ts';
import { KeeperPool } from '../src/runtime/rehearse/keeperProcess.ts';
import { runMatrix } from '../src/runtime/rehearse/matrix.ts';
import { faultsNamed } from '../src/runtime/rehearse/select.ts';
import { startFaultStage } from '../test/support/faultStage.ts';
import { wholeNumber } from './wholeNumber.ts';

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: 'all' },
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
});
const seeds =
  values.seed === undefined
    ? Array.from({ length: wholeNumber('seeds', values.seeds) }, (_, index) => index + 1)
    : [wholeNumber('seed', values.seed)];
const faults = faultsNamed(allFaults, values.faults.split(','));
const workers = Math.min(wholeNumber('workers', values.workers), faults.length * seeds.length);

const style = styleFor({
  isTerminal: process.stdout.isTTY === true,
  noColor: process.env.NO_COLOR,
  term: process.env.TERM,
  isWanted: true,
});
const progress = (text: string) => {
  if (process.stderr.isTTY === true) process.stderr.write(`\r\u001b[2K${text}`);
};
const stop = new AbortController();
process.once('SIGINT', () => {
  progress('stopping after the runs under way\n');
  stop.abort();
});

const pool = new KeeperPool(process.execArgv);
const began = performance.now();
progress(`starting ${workers} devnets`);
const started = await Promise.allSettled(Array.from({ length: workers }, startFaultStage));
const stages = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
try {
  for (const one of started) if (one.status === 'rejected') throw one.reason;
  progress('');
  console.log(rehearsalHeader(style));
  const rows = await runMatrix({
    faults,
    seeds,
    stages,
    pool,
    gifts: new Map(),
    restingCodes: new Set(['insideBand']),
    onRun: ({ fault, seed }, done, of) =>
      progress(
        `${done} of ${of}  ${fault} seed ${seed}  ${((performance.now() - began) / 60_000).toFixed(1)} min`,
      ),
    onRow: (row) => {
      progress('');
      console.log(rehearsalRow(row, style).join('\n'));
    },
    stop: stop.signal,
  });
  progress('');
  console.log(rehearsalSummary(rows, style).join('\n'));
  console.log(`${((performance.now() - began) / 60_000).toFixed(1)} min`);
  const isUnmet = values.seed === undefined && rows.some(({ reached }) => reached === 0);
  const isCut = rows.length < faults.length;
  process.exitCode = hasViolations(rows) || isUnmet || isCut ? 1 : 0;
} finally {
  await pool.stop();
  await Promise.all(stages.map((stage) => stage.stop()));
}
