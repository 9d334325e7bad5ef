import { concatHex, encodeAbiParameters } from 'viem';
import { devnetAggregatorBytecode } from '../../../abis/bytecode/devnetAggregator.ts';
import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import { devnetFeedProxyAbi } from '../../../abis/devnetFeedProxy.ts';
import type { Address, Hex } from '../../core/units.ts';
import type { DevnetAccount } from '../accounts.ts';
import type { AnvilNode } from '../node/node.ts';
import { callOf, sendCalls } from '../node/transactions.ts';
import { type DevnetPool, readPrice } from '../pools/pools.ts';
import { approveCall } from '../seed.ts';
import type { BlockBuilder } from './blocks.ts';
import type { FeedRule } from './feedRule.ts';
import { Market, type MarketFeed } from './market.ts';

/** A price feed of a forked chain that the market is to serve from here on. */
export interface ForkFeed {
  /** The address that is read: a Chainlink proxy. */
  readonly proxy: Address;
  readonly rule: FeedRule;
  readonly reports: 'eth' | 'dollar';
}

/** How to put a market on a forked chain. */
export interface ForkMarketOptions {
  readonly node: AnvilNode;
  readonly builder: BlockBuilder;
  readonly chainId: number;
  /** Pools to move; the first one's price is the market's at the start. */
  readonly pools: readonly DevnetPool[];
  readonly feeds: readonly ForkFeed[];
  /** Uniswap's SwapRouter02 on that chain. */
  readonly router: Address;
  /** A throw-away account: given ether and tokens on the fork, moves the pools and reports to the feeds. */
  readonly account: DevnetAccount;
}

const ETHER_WEI = 10n ** 24n;
/** So much of each token as no pool holds: 10^12 whole tokens. */
const TOKENS = 10n ** 12n;
/** A proxy's round ids carry the phase above these bits. */
const ROUND_BITS = 64;

/**
 * Puts a market on a local fork: an arbitrageur with the means to move the pools, and feeds that follow it. Needs one
 * block. The aggregators' code is replaced behind their proxies; their last answers and round numbers stay.
 *
 * @throws DevnetError when the fork refuses
 */
export async function startForkMarket(options: ForkMarketOptions): Promise<Market> {
  const { node, builder, pools, router, account } = options;
  await node.request('anvil_impersonateAccount', [account.address]);
  await node.request('anvil_setBalance', [account.address, ETHER_WEI]);
  const tokens = new Map(
    pools.flatMap(({ token0, token1 }) => [token0, token1]).map((token) => [token.address, token]),
  );
  for (const { address, decimals } of tokens.values()) {
    await node.request('anvil_dealERC20', [account.address, address, TOKENS * 10n ** BigInt(decimals)]);
  }
  const feeds = await Promise.all(options.feeds.map((feed) => takeOverFeed(node, feed)));
  const sent = await sendCalls(node, account.address, [
    ...[...tokens.keys()].map((token) => approveCall(token, router)),
    ...feeds.flatMap(({ restore }) => restore),
  ]);
  await builder.build();
  await sent.confirm();
  await node.request('anvil_stopImpersonatingAccount', [account.address]);
  return new Market({
    ...options,
    feeds: feeds.map(({ feed }) => feed),
    startPrice: await readPrice(node, pools[0]!),
    arbitrageur: account,
    reporter: account,
  });
}

/** Puts our aggregator's code where the proxy's is, and says which calls bring back its last round. */
async function takeOverFeed(node: AnvilNode, { proxy, rule, reports }: ForkFeed) {
  const [aggregator, decimals, description, round] = await Promise.all([
    node.read(proxy, devnetFeedProxyAbi, 'aggregator'),
    node.read(proxy, devnetFeedProxyAbi, 'decimals'),
    node.read(proxy, devnetFeedProxyAbi, 'description'),
    node.read(proxy, devnetFeedProxyAbi, 'latestRoundData'),
  ]);
  const [roundId, answer, startedAt, updatedAt] = round;
  const created = encodeAbiParameters([{ type: 'uint8' }, { type: 'string' }], [decimals, description]);
  const code = await node.request<Hex>('eth_call', [
    { data: concatHex([devnetAggregatorBytecode, created]) },
    'latest',
  ]);
  await node.request('anvil_setCode', [aggregator, code]);
  const lastRound = Number(BigInt.asUintN(ROUND_BITS, roundId));
  const feed: MarketFeed = { aggregator, rule, reports };
  return {
    feed,
    restore: [
      callOf(aggregator, devnetAggregatorAbi, 'configure', [decimals, description, lastRound - 1]),
      callOf(aggregator, devnetAggregatorAbi, 'transmitAt', [answer, Number(startedAt), Number(updatedAt)]),
    ],
  };
}
