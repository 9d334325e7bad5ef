import { describe, expect, it } from 'vitest';
import { hasViolations, rehearsalRow, rehearsalSummary } from '../../../../src/cli/output/rehearse.ts';
import { plainStyle, visibleWidth } from '../../../../src/cli/output/style.ts';
import { isAtRest } from '../../../../src/runtime/rehearse/course.ts';
import { allFaults } from '../../../../src/runtime/rehearse/faults/index.ts';
import { rowOf } from '../../../../src/runtime/rehearse/matrix.ts';
import { USUAL_FAULTS } from '../../../../src/runtime/rehearse/rehearse.ts';
import type { FaultRun } from '../../../../src/runtime/rehearse/runFault.ts';
import { faultsNamed } from '../../../../src/runtime/rehearse/select.ts';

const run = (changes: Partial<FaultRun>): FaultRun => ({
  fault: 'reorg-1',
  seed: 1,
  wasReached: true,
  hedges: 2,
  doubleHedges: 0,
  lostOrders: 0,
  blocksToRecover: 1,
  findings: [],
  first: [],
  last: [],
  ...changes,
});
const [reorg] = faultsNamed(allFaults, ['reorg-1']);
const rowFrom = (...runs: readonly FaultRun[]) => rowOf(reorg as (typeof allFaults)[number], runs);

describe('a row of the table', () => {
  it('sums up the runs and gives median and most of the blocks', () => {
    const row = rowFrom(run({}), run({ seed: 2, blocksToRecover: 4 }), run({ seed: 3, wasReached: false }));
    expect(row).toMatchObject({ runs: 3, reached: 2, hedges: 6, blocksToRecover: { median: 1, most: 4 } });
    expect(rehearsalRow(row, plainStyle)[0]).toMatch(/^reorg-1 +3 +2 +0 +0 +1–4$/);
    expect(hasViolations([row])).toBe(false);
  });

  it('with a run that did not recover says so, with the seed that repeats it', () => {
    const bad = run({
      seed: 9,
      blocksToRecover: null,
      lostOrders: 1,
      findings: ['north#0.1 is still signed'],
    });
    const row = rowFrom(run({}), bad);
    const [line, ...findings] = rehearsalRow(row, plainStyle);
    expect(line).toMatch(/1 +never$/);
    expect(findings).toEqual(['    seed 9: north#0.1 is still signed']);
    expect(hasViolations([row])).toBe(true);
    expect(rehearsalSummary([row], plainStyle).join('\n')).toMatch(/1 lost[\s\S]*1 runs? did not end/);
  });

  it('fits in 80 columns whatever the fault', () => {
    for (const fault of allFaults) {
      const lines = rehearsalRow(
        rowOf(fault, [run({}), run({ findings: ['word '.repeat(60)] })]),
        plainStyle,
      );
      for (const line of lines) expect(visibleWidth(line)).toBeLessThanOrEqual(80);
    }
  });
});

describe('faults by name', () => {
  it('come by name and by kind, each once', () => {
    const found = faultsNamed(allFaults, ['reorg', ' reorg-2', 'disk-full']).map(({ name }) => name);
    expect(found).toEqual(['reorg-1', 'reorg-2', 'reorg-3', 'reorg-4', 'reorg-5', 'disk-full']);
    expect(faultsNamed(allFaults, ['all'])).toHaveLength(allFaults.length);
  });

  it('that do not exist are refused with the one that was meant', () => {
    expect(() => faultsNamed(allFaults, ['relay-dropz'])).toThrow(
      expect.objectContaining({ code: 'FAULT_UNKNOWN', action: 'did you mean relay-drops?' }),
    );
  });

  it('of a rehearsal where none are named exist', () => {
    expect(faultsNamed(allFaults, USUAL_FAULTS)).toHaveLength(USUAL_FAULTS.length);
  });
});

describe('rest', () => {
  const tick = {
    vault: 'v',
    kind: 'hold',
    code: 'insideBand',
    why: '',
    netDelta: 0,
    sellAct: 1,
    open: 0,
    settled: [],
  } as const;
  const codes = new Set(['insideBand'] as const);

  it('is nothing open and nothing to do in any vault', () => {
    expect(isAtRest([tick, tick], codes)).toBe(true);
    expect(isAtRest([tick, { ...tick, open: 1 }], codes)).toBe(false);
    expect(isAtRest([tick, { ...tick, code: 'orderOpen' }], codes)).toBe(false);
    expect(isAtRest([tick, { ...tick, kind: 'halt', code: 'chainFault' }], codes)).toBe(false);
    expect(isAtRest([], codes)).toBe(false);
  });
});
