import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openChain } from '../../adapters/chain/index.ts';
import { type RecordedPool, recordedPoolJson } from '../../core/amm/recordedPool.ts';
import type { BallastError } from '../../core/errors.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { Chain } from '../../ports/chain.ts';
import type { VaultConfig } from '../config/schema.ts';
import { UsageError } from '../errors.ts';
import { type RecordProgress, recordPools } from './recordPools.ts';

/** What to record, and where to. */
export interface RecordingOptions {
  readonly rpcUrl: string;
  /** Refuses an endpoint of any other chain; null takes whatever it serves. */
  readonly chainId: number | null;
  readonly pools: readonly Address[];
  /** Null for the newest block. */
  readonly blockNumber: bigint | null;
  readonly folder: string;
}

/** What became of one pool. */
export type Recording =
  | { readonly ok: true; readonly pool: Address; readonly file: string; readonly recorded: RecordedPool }
  | { readonly ok: false; readonly pool: Address; readonly error: BallastError };

/** Recordings of one block. */
export interface RecordingSession {
  readonly chainId: number;
  readonly block: BlockFacts;
  /** In the order asked for. */
  readonly recordings: readonly Recording[];
}

/**
 * Records whole pools at one block and writes a file for each into a folder, which is made where it is missing. A pool
 * that cannot be recorded leaves no file and does not stop the others.
 *
 * @throws WrongChainError, ChainUnavailableError
 * @throws UsageError when the chain has no such block
 */
export async function recordToFiles(
  options: RecordingOptions,
  progress: RecordProgress,
): Promise<RecordingSession> {
  const { rpcUrl, chainId, folder } = options;
  const chain = await openChain({ url: rpcUrl, ...(chainId === null ? {} : { chainId }) });
  const block = await blockOf(chain, options.blockNumber);
  const pools = distinct(options.pools);
  const outcomes = await recordPools(chain, pools, block, progress);
  await mkdir(folder, { recursive: true });
  const recordings: Recording[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const pool = pools[index]!;
    if (!outcome.ok) {
      recordings.push({ ok: false, pool, error: outcome.error });
      continue;
    }
    const file = join(folder, fileName(outcome.value));
    await writeWhole(file, `${JSON.stringify(recordedPoolJson(outcome.value), null, 1)}\n`);
    recordings.push({ ok: true, pool, file, recorded: outcome.value });
  }
  return { chainId: chain.chainId, block, recordings };
}

/** The Uniswap v3 pools that vaults hedge on, and the kinds of the venues that cannot be recorded. */
export function recordablePools(vaults: readonly VaultConfig[]): {
  readonly pools: readonly Address[];
  readonly others: readonly string[];
} {
  const venues = vaults.flatMap((vault) => vault.venues);
  const isPool = ({ kind }: { readonly kind: string }) => kind === 'uniswapV3';
  return {
    pools: venues.filter(isPool).map(({ config }) => (config as { readonly pool: Address }).pool),
    others: [...new Set(venues.filter((venue) => !isPool(venue)).map(({ kind }) => kind))],
  };
}

function distinct(pools: readonly Address[]): readonly Address[] {
  return pools.filter((pool, index) => pools.findIndex((other) => sameAddress(other, pool)) === index);
}

async function blockOf(chain: Chain, number: bigint | null): Promise<BlockFacts> {
  if (number === null) return chain.head();
  const block = await chain.blockAt(number);
  if (block !== null) return block;
  throw new UsageError('BLOCK_UNKNOWN', `the chain has no block ${number}`, {
    action: 'name an earlier block with --block, or none for the newest',
  });
}

/** Says what is inside. Symbols are whatever a token's contract says, so only plain characters of them get into a path. */
function fileName({ token0, token1, pool, block }: RecordedPool): string {
  const plain = (symbol: string) => symbol.replace(/[^A-Za-z0-9]/g, '').slice(0, 16) || 'token';
  const pair = `${plain(token0.symbol)}-${plain(token1.symbol)}-${pool.feePips}`;
  return `v3-${pair}-${pool.address.slice(2, 10).toLowerCase()}-${block}.json`;
}

/** Writes a file so that nobody finds half of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  const partial = `${file}.partial`;
  await writeFile(partial, text);
  await rename(partial, file);
}
