import { readFile } from 'node:fs/promises';
import { parseRecordedPool, type RecordedPool } from '../../core/amm/recordedPool.ts';
import { messageOf } from '../../core/errors.ts';
import type { Token } from '../../core/units.ts';
import { UsageError } from '../errors.ts';
import { type DepthQuestion, type DepthReport, marketDepth } from './depth.ts';

/** Tokens that others are priced in, the first of a pair's two that is here being its quote. */
const QUOTES: readonly string[] = ['USDC', 'USDT', 'DAI', 'WETH'];

/** A recorded pool and the file that it came from. */
export interface RecordedFile {
  readonly file: string;
  readonly recorded: RecordedPool;
}

/**
 * Reads files that `ballast record-pools` wrote.
 *
 * @throws UsageError naming the first file that cannot be read, is no record, or holds a pool that another one holds too
 */
export async function readRecordedPools(files: readonly string[]): Promise<readonly RecordedFile[]> {
  const read = await Promise.all(
    files.map(async (file) => ({ file, recorded: await readRecordedPool(file) })),
  );
  const seen = new Map<string, string>();
  for (const { file, recorded } of read) {
    const key = `${momentOf(recorded)} ${recorded.pool.address.toLowerCase()}`;
    const before = seen.get(key);
    if (before !== undefined) throw unusable(file, `holds the same pool as ${before}`);
    seen.set(key, file);
  }
  return read;
}

async function readRecordedPool(file: string): Promise<RecordedPool> {
  try {
    return parseRecordedPool(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw unusable(file, messageOf(error), error);
  }
}

function unusable(file: string, why: string, cause?: unknown): UsageError {
  return new UsageError('RECORD_UNUSABLE', `${file}: ${why}`, {
    action: 'name files that ballast record-pools wrote',
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * The depth of recorded pools without any chain: one report for each pair and moment, since pools of other blocks never
 * were there together. There are no feeds, so the fair price is the median of the pools; gas is not known.
 *
 * @throws UsageError for a size below one unit of a token
 */
export function recordedDepth(
  files: readonly RecordedFile[],
  question: DepthQuestion,
): readonly DepthReport[] {
  const groups = new Map<string, RecordedPool[]>();
  for (const { recorded } of files) {
    const { token0, token1 } = recorded;
    const key = [momentOf(recorded), token0.address.toLowerCase(), token1.address.toLowerCase()].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), recorded]);
  }
  return [...groups.values()].map((pools) => {
    const [{ chainId, block, blockHash, token0, token1 }] = pools as [RecordedPool, ...RecordedPool[]];
    const isQuote0 = isQuote(token0, token1);
    const market = {
      vault: null,
      chainId,
      block,
      blockHash,
      base: isQuote0 ? token1 : token0,
      quote: isQuote0 ? token0 : token1,
      pools: pools.map(({ pool }) => pool),
      feedPrices: [],
      gas: null,
      missing: [],
    };
    return marketDepth(market, question);
  });
}

function momentOf({ chainId, block, blockHash }: RecordedPool): string {
  return `${chainId} ${block} ${blockHash}`;
}

/** Whether token0 is what the other one is priced in; token1 is where neither is a usual quote. */
function isQuote(token0: Token, token1: Token): boolean {
  const rank = ({ symbol }: Token) => {
    const found = QUOTES.indexOf(symbol);
    return found < 0 ? QUOTES.length : found;
  };
  return rank(token0) < rank(token1);
}
