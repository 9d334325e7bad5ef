/**
 * Runs a vault of written puts that borrows at Aave through crashes on the devnet, with and without reducing, and prints
 * what became of it. Ends with 1 where a vault that reduces could have been liquidated.
 *
 *   tsx scripts/crashes.ts
 */
import { startDevnet } from '../src/devnet/index.ts';
import { type CrashRun, crashPaths, crashRun, recordedCrashes } from '../test/support/crashRuns.ts';

const columns = ['path', 'reduces', 'lowest HF', 'liquidated', 'hedges', 'reductions', 'most debt'];

function cells(run: CrashRun): readonly string[] {
  return [
    run.path,
    run.reduces ? 'yes' : 'no',
    run.lowestHealthFactor.toFixed(2),
    run.isLiquidated ? 'YES' : 'no',
    String(run.hedges),
    String(run.reductions),
    run.mostDebtBase.toFixed(2),
  ];
}

const recorded = recordedCrashes();
const paths = [...crashPaths, ...recorded];
const devnet = await startDevnet({ lending: ['aaveV3'], price: 3_000 });
try {
  const rows: (readonly string[])[] = [];
  let lost = 0;
  for (const path of paths) {
    for (const reduces of [false, true]) {
      const revert = await devnet.snapshot();
      const run = await crashRun(devnet, path, reduces);
      await revert();
      rows.push(cells(run));
      if (reduces && run.isLiquidated) lost += 1;
      process.stderr.write(`${rows.length} of ${2 * paths.length} runs\r`);
    }
  }
  const widths = columns.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]!.length)),
  );
  for (const row of [columns, ...rows]) {
    console.log(
      row
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!)))
        .join('  '),
    );
  }
  process.exitCode = lost === 0 ? 0 : 1;
} finally {
  await devnet.stop();
}
