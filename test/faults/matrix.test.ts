import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allFaults } from '../../src/runtime/rehearse/faults/index.ts';
import { JOURNAL_WRITES } from '../../src/runtime/rehearse/journalWrites.ts';
import { KeeperPool } from '../../src/runtime/rehearse/keeperProcess.ts';
import { runFault } from '../../src/runtime/rehearse/runFault.ts';
import { faultsNamed } from '../../src/runtime/rehearse/select.ts';
import type { Stage } from '../../src/runtime/rehearse/stage.ts';
import { startFaultStage } from '../support/faultStage.ts';

/** A fixed sample of what `npm run test:faults` runs in full: a name and the market path. */
const sample: readonly (readonly [fault: string, seed: number])[] = [
  ['kill-before-signed', 1],
  ['kill-after-signed', 2],
  ['kill-after-signedAgain', 3],
  ['kill-before-answered', 4],
  ['kill-after-filler', 5],
  ['reorg-1', 6],
  ['reorg-5', 7],
  ['relay-drops', 8],
  ['relay-lies', 9],
  ['relay-500-lands', 10],
  ['node-away', 11],
  ['node-lags', 12],
  ['node-other-fork', 13],
  ['gas-spike', 14],
  ['nonce-taken', 15],
  ['clock-jumps', 16],
  ['disk-full', 17],
  ['mixed', 18],
];

describe('the keeper as a process of its own, over two vaults on one key', () => {
  let stage: Stage;
  let pool: KeeperPool;
  beforeAll(async () => {
    pool = new KeeperPool(['--import', import.meta.resolve('tsx')]);
    stage = await startFaultStage();
  });
  afterAll(async () => {
    await pool?.stop();
    await stage?.stop();
  });

  it.each(sample)(
    '%s, path %i: each sequence once or never, journal and chain agree, back in the band',
    async (name, seed) => {
      const [fault] = faultsNamed(allFaults, [name]);
      if (fault === undefined) throw new Error(`no fault ${name}`);
      const run = await runFault(fault, seed, {
        stage,
        pool,
        gifts: new Map(),
        restingCodes: new Set(['insideBand']),
      });
      expect(run.findings).toEqual([]);
      expect(run).toMatchObject({ wasReached: true, doubleHedges: 0, lostOrders: 0 });
      expect(run.hedges).toBeGreaterThanOrEqual(2);
      expect(run.blocksToRecover).not.toBeNull();
    },
  );
});

describe('the faults that there are', () => {
  it('kill the keeper before and after every write that a journal knows', () => {
    const names = allFaults.filter(({ family }) => family === 'kill').map(({ name }) => name);
    expect(names).toEqual(JOURNAL_WRITES.flatMap((write) => [`kill-before-${write}`, `kill-after-${write}`]));
  });

  it('have names of their own', () => {
    expect(new Set(allFaults.map(({ name }) => name)).size).toBe(allFaults.length);
  });
});
