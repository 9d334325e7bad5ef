/**
 * What it costs to sell 1 WETH for USDC by each route, on the devnet's real contracts: `npx tsx bench/gas.ts`.
 */
import { startDevnet } from '../src/devnet/index.ts';
import { type GasRow, measureGas } from '../test/support/gasRoutes.ts';
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

const devnet = await startDevnet({ anvil: { flags: rolesAnvilFlags } });
try {
  console.log(table(await measureGas(devnet)));
} finally {
  await devnet.stop();
}
