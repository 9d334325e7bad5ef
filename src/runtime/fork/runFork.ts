import { parseAbi } from 'viem';
import type { Address } from '../../core/units.ts';
import type { AnvilNode } from '../../devnet/node/node.ts';
import { type TickResult, tickFleet } from '../../engine/tick.ts';
import type { Plugged } from '../config/kinds.ts';
import type { VaultConfig } from '../config/schema.ts';
import { UsageError } from '../errors.ts';
import type { ForkWorld } from '../worlds/fork.ts';
import { type ForkMarket, openForkMarket } from './market.ts';

/** Blocks after the path's end in which open orders may still land. */
const BLOCKS_AFTER_PATH = 3;

/** What a rehearsal on a fork runs with. */
export interface RunForkOptions {
  readonly fork: ForkWorld;
  readonly chainId: number;
  /** The vault whose market follows the path. */
  readonly vault: VaultConfig;
  /** A price per block; null = the market stays as it was at the fork. */
  readonly path: readonly number[] | null;
  /** Blocks in all; null = until the path ends, or until told to stop. */
  readonly blocks: number | null;
  /** Wall-clock seconds between blocks. */
  readonly everySeconds: number;
  readonly onResults: (results: readonly TickResult[]) => void;
  readonly stop: AbortSignal;
}

/** Builds block after block on a fork, with a tick after each, as a keeper on the real chain would see them. */
export async function runFork(options: RunForkOptions): Promise<readonly TickResult[]> {
  const { fork, path, everySeconds, onResults, stop } = options;
  const market = path === null ? null : await forkMarketOf(fork, options.chainId, options.vault);
  const length =
    options.blocks ?? (path === null ? Number.POSITIVE_INFINITY : path.length + BLOCKS_AFTER_PATH);
  let last: readonly TickResult[] = [];
  for (let step = 0; step < length && !stop.aborted; step++) {
    const price = path?.[Math.min(step, path.length - 1)];
    await fork.builder.build({}, async (block) =>
      market === null || price === undefined ? [] : market.transactions(price, block),
    );
    last = await tickFleet(fork.world, fork.vaults);
    onResults(last);
    if (everySeconds > 0) await fork.world.clock.sleep(everySeconds * 1000, stop);
  }
  return last;
}

/**
 * The market of the vault's own pools and of the first Chainlink price that it has.
 *
 * @throws UsageError where the vault has no such price, or the chain no router
 */
export async function forkMarketOf(
  fork: Pick<ForkWorld, 'node' | 'vaults'>,
  chainId: number,
  vault: VaultConfig,
): Promise<ForkMarket> {
  const setup = fork.vaults.find(({ terms }) => terms.name === vault.name);
  const price = vault.prices.find(({ kind }) => kind === 'chainlink');
  const feeds = price?.config as
    | { readonly base: readonly { readonly feed: Address }[]; readonly quote?: { readonly feed: Address } }
    | undefined;
  const [first, second] = feeds?.base ?? [];
  if (setup === undefined || first === undefined) {
    throw new UsageError('PATH_WITHOUT_FEED', `vault ${vault.name} has no price of kind chainlink to move`, {
      action: 'fork without --path, or add one to prices:',
    });
  }
  const [quoteAnswer, secondAnswer] = await Promise.all([
    answerOf(fork.node, feeds?.quote?.feed),
    answerOf(fork.node, second?.feed),
  ]);
  return openForkMarket(fork.node, chainId, {
    vault: setup,
    pools: vault.venues.filter(({ kind }) => kind === 'uniswapV3').map(poolOf),
    baseFeed: first.feed,
    feedFactor: quoteAnswer / secondAnswer,
  });
}

const poolOf = ({ config }: Plugged) => (config as { readonly pool: Address }).pool;

const feedAbi = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
]);

/** A feed's answer in whole units; 1 where there is no feed. */
async function answerOf(node: AnvilNode, feed: Address | undefined): Promise<number> {
  if (feed === undefined) return 1;
  const [, answer] = await node.read(feed, feedAbi, 'latestRoundData');
  return Number(answer) / 10 ** (await node.read(feed, feedAbi, 'decimals'));
}
