import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedPoolJson } from '../../../../src/core/amm/recordedPool.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import { readRecordedPools, recordedDepth } from '../../../../src/runtime/pools/depthRecorded.ts';
import { poolOfRanges } from '../../../support/pools.ts';

const usdc = { address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', symbol: 'USDC', decimals: 6 } as const;
const weth = { address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2', symbol: 'WETH', decimals: 18 } as const;
const wbtc = { address: '0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599', symbol: 'WBTC', decimals: 8 } as const;

const record = (
  address: `0x${string}`,
  block: bigint | null,
  tick: number,
  token0 = usdc as typeof usdc | typeof wbtc,
) =>
  recordedPoolJson({
    chainId: 1,
    block,
    blockHash: null,
    token0,
    token1: weth,
    balance0Raw: null,
    balance1Raw: null,
    pool: {
      ...poolOfRanges({
        feePips: 500,
        tickSpacing: 10,
        sqrtPriceX96: sqrtPriceAtTick(tick),
        ranges: [{ tickLower: -887_270, tickUpper: 887_270, liquidity: 10n ** 19n }],
      }),
      address,
      token0: token0.address,
      token1: weth.address,
      ticks: [
        { index: -887_270, liquidityNet: 10n ** 19n, liquidityGross: null },
        { index: 887_270, liquidityNet: -(10n ** 19n), liquidityGross: null },
      ],
    },
  });

const at = (digit: number) => `0x${String(digit).repeat(40)}` as const;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-depth-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, content: unknown): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const question = { side: 'sell', sizes: [1] } as const;

describe('depth of recorded pools', () => {
  it('takes pools of one pair and block together, from their median', async () => {
    const files = await Promise.all([
      write('a.json', record(at(1), 7n, 196_256)),
      write('b.json', record(at(2), 7n, 196_156)),
    ]);
    const reports = recordedDepth(await readRecordedPools(files), question);
    expect(reports).toHaveLength(1);
    const [{ table, block, fairFrom }] = reports as [(typeof reports)[0]];
    expect(block).toBe(7n);
    expect(fairFrom).toEqual({ feeds: 0, pools: 2 });
    const [a, b] = table.pools.map(({ middlePrice }) => middlePrice) as [number, number];
    expect(table.fairPrice).toBeCloseTo((a + b) / 2, 9);
    expect(b / a).toBeCloseTo(1.0001 ** 100, 9);
    expect(table.gas).toBeNull();
  });

  it('keeps pools of other blocks and other pairs apart', async () => {
    const files = await Promise.all([
      write('now.json', record(at(1), 7n, 196_256)),
      write('later.json', record(at(1), 8n, 196_256)),
      write('undated.json', record(at(1), null, 196_256)),
      write('wbtc.json', record(at(3), 7n, 265_000, wbtc)),
    ]);
    const reports = recordedDepth(await readRecordedPools(files), question);
    expect(reports.map(({ block }) => block)).toEqual([7n, 8n, null, 7n]);
    const pairs = reports.map(({ table }) => `${table.base.symbol} in ${table.quote.symbol}`);
    expect(pairs).toEqual(['WETH in USDC', 'WETH in USDC', 'WETH in USDC', 'WBTC in WETH']);
  });

  it('counts no pool twice', async () => {
    const files = await Promise.all([
      write('once.json', record(at(1), 7n, 196_256)),
      write('twice.json', record(at(1), 7n, 196_256)),
    ]);
    await expect(readRecordedPools(files)).rejects.toMatchObject({
      code: 'RECORD_UNUSABLE',
      message: expect.stringMatching(/twice\.json: holds the same pool as .*once\.json/),
    });
  });

  it.each([
    ['that is not there', () => Promise.resolve(join(folder, 'nowhere.json')), /ENOENT/],
    ['that is no JSON', () => write('text.json', 'pool'), /JSON/],
    ['that contradicts itself', () => write('bad.json', { ...record(at(1), 7n, 0), liquidity: '1' }), /sum/],
  ])('names a file %s', async (_case, fileOf, message) => {
    const file = await fileOf();
    const reading = readRecordedPools([file]);
    await expect(reading).rejects.toThrow(file);
    await expect(reading).rejects.toThrow(message);
  });

  it('refuses a size below the smallest unit of the token', async () => {
    const files = await readRecordedPools([await write('w.json', record(at(3), 7n, 265_000, wbtc))]);
    expect(() => recordedDepth(files, { side: 'sell', sizes: [1e-9] })).toThrow(/smallest unit/);
  });
});
