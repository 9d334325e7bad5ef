import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quoterV2Abi } from '../../../abis/quoterV2.ts';
import { parseRecordedPool } from '../../../src/core/amm/recordedPool.ts';
import { type Devnet, devnetPools, readPoolSnapshot, startDevnet } from '../../../src/devnet/index.ts';
import { ballast, type CliOptions } from '../../support/cli.ts';
import { hasSharedData, sharedFolder } from '../../support/sharedData.ts';
import { type CliSession, openCliSession } from './session.ts';

const { usdcWeth500, usdcWeth3000 } = devnetPools;
let open: CliSession;
beforeAll(async () => {
  open = await openCliSession();
});
afterAll(() => open.close());

const run = (args: readonly string[], more: CliOptions = {}) => ballast(args, { cwd: open.folder, ...more });

/**
 * What QuoterV2 says of amounts from dust to a large part of the pool, both ways: amount, price after, ticks crossed. Its
 * estimate of gas hangs on storage that swaps do not depend on, and is left out.
 */
async function quotesOf({ node, addresses }: Devnet, pool: typeof usdcWeth500 | typeof usdcWeth3000) {
  const sizes = [1n, 10n ** 3n, 10n ** 6n, 10n ** 9n, 10n ** 12n];
  const ways = [
    { tokenIn: pool.token0.address, tokenOut: pool.token1.address, unit: 1n },
    { tokenIn: pool.token1.address, tokenOut: pool.token0.address, unit: 10n ** 9n },
  ];
  const asked = ways.flatMap(({ tokenIn, tokenOut, unit }) =>
    sizes.map((size) => ({ tokenIn, tokenOut, amountIn: size * unit })),
  );
  return Promise.all(
    asked.map(async (params) => {
      const [answer, sqrtPriceAfter, ticksCrossed] = await node.read(
        addresses.quoterV2,
        quoterV2Abi,
        'quoteExactInputSingle',
        [{ ...params, fee: pool.feePips, sqrtPriceLimitX96: 0n }],
      );
      return { answer, sqrtPriceAfter, ticksCrossed };
    }),
  );
}

describe('ballast depth', () => {
  it('needs no key, and gives what the quoter gives', async () => {
    const { code, stdout, stderr } = await run(['depth', '--json', '--sizes', '1,100']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const [market] = JSON.parse(stdout).markets;
    expect(market).toMatchObject({ vault: 'eth-strangle', fairFrom: { feeds: 1, pools: 2 } });
    expect(market.fairPrice).toBeCloseTo(3_000, 1);
    const { node, addresses, tokens } = open.session.devnet;
    for (const [index, pool] of [usdcWeth500, usdcWeth3000].entries()) {
      for (const { sizeRaw, quoteRaw, ownBps, bps, gasQuote } of market.pools[index].sizes) {
        const swap = { tokenIn: tokens.weth.address, tokenOut: tokens.usdc.address, fee: pool.feePips };
        const [received] = await node.read(addresses.quoterV2, quoterV2Abi, 'quoteExactInputSingle', [
          { ...swap, amountIn: BigInt(sizeRaw), sqrtPriceLimitX96: 0n },
        ]);
        expect(quoteRaw).toBe(String(received));
        expect(gasQuote).toBeGreaterThan(0);
        expect(bps).toBeGreaterThan(ownBps);
      }
    }
    const [one, hundred] = market.best;
    expect(one.parts).toHaveLength(1);
    expect(hundred.parts).toHaveLength(2);
    expect(hundred.savedBps).toBeGreaterThan(0);
  });

  it('shows the same in 80 columns', async () => {
    const { code, stdout } = await run(['depth', '--side', 'buy', '--vault', 'eth-strangle']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^eth-strangle {3}buy WETH with USDC/);
    expect(stdout).toMatch(/\nbest split {2,}[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+\n/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    [['--vault', 'eth-strange'], 'VAULT_UNKNOWN'],
    [['--recorded', 'nowhere.json'], 'RECORD_UNUSABLE'],
    [['--sizes', '1,none'], 'USAGE'],
    [['--side', 'both'], 'USAGE'],
  ])('%j is wrong use: %s', async (args, code) => {
    const result = await run(['depth', ...args]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(code);
  });

  it.skipIf(!hasSharedData)('gives what is known of recorded pools, without any chain', async () => {
    const name = (pair: string) => resolve(sharedFolder, `data/pools/tycho-${pair}-20260130.json`);
    const files = ['USDC-WETH-500', 'USDC-WETH-3000', 'WETH-USDT-3000'].map(name);
    const { code, stdout } = await run(['depth', '--recorded', ...files], { cwd: '/' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/0x88e6…5640 +0\.05 +2,722\.73 +5\.2 +6\.7 +22\.4 +388\.1\n/);
    expect(stdout).toMatch(/0x8ad5…e6D8 +0\.3 +2,729\.57 +30\.4 +34\.4 +74\.1 +496\.7\n/);
    expect(stdout).toMatch(/0x4e68…Fa36 +0\.3 +2,733\.43 +30\.1 +31\.0 +40\.3 +142\.4\n/);
  });
});

describe('ballast record-pools', () => {
  it("records the config's pools, and another devnet loads them as they were, to the wei", async () => {
    const { code, stdout } = await run(['record-pools', '--out', 'kept', '--json']);
    expect(code).toBe(0);
    const { pools } = JSON.parse(stdout);
    expect(pools).toHaveLength(2);
    const files: string[] = pools.map(({ file }: { file: string }) => join(open.folder, file));
    const snapshots = await Promise.all(files.map(readPoolSnapshot));
    const { devnet } = open.session;
    const copy = await startDevnet({ pools: snapshots });
    try {
      for (const pool of [usdcWeth500, usdcWeth3000])
        expect(await quotesOf(copy, pool)).toEqual(await quotesOf(devnet, pool));
    } finally {
      await copy.stop();
    }
    const again = await run(['depth', '--recorded', ...files, '--json']);
    const live = await run(['depth', '--json']);
    const quotes = (text: string) =>
      JSON.parse(text).markets[0].pools.map(({ sizes }: { sizes: { quoteRaw: string }[] }) =>
        sizes.map(({ quoteRaw }) => quoteRaw),
      );
    expect(quotes(again.stdout)).toEqual(quotes(live.stdout));
  });

  it('needs no config with --pool and --rpc, records at one block, and names what is no pool', async () => {
    const { devnet } = open.session;
    const rpc = ['--rpc', devnet.url, '--block', '5'];
    const wanted = [usdcWeth500.address, usdcWeth500.address, devnet.tokens.usdc.address];
    const args = [...rpc, '--pool', ...wanted];
    const { code, stdout } = await run(['record-pools', ...args, '--json', '-c', 'nowhere.yaml']);
    expect(code).toBe(1);
    const [good, bad, ...more] = JSON.parse(stdout).pools;
    expect(more).toEqual([]);
    expect(bad).toMatchObject({
      pool: devnet.tokens.usdc.address,
      file: null,
      error: { code: 'CALL_REVERTED' },
    });
    const recorded = parseRecordedPool(JSON.parse(await readFile(join(open.folder, good.file), 'utf8')));
    expect(recorded).toMatchObject({ chainId: 1, block: 5n, token0: { symbol: 'USDC', decimals: 6 } });
    expect(recorded.pool.ticks.every(({ liquidityGross }) => liquidityGross! > 0n)).toBe(true);
  });

  it('says which block the chain does not have', async () => {
    const { code, stderr } = await run(['record-pools', '--block', '99999999']);
    expect(code).toBe(2);
    expect(stderr).toContain('BLOCK_UNKNOWN');
  });
});

describe.skipIf(!hasSharedData)('a whole pool of more than a thousand ticks', () => {
  it('is recorded as it was loaded', async () => {
    const file = resolve(sharedFolder, 'data/pools/tycho-USDC-WETH-500-20260130.json');
    const devnet = await startDevnet({ pools: [await readPoolSnapshot(file)] });
    try {
      const target = ['--rpc', devnet.url, '--pool', usdcWeth500.address];
      const { code, stdout } = await run(['record-pools', ...target, '--out', 'whole', '--json']);
      expect(code).toBe(0);
      const [{ file: written, ticks }] = JSON.parse(stdout).pools;
      expect(ticks).toBe(1_415);
      const kept = await readPoolSnapshot(join(open.folder, written));
      const original = await readPoolSnapshot(file);
      const nets = ({ ticks: all }: typeof kept) =>
        all.map(({ index, liquidityNet }) => [index, liquidityNet]);
      expect(nets(kept)).toEqual(nets(original));
      expect(kept).toMatchObject({ sqrtPriceX96: original.sqrtPriceX96, liquidity: original.liquidity });
    } finally {
      await devnet.stop();
    }
  });
});
