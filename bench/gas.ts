/**
 * What it costs to sell 1 WETH for USDC by each route, and orders over several pools, on the devnet's real contracts:
 * `npx tsx bench/gas.ts`.
 */
import { startDevnet } from '../src/devnet/index.ts';
import { type GasRow, measureGas } from '../test/support/gasRoutes.ts';
import { type Gas, type LegGas, measureLegGas } from '../test/support/legRoutes.ts';
import { rolesAnvilFlags } from '../test/support/rolesRoute.ts';

const COLUMN = 10;

function line(route: string, cells: readonly string[]): string {
  return route.padEnd(36) + cells.map((cell) => cell.padStart(COLUMN)).join('');
}

function table(rows: readonly GasRow[]): string {
  const [bare] = rows;
  const count = (gas: number) => gas.toLocaleString('en-US');
  const lines = rows.map(({ route, firstGas, steadyGas }) =>
    line(route, [
      count(firstGas),
      count(steadyGas),
      count(firstGas - bare!.firstGas),
      count(steadyGas - bare!.steadyGas),
    ]),
  );
  return [line('gas of selling 1 WETH', ['first', 'steady', 'over bare', 'steady']), ...lines].join('\n');
}

/** Of Safe and Roles the transactions that it takes, one for each leg. */
function legTable(rows: readonly LegGas[], state: keyof Gas): string {
  const count = (gas: Gas | null) => (gas === null ? '-' : gas[state].toLocaleString('en-US'));
  const lines = rows.map(
    ({ legs, swapRouter02, universalRouter, safeAndRoles, hedgeByCalls, hedgeModule }) => {
      const ofRoles = (gas: Gas) =>
        safeAndRoles ? `${((100 * gas[state]) / safeAndRoles[state]).toFixed(1)} %` : '-';
      return line(legs.join(' + '), [
        count(swapRouter02),
        count(universalRouter),
        count(safeAndRoles),
        count(hedgeByCalls),
        ofRoles(hedgeByCalls),
        count(hedgeModule),
        ofRoles(hedgeModule),
      ]);
    },
  );
  return [
    line(`1 WETH on each, ${state}`, [
      'Router02',
      'Universal',
      'Roles',
      'by calls',
      'of Roles',
      'allowance',
      'of Roles',
    ]),
    ...lines,
  ].join('\n');
}

const devnet = await startDevnet({
  anvil: { flags: rolesAnvilFlags },
  venues: ['uniswapV2', 'uniswapV4'],
});
try {
  const revert = await devnet.snapshot();
  console.log(table(await measureGas(devnet)));
  await revert();
  const rows = await measureLegGas(devnet);
  for (const state of ['first', 'steady'] as const) console.log(`\n${legTable(rows, state)}`);
} finally {
  await devnet.stop();
}
