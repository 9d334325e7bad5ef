import { expect, it } from 'vitest';
import { keeperReporter } from '../../../../src/cli/output/reporter.ts';
import { styleFor } from '../../../../src/cli/output/style.ts';
import type { Terminal } from '../../../../src/cli/terminal.ts';
import { tick } from '../../../../src/engine/tick.ts';
import type { OpenWorld } from '../../../../src/runtime/worlds/tools.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { Ledger } from '../../../support/simulatedLedger.ts';
import {
  freshVault,
  simulatedChain,
  simulatedVault,
  simulatedWorld,
} from '../../../support/simulatedWorld.ts';

/** The lines of a keeper that comes to the same decision at each of these times. */
async function linesAt(times: readonly number[]): Promise<readonly string[]> {
  const ledger = new Ledger({ north: freshVault });
  ledger.mine();
  const mood = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
  const vault = simulatedVault('north');
  let nowSeconds = 0;
  const clock = { nowSeconds: () => nowSeconds, sleep: async () => {} };
  const chain = simulatedChain(ledger, mood);
  const world = { ...simulatedWorld({ chain, store: memoryStore(), relays: [] }), clock };
  const open: OpenWorld = { mode: 'live', world, vaults: [vault], close: async () => {} };
  const lines: string[] = [];
  const style = styleFor({ isTerminal: false, noColor: undefined, term: undefined, isWanted: false });
  const terminal = { style, line: (...more: string[]) => lines.push(...more) } as unknown as Terminal;
  const report = keeperReporter(open, terminal, () => String(nowSeconds));
  for (const at of times) {
    nowSeconds = at;
    report.results([await tick(world, vault)]);
    await report.flushed();
  }
  return lines.map((line) => line.split(' ')[0] as string);
}

it('says once a minute what stays as it was', async () => {
  expect(await linesAt([1_000, 1_012, 1_059, 1_060, 1_072])).toEqual(['1000', '1060']);
});

it('does not fall silent for as long as the clock was set back', async () => {
  expect(await linesAt([5_000, 5_012, 1_400, 1_412, 1_460])).toEqual(['5000', '1400', '1460']);
});
