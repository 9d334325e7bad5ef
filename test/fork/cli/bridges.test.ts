import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqrtPriceAtTick } from '../../../src/core/amm/tickMath.ts';
import type { Address } from '../../../src/core/units.ts';
import { devnetPools } from '../../../src/devnet/index.ts';
import { createPoolCalls, fundCall, mintRangesCall } from '../../../src/devnet/seed.ts';
import { ballast } from '../../support/cli.ts';
import { type CliSession, openCliSession } from './session.ts';

/** USDC against USDT, which the devnet has no pool of by itself; mainnet's address follows from factory, tokens and fee. */
const dollars: Address = '0x7858E59e0C01EA06Df3aF3D20aC7B0003275D4Bf';
const near = devnetPools.wethUsdt3000.address;
let open: CliSession;

beforeAll(async () => {
  open = await openCliSession();
  const { devnet } = open.session;
  const { usdc, usdt } = devnet.tokens;
  const { liquidityProvider } = devnet.accounts;
  const pool = { ...devnetPools.usdcWeth500, address: dollars, token0: usdc, token1: usdt };
  const at = sqrtPriceAtTick(3);
  await devnet.transact(liquidityProvider, [
    ...[usdc, usdt].flatMap(({ address }) => fundCall(address, liquidityProvider.address, 10n ** 16n)),
    ...createPoolCalls(pool, at),
    mintRangesCall(
      pool,
      [{ tickLower: -60, tickUpper: 60, liquidity: 10n ** 16n }],
      at,
      liquidityProvider.address,
    ),
  ]);
});
afterAll(() => open?.close());

const lineOf = (pool: Address) => `      - { kind: uniswapV3, pool: "${pool}" }\n`;

/** The devnet's config with USDT as a bridge, over these pools. */
async function configOver(name: string, pools: readonly Address[]): Promise<string> {
  const text = await readFile(open.configFile, 'utf8');
  const venues = /( {4}venues:\n)(?: {6}- .*\n)+/;
  const file = join(open.folder, name);
  await writeFile(
    file,
    text
      .replace('    quote: USDC\n', '    quote: USDC\n    bridges: [USDT]\n')
      .replace(venues, `$1${pools.map(lineOf).join('')}`),
  );
  return file;
}

const run = (args: readonly string[]) => ballast(args, { cwd: open.folder, env: open.env });

describe('a vault that hedges over a bridge token', () => {
  it('sees in depth what two pools in a row would cost, beside the pool of its own pair', async () => {
    const file = await configOver('both.yaml', [devnetPools.usdcWeth500.address, near, dollars]);
    const json = await run(['depth', '-c', file, '--json', '--sizes', '1,2000']);
    expect(json.stderr).toBe('');
    const [market] = JSON.parse(json.stdout).markets;
    expect(market.pools).toHaveLength(2);
    expect(market.pools[1]).toMatchObject({
      address: near,
      via: { token: expect.stringMatching(/^0xdac17f/i), address: dollars },
    });
    const [, large] = market.best;
    expect(large.parts).toHaveLength(2);
    expect(large.savedBps).toBeGreaterThan(0);
    const { code, stdout } = await run(['depth', '-c', file]);
    expect(code).toBe(0);
    expect(stdout).toContain(`${near.slice(0, 6)}…`);
    expect(stdout).toContain('two pools in a row: over a bridge token, counted as two swaps of gas');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('has a mandate that names the bridge, tried on a fork by a hedge over two pools in a row', async () => {
    const file = await configOver('far.yaml', [near, dollars]);
    const { code, stdout } = await run(['mandate', '-c', file]);
    expect(stdout).toMatch(/over +USDT, two pools in a row; none of it stays or is taken/);
    expect(stdout).toMatch(/ok {4}a hedge within the mandate +goes through/);
    expect(stdout).toMatch(/ok {4}on a pool that is not allowed +refused/);
    expect(stdout).not.toMatch(/^fail/m);
    expect(code).toBe(0);
  });
});
